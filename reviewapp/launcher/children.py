"""Child processes that end with this process: own session, death signal, group kill."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reviewapp.launcher.binaries import SystemUser

PR_SET_PDEATHSIG = 1
LOG_LIMIT_BYTES = 5_000_000


@dataclass(frozen=True)
class Recipe:
    """A description of how to start and stop one child process.

    `stop_steps` are pairs of a signal and the seconds to wait after it. If the process
    still runs after the last step, its whole group is killed. Without a log the child
    writes to our output. The kernel sends `death_signal` to the child when we die
    (Linux only; on other systems the next start cleans up, see state.py).
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    cwd: Path
    log: Path | None
    stop_steps: Sequence[tuple[signal.Signals, float]]
    death_signal: signal.Signals = signal.SIGTERM
    user: SystemUser | None = None


@dataclass
class Child:
    """A process started from a recipe, running or ended."""

    recipe: Recipe
    process: subprocess.Popen[bytes] = field(init=False)
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.started = time.monotonic()
        self.process = _spawn(self.recipe)

    @property
    def is_running(self) -> bool:
        """Return True if the process has not ended."""
        return self.process.poll() is None

    def signal(self, which: signal.Signals) -> None:
        """Send a signal to the process itself, not to its group."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(which)

    def kill_group(self) -> None:
        """Kill all remaining processes of its session, such as orphaned workers."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def last_words(self, lines: int = 8) -> str:
        """Return the last lines of its log for an error message; "" without a log."""
        if self.recipe.log is None:
            return ""
        with contextlib.suppress(OSError):
            text = self.recipe.log.read_text("utf-8", "replace")
            return "\n".join(text.splitlines()[-lines:])
        return ""


def die_with_parent(death_signal: int) -> Callable[[], None] | None:
    """Return a function that asks the kernel for a signal when the parent dies.

    It runs in the child before exec. The library is loaded before the fork, so only a
    plain call happens between fork and exec. It runs after setuid, which would clear
    the request.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:  # the parent died between fork and prctl
            os._exit(1)

    return ask


def _spawn(recipe: Recipe) -> subprocess.Popen[bytes]:
    user = recipe.user
    with _open_log(recipe.log) as log:
        return subprocess.Popen(  # noqa: S603
            list(recipe.argv),
            env=dict(recipe.env),
            cwd=recipe.cwd,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=None if log is None else subprocess.STDOUT,
            start_new_session=True,
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=[] if user else None,
            preexec_fn=die_with_parent(recipe.death_signal),
        )


@contextlib.contextmanager
def _open_log(path: Path | None) -> Iterator[int | None]:
    """Open the log for appending; move a large log to `.1` first."""
    if path is None:
        yield None
        return
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > LOG_LIMIT_BYTES:
            path.replace(path.with_suffix(path.suffix + ".1"))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def stop_children(children: Sequence[Child]) -> None:
    """Stop the children in parallel, each with its own steps, then kill the rest."""
    plans = {id(child): list(child.recipe.stop_steps) for child in children}
    due = {id(child): 0.0 for child in children}
    left = [child for child in children if child.is_running]
    while left:
        now = time.monotonic()
        for child in left:
            if now < due[id(child)]:
                continue
            if plans[id(child)]:
                which, seconds = plans[id(child)].pop(0)
                child.signal(which)
                due[id(child)] = now + seconds
            else:
                child.kill_group()
        time.sleep(0.05)
        left = [child for child in left if child.is_running]
    for child in children:
        child.kill_group()
