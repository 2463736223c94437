"""No search for cycles while many plain values are held."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Switch Python's search for reference cycles off for the time of the block.

    Cleaned records and their pairs hold no cycle, so nothing would be found; looking
    through all of them again and again takes an eighth of a run's time. What is no
    longer used is freed all the same.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
