"""Orders, even division and checks of random assignment; rules/drawing.py draws.

The *ticket* of a record or report is the SHA-256 digest of ``<seed>:<word>:<code>``. It
depends only on the seed and the public code, not on the order of import, on members or
on votes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
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
    """Return the ticket of ``subject`` for a line or a word."""
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
