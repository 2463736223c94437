"""Command that writes the sample files, or only compares them (``--check``)."""

from __future__ import annotations

import sys

from tests.sample_data.files import DATA, differences, files


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        wrong = differences()
        print("\n".join(wrong) or "All files are up to date.")
        return 1 if wrong else 0
    if arguments:
        print(f"There is no option {arguments[0]}; there is --check.")
        return 2
    for path, content in files().items():
        file = DATA / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    print(f"Wrote {len(files())} files to {DATA}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
