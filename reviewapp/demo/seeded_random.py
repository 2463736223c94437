"""Repeatable random numbers: seeded streams, and numbers from the hash of a text."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

SEED = "reviewapp demonstration 1"


class SeededRandom(random.Random):
    """A random stream named by words, so that a new stream changes no other.

    Only integer draws and `random()` are used: the floating-point distributions of the
    standard library may differ between C libraries.
    """

    @classmethod
    def named(cls, *parts: object) -> SeededRandom:
        """Return the stream with this name."""
        return cls(":".join((SEED, *map(str, parts))))

    def hit(self, share: float) -> bool:
        """Return True with this probability (0 to 1)."""
        return self.random() < share

    def weighted(self, options: Sequence[T], weights: Sequence[int]) -> T:
        """Return one option, drawn with whole-number weights."""
        at = self.randrange(sum(weights))
        for option, weight in zip(options, weights, strict=True):
            at -= weight
            if at < 0:
                return option
        raise AssertionError("weights end before their sum")

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """Return `count` different options, in drawn order."""
        left = list(options)
        return [left.pop(self.randrange(len(left))) for _ in range(count)]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the items in random order."""
        return self.some(items, len(items))


def share_of(*parts: object) -> float:
    """Return a number in [0, 1) that depends on the words only."""
    text = ":".join((SEED, *map(str, parts)))
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
