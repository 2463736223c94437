"""Progress of the loader, with the time of each step."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection


@dataclass(frozen=True, slots=True)
class LoadStep:
    """A finished step: elapsed seconds, and CPU seconds of this process."""

    name: str
    seconds: float
    cpu: float


def refresh_statistics(tables: Sequence[str]) -> None:
    """Update the statistics of tables that were filled in bulk.

    The server does so itself, but a minute later. Until then the planner treats the
    tables as empty and scans them completely for each row.
    """
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


@dataclass(slots=True)
class LoadSteps:
    """Prints a line for each step through ``say`` and keeps the steps."""

    say: Callable[[str], None]
    done: list[LoadStep] = field(default_factory=list)

    @contextmanager
    def step(self, name: str, *, grown: Sequence[str] = ()) -> Iterator[None]:
        """Time the steps inside; a failed step prints nothing.

        ``grown``: tables with many new rows, whose statistics are updated.
        """
        began, cpu = time.monotonic(), time.process_time()
        yield
        refresh_statistics(grown)
        step = LoadStep(name, time.monotonic() - began, time.process_time() - cpu)
        self.done.append(step)
        self.say(f"  {step.seconds:6.1f} s  {name}")

    @property
    def seconds(self) -> float:
        """Return the elapsed seconds of all steps."""
        return sum(step.seconds for step in self.done)

    @property
    def cpu(self) -> float:
        """Return the CPU seconds of this process in all steps."""
        return sum(step.cpu for step in self.done)
