"""Waves of charting: a study that is included after a closing is charted too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from charting.models import FinalChart, Form, FormWave
from charting.models.charts import ChartAssignment
from charting.queries import closing as closing_queries
from charting.queries import forms as form_queries
from charting.queries import waves
from charting.services import forms, unblinding
from reviewapp.core.blinding import Audience
from reviewapp.core.models import Member, Role
from reviewapp.core.refusals import Refused
from reviewapp.core.services import team
from screening.reports import hooks
from tests.charting.factories import make_form, make_included, rounds_of, save
from tests.conftest import Cast
from tests.factories import NOW

ClientOf = Callable[[Member | None], Client]


def include_later(cast: Cast, n: int) -> None:
    """Include more studies, as a late report does."""
    make_included(cast.dora, n)
    hooks.studies_changed.call(review=cast.review, actor=cast.dora, now=NOW)


def chart_all(form: Form, *members: Member) -> None:
    """Submit a chart of every study of a member's open assignments."""
    for member in members:
        for round_ in rounds_of(form, member):
            if round_.wave == waves.open_wave(form):
                save(member, round_)


def close(cast: Cast, form: Form) -> None:
    forms.close_charting(actor=cast.dora, form_code=form.code, now=NOW)


@pytest.fixture
def closed(cast: Cast) -> Form:
    """A form whose first wave, of two studies, is closed."""
    make_included(cast.dora, 2)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=50)
    chart_all(form, cast.ada, cast.ben)
    close(cast, form)
    return form


def test_a_study_included_after_closing_opens_the_next_wave(
    cast: Cast, closed: Form
) -> None:
    assert waves.open_wave(closed) is None
    include_later(cast, 2)
    second = waves.open_wave(closed)
    assert second is not None
    assert second.number == 2
    held = ChartAssignment.objects.filter(round__wave=second)
    assert held.filter(member=cast.ada).count() == 2
    assert held.filter(member=cast.ben).count() == 1
    chart_all(closed, cast.ada, cast.ben)
    close(cast, closed)
    assert FinalChart.objects.filter(form=closed).count() == 4
    view = form_queries.get_form_view(cast.olaf, closed)
    assert [(one.number, one.total, one.waiting) for one in view.waves] == [
        (1, 2, 0),
        (2, 2, 0),
    ]


def test_closing_reveals_only_the_charts_of_its_wave(cast: Cast, closed: Form) -> None:
    include_later(cast, 1)
    old, new = (
        [round_ for round_ in rounds_of(closed) if round_.wave.number == number]
        for number in (1, 2)
    )
    save(cast.ada, new[0])
    assert {round_.audience for round_ in old} == {Audience.MEMBERS}
    assert {round_.audience for round_ in new} == {Audience.AUTHOR}
    with pytest.raises(Refused, match="closed"):
        save(cast.ada, old[0])


def test_a_form_is_running_again_and_its_questions_can_change(
    cast: Cast, closed: Form
) -> None:
    assert form_queries.get_form_view(cast.olaf, closed).state == "closed"
    forms.start_draft(actor=cast.dora, form_code=closed.code, now=NOW)
    forms.publish_form(actor=cast.dora, form_code=closed.code, now=NOW)
    include_later(cast, 1)
    view = form_queries.get_form_view(cast.olaf, closed)
    assert view.state == "running"
    assert view.wave is not None
    assert view.wave.waiting == 1
    chart_all(closed, cast.ada, cast.ben)
    close(cast, closed)
    versions = FinalChart.objects.order_by("pk").values_list(
        "form_version__number", flat=True
    )
    assert list(versions) == [1, 1, 2]


def test_closing_again_is_refused_while_nothing_has_arrived(
    cast: Cast, closed: Form
) -> None:
    with pytest.raises(Refused, match="already closed"):
        close(cast, closed)
    assert FormWave.objects.count() == 1


def test_unblinding_reaches_the_open_wave_only(cast: Cast, closed: Form) -> None:
    with pytest.raises(Refused, match="not in progress"):
        unblinding.unblind_form(
            actor=cast.dora, form_code=closed.code, reason="Why", now=NOW
        )
    include_later(cast, 1)
    chart_all(closed, cast.ada)
    opened = unblinding.unblind_form(
        actor=cast.dora, form_code=closed.code, reason="Why", now=NOW
    )
    assert opened == 1


def test_a_member_who_comes_back_can_chart_the_same_study_again(cast: Cast) -> None:
    make_included(cast.dora, 2)
    form = make_form(cast.dora, [cast.ada])
    team.change_role(actor=cast.dora, member=cast.ada, role=Role.OBSERVER, now=NOW)
    assert closing_queries.closing_sentences(cast.dora, form) == (
        "2 studies are assigned to no one. Assign them first.",
    )
    with pytest.raises(Refused, match="not assigned"):
        close(cast, form)
    team.change_role(actor=cast.dora, member=cast.ada, role=Role.REVIEWER, now=NOW)
    cast.ada.refresh_from_db()
    forms.assign_charting(
        actor=cast.dora,
        form_code=form.code,
        first=[cast.ada],
        second=[],
        second_share=form.second_share,
        now=NOW,
    )
    chart_all(form, cast.ada)
    close(cast, form)
    assert FinalChart.objects.count() == 2


def test_the_closing_page_names_what_closing_leaves(
    cast: Cast, client_of: ClientOf
) -> None:
    make_included(cast.dora, 2)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=50)
    here = f"/r/{cast.review.code}/charting/{form.code}/close/"
    page = client_of(cast.dora).get(here).content.decode()
    assert "1 study has one reviewer. Their chart becomes final." in page
    (double,) = rounds_of(form, cast.ben)
    save(cast.ada, double)
    save(cast.ben, double, role="partner")
    page = client_of(cast.dora).get(here).content.decode()
    assert "1 study has unresolved discrepancies" in page
