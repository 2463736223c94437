"""Runs a history in a world, captures what people see, and rolls everything back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core import mail
from django.db import connection
from django.test import TestCase

from charting.models.charts import Chart
from reviewapp.core.models import Member
from screening.decisions.models.rounds import Vote
from tests.blinding import harness
from tests.blinding.attempts import attempt_all
from tests.blinding.capture import Answer, Seen, observe
from tests.blinding.hidden_actions import Act, play
from tests.blinding.world import World

PublicAction = Callable[[World], None]


@dataclass
class WorldRunner:
    """A world, the logins of its people, and the captures so far.

    ``seen`` has captures by history and viewer. All histories of a test are compared
    with the same first one, so n histories need n + 1 captures.
    """

    world: World
    codes: harness.Codes
    sessions: dict[str, str] = field(default_factory=dict)
    _kept: dict[object, tuple[Seen, frozenset[str]]] = field(default_factory=dict)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Print a short name in Hypothesis output instead of the whole world."""
        printer.text("runner")

    def log_in(self) -> None:
        """Log everyone in, once for all worlds."""
        for name in ("ada", "ben", "cleo", "dora", "lena", "olaf"):
            user = getattr(self.world.cast, name).user
            self.sessions[name] = harness.log_in(user)

    def browser(self, name: str) -> harness.Browser:
        """Return a new browser of a person with no cookies but the session."""
        return harness.Browser(self.sessions[name])

    def member(self, name: str) -> Member:
        found: Member = getattr(self.world.cast, name)
        return found

    def perform(
        self,
        viewer: str,
        author: str = "ben",
        acts: Sequence[Act] = (),
        *,
        before: PublicAction | None = None,
        after: PublicAction | None = None,
        deep: bool = True,
        part: tuple[int, int] = (0, 1),
    ) -> tuple[Seen, frozenset[str]]:
        """Return what ``viewer`` sees after the actions, and the secret rows behind it.

        ``before`` and ``after`` are public actions around the hidden ones. ``part`` of
        the pages is fetched, as in ``observe``.
        """
        key = (viewer, author, tuple(acts), before, after, deep, part)
        if key not in self._kept:
            self._kept[key] = self._perform(*key)
        return self._kept[key]

    def perform_all(
        self,
        viewer: str,
        author: str,
        worlds: Sequence[Sequence[Act]],
        *,
        before: PublicAction,
        after: PublicAction,
        part: tuple[int, int],
    ) -> list[tuple[Seen, frozenset[str]]]:
        """Return the same for several worlds, which share the actions before.

        Doing these only once makes thousands of comparisons affordable.
        """
        self.codes.back_to_mark()
        with harness.undone():
            with TestCase.captureOnCommitCallbacks(execute=True):
                before(self.world)
                connection.check_constraints()
            fork = self.codes.position()
            found = []
            for acts in worlds:
                self.codes.back_to(fork)
                key = (viewer, author, acts, None, after, False, part)
                found.append(self._fork(*key))
            return found
        raise AssertionError("unreachable")

    def forget(self) -> None:
        """Drop all captures, because thousands of histories would fill the memory."""
        self._kept.clear()

    def _perform(
        self,
        viewer: str,
        author: str,
        acts: Sequence[Act],
        before: PublicAction | None,
        after: PublicAction | None,
        deep: bool,
        part: tuple[int, int],
    ) -> tuple[Seen, frozenset[str]]:
        self.codes.back_to_mark()
        return self._fork(viewer, author, acts, before, after, deep, part)

    def _fork(
        self,
        viewer: str,
        author: str,
        acts: Sequence[Act],
        before: PublicAction | None,
        after: PublicAction | None,
        deep: bool,
        part: tuple[int, int],
    ) -> tuple[Seen, frozenset[str]]:
        mail.outbox.clear()
        with harness.undone():
            with TestCase.captureOnCommitCallbacks(execute=True):
                if before:
                    before(self.world)
                play(self.world, self.codes, self.member(author), acts)
                if after:
                    after(self.world)
                # Like a commit: the events are linked into the chains.
                connection.check_constraints()
            seen = observe(self.world, self.browser(viewer), deep=deep, part=part)
            if part[0] % 6 == 0:
                attempts = attempt_all(
                    self.world, self.browser(viewer), self.member(viewer)
                )
                seen.answers |= dict(attempts)
            for number, message in enumerate(mail.outbox):
                seen.answers[f"mail {number}"] = Answer(
                    200, (), message.message().get_payload().encode()
                )
            return seen, secrets(self.world)
        raise AssertionError("unreachable")


def secrets(world: World) -> frozenset[str]:
    """Return all votes and charts of the review as text."""
    votes = Vote.objects.unblinded(reason="tests look behind the curtain")
    charts = Chart.objects.unblinded(reason="tests look behind the curtain")
    here = {"round__review": world.cast.review}
    rows = [
        *votes.filter(**here).values_list(
            "round__code", "author__code", "version", "verdict", "reason", "note"
        ),
        *charts.filter(**here).values_list(
            "round__code", "author__code", "version", "values", "is_complete"
        ),
    ]
    return frozenset(str(row) for row in rows)
