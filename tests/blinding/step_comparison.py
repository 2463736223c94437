"""Compares the steps of a review of one file in two worlds.

This is for processes with several steps, such as merging and undoing. The same requests
are sent in two worlds that differ in Ben's hidden votes, and every answer must have the
same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.http import HttpResponseBase
from django.test import TestCase

from screening.decisions.models import Decision, Stage
from screening.decisions.models.rounds import Vote
from screening.decisions.services import policies, stages
from screening.records.models import Import
from screening.records.services import sources
from tests.blinding import harness
from tests.blinding.capture import Answer, masked
from tests.blinding.hidden_actions import CANARY
from tests.blinding.sample_files import ris
from tests.blinding.world import _import, _rounds, make_cast, vote
from tests.conftest import Cast
from tests.factories import NOW

# Ben's hidden votes: number of the record in the file, and verdict.
Votes = tuple[tuple[int, str], ...]
NOTHING: Votes = ()
VIEWERS = ["lena", "dora", "ada", "cleo", "olaf"]


@dataclass
class OneFile:
    """A review of one file, assigned to Ada and Ben; nobody has voted."""

    cast: Cast
    batch: Import
    stage: Stage
    codes: harness.Codes
    sessions: dict[str, str]
    rounds: list[str]
    _seen: dict[str, tuple[list[Answer], list[str]]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"/r/{self.cast.review.code}/"

    def browser(self, name: str) -> harness.Browser:
        """Return a browser of a person, logged in once for all worlds."""
        return harness.Browser(self.sessions[name])

    def hold_alike(
        self,
        viewer: str,
        other: Votes,
        steps: Callable[[str], list[HttpResponseBase]],
    ) -> None:
        """Check that Ben's ``other`` votes do not change the answers to ``viewer``."""
        if viewer not in self._seen:
            self._seen[viewer] = self._look(viewer, NOTHING, steps)
        one, no_secret = self._seen[viewer]
        two, secret = self._look(viewer, other, steps)
        assert secret != no_secret, "vacuous: the worlds do not differ"
        for number, (a, b) in enumerate(zip(one, two, strict=True)):
            assert a == b, f"step {number} differs"
        assert not any(CANARY.encode() in answer.body for answer in two)
        assert max(answer.status for answer in two) < 500

    def _look(
        self,
        viewer: str,
        hidden: Votes,
        steps: Callable[[str], list[HttpResponseBase]],
    ) -> tuple[list[Answer], list[str]]:
        self.codes.back_to_mark()
        with harness.undone(), TestCase.captureOnCommitCallbacks():
            with self.codes.hidden():
                for n, (number, verdict) in enumerate(hidden):
                    code, key = self.rounds[number], UUID(int=n + 1)
                    vote(self.cast.ben, code, verdict, note=CANARY, key=key)
            assert not Decision.objects.filter(review=self.cast.review).exists()
            answers = [masked(answer) for answer in steps(viewer)]
            votes = Vote.objects.unblinded(reason="tests look behind the curtain")
            of_review = votes.filter(round__review=self.cast.review)
            secret = sorted(of_review.values_list("round__code", "verdict"))
            return answers, [str(row) for row in secret]
        raise AssertionError("unreachable")


def one_file(codes: harness.Codes, *, title: str, tag: str, records: int) -> OneFile:
    """Import a file of ``n`` records and assign them; the caller marks the codes."""
    cast = make_cast(title, tag=tag)
    source = sources.add_source(
        actor=cast.lena, kind="database", name="Medline", now=NOW
    )
    batch = _import(cast.lena, source, ris(range(records)), "medline.ris")
    stage = Stage.objects.get(review=cast.review, subject="record")
    lines = [(Decimal(100), [cast.ada]), (Decimal(100), [cast.ben])]
    policies.set_policy(
        actor=cast.dora,
        stage_code=stage.code,
        mode="fixed",
        lines=lines,
        seed=7,
        now=NOW,
    )
    stage = stages.start_stage(actor=cast.dora, stage_code=stage.code, now=NOW)
    sessions = {name: harness.log_in(getattr(cast, name).user) for name in VIEWERS}
    return OneFile(cast, batch, stage, codes, sessions, _rounds(stage))
