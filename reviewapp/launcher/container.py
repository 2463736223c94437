"""`python -m reviewapp.launcher.container PART`: run one part of the program in a container.

It runs the same commands as `./dev up`, with the servers in DATABASE_URL and REDIS_URL.
PART is web, worker, beat, migrate, or `health PART` for the health check.
"""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from reviewapp.launcher import services

PORT = 8000
BEAT_STALE_SECONDS = 90


def beat_schedule_path() -> Path:
    """Return the path of beat's schedule, which ends with the container."""
    return Path(tempfile.gettempdir()) / "reviewapp-beat"


def part_command(part: str) -> list[str]:
    """Return the command line of a part. Raises KeyError for an unknown part."""
    processes = int(os.environ.get("WORKER_PROCESSES", services.WORKER_PROCESSES))
    workers = int(os.environ.get("WEB_WORKERS", services.WEB_WORKERS))
    manage = [sys.executable, str(services.PROJECT / "manage.py")]
    return {
        "web": services.web_argv(f"0.0.0.0:{PORT}", workers),
        "worker": services.worker_argv(processes),
        "beat": services.beat_argv(beat_schedule_path()),
        "migrate": [*manage, "migrate", "--noinput"],
    }[part]


def is_web_healthy() -> bool:
    """Return True if /readyz answers 200 for the first allowed host."""
    host = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip()
    asking = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
    try:
        asking.request("GET", "/readyz", headers={"Host": host.lstrip(".")})
        return asking.getresponse().status < http.HTTPStatus.BAD_REQUEST
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


def is_worker_healthy() -> bool:
    """Return True if the worker of this host answers over the broker."""
    ping = [*services.CELERY, "inspect", "ping", "--timeout=5"]
    name = f"--destination=celery@{os.uname().nodename}"
    done = subprocess.run([*ping, name], capture_output=True, check=False)  # noqa: S603
    return done.returncode == 0


def is_beat_healthy() -> bool:
    """Return True if beat has sent a task recently."""
    # Some platforms add a suffix to the name of the schedule file.
    notes = beat_schedule_path().parent.glob(beat_schedule_path().name + "*")
    newest = max((note.stat().st_mtime for note in notes), default=0.0)
    return time.time() - newest < BEAT_STALE_SECONDS


HEALTH: dict[str, Callable[[], bool]] = {
    "web": is_web_healthy,
    "worker": is_worker_healthy,
    "beat": is_beat_healthy,
}


def main(arguments: list[str]) -> int:
    match arguments:
        case ["health", part] if part in HEALTH:
            return 0 if HEALTH[part]() else 1
        case ["web" | "worker" | "beat" | "migrate" as part]:
            argv = part_command(part)
            os.chdir(services.PROJECT)
            os.execv(argv[0], argv)  # noqa: S606
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
