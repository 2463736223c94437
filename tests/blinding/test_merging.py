"""Merging late duplicates tells nobody whether, or how, the copies were judged.

Neither the desk, nor the answer, nor the pages after it, nor undoing: the same bytes in
two worlds that differ in hidden votes on the two records themselves. What the voter
is told about their own vote on a copy reaches nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

import pytest
from django.http import HttpResponseBase
from django.test import TestCase

from screening.decisions.models import Outcome, Stage
from screening.decisions.models.rounds import Round, Vote
from screening.decisions.services import policies, stages
from screening.records.models import DoubtfulPair, Duplicate, Record
from screening.records.services import sources
from tests.blinding import harness
from tests.blinding.histories import CANARY
from tests.blinding.observing import Answer, masked
from tests.blinding.papers import ris
from tests.blinding.world import _import, make_cast, vote
from tests.conftest import Cast
from tests.factories import NOW

pytestmark = pytest.mark.django_db

# Ben's hidden votes: on the kept record (0), on its copy (1), on another one (2).
Votes = tuple[tuple[int, str], ...]
NOTHING: Votes = ()
COPY: Votes = ((1, "include"),)
BOTH: Votes = ((0, "exclude"), (1, "include"), (2, "unsure"))


@dataclass
class Twins:
    """A review in which two records wait for somebody to say that they are one."""

    cast: Cast
    stage: Stage
    records: list[Record]
    pair: DoubtfulPair
    codes: harness.Codes
    sessions: dict[str, str] = field(default_factory=dict)
    seen: dict[str, tuple[list[Answer], list[str]]] = field(default_factory=dict)

    def browser(self, name: str) -> harness.Browser:
        """A person's browser; logged in once for all worlds."""
        return harness.Browser(self.sessions[name])


@pytest.fixture(scope="module")
def twins(codes: harness.Codes) -> Twins:
    cast = make_cast("Twins", tag="8")
    source = sources.add(actor=cast.lena, kind="database", name="Medline", now=NOW)
    batch = _import(cast.lena, source, ris(range(8)), "medline.ris")
    stage = Stage.objects.get(review=cast.review, subject="record")
    lines = [(Decimal(100), [cast.ada]), (Decimal(100), [cast.ben])]
    policies.set(
        actor=cast.dora, stage=stage, mode="fixed", lines=lines, seed=7, now=NOW
    )
    stage = stages.start(actor=cast.dora, stage=stage, now=NOW)
    records = list(Record.objects.filter(batch=batch).order_by("position"))
    pair = DoubtfulPair.objects.create(
        review=cast.review, first=records[0], second=records[1], score=0.5,
        reasons_for=["the years are the same"], created_at=NOW,
    )  # fmt: skip
    sessions = {
        name: harness.log_in(getattr(cast, name).user)
        for name in ("ada", "cleo", "dora", "lena", "olaf")
    }
    codes.mark()
    return Twins(cast, stage, records, pair, codes, sessions)


def round_of(twins: Twins, number: int) -> str:
    every = Round.objects.unblinded(reason="tests look behind the curtain")
    found = every.filter(stage=twins.stage, record=twins.records[number])
    return str(found.values_list("code", flat=True)[0])


def look(twins: Twins, viewer: str, hidden: Votes) -> tuple[list[Answer], list[str]]:
    """What ``viewer`` gets while Lena merges and parts the two, step by step."""
    twins.codes.back_to_mark()
    with harness.undone(), TestCase.captureOnCommitCallbacks():
        with twins.codes.hidden():
            for n, (number, verdict) in enumerate(hidden):
                key = UUID(int=n + 1)
                code = round_of(twins, number)
                vote(twins.cast.ben, code, verdict, note=CANARY, key=key)
        assert not Outcome.objects.filter(review=twins.cast.review).exists()
        answers = [masked(answer) for answer in steps(twins, viewer)]
        votes = Vote.objects.unblinded(reason="tests look behind the curtain")
        of_review = votes.filter(round__review=twins.cast.review)
        secret = sorted(of_review.values_list("round__code", "verdict"))
        return answers, [str(row) for row in secret]
    raise AssertionError("unreachable")


def steps(twins: Twins, viewer: str) -> list[HttpResponseBase]:
    """The same requests in each world: the viewer looks between Lena's deeds."""
    own, lena = twins.browser(viewer), twins.browser("lena")
    review = f"/r/{twins.cast.review.code}/"
    desk = f"{review}duplicates/"
    pair = f"{desk}pairs/{twins.pair.code}/"
    kept, copy = (f"{review}records/{r.code}/" for r in twins.records[:2])
    screen = f"{review}screen/{twins.stage.code}/"
    pages = [
        review, f"{review}stages/{twins.stage.code}/", screen,
        f"{screen}{round_of(twins, 0)}/", kept, copy, f"{kept}fields/", desk,
        f"{desk}merges/", f"{desk}answers/", f"{desk}late/", f"{desk}searches/",
        f"{review}flow/", f"{review}conflicts/", f"{review}trail/",
    ]  # fmt: skip
    found = [own.get(pair), own.get(f"{desk}kinds/")]
    found.append(lena.post(f"{pair}answer/", {"answer": "same"}))
    edge = Duplicate.objects.get(review=twins.cast.review, undone_at=None)
    found += [own.get(page) for page in pages]
    undo = f"{desk}merges/{edge.code}/undo/"
    found += [own.get(undo), lena.post(undo)]
    assert not Duplicate.objects.filter(
        review=twins.cast.review, undone_at=None
    ).exists()
    found += [own.get(page) for page in pages]
    return found


@pytest.mark.parametrize("viewer", ["lena", "dora", "ada", "cleo", "olaf"])
@pytest.mark.parametrize("other", [COPY, BOTH], ids=["copy", "both"])
def test_merging_is_the_same_whatever_was_voted(twins: Twins, viewer, other) -> None:
    if viewer not in twins.seen:
        twins.seen[viewer] = look(twins, viewer, NOTHING)
    one, no_secret = twins.seen[viewer]
    two, secret = look(twins, viewer, other)
    assert secret != no_secret
    for number, (a, b) in enumerate(zip(one, two, strict=True)):
        assert a == b, f"step {number} differs"
    assert not any(CANARY.encode() in answer.body for answer in two)
    assert max(answer.status for answer in two) < 500
