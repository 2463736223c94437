"""`./dev test`: every check, each with its heading and its seconds.

With arguments only pytest runs, with these arguments. With ``--deep`` the tests of the
blinding run for about an hour, for which Hypothesis draws 3 000 histories of a team a
mode, and the acceptance tests on every labelled record. The seed is printed;
``--deep --seed N`` repeats it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from secrets import randbelow, token_urlsafe

PROJECT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable
PYTEST = [PYTHON, "-m", "pytest"]
# Groups and their order: tests/order.py.
PARALLEL = ["-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder"]
# A folder, so that pytest passes over it where the real files are missing.
ACCEPTANCE = "tests/acceptance"

# As on a server, so that `check --deploy` judges what will be deployed. Nothing
# listens there: no check may need a database.
PRODUCTION = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": token_urlsafe(60),
    "DEBUG": "0",
    "ALLOWED_HOSTS": "review.example.org",
    "SITE_URL": "https://review.example.org",
    "SECURE_SSL_REDIRECT": "1",
}


def lint_steps() -> list[tuple[str, list[str]]]:
    """The checks that run nothing of the program."""
    manage = [PYTHON, "-W", "ignore::RuntimeWarning", "manage.py"]
    templates = sorted(map(str, PROJECT.glob("**/templates/**/*.html")))
    templates = [name for name in templates if "/.venv/" not in name]
    djade = [str(BIN / "djade"), "--target-version", "5.2", "--check", *templates]
    deploy = ["check", "--deploy", "--fail-level", "WARNING"]
    return [
        ("Style (ruff check)", [str(BIN / "ruff"), "check", "."]),
        ("Format (ruff format)", [str(BIN / "ruff"), "format", "--check", "."]),
        ("Templates (djade)", djade),
        ("Types (mypy)", [str(BIN / "mypy")]),
        ("Import contracts (import-linter)", [str(BIN / "lint-imports")]),
        ("Messages (makemessages)", [*manage, "makemessages", "--check"]),
        ("Missing migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        ("Settings as deployed", [*manage, *deploy]),
    ]


def passes(
    heading: str,
    command: Sequence[str],
    env: Mapping[str, str],
    *,
    is_timed: bool = True,
) -> bool:
    """Run one step under its heading; whether it passed."""
    print(f"\n── {heading} {'─' * max(4, 70 - len(heading))}", flush=True)
    began = time.monotonic()
    done = subprocess.run(command, cwd=PROJECT, env=env, check=False)
    if is_timed:
        verdict = "failed" if done.returncode else "passed"
        print(f"{heading}: {verdict}, {time.monotonic() - began:.1f} s", flush=True)
    return done.returncode == 0


def provide_chromium() -> None:
    """Install Chromium where that is possible, else name it in one line."""
    if shutil.which("chromium"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests …", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (
            ["update", "-qq"],
            [
                "install",
                "-qq",
                "-y",
                "--no-install-recommends",
                "chromium",
                "fonts-liberation",
            ],
        ):
            subprocess.run(["apt-get", *arguments], env=quiet, check=False)
    if not shutil.which("chromium"):
        print(
            "Chromium is missing and the browser tests will fail: install it "
            "(Debian: apt install chromium) so that `chromium` is on the PATH.",
            flush=True,
        )


def everything() -> int:
    """Run all lint steps, then all tests; return the exit code."""
    production = {**os.environ, **PRODUCTION}
    failed = [
        heading
        for heading, command in lint_steps()
        if not passes(heading, command, production)
    ]
    if failed:
        print(f"\nFailed: {', '.join(failed)}", file=sys.stderr)
        return 1
    # Last of these, and no reason to stop: an advisory is news from elsewhere.
    audit = [PYTHON, "-m", "tests.audit"]
    is_sound = passes("Known vulnerabilities (pip-audit)", audit, os.environ)
    provide_chromium()
    # pytest's summary is the last line.
    if not passes("Tests", [*PYTEST, *PARALLEL], os.environ, is_timed=False):
        return 1
    if not is_sound:
        print("\nFailed: known vulnerabilities, listed above.", file=sys.stderr)
    return 0 if is_sound else 1


def deep(arguments: Sequence[str]) -> int:
    """The tests of the blinding, with many more histories, and of all labelled sets."""
    seed = arguments[1] if arguments[:1] == ["--seed"] else str(randbelow(2**32))
    print(f"Repeat this run with: ./dev test --deep --seed {seed}", flush=True)
    command = [*PYTEST, *PARALLEL, "-m", "not browser"]
    command += [f"--hypothesis-seed={seed}", "tests/blinding", ACCEPTANCE]
    env = {**os.environ, "DEEP": "1"}
    return 0 if passes("Deep", command, env, is_timed=False) else 1


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--deep"]:
        return deep(arguments[1:])
    if arguments:
        provide_chromium()
        return subprocess.run(
            [*PYTEST, *arguments], cwd=PROJECT, check=False
        ).returncode
    return everything()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
