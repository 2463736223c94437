"""Who charts which study: dealt evenly, a second charter by a random share.

Both follow from the form's seed and the study's public code (SHA-256), so the draw
does not depend on the order in which studies arrive and anybody can repeat it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal


def place(seed: int, code: str) -> int:
    """The study's place in the order of reading, 0 ≤ place < 2³¹."""
    digest = hashlib.sha256(f"{seed}:{code}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


def sample(
    codes: Collection[str], *, share: Decimal, seed: int, drawn: Collection[str] = ()
) -> set[str]:
    """The studies a second member charts: ``share`` per cent of all, rounded half up.

    What was ``drawn`` before stays drawn (a sample is topped up, never drawn anew).
    The draw is independent of the order of reading.
    """
    wanted = int((share * len(codes) / 100).quantize(Decimal(1), ROUND_HALF_UP))
    kept = {code for code in drawn if code in codes}
    rest = sorted(set(codes) - kept, key=lambda code: place(seed + 1, code))
    return kept | set(rest[: max(0, wanted - len(kept))])


def deal(
    codes: Iterable[str],
    members: Sequence[int],
    *,
    seed: int,
    load: Mapping[int, int],
    barred: Mapping[str, Collection[int]],
) -> dict[str, int]:
    """Give each study to the member who has the fewest so far, ties by lot.

    ``load``: how many each has already; ``barred``: members who already have or had
    a seat for that study. A study that nobody may take is left out.
    """
    counts = {member: load.get(member, 0) for member in members}
    dealt: dict[str, int] = {}
    # Those that not everybody may take first: the rest evens out the load.
    order = sorted(codes, key=lambda code: (not barred.get(code), place(seed, code)))
    for code in order:
        free = [m for m in counts if m not in barred.get(code, ())]
        if free:
            chosen = min(free, key=lambda m: (counts[m], place(seed + m, code)))
            counts[chosen] += 1
            dealt[code] = chosen
    return dealt
