"""Telling how the load goes on, and how long each step takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection


@dataclass(frozen=True, slots=True)
class Step:
    """A finished step: seconds on the clock and of this process's processor."""

    name: str
    seconds: float
    cpu: float


def refresh_statistics(tables: Sequence[str]) -> None:
    """Have the planner see what was just written in bulk.

    The server does it by itself, but a minute later: until then it would take the
    new tables for empty and read them whole for each row.
    """
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


@dataclass(slots=True)
class Steps:
    """Writes a line for each step through ``say``; keeps them for the end."""

    say: Callable[[str], None]
    done: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str, *, grown: Sequence[str] = ()) -> Iterator[None]:
        """Time what is done inside; nothing is told of a step that fails.

        ``grown``: tables it writes many rows to, whose statistics are refreshed.
        """
        began, cpu = time.monotonic(), time.process_time()
        yield
        refresh_statistics(grown)
        step = Step(name, time.monotonic() - began, time.process_time() - cpu)
        self.done.append(step)
        self.say(f"  {step.seconds:6.1f} s  {name}")

    @property
    def seconds(self) -> float:
        """All steps together, on the clock."""
        return sum(step.seconds for step in self.done)

    @property
    def cpu(self) -> float:
        """Seconds of this process's processor, all steps together."""
        return sum(step.cpu for step in self.done)
