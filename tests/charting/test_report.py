"""Charting in the methods report."""

from __future__ import annotations

from charting.services import forms
from screening.flow.queries import report
from screening.flow.rules.report import report_as_text
from tests.charting.factories import make_form, make_included, rounds_of, save
from tests.conftest import Cast
from tests.factories import NOW


def told(cast: Cast) -> str:
    return " ".join(report_as_text(report.build_report(cast.olaf, now=NOW)).split())


def test_the_report_says_who_charted_how_many_and_how_many_were_double(
    cast: Cast,
) -> None:
    make_included(cast.lena, 4)
    assert "## Charting" not in told(cast)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=50)
    open_text = told(cast)
    assert "Charting of every study was assigned to Ada." in open_text
    assert "A random 50 % was also assigned to Ben" in open_text
    rounds = rounds_of(form)
    for round_ in rounds:
        save(cast.ada, round_)
    assert "Ada charted" not in told(cast)
    for round_ in rounds_of(form, cast.ben):
        save(cast.ben, round_)
    forms.close_charting(actor=cast.dora, form_code=form.code, now=NOW)
    text = told(cast)
    assert "Studies finalised: 4, of which by one reviewer: 2; with two charts" in text
    assert "that agreed: 2; with discrepancies that were resolved: 0." in text
    assert "Ada charted 4. Ben charted 2." in text
