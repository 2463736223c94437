"""The list of attempts, their answers, and whether the program resisted."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field


@dataclass
class Ledger:
    """Prints each attempt and keeps those that succeeded."""

    tries: int = 0
    broken: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def heading(self, words: str) -> None:
        seconds = time.monotonic() - self.began
        print(f"\n── {words} ── {seconds:.0f} s", flush=True)

    def tried(self, what: str, came: object, held: bool) -> None:
        """Add an attempt. Control characters are escaped before they are printed."""
        self.tries += 1
        line = " ".join(f"{what} → {came}".split())
        line = "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)
        line = line if len(line) <= 240 else f"{line[:237]}…"
        if not held:
            self.broken.append(line)
        print(f"{'held' if held else 'NOT HELD':<8}  {line}", flush=True)

    def total(self) -> int:
        """Print the summary; return the exit status."""
        seconds = time.monotonic() - self.began
        print(f"\n{self.tries} tries in {seconds:.0f} s.", end=" ")
        if not self.tries:
            print("Nothing was tried.")
            return 1
        if self.broken:
            print(f"{len(self.broken)} did not hold:")
            print(*self.broken, sep="\n", flush=True)
            return 1
        print("All held.")
        sys.stdout.flush()
        return 0
