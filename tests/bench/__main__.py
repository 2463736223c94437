"""Command that runs the named benchmarks, or all."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.bench import duplicates, formats, imports, pages, ranking

MEASUREMENTS: dict[str, Callable[[], None]] = {
    "formats": formats.main,
    "duplicates": duplicates.main,
    "duplicates-million": duplicates.million,
    "duplicates-bibdedupe": duplicates.bibdedupe,
    "imports": imports.main,
    "imports-million": imports.million,
    "pages": pages.main,
    "pages-million": pages.million,
    "ranking": ranking.main,
    "ranking-large": ranking.large,
}


def main(names: list[str]) -> int:
    """Run the benchmarks and return the exit code: 2 for an unknown name."""
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        known = ", ".join(MEASUREMENTS)
        print(f"No measurement is called {unknown[0]!r}; there are {known}.")
        return 2
    # Long benchmarks have a "-" in their name and run only if they are named.
    for name in names or [name for name in MEASUREMENTS if "-" not in name]:
        print(f"── {name}", flush=True)
        MEASUREMENTS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
