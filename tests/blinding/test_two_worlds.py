"""Two worlds that differ only in hidden judgements look the same, byte for byte.

This covers every URL of the table and every link, filter and page on it (status,
headers and body), and every email. *Whether*: one world has the hidden actions, the
other none. *What*: both have them with different content. With fixed assignment both
hold; in an open pool only the second does (docs/blinding.md).
"""

from __future__ import annotations

import os

import pytest

from tests.blinding import public_actions
from tests.blinding.capture import difference
from tests.blinding.hidden_actions import CANARY, WITHDRAWN, Act
from tests.blinding.world_runner import WorldRunner

pytestmark = pytest.mark.django_db

DEEP = bool(os.environ.get("DEEP"))
# With fewer pages the comparison would prove little.
ENOUGH_PAGES = 50
EVERYTHING = (
    Act("title", 0, "include", CANARY),
    Act("title", 1, "exclude", minutes=5),
    Act("title", 2, "unsure", CANARY, minutes=9),
    Act("title", 1, "unsure", minutes=11),
    Act("title", 0, WITHDRAWN, minutes=12),
    Act("text", 0, "exclude", CANARY, reason=1, minutes=20),
    Act("chart", 0, "include", CANARY, minutes=30),
)
OTHERWISE = (
    Act("title", 0, "exclude", minutes=1),
    Act("title", 1, "include", minutes=2),
    Act("title", 2, "exclude", minutes=3),
    Act("text", 0, "include", minutes=4),
    Act("chart", 0, "exclude", hands_in=False, minutes=6),
)
VIEWERS = ["ada", "cleo", "dora", "lena", "olaf"]
TO_ADA = ["ben", "cleo", "dora", "olaf"] if DEEP else ["ben", "dora"]
# In DEEP runs each public action is its own case.
PUBLIC_ACTIONS = public_actions.PUBLIC if DEEP else [public_actions.everything]


def is_deep(viewer: str) -> bool:
    """Return True if links are followed too: for members who screen or lead."""
    return DEEP or viewer in {"ada", "dora"}


def same(runner: WorldRunner, viewer: str, author: str, one, two, **around) -> None:
    """Check that both histories look the same to ``viewer`` and are not equal."""
    seen_one, secret_one = runner.perform(viewer, author, one, **around)
    seen_two, secret_two = runner.perform(viewer, author, two, **around)
    assert secret_one != secret_two, "vacuous: the worlds do not differ"
    assert not seen_one.broken, seen_one.broken
    assert seen_one.pages >= ENOUGH_PAGES, f"vacuous: only {seen_one.pages} pages"
    told = difference(seen_one, seen_two)
    assert not told, f"{viewer} can tell what or whether {author} judged: {told}"


@pytest.mark.parametrize("viewer", VIEWERS)
def test_nobody_can_tell_whether_ben_judged(runner: WorldRunner, viewer: str) -> None:
    same(runner, viewer, "ben", (), EVERYTHING, deep=is_deep(viewer))


@pytest.mark.parametrize("viewer", VIEWERS if DEEP else ["ada"])
def test_nobody_can_tell_what_ben_judged(runner: WorldRunner, viewer: str) -> None:
    same(runner, viewer, "ben", EVERYTHING, OTHERWISE, deep=True)


@pytest.mark.parametrize("viewer", TO_ADA)
def test_nobody_can_tell_whether_or_what_ada_judged_alone(
    runner: WorldRunner, viewer: str
) -> None:
    acts = tuple(act for act in EVERYTHING if act.says != "unsure")
    same(runner, viewer, "ada", (), acts, deep=DEEP)


@pytest.mark.parametrize("action", PUBLIC_ACTIONS, ids=lambda action: action.__name__)
@pytest.mark.parametrize("viewer", ["ada", "dora"])
def test_what_happens_afterwards_does_not_tell(
    runner: WorldRunner, viewer: str, action
) -> None:
    same(runner, viewer, "ben", (), EVERYTHING, after=action, deep=DEEP)


LATE = (
    Act("late", 0, "include", CANARY),
    Act("late", 1, "exclude", minutes=5),
    Act("late", 1, "unsure", minutes=11),
)
LATE_OTHERWISE = (Act("late", 0, "exclude"), Act("late", 1, "include", minutes=2))


@pytest.mark.parametrize("viewer", VIEWERS if DEEP else ["ada", "dora"])
def test_the_second_wave_hides_what_the_first_has_revealed(
    runner: WorldRunner, viewer: str
) -> None:
    """Ben votes on late records, while all votes of the first wave are visible."""
    second = public_actions.a_second_wave_opens
    same(runner, viewer, "ben", (), LATE, before=second, deep=DEEP)
    same(runner, viewer, "ben", LATE, LATE_OTHERWISE, before=second, deep=DEEP)


def test_making_single_votes_final_does_not_tell_what_others_judged(
    runner: WorldRunner,
) -> None:
    """Ada's votes alone become public; Ben's, on the records he shares, do not."""
    acts = tuple(act for act in EVERYTHING if act.where == "title")
    after = public_actions.dora_finalises
    for viewer in ["dora", "olaf"]:
        same(runner, viewer, "ben", (), acts, after=after, deep=DEEP)


IN_CONFLICT = [
    (),
    (Act("conflict", 0, "exclude", CANARY),),
    (Act("conflict", 0, "unsure"),),
]


@pytest.mark.parametrize(
    ("viewer", "history"),
    [("ada", IN_CONFLICT[1]), ("ada", IN_CONFLICT[2]), ("olaf", IN_CONFLICT[1])],
    ids=["ada-exclude", "ada-unsure", "olaf"],
)
def test_a_conflict_is_shown_to_adjudicators_only(
    runner: WorldRunner, viewer: str, history
) -> None:
    same(runner, viewer, "ben", (), history, deep=is_deep(viewer))


def test_adjudicators_do_see_a_conflict(runner: WorldRunner) -> None:
    """The test above would also pass in a program that shows nothing to anyone."""
    before, _ = runner.perform("cleo", "ben", IN_CONFLICT[0], deep=DEEP)
    after, _ = runner.perform("cleo", "ben", IN_CONFLICT[1], deep=DEEP)
    assert difference(before, after)
    assert after.with_text(CANARY)


@pytest.mark.parametrize("viewer", VIEWERS if DEEP else ["ada", "dora"])
def test_in_an_open_pool_nobody_can_tell_what_ben_judged(
    pool: WorldRunner, viewer: str
) -> None:
    one = tuple(act for act in EVERYTHING if act.where == "title")[:3]
    two = OTHERWISE[:3]
    same(pool, viewer, "ben", one, two, deep=DEEP)


@pytest.mark.parametrize(
    "viewer", ["cleo", "dora", "lena", "olaf"] if DEEP else ["dora", "olaf"]
)
def test_nobody_can_tell_who_was_the_last_to_vote(
    runner: WorldRunner, viewer: str
) -> None:
    first, _ = runner.perform(viewer, before=public_actions.ada_then_ben, deep=DEEP)
    second, _ = runner.perform(viewer, before=public_actions.ben_then_ada, deep=DEEP)
    told = difference(first, second)
    assert not told, f"{viewer} can tell who voted last: {told}"
