"""Two worlds over random histories of a whole team, drawn by Hypothesis.

A history consists of public actions of the team, hidden actions of one member, and more
public actions afterwards, with any viewer. *Whether*: one world has the hidden actions,
the other none. *What*: both have them with different content. In an open pool only the
second holds (test_team_histories_what.py is its own file, so that it runs in its own
process). The normal run draws a few histories; ``./dev test --deep`` compares 3,000 in
each mode.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from reviewapp.core.refusals import NotAllowed, Refused
from tests.blinding.capture import difference
from tests.blinding.hidden_actions import CANARY, WITHDRAWN, Act
from tests.blinding.public_actions import (
    TEAMWORK,
    a_second_wave_opens,
    cleo_leaves,
    dora_finalises,
)
from tests.blinding.world import World
from tests.blinding.world_runner import WorldRunner

pytestmark = pytest.mark.django_db

DEEP = bool(os.environ.get("DEEP"))
EXAMPLES = int(os.environ.get("EXAMPLES", "3000" if DEEP else "8"))
# Number of worlds that share the public actions of the first one: n comparisons need n
# + 1 captures. An example compares one world with the first.
OTHERS = 5 if DEEP else 1
# Each example reads every fourth page, so that many histories are tried. With thousands
# of examples it is every twelfth; each page is then read hundreds of times.
PARTS = 12 if DEEP else 4
ENOUGH_PAGES = 50 // PARTS
VIEWERS = {
    "ben": ["ada", "cleo", "dora", "lena", "olaf"],
    "ada": ["ben", "dora", "lena", "olaf"],
}
ADJUDICATORS = {"cleo", "dora"}
PublicAction = Callable[[World], None]
MODES = settings(
    max_examples=EXAMPLES // OTHERS,
    derandomize=not DEEP,
    deadline=None,
    database=None,
    # A failing history is already short, and shrinking would take an hour.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Script:
    """Public actions in order; refused actions are skipped."""

    actions: tuple[PublicAction, ...]

    def __call__(self, world: World) -> None:
        for action in self.actions:
            with suppress(Refused, NotAllowed):
                action(world)

    def __repr__(self) -> str:
        return " → ".join(action.__name__ for action in self.actions) or "nothing"


@dataclass(frozen=True)
class History:
    """A history; ``worlds`` has the hidden actions of ``author`` in each world."""

    author: str
    viewer: str
    before: Script
    worlds: tuple[tuple[Act, ...], ...]
    after: Script
    part: int

    @property
    def actions(self) -> tuple[PublicAction, ...]:
        """Draw the public actions."""
        return (*self.before.actions, *self.after.actions)


def acts(
    author: str, viewer: str, where: Sequence[str]
) -> st.SearchStrategy[tuple[Act, ...]]:
    """Draw hidden actions; adjudicators see Ada's "unsure" where she is alone."""
    sees = author == "ada" and viewer in ADJUDICATORS
    verdicts = ["include", "exclude", *([] if sees else ["unsure"])]
    one = st.builds(
        Act,
        where=st.sampled_from(where),
        slot=st.integers(0, 5),
        says=st.sampled_from(verdicts),
        note=st.sampled_from(["", CANARY, "<b>&"]),
        reason=st.integers(0, 4),
        hands_in=st.booleans(),
        minutes=st.integers(0, 59),
    )
    taken_back = st.builds(lambda act: (act, Act(act.where, act.slot, WITHDRAWN)), one)
    undoable = taken_back.filter(lambda pair: pair[0].where != "chart")
    pieces = st.lists(st.one_of(one.map(lambda act: (act,)), undoable), max_size=4)
    return pieces.map(lambda found: tuple(act for piece in found for act in piece))


scripts = st.lists(st.sampled_from(TEAMWORK), max_size=3, unique=True).map(
    lambda actions: Script(tuple(actions))
)


def does_not_close(script: Script) -> bool:
    """Return True if nothing reveals the votes that were hidden before it."""
    return a_second_wave_opens not in script.actions


@st.composite
def histories(
    draw: st.DrawFn,
    *,
    is_what: bool,
    where: Sequence[str] = ("title", "late", "text", "chart"),
) -> History:
    author = draw(st.sampled_from(["ben", "ada"]))
    viewer = draw(st.sampled_from(VIEWERS[author]))
    something = acts(author, viewer, where).filter(bool)
    others = draw(st.lists(something, min_size=OTHERS, max_size=OTHERS, unique=True))
    return History(
        author=author,
        viewer=viewer,
        before=draw(scripts),
        worlds=(draw(acts(author, viewer, where)) if is_what else (), *others),
        after=draw(scripts.filter(does_not_close)),
        part=draw(st.integers(0, PARTS - 1)),
    )


def same(runner: WorldRunner, drawn: History) -> None:
    """Check that all worlds look the same to the viewer; skip if all are equal."""
    found = runner.perform_all(
        drawn.viewer,
        drawn.author,
        drawn.worlds,
        before=drawn.before,
        after=drawn.after,
        part=(drawn.part, PARTS),
    )
    seen, secrets = [one for one, _ in found], [secret for _, secret in found]
    assume(any(secret != secrets[0] for secret in secrets[1:]))
    # Votes that Ada cast alone become public then, which is what finalising is for.
    assume(drawn.author != "ada" or dora_finalises not in drawn.actions)
    # A former member sees nothing.
    assume(drawn.viewer != "cleo" or cleo_leaves not in drawn.actions)
    assert not seen[0].broken, seen[0].broken
    assert seen[0].pages >= ENOUGH_PAGES, f"vacuous: {seen[0].pages} pages"
    for other in seen[1:]:
        told = difference(seen[0], other)
        assert not told, f"{drawn.viewer} can tell: {told}"


@MODES
@given(drawn=histories(is_what=False))
def test_whether_somebody_judged_cannot_be_told(
    runner: WorldRunner, drawn: History
) -> None:
    same(runner, drawn)
