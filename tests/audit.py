"""`python -m tests.audit`: known vulnerabilities of what is deployed (pip-audit).

Strict where the advisory service answers: a package with an advisory, or one that the
service does not know, is a failure. Where it does not answer (no network, a mirror
without advisories, too slow) this says so and succeeds: nothing is known then.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "app.txt"
# In all, and for one answer of the service.
SECONDS, ANSWER_SECONDS = 18, 4
NOT_ASKED = (
    "NOT AUDITED: the service of advisories did not answer from here ({why}). Run "
    "`./dev test` where it does; nothing else depends on it."
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of the packages, in lines, and whether it is bad."""

    lines: tuple[str, ...]
    is_bad: bool = False


def judge(output: str) -> Verdict:
    """What pip-audit's JSON says. No JSON, or no package known to the service: it was
    not reached. Some known and some not: those not known are bad (``--strict``)."""
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Verdict((NOT_ASKED.format(why="no connection"),))
    unknown = [one for one in packages if "skip_reason" in one]
    known = [one for one in packages if "skip_reason" not in one]
    if not known:
        return Verdict((NOT_ASKED.format(why="it knows none of the packages"),))
    bad = [f"{one['name']}: {one['skip_reason']}" for one in unknown]
    for one in known:
        for advisory in one["vulns"]:
            mended = ", ".join(advisory.get("fix_versions", [])) or "no version yet"
            bad.append(
                f"{one['name']} {one['version']}: {advisory['id']}, mended in {mended}"
            )
    if bad:
        return Verdict(tuple(bad), is_bad=True)
    return Verdict((f"{len(known)} packages, no known vulnerability.",))


def audited() -> Verdict:
    """Ask for the locked packages of the program, within ``SECONDS``."""
    command = [str(Path(sys.executable).parent / "pip-audit"), "--format", "json"]
    command += ["--requirement", str(LOCK), "--require-hashes", "--disable-pip"]
    command += ["--progress-spinner", "off", "--timeout", str(ANSWER_SECONDS)]
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Verdict((NOT_ASKED.format(why=f"not within {SECONDS} s"),))
    except OSError as error:
        return Verdict((f"pip-audit does not start: {error}",), is_bad=True)
    return judge(done.stdout)


def main() -> int:
    """Print the verdict; 1 if it is bad."""
    found = audited()
    print(*found.lines, sep="\n")
    return int(found.is_bad)


if __name__ == "__main__":
    sys.exit(main())
