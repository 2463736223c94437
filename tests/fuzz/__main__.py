"""Command that runs the fuzzer (atheris) on every reader, with equal shares of the
time.

Each format is fuzzed in a separate process, two at a time, from the sample files as
seeds. Each finding (a crash, more than two seconds, more than 400 MB, or counts that do
not add up) is kept as a file and named; the exit code is then 1.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.acceptance.real_files import IMPORTS, needed
from tests.fuzz.seeds import formats, write_seeds

SECONDS_AN_INPUT = 2
MEGABYTES = 400
LONGEST_INPUT = 20_000
AT_ONCE = 2


def main(arguments: list[str]) -> int:
    """Fuzz the named formats, or all. Return 1 if something was found."""
    parser = argparse.ArgumentParser(prog="./dev fuzz", description=__doc__)
    parser.add_argument("formats", nargs="*", help=", ".join(formats()))
    parser.add_argument("--minutes", type=float, default=10, help="for all together")
    parser.add_argument("--keep", type=Path, help="where findings are kept")
    asked = parser.parse_args(arguments)
    unknown = set(asked.formats) - set(formats())
    if unknown:
        parser.error(f"no format is called {', '.join(sorted(unknown))}")
    needed(IMPORTS)
    chosen = asked.formats or formats()
    seconds = max(1, int(asked.minutes * 60 * AT_ONCE / len(chosen)))
    kept = asked.keep or Path(tempfile.mkdtemp(prefix="fuzz-"))
    kept.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = pool.map(lambda one: fuzz(one, seconds, kept), chosen)
        failed = [
            one for one, is_sound in zip(chosen, results, strict=True) if not is_sound
        ]
    if failed:
        print(f"Found something in {', '.join(failed)}: see {kept}")
        return 1
    print(f"{len(chosen)} readers, {seconds} s each: nothing found.")
    return 0


def fuzz(format_: str, seconds: int, kept: Path) -> bool:
    """Fuzz one reader, print its last lines, and return True if nothing was found."""
    with tempfile.TemporaryDirectory() as corpus:
        write_seeds(format_, Path(corpus))
        command = [
            *(sys.executable, "-m", "tests.fuzz.target", format_, corpus),
            f"-max_total_time={seconds}",
            f"-timeout={SECONDS_AN_INPUT}",
            f"-rss_limit_mb={MEGABYTES}",
            f"-max_len={LONGEST_INPUT}",
            f"-artifact_prefix={kept}/{format_}-",
            "-print_final_stats=1",
        ]
        done = subprocess.run(
            command, env=os.environ, capture_output=True, text=True, check=False
        )
    lines = (done.stdout + done.stderr).splitlines()
    # Lines that start with "#" only report progress.
    told = [line for line in lines if not line.startswith("#")]
    runs = next((line for line in lines if "number_of_executed_units" in line), "")
    print(
        f"{format_:22} {runs.rpartition(':')[2].strip() or '0':>10} inputs", flush=True
    )
    if done.returncode:
        (kept / f"{format_}.log").write_text("\n".join(told), "utf-8")
        print("\n".join(told[-20:]), flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
