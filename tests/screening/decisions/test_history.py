"""The history of a record: final decisions, and votes of closed stages."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from reviewapp.core.models import Member
from screening.decisions.models import Stage
from screening.decisions.services import closing, stages
from tests import factories
from tests.conftest import Cast
from tests.screening.decisions.conftest import cast_vote, rounds_of, vote_all

ClientOf = Callable[[Member | None], Client]


def test_votes_are_on_the_records_page_after_closing_and_not_before(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    record_code, round_code = next(iter(rounds_of(double).items()))
    cast_vote(cast.ben, round_code, "exclude", note="ben-canary")
    vote_all(double, cast.ben)
    vote_all(double, cast.ada)
    url = f"/r/{cast.review.code}/records/{record_code}/"
    members = (cast.ada, cast.dora, cast.olaf)
    for member in members:
        page = client_of(member).get(url).content.decode()
        assert "Title and abstract: Exclude. Decided by: Agreement." in page
        assert "ben-canary" not in page
    for member in (cast.ada, cast.ben):
        stages.mark_finished(actor=member, stage_code=double.code, now=factories.NOW)
    closing.close_wave(actor=cast.dora, stage_code=double.code, now=factories.NOW)
    for member in members:
        page = client_of(member).get(url).content.decode()
        assert "voted “Exclude”. Note: “ben-canary”" in page
    assert client_of(cast.eve).get(url).status_code == 404
