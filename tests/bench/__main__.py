"""Run the measurements named on the command line, or all."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.bench import duplicates, formats, imports

MEASUREMENTS: dict[str, Callable[[], None]] = {
    "formats": formats.main,
    "duplicates": duplicates.main,
    "duplicates-million": duplicates.million,
    "duplicates-bibdedupe": duplicates.bibdedupe,
    "imports": imports.main,
    "imports-million": imports.million,
}


def main(names: list[str]) -> int:
    """Run them; 2 for a name that does not exist."""
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        known = ", ".join(MEASUREMENTS)
        print(f"No measurement is called {unknown[0]!r}; there are {known}.")
        return 2
    # What takes long has a "-" in its name and runs only when it is named.
    for name in names or [name for name in MEASUREMENTS if "-" not in name]:
        print(f"── {name}", flush=True)
        MEASUREMENTS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
