"""Agreement while a stage is open: to whom, from when on, and of which votes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from django.test import Client

from reviewapp.core.models import Member, Role
from reviewapp.core.refusals import Refused
from screening.decisions.models import Stage
from screening.decisions.queries import agreement
from screening.decisions.services import stages
from screening.records.models import Record
from tests import factories
from tests.conftest import Cast
from tests.screening.decisions.conftest import NOW, cast_vote, rounds_of, start

ClientOf = Callable[[Member | None], Client]


@pytest.fixture
def records(cast: Cast) -> Sequence[Record]:
    """Enough unique records of a database, and three more."""
    return factories.make_records(cast.lena, agreement.ENOUGH + 3)


def shown(cast: Cast, stage: Stage, *, shows: bool = True) -> None:
    stages.set_shows_agreement(
        actor=cast.dora, stage_code=stage.code, shows_agreement=shows, now=NOW
    )
    stage.refresh_from_db()


def test_it_is_shown_to_leads_who_do_not_screen_from_twenty_on(
    cast: Cast, title_stage: Stage, records: Sequence[Record], client_of: ClientOf
) -> None:
    shown(cast, title_stage)
    other = factories.make_member(cast.review, "Lea", role=Role.LEAD)
    stage = start(title_stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))
    codes = list(rounds_of(stage).values())
    for number, code in enumerate(codes[: agreement.ENOUGH]):
        assert agreement.open_agreement(cast.dora, stage) is None
        cast_vote(cast.ada, code, "exclude")
        cast_vote(cast.ben, code, "include" if number == 0 else "exclude")
    # A single vote is hidden from everybody and not in the figures.
    cast_vote(cast.ada, codes[-1], "include")
    for lead in (cast.dora, other):
        found = agreement.open_agreement(lead, stage)
        assert found is not None
        assert (found.double, found.single) == (agreement.ENOUGH, 0)
        assert found.pairs[0].measures.observed.value == pytest.approx(0.95)
    for member in (cast.ada, cast.ben, cast.cleo, cast.lena, cast.olaf):
        assert agreement.open_agreement(member, stage) is None
    page = f"/r/{cast.review.code}/stages/{stage.code}/"
    assert "Agreement so far" in client_of(cast.dora).get(page).content.decode()
    assert "Agreement so far" not in client_of(cast.cleo).get(page).content.decode()


def test_a_lead_who_screens_there_does_not_see_it(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    shown(cast, title_stage)
    stage = start(title_stage, cast.dora, (100, [cast.ada]), (100, [cast.dora]))
    for code in rounds_of(stage).values():
        cast_vote(cast.ada, code, "exclude")
        cast_vote(cast.dora, code, "exclude")
    assert agreement.open_agreement(cast.dora, stage) is None


def test_it_must_be_chosen_before_the_start(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    stage = start(title_stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))
    with pytest.raises(Refused, match="has started"):
        shown(cast, stage)
    for code in rounds_of(stage).values():
        cast_vote(cast.ada, code, "exclude")
        cast_vote(cast.ben, code, "exclude")
    assert agreement.open_agreement(cast.dora, stage) is None
