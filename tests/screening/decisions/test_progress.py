"""Progress figures: numbers of votes of each member, to those whom the review chose."""

from __future__ import annotations

import uuid

import pytest

from reviewapp.core.models import ProgressFor, Review
from screening.decisions.models import Stage
from screening.decisions.queries import progress
from screening.decisions.services import votes
from tests.conftest import Cast
from tests.screening.decisions.conftest import LATER, cast_vote, rounds_of


@pytest.mark.parametrize(
    ("shown_to", "seeing"),
    [
        (ProgressFor.NOBODY, set()),
        (ProgressFor.LEADS, {"dora"}),
        (ProgressFor.TEAM, {"dora", "cleo", "ada", "lena", "olaf"}),
    ],
)
def test_only_those_whom_the_review_chose_see_them(
    cast: Cast, double: Stage, shown_to: str, seeing: set[str]
) -> None:
    Review.objects.filter(pk=cast.review.pk).update(progress_for=shown_to)
    cast_vote(cast.ada, next(iter(rounds_of(double).values())), "include")
    for name in ("dora", "cleo", "ada", "lena", "olaf"):
        member = getattr(cast, name)
        member.review.refresh_from_db()
        found = progress.done_by_member(member, double)
        assert found == ({cast.ada.code: 1} if name in seeing else None), name


def test_they_count_standing_votes_only(cast: Cast, double: Stage) -> None:
    first, second, third, *_ = rounds_of(double).values()
    for code in (first, second, third):
        cast_vote(cast.ada, code, "include")
    cast_vote(cast.ada, first, "exclude")
    votes.withdraw_vote(actor=cast.ada, round_code=second, key=uuid.uuid4(), now=LATER)
    assert progress.done_by_member(cast.dora, double) == {cast.ada.code: 2}
