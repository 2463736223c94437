"""Random assignment: exact, seeded and reproducible by anyone.

Each rule of a policy (a line) has a number. The *ticket* of a record or report for a
line is the SHA-256 digest of ``<seed>:<line>:<code>``; the line takes the smallest
tickets. So the draw depends only on the seed, the number of the line and the public
codes in the list of assignments. It does not depend on the order of import, on
members or on votes. An assignment is never taken back. When records are added, the
line is extended to its percentage of all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from itertools import combinations
from math import comb


@dataclass(frozen=True, slots=True)
class SamplingLine:
    """A percentage of the records or reports, divided evenly among ``members``."""

    no: int
    share: Decimal
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """An assignment to make: line ``no`` of ``subject`` goes to ``member``."""

    subject: str
    no: int
    member: int


def ticket(seed: int, line: int | str, subject: str) -> bytes:
    """Return the ticket of ``subject`` for a line; smaller tickets are drawn first."""
    return sha256(f"{seed}:{line}:{subject}".encode()).digest()


def reading_order(seed: int, subject: str) -> int:
    """Return the position in the screening order: 31 bits of the ticket."""
    return int.from_bytes(ticket(seed, "order", subject)[:4]) >> 1


def wave_seed(seed: int, number: int) -> int:
    """Return the seed of wave ``number``: the policy's for wave 1, then one drawn from it.

    Between 1 and 9999 like the policy's own seed.
    """
    if number == 1:
        return seed
    return int.from_bytes(ticket(seed, "wave", str(number))[:4]) % 9999 + 1


def target_count(share: Decimal, total: int) -> int:
    """Return ``share`` per cent of ``total``, rounded half up, exactly."""
    return int((share * total / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def draw_sample(subjects: Iterable[str], *, seed: int, line: int, n: int) -> list[str]:
    """Return the ``n`` subjects with the smallest tickets, in the order of tickets."""
    return sorted(subjects, key=lambda code: ticket(seed, line, code))[: max(n, 0)]


def deal_evenly(
    drawn: Sequence[str],
    members: Sequence[int],
    *,
    taken: Mapping[str, Collection[int]],
    load: Mapping[int, int],
) -> list[tuple[str, int]]:
    """Assign each drawn subject to the member with the fewest so far.

    ``taken``: members who already have an assignment in a subject (no one screens it
    twice). ``load``: number of subjects of this line that each member has. A subject is
    left out if all members have an assignment in it. Returns pairs of subject and
    member.
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


def assignments_to_add(
    lines: Sequence[SamplingLine],
    *,
    seed: int,
    total: int,
    free: Collection[str],
    standing: Mapping[str, Sequence[tuple[int, int]]],
) -> list[NewAssignment]:
    """Return the assignments that each line needs for its share of ``total`` subjects.

    ``free``: subjects that can still get assignments (their rounds are not sealed).
    ``standing``: all assignments, subject → (line number, member), removed ones
    included, because an assignment is drawn only once. Lines with the fewest members
    choose first. Only then does "A screens all, any of A, B, C a second time" work.
    """
    taken = {
        subject: {m for _, m in assignments}
        for subject, assignments in standing.items()
    }
    made: list[NewAssignment] = []
    for line in sorted(lines, key=lambda one: (len(one.members), one.no)):
        have = {
            subject: member
            for subject, assignments in standing.items()
            for no, member in assignments
            if no == line.no
        }
        candidates = [
            code
            for code in free
            if code not in have and not taken.get(code, set()).issuperset(line.members)
        ]
        drawn = draw_sample(
            candidates,
            seed=seed,
            line=line.no,
            n=target_count(line.share, total) - len(have),
        )
        dealt = deal_evenly(
            drawn, line.members, taken=taken, load=Counter(have.values())
        )
        for subject, member in dealt:
            taken.setdefault(subject, set()).add(member)
            made.append(NewAssignment(subject, line.no, member))
    return made


# With more groups than this, neighbours in the list of the pool form the groups.
MOST_GROUPS = 1000


def pool_groups(members: Sequence[int], places: int) -> list[tuple[int, ...]]:
    """Return the groups of ``places`` members that a pool's rounds go to in turn.

    All groups that can be formed, so that each member and each pair is in equally many.
    """
    size = min(places, len(members))
    if not size:
        return []
    if comb(len(members), size) <= MOST_GROUPS:
        return list(combinations(members, size))
    around = [*members, *members]
    return [tuple(around[i : i + size]) for i in range(len(members))]


def overfull_lines(lines: Sequence[SamplingLine]) -> tuple[SamplingLine, ...]:
    """Return lines that together have fewer members than assignments in one subject.

    No one may screen a subject twice, so such a policy cannot be filled. Returns an
    empty tuple if there are none (Hall's condition, assuming that the lines may meet
    in a subject).
    """
    for size in range(1, len(lines) + 1):
        for some in combinations(lines, size):
            if len({m for line in some for m in line.members}) < size:
                return some
    return ()
