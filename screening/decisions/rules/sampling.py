"""Drawing who reads what: exact, seeded, reproducible by anybody.

Each line of a policy has a number. A subject's *ticket* for a line is the SHA-256
digest of ``<seed>:<line>:<subject's code>``; the line takes the subjects with the
smallest tickets. So the draw depends on nothing but the seed, the line's number and
the public codes in the sample list: not on the order of import, on who reads, or on
what anybody has decided. What was drawn is never taken back; when subjects are
added, the line is topped up to its share of all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Line:
    """A share (per cent) of the subjects, dealt evenly to ``members``."""

    no: int
    share: Decimal
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A seat to be made: line ``no`` of ``subject`` goes to ``member``."""

    subject: str
    no: int
    member: int


def ticket(seed: int, line: int | str, subject: str) -> bytes:
    """The lot of ``subject`` for a line; the smaller, the earlier it is drawn."""
    return sha256(f"{seed}:{line}:{subject}".encode()).digest()


def reading_order(seed: int, subject: str) -> int:
    """The subject's place in the order of reading: 31 bits of its ticket."""
    return int.from_bytes(ticket(seed, "order", subject)[:4]) >> 1


def target(share: Decimal, total: int) -> int:
    """How many of ``total`` subjects a share means: rounded half up, exactly."""
    return int((share * total / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def draw(subjects: Iterable[str], *, seed: int, line: int, n: int) -> list[str]:
    """The ``n`` subjects with the smallest tickets, in order of ticket."""
    return sorted(subjects, key=lambda code: ticket(seed, line, code))[: max(n, 0)]


def deal(
    drawn: Sequence[str],
    members: Sequence[int],
    *,
    taken: Mapping[str, Collection[int]],
    load: Mapping[int, int],
) -> list[tuple[str, int]]:
    """Give each drawn subject to the member who has the fewest so far.

    ``taken``: who already has a place in a subject (nobody reads one twice);
    ``load``: how many of this line each has. A subject all of whose members are
    taken is left out.
    """
    loads = Counter({member: load.get(member, 0) for member in members})
    rank = {member: i for i, member in enumerate(members)}
    dealt = []
    for subject in drawn:
        free = [m for m in members if m not in taken.get(subject, ())]
        if not free:
            continue
        chosen = min(free, key=lambda m: (loads[m], rank[m]))
        loads[chosen] += 1
        dealt.append((subject, chosen))
    return dealt


def places(
    lines: Sequence[Line],
    *,
    seed: int,
    total: int,
    free: Collection[str],
    standing: Mapping[str, Sequence[tuple[int, int]]],
) -> list[Place]:
    """All seats to add so that each line has its share of ``total`` subjects.

    ``free``: subjects that may still get seats (their rounds are not sealed);
    ``standing``: the seats there are, subject → (line no, member), with those given
    up, since a place once drawn stays drawn. Lines with the fewest members choose first, so that "A reads all, any of A, B, C a second time"
    works out.
    """
    taken = {subject: {m for _, m in seats} for subject, seats in standing.items()}
    made: list[Place] = []
    for line in sorted(lines, key=lambda one: (len(one.members), one.no)):
        have = {
            subject: member
            for subject, seats in standing.items()
            for no, member in seats
            if no == line.no
        }
        candidates = [
            code
            for code in free
            if code not in have and not taken.get(code, set()).issuperset(line.members)
        ]
        drawn = draw(
            candidates,
            seed=seed,
            line=line.no,
            n=target(line.share, total) - len(have),
        )
        dealt = deal(drawn, line.members, taken=taken, load=Counter(have.values()))
        for subject, member in dealt:
            taken.setdefault(subject, set()).add(member)
            made.append(Place(subject, line.no, member))
    return made


def crowded(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines that together have fewer members than places in one subject.

    Nobody may read a subject twice, so such a policy cannot be filled; empty when
    all is well (Hall's condition, assuming that the lines may meet in a subject).
    """
    for size in range(1, len(lines) + 1):
        for some in combinations(lines, size):
            if len({m for line in some for m in line.members}) < size:
                return some
    return ()
