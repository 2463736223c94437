"""The sample for double charting: secret while it must be, and open to checks after."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from charting.models import Form, FormDraw
from charting.models.charts import ChartAssignment
from charting.queries import draws
from charting.services import forms, rounds
from reviewapp.core.models import Event, Member
from screening.decisions.rules import drawing
from screening.decisions.rules.drawing import Window
from tests.charting.factories import make_form, make_included, rounds_of, save
from tests.charting.test_pages import ClientOf, url
from tests.conftest import Cast
from tests.factories import NOW


def share(cast: Cast, form: Form, percent: int, second: Member | None = None) -> None:
    forms.assign_charting(
        actor=cast.dora,
        form_code=form.code,
        first=[cast.ada],
        second=[second or cast.ben],
        second_share=Decimal(percent),
        now=NOW,
    )


def drawn(form: Form, member: Member) -> set[str]:
    return {one.study.code for one in rounds_of(form, member)}


def test_the_first_draw_has_its_percentage_and_its_hash_is_public(cast: Cast) -> None:
    make_included(cast.dora, 10)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=20)
    for viewer in (cast.ada, cast.ben, cast.cleo, cast.olaf):
        [secret] = draws.draws(viewer, form)
        assert (secret.drawn, secret.total, secret.rule) == (2, 10, 2)
        assert (secret.key, secret.start, secret.codes) == ("", "", ())
    [shown] = draws.draws(cast.dora, form)
    codes = [code for code, _ in shown.codes]
    assert set(codes) == drawn(form, cast.ben)
    assert drawing.digest_of(shown.key, codes) == shown.digest == secret.digest
    window = Window(shown.share, int(shown.start, 16))
    for code in drawn(form, cast.ada):
        is_in = window.has(drawing.position(shown.key, 2, code))
        assert is_in == (code in codes), "anyone can repeat the draw"
    event = (
        Event.objects.visible_to(cast.olaf).filter(kind="studies:dealt").latest("pk")
    )
    assert shown.digest in str(event.data["samples"])


def test_a_lead_who_charts_does_not_see_the_list(cast: Cast) -> None:
    make_included(cast.dora, 10)
    form = make_form(cast.dora, [cast.ada], [cast.dora], share=20)
    assert [one.codes for one in draws.draws(cast.dora, form)] == [()]


def test_everyone_sees_the_list_of_a_closed_wave(
    cast: Cast, client_of: ClientOf
) -> None:
    make_included(cast.dora, 4)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=50)
    [before] = draws.draws(cast.olaf, form)
    page = client_of(cast.olaf).get(url(cast, "form", form.code)).content.decode()
    key = form.waves.get().key
    assert before.digest in page
    assert key not in page
    for member in (cast.ada, cast.ben):
        for round_ in rounds_of(form, member):
            save(member, round_)
    forms.close_charting(actor=cast.dora, form_code=form.code, now=NOW)
    [after] = draws.draws(cast.olaf, form)
    assert after.digest == before.digest
    assert after.key == key
    assert {code for code, _ in after.codes} == drawn(form, cast.ben)
    page = client_of(cast.olaf).get(url(cast, "form", form.code)).content.decode()
    assert key in page


def test_a_larger_percentage_keeps_the_sample_and_is_a_draw_of_its_own(
    cast: Cast,
) -> None:
    make_included(cast.dora, 20)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=20)
    first = drawn(form, cast.ben)
    share(cast, form, 50)
    assert first < drawn(form, cast.ben)
    # A later draw of 20 studies comes near its share (docs/policy.md).
    assert 8 <= len(drawn(form, cast.ben)) <= 12
    one, two = draws.draws(cast.dora, form)
    assert (one.number, two.number) == (1, 2)
    assert {code for code, _ in one.codes} == first
    assert {code for code, _ in two.codes} == drawn(form, cast.ben) - first


def test_the_sample_does_not_depend_on_what_was_charted(cast: Cast) -> None:
    """Discrepancies are covered like other studies; only final charts are left out."""
    make_included(cast.dora, 10)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=50)
    for round_ in rounds_of(form, cast.ben):
        save(cast.ada, round_)
        save(cast.ben, round_, role="partner")
    share(cast, form, 100)
    assert drawn(form, cast.ben) == drawn(form, cast.ada)


def test_a_place_that_is_handed_over_stays_in_its_draw(cast: Cast) -> None:
    make_included(cast.dora, 10)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=20)
    codes = drawn(form, cast.ben)
    rounds.remove_assignments(
        review=cast.review, member=cast.ben, actor=cast.dora, now=NOW
    )
    share(cast, form, 20, cast.cleo)
    assert drawn(form, cast.cleo) == codes
    [draw] = draws.draws(cast.dora, form)
    assert {code for code, _ in draw.codes} == codes
    assert ChartAssignment.objects.filter(draw__rule=2).count() == 4


def test_a_later_study_is_in_the_sample_if_it_lies_in_the_window(cast: Cast) -> None:
    make_included(cast.dora, 10)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=50)
    make_included(cast.dora, 10)
    rounds.assign_new_studies(review=cast.review, actor=cast.dora, now=NOW)
    shown = draws.draws(cast.dora, form)
    window = Window(shown[0].share, int(shown[0].start, 16))
    key = shown[0].key
    expected = {
        code
        for code in drawn(form, cast.ada)
        if window.has(drawing.position(key, 2, code))
    }
    assert drawn(form, cast.ben) == expected


def test_a_draw_never_changes_not_even_by_sql(cast: Cast) -> None:
    make_included(cast.dora, 2)
    make_form(cast.dora, [cast.ada])
    with pytest.raises(DatabaseError), transaction.atomic():
        FormDraw.objects.update(digest="0")
