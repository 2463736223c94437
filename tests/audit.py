"""`python -m tests.audit`: known vulnerabilities of the deployed packages (pip-audit).

If the advisory service answers, the audit is strict: a package with an advisory, or one
that the service does not know, is a failure. If the service does not answer (no
network, a mirror without advisories, too slow), the audit says so and succeeds, because
nothing is known then.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "app.txt"
# In total, and for one answer of the service.
SECONDS, ANSWER_SECONDS = 18, 4
NOT_ASKED = (
    "NOT AUDITED: the service of advisories did not answer from here ({why}). Run "
    "`./dev test` where it does; nothing else depends on it."
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of an audit: lines to print, and whether it is a failure."""

    lines: tuple[str, ...]
    is_bad: bool = False


def judge(output: str) -> Verdict:
    """Return the result of pip-audit's JSON.

    Without JSON, or if the service knows no package, it was not reached. If it knows
    only some packages, the unknown ones are a failure (``--strict``).
    """
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
    """Audit the locked packages of the program, within ``SECONDS``."""
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
    """Print the result; return 1 if it is a failure."""
    found = audited()
    print(*found.lines, sep="\n")
    return int(found.is_bad)


if __name__ == "__main__":
    sys.exit(main())
