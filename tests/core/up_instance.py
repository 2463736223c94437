"""A real `up` in its own directory, for the tests of the supervisor."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil

from reviewapp.launcher.addresses import free_port

PROJECT = Path(__file__).resolve().parents[2]
# The instance must not get the variables of the test run.
OWN_VARIABLES = (
    *("DATABASE_URL", "REDIS_URL", "REVIEWAPP_DATA", "SECRET_KEY", "SITE_URL"),
    *("DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER", "DJANGO_ALLOW_ASYNC_UNSAFE"),
)
CHILDREN = ("postgres", "valkey", "web", "worker", "beat")
# Six times the time that an idle machine needs.
START_SECONDS = 180.0


def clean_environment(**changes: str) -> dict[str, str]:
    """Return the environment without the variables of pytest's own servers."""
    kept = {key: value for key, value in os.environ.items() if key not in OWN_VARIABLES}
    return {**kept, "PYTHONUNBUFFERED": "1", **changes}


def as_ordinary_user() -> list[str]:
    """Return the start of a command that does not run as root.

    The user may read everything, so that tests also run with a virtual environment
    below /root, but may write only their own files.
    """
    if os.geteuid() != 0:
        return []
    return [
        *("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"),
        *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
    ]


def wait_for(what: Callable[[], object], seconds: float, message: str) -> None:
    """Poll until the condition is true; fail with the message."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, message
        time.sleep(0.1)


@contextlib.contextmanager
def open_directory() -> Iterator[Path]:
    """Return a temporary directory that other users can enter, unlike pytest's own.

    PostgreSQL runs as another user when we are root.
    """
    path = Path(tempfile.mkdtemp(prefix="reviewapp-up-"))
    path.chmod(0o777)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def as_from_a_terminal() -> None:
    """Restore interrupts and hang-ups, also if the tests run under nohup."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class Instance:
    """`python -m reviewapp.launcher` with its data in `data`, on a free port."""

    def __init__(
        self,
        data: Path,
        prefix: Sequence[str] = (),
        port: int | None = None,
        env: dict[str, str] | None = None,
    ) -> None:
        self.data = data
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.output = data.with_name(f"{data.name}-{self.port}.txt")
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [
                    *prefix,
                    *(sys.executable, "-m", "reviewapp.launcher"),
                    *("--data", str(data), "--port", str(self.port)),
                ],
                cwd=PROJECT,
                env=env or clean_environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=as_from_a_terminal,
            )

    def said(self) -> str:
        return self.output.read_text()

    def wait_until_ready(self) -> Instance:
        def is_there() -> bool:
            assert self.process.poll() is None, self.said()
            return "Ready after" in self.said()

        wait_for(is_there, START_SECONDS, self.said())
        return self

    def pid_of(self, name: str) -> int:
        rows = json.loads((self.data / "children.json").read_text())
        return {row[0]: int(row[1]) for row in rows}[name]

    def all_processes(self) -> list[psutil.Process]:
        """Return the supervisor and all its descendants."""
        me = psutil.Process(self.process.pid)
        return [me, *me.children(recursive=True)]

    def get(self, path: str) -> tuple[int, str]:
        """Return status and body of a page; status 0 if nothing answers."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            asking.request("GET", path)
            answer = asking.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            return 0, str(error)
        finally:
            asking.close()

    def is_ready(self) -> bool:
        return self.get("/readyz")[0] == 200

    def workers_ready(self) -> int:
        """Return how often a worker has reported that it is ready."""
        log = (self.data / "logs" / "worker.log").read_text("utf-8", "replace")
        return len(re.findall(r" ready\.", log))

    def interrupt(self, which: signal.Signals = signal.SIGINT) -> float:
        """Ask the instance to stop; return the seconds until it has stopped."""
        began = time.monotonic()
        self.process.send_signal(which)
        self.process.wait(timeout=90)
        return time.monotonic() - began

    def end(self) -> None:
        """Stop the instance at the end of a test, whatever its state."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def still_alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return the processes that run; a zombie has ended."""
    found = []
    for each in processes:
        # It may end between the two calls.
        with contextlib.suppress(psutil.NoSuchProcess):
            if each.is_running() and each.status() != psutil.STATUS_ZOMBIE:
                found.append(each)
    return found
