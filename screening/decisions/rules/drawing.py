"""Drawing samples: uniform, seldom more than a record off, reproducible by anyone.

Each record or report has a *position* for a rule: the first 64 bits of the SHA-256
digest of ``<key>:<rule>:<code>``, a point on a circle. A rule of 20 % takes what lies in
a *window* of a fifth of the circle. So each record has the same chance, whether it was
there at the start or came later, whatever the order of imports. The window starts where
the first draw has exactly its percentage of records, rounded half up. It stays there;
what comes later is in the sample if it lies in the window.

The key is secret while the sample is: with it, reviewers could compute which of their
records a second person screens. The digest of each draw is shown to all at once
(``digest_of``), so that nobody can change the sample without notice. docs/policy.md
describes the rule for people who want to repeat a draw.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from heapq import merge
from itertools import groupby

from screening.decisions.rules.sampling import (
    NewAssignment,
    SamplingLine,
    deal_evenly,
    target_count,
)

CIRCLE = 2**64


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the circle that a rule of ``share`` per cent takes."""

    share: Decimal
    start: int

    @property
    def width(self) -> int:
        """Return the number of positions in the window."""
        return int(self.share * 100) * CIRCLE // 10_000

    def has(self, position: int) -> bool:
        """Return True if the position is in the window."""
        return (position - self.start) % CIRCLE < self.width


@dataclass(frozen=True, slots=True)
class Draw:
    """The result of a draw: new assignments, and the window of each rule by number."""

    assignments: list[NewAssignment]
    windows: dict[int, Window]


def wave_key(key: str, number: int) -> str:
    """Return the key of a wave, from the key of its policy."""
    return sha256(f"{key}:wave:{number}".encode()).hexdigest()[:32]


def position(key: str, rule: int, code: str) -> int:
    """Return the position of a record or report on the circle of a rule."""
    return int.from_bytes(sha256(f"{key}:{rule}:{code}".encode()).digest()[:8])


def digest_of(key: str, codes: Iterable[str]) -> str:
    """Return the hash that commits to a draw: of the key and the codes, one per line."""
    lines = "".join(f"{line}\n" for line in [key, *sorted(codes)])
    return sha256(lines.encode()).hexdigest()


def place_window(
    positions: Sequence[int], share: Decimal, n: int, *, around: Window | None = None
) -> Window:
    """Return the first window with ``n`` of the positions, or with the nearest number.

    "First" is clockwise from 0. ``around``: a window that the new one must contain, of
    a rule whose percentage grows; then clockwise from the first place that does.
    """
    width = Window(share, 0).width
    base, span = 0, CIRCLE - 1
    if around is not None:
        base = (around.start + around.width - width) % CIRCLE
        span = width - around.width
    found = sorted((one - base) % CIRCLE for one in positions)
    count = sum(one < width for one in found)
    best_start, best = 0, abs(count - n)
    for start, change in _steps(found, width):
        if best == 0 or start > span:
            break
        count += change
        if abs(count - n) < best:
            best_start, best = start, abs(count - n)
    return Window(share, (best_start + base) % CIRCLE)


def _steps(found: Sequence[int], width: int) -> Iterator[tuple[int, int]]:
    """Yield the starts at which a moving window loses or gains positions, in order."""
    losing = ((one + 1, -1) for one in found)
    later = [one for one in found if one >= width]
    sooner = [one for one in found if one < width]
    gaining = (((one - width + 1) % CIRCLE, 1) for one in [*later, *sooner])
    for start, group in groupby(merge(losing, gaining), key=lambda step: step[0]):
        yield start, sum(change for _, change in group)


def window_of(
    share: Decimal, positions: Sequence[int], before: Window | None
) -> Window:
    """Return the window of a rule; ``before`` is that of its last draw.

    ``positions``: those of all records or reports without a final decision.
    """
    if share == 100:
        return Window(share, 0)
    if before is None or before.share == 100:
        return place_window(positions, share, target_count(share, len(positions)))
    if share > before.share:
        n = target_count(share, len(positions))
        return place_window(positions, share, n, around=before)
    return Window(share, before.start)


def draw(
    lines: Sequence[SamplingLine],
    *,
    key: str,
    undecided: Collection[str],
    standing: Mapping[str, Sequence[tuple[int, int]]],
    windows: Mapping[int, Window],
) -> Draw:
    """Return the assignments that each rule needs now, and its window.

    ``undecided``: what can get assignments, because it has no final decision.
    ``standing``: all assignments, subject → (rule, member), removed ones included,
    because an assignment is drawn only once. Rules with the fewest members choose
    first. Only then does "A screens all, any of A, B, C a second time" work.
    """
    taken = {
        subject: {member for _, member in assignments}
        for subject, assignments in standing.items()
    }
    made: list[NewAssignment] = []
    placed: dict[int, Window] = {}
    for line in sorted(lines, key=lambda one: (len(one.members), one.no)):
        have = {
            subject: member
            for subject, assignments in standing.items()
            for no, member in assignments
            if no == line.no
        }
        at = {code: position(key, line.no, code) for code in undecided}
        window = window_of(line.share, list(at.values()), windows.get(line.no))
        placed[line.no] = window
        drawn = sorted(
            (code for code in at if code not in have and window.has(at[code])),
            key=lambda code: (at[code], code),
        )
        dealt = deal_evenly(
            drawn, line.members, taken=taken, load=Counter(have.values())
        )
        for subject, member in dealt:
            taken.setdefault(subject, set()).add(member)
            made.append(NewAssignment(subject, line.no, member))
    return Draw(made, placed)
