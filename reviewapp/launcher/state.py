"""The data directory: its lock, its stored state, and processes left by a crash."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from secrets import token_hex, token_urlsafe

import platformdirs
import psutil

from reviewapp.launcher import Refusal
from reviewapp.launcher.addresses import free_port
from reviewapp.launcher.children import Child

ROOT_DATA = Path("/var/lib/reviewapp")
SURVIVOR_SECONDS = 5.0


@dataclass(frozen=True)
class DataDirectory:
    """The directory with all data of this installation."""

    path: Path

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def beat(self) -> Path:
        return self.path / "beat"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"


@dataclass
class InstanceState:
    """Values that stay the same between starts, in a file with mode 0600."""

    secret_key: str
    admin_password: str
    database_password: str
    valkey_password: str
    postgres_port: int
    valkey_port: int
    web_port: int = 0
    has_own_database: bool = True


def default_data_directory() -> DataDirectory:
    """Return REVIEWAPP_DATA, or the default of the user or of root."""
    named = os.environ.get("REVIEWAPP_DATA")
    if named:
        return DataDirectory(Path(named).expanduser().absolute())
    if os.geteuid() == 0:
        return DataDirectory(ROOT_DATA)
    return DataDirectory(platformdirs.user_data_path("reviewapp", appauthor=False))


def open_data_directory(place: DataDirectory) -> None:
    """Create the directory. Raises Refusal if it is not writable."""
    as_root = os.geteuid() == 0
    try:
        place.path.mkdir(parents=True, exist_ok=True)
        if place.path.stat().st_uid == os.geteuid():
            # If we are root, PostgreSQL runs as another user, who must be able to
            # enter.
            place.path.chmod(0o711 if as_root else 0o700)
        for inner in (place.logs, place.beat):
            inner.mkdir(mode=0o700, exist_ok=True)
        probe = place.path / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Refusal(
            f"The data directory {place.path} is not writable "
            f"({error.strerror or error}). Choose another directory with --data DIR."
        ) from error


class Lock:
    """A lock for one instance per data directory; it ends with the process."""

    def __init__(self, place: DataDirectory) -> None:
        self.path = place.path / "up.lock"
        self._descriptor = -1

    def take(self) -> None:
        """Take the lock. Raises Refusal with the running instance."""
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(self._descriptor, 1000).decode("utf-8", "replace").strip()
            os.close(self._descriptor)
            raise Refusal(
                f"reviewapp is already running with this data: {owner or 'starting'} "
                f"(data in {self.path.parent}). Open that address, stop that process "
                "with Ctrl-C, or start a second one with --data DIR."
            ) from None

    def is_taken(self) -> bool:
        """Return True if an instance runs on this data; does not take the lock."""
        try:
            with self.path.open() as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def tell(self, owner: str) -> None:
        """Store what a second start reports about this instance."""
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, owner.encode(), 0)

    def release(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def load_state(place: DataDirectory) -> InstanceState:
    """Return the stored state; create it at the first start."""
    path = place.path / "state.json"
    try:
        return InstanceState(**json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        pass
    except (ValueError, TypeError) as error:
        raise Refusal(
            f"{path} is damaged ({error}). It contains the passwords of the database "
            "next to it. Restore it from a backup, or start with another --data DIR."
        ) from error
    state = InstanceState(
        secret_key=token_urlsafe(50),
        admin_password=token_hex(24),
        database_password=token_hex(24),
        valkey_password=token_hex(24),
        postgres_port=free_port(),
        valkey_port=free_port(),
    )
    save_state(place, state)
    return state


def save_state(place: DataDirectory, state: InstanceState) -> None:
    """Replace the file completely, readable only by us."""
    _write(place.path / "state.json", asdict(state))


def _write(path: Path, content: object) -> None:
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


# ── Processes left by a crash where there is no death signal (macOS) ─────────
def remember_children(place: DataDirectory, children: Iterable[Child]) -> None:
    """Store the running children, so that the next start can end survivors."""
    rows = []
    for child in children:
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(child.process.pid)
            rows.append([child.recipe.name, process.pid, process.create_time()])
    _write(place.path / "children.json", rows)


def end_survivors(place: DataDirectory) -> list[str]:
    """End processes that a killed supervisor left running; return their names.

    A process counts only if its number and start time are the stored ones.
    """
    try:
        rows = json.loads((place.path / "children.json").read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return []
    found: list[tuple[str, psutil.Process]] = []
    for name, pid, created in rows:
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(pid)
            if process.create_time() == created:
                found.append((name, process))
    for name, process in found:
        with contextlib.suppress(psutil.Error):
            fast = signal.SIGINT if name == "postgres" else signal.SIGTERM
            process.send_signal(fast)
    _, left = psutil.wait_procs([p for _, p in found], timeout=SURVIVOR_SECONDS)
    for process in left:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    return [name for name, _ in found]
