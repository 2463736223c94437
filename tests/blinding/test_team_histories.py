"""Two worlds over random histories of a whole team, drawn by Hypothesis.

A history: what the team does in the open, hidden acts of one member in the midst of it,
and what the team does after that, whoever looks. *Whether*: one world has the hidden
acts, the other none. *What*: both have them, saying different things; in an open pool
only this holds (test_team_histories_what.py: a file, and so a process, of its own). The
normal run draws a few; ``./dev test --deep`` compares 3 000 a mode.
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
from tests.blinding.public_actions import TEAMWORK, cleo_leaves
from tests.blinding.world import World
from tests.blinding.world_runner import Theatre

pytestmark = pytest.mark.django_db

DEEP = bool(os.environ.get("DEEP"))
EXAMPLES = int(os.environ.get("EXAMPLES", "3000" if DEEP else "8"))
# So many worlds beside the first one share what is done in the open: n comparisons
# for n + 1 looks. An example is one world compared with the first.
OTHERS = 5 if DEEP else 1
# Each example looks at every fourth page (twelfth where thousands are drawn, which
# look at each page hundreds of times), so that many histories are tried.
PARTS = 12 if DEEP else 4
ENOUGH_PAGES = 50 // PARTS
VIEWERS = {
    "ben": ["ada", "cleo", "dora", "lena", "olaf"],
    "ada": ["ben", "dora", "olaf"],
}
Deed = Callable[[World], None]
MODES = settings(
    max_examples=EXAMPLES // OTHERS,
    derandomize=not DEEP,
    deadline=None,
    database=None,
    # A found history is short already; shrinking would take an hour.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Script:
    """Public deeds one after the other; what is refused is not done."""

    deeds: tuple[Deed, ...]

    def __call__(self, world: World) -> None:
        for deed in self.deeds:
            with suppress(Refused, NotAllowed):
                deed(world)

    def __repr__(self) -> str:
        return " → ".join(deed.__name__ for deed in self.deeds) or "nothing"


@dataclass(frozen=True)
class History:
    """``worlds``: the hidden acts of ``author`` in each of the worlds."""

    author: str
    viewer: str
    before: Script
    worlds: tuple[tuple[Act, ...], ...]
    after: Script
    part: int

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """Everything that is done in the open."""
        return (*self.before.deeds, *self.after.deeds)


def acts(author: str, where: Sequence[str]) -> st.SearchStrategy[tuple[Act, ...]]:
    """Hidden acts; Ada's "unsure" is no secret where she is alone (a conflict)."""
    verdicts = ["include", "exclude", *(["unsure"] if author == "ben" else [])]
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
    lambda deeds: Script(tuple(deeds))
)


@st.composite
def histories(
    draw: st.DrawFn, *, is_what: bool, where: Sequence[str] = ("title", "text", "chart")
) -> History:
    author = draw(st.sampled_from(["ben", "ada"]))
    something = acts(author, where).filter(bool)
    others = draw(st.lists(something, min_size=OTHERS, max_size=OTHERS, unique=True))
    return History(
        author=author,
        viewer=draw(st.sampled_from(VIEWERS[author])),
        before=draw(scripts),
        worlds=(draw(acts(author, where)) if is_what else (), *others),
        after=draw(scripts),
        part=draw(st.integers(0, PARTS - 1)),
    )


def same(theatre: Theatre, drawn: History) -> None:
    """All worlds look the same to the viewer; skipped when all are the same."""
    seen, secrets = [], []
    for hidden in drawn.worlds:
        looked, secret = theatre.perform(
            drawn.viewer,
            drawn.author,
            hidden,
            before=drawn.before,
            after=drawn.after,
            deep=False,
            part=(drawn.part, PARTS),
        )
        seen.append(looked)
        secrets.append(secret)
    theatre.forget()
    assume(any(secret != secrets[0] for secret in secrets[1:]))
    # Who has left the team sees nothing at all.
    assume(drawn.viewer != "cleo" or cleo_leaves not in drawn.deeds)
    assert not seen[0].broken, seen[0].broken
    assert seen[0].pages >= ENOUGH_PAGES, f"vacuous: {seen[0].pages} pages"
    for other in seen[1:]:
        told = difference(seen[0], other)
        assert not told, f"{drawn.viewer} can tell: {told}"


@MODES
@given(drawn=histories(is_what=False))
def test_whether_somebody_judged_cannot_be_told(
    theatre: Theatre, drawn: History
) -> None:
    same(theatre, drawn)
