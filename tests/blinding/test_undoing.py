"""Undoing an import tells nobody whether its records were judged.

Neither the question, nor the refusal, nor the pages after it, nor the restored review:
the same bytes in two worlds that differ in hidden votes on the import's own records.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

import pytest
from django.http import HttpResponseBase
from django.test import TestCase

from screening.decisions.models import Outcome, Stage
from screening.decisions.models.rounds import Vote
from screening.decisions.services import policies, stages
from screening.records.models import Import, Record
from screening.records.services import sources
from tests.blinding import harness
from tests.blinding.histories import CANARY
from tests.blinding.observing import Answer, masked
from tests.blinding.papers import ris
from tests.blinding.world import _import, _rounds, make_cast, vote
from tests.conftest import Cast
from tests.factories import NOW

pytestmark = pytest.mark.django_db

Votes = tuple[tuple[int, str], ...]
NOTHING: Votes = ()
SOME: Votes = ((0, "include"), (1, "exclude"), (2, "unsure"))
OTHERS: Votes = ((0, "exclude"), (3, "include"))


@dataclass
class Dealt:
    """A review with one file whose records are dealt to Ada and Ben."""

    cast: Cast
    batch: Import
    stage: Stage
    codes: harness.Codes
    sessions: dict[str, str] = field(default_factory=dict)
    seen: dict[str, tuple[list[Answer], list[str]]] = field(default_factory=dict)

    def browser(self, name: str) -> harness.Browser:
        """A person's browser; logged in once for all worlds."""
        return harness.Browser(self.sessions[name])


@pytest.fixture(scope="module")
def dealt(codes: harness.Codes) -> Dealt:
    cast = make_cast("A file too many", tag="9")
    source = sources.add(actor=cast.lena, kind="database", name="Medline", now=NOW)
    batch = _import(cast.lena, source, ris(range(12)), "medline.ris")
    stage = Stage.objects.get(review=cast.review, subject="record")
    lines = [(Decimal(100), [cast.ada]), (Decimal(100), [cast.ben])]
    policies.set(
        actor=cast.dora, stage=stage, mode="fixed", lines=lines, seed=7, now=NOW
    )
    stage = stages.start(actor=cast.dora, stage=stage, now=NOW)
    sessions = {
        name: harness.log_in(getattr(cast, name).user)
        for name in ("ada", "cleo", "dora", "lena", "olaf")
    }
    codes.mark()
    return Dealt(cast, batch, stage, codes, sessions)


def look(dealt: Dealt, viewer: str, hidden: Votes) -> tuple[list[Answer], list[str]]:
    """What ``viewer`` gets while Lena undoes and restores the file, step by step."""
    dealt.codes.back_to_mark()
    with harness.undone(), TestCase.captureOnCommitCallbacks():
        rounds = _rounds(dealt.stage)
        with dealt.codes.hidden():
            for number, (slot, verdict) in enumerate(hidden):
                key = UUID(int=number + 1)
                vote(dealt.cast.ben, rounds[slot], verdict, note=CANARY, key=key)
        assert not Outcome.objects.filter(review=dealt.cast.review).exists()
        answers = [masked(answer) for answer in steps(dealt, viewer)]
        votes = Vote.objects.unblinded(reason="tests look behind the curtain")
        of_review = votes.filter(round__review=dealt.cast.review)
        secret = sorted(of_review.values_list("round__code", "verdict"))
        return answers, [str(row) for row in secret]
    raise AssertionError("unreachable")


def steps(dealt: Dealt, viewer: str) -> list[HttpResponseBase]:
    """The same requests in each world: the viewer looks between Lena's deeds."""
    own, lena = dealt.browser(viewer), dealt.browser("lena")
    review = f"/r/{dealt.cast.review.code}/"
    batch = f"{review}imports/{dealt.batch.code}/"
    stage = f"{review}stages/{dealt.stage.code}/"
    screen = f"{review}screen/{dealt.stage.code}/"
    pages = [review, batch, stage, screen, f"{review}records/", f"{review}trail/"]
    found = [lena.get(f"{batch}undo/"), own.get(f"{batch}undo/")]
    found += [lena.post(f"{batch}undo/"), own.post(f"{batch}undo/")]
    found.append(lena.post(f"{batch}undo/", {"typed_name": "medline.ris"}))
    assert Record.objects.identified().filter(review=dealt.cast.review).count() == 0
    found += [own.get(page) for page in pages]
    found.append(lena.post(f"{batch}restore/"))
    assert Record.objects.identified().filter(review=dealt.cast.review).count() == 12
    found += [own.get(page) for page in pages]
    return found


@pytest.mark.parametrize("viewer", ["lena", "dora", "ada", "cleo", "olaf"])
@pytest.mark.parametrize("other", [SOME, OTHERS], ids=["some", "others"])
def test_undoing_is_the_same_whatever_was_voted(dealt: Dealt, viewer, other) -> None:
    if viewer not in dealt.seen:
        dealt.seen[viewer] = look(dealt, viewer, NOTHING)
    one, no_secret = dealt.seen[viewer]
    two, secret = look(dealt, viewer, other)
    assert secret != no_secret
    for number, (a, b) in enumerate(zip(one, two, strict=True)):
        assert a == b, f"step {number} differs"
    assert not any(CANARY.encode() in answer.body for answer in two)
    assert max(answer.status for answer in two) < 500


def test_votes_come_back_with_the_import(dealt: Dealt) -> None:
    with harness.undone():
        code = _rounds(dealt.stage)[0]
        vote(dealt.cast.ben, code, "include")
        list(steps(dealt, "lena"))
        vote(dealt.cast.ada, code, "include")
        settled = Outcome.objects.get(review=dealt.cast.review)
        assert (settled.verdict, settled.how) == ("include", "agreement")
        lena = dealt.browser("lena")
        url = f"/r/{dealt.cast.review.code}/imports/{dealt.batch.code}/undo/"
        page = lena.get(url)
        assert "decision about its records is settled" in page.content.decode()
        assert lena.post(url, {"typed_name": "medline.ris"}).status_code == 409
