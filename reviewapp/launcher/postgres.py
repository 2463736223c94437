"""The embedded PostgreSQL: created once, then run on its own TCP port."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from reviewapp.launcher import Refusal
from reviewapp.launcher.addresses import DATABASE, ROLE, database_url
from reviewapp.launcher.binaries import SystemUser, can_enter, postgres_major
from reviewapp.launcher.children import Child, Recipe

# The builtin provider sorts the same on every system and needs no system locale.
# PostgreSQL has it since version 17.
BUILTIN_LOCALE_SINCE = 17
# SIGTERM would wait for clients ("smart" shutdown); SIGINT stops fast.
STOP_STEPS = ((signal.SIGINT, 3.0), (signal.SIGQUIT, 1.5))
THROWAWAY_OPTIONS = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "autovacuum=off",
)
START_SECONDS = 60.0
# No statement with values gets into the server's log: votes and notes are blinded.
# docker-compose.yml has the same settings (tests/core/test_compose.py).
NO_VALUES_IN_THE_LOG = (
    # A refused statement is logged without its text and without its parameters.
    "log_min_error_statement=panic",
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
    # Without DETAIL ("Failing row contains …"), CONTEXT and the query of a crash.
    "log_error_verbosity=terse",
    "log_statement=none",
    "log_duration=off",
    "log_min_duration_statement=-1",
    "log_min_duration_sample=-1",
    "log_transaction_sample_rate=0",
    "debug_print_parse=off",
    "debug_print_rewritten=off",
    "debug_print_plan=off",
)


@dataclass(frozen=True)
class Cluster:
    """A data directory of PostgreSQL, and how to run it and connect to it.

    `home` is the directory that contains `pg/`; `user` must be able to enter it.
    Passwords are URL-safe text.
    """

    programs: Path
    home: Path
    log: Path
    user: SystemUser | None
    port: int
    admin_password: str
    password: str
    options: Sequence[str] = field(default=())

    @property
    def data(self) -> Path:
        return self.home / "pg"

    @property
    def url(self) -> str:
        return database_url(self.password, self.port)

    @property
    def recipe(self) -> Recipe:
        settings = [
            "listen_addresses=127.0.0.1",
            f"port={self.port}",
            "unix_socket_directories=",
            "shared_buffers=64MB",
            "jit=off",
            *NO_VALUES_IN_THE_LOG,
            *self.options,
        ]
        if sys.platform.startswith("linux"):
            settings.append("recovery_init_sync_method=syncfs")
        argv = [str(self.programs / "postgres"), "-D", str(self.data)]
        for setting in settings:
            argv += ["-c", setting]
        return Recipe(
            name="postgres",
            argv=argv,
            env=_environment(),
            cwd=self.data,
            log=self.log,
            stop_steps=STOP_STEPS,
            death_signal=signal.SIGINT,
            user=self.user,
        )


def _environment() -> dict[str, str]:
    """Return an environment without the caller's locale and PG* variables."""
    return {"LC_ALL": "C", "TZ": "UTC", "PATH": os.environ.get("PATH", os.defpath)}


def prepare_postgres(cluster: Cluster) -> bool:
    """Create the data directory if it is missing; return True if it was created.

    Raises Refusal if it belongs to another major version, or if the account that
    PostgreSQL runs as can't enter it.
    """
    if not can_enter(cluster.home, cluster.user):
        name = cluster.user.name if cluster.user else ""
        raise Refusal(
            f"PostgreSQL runs as the user {name} when you are root, and that user "
            f"can't enter {cluster.home}. Choose another directory with --data DIR, "
            "for example /var/lib/reviewapp."
        )
    version_file = cluster.data / "PG_VERSION"
    if not version_file.exists():
        _initdb(cluster)
        return True
    made_by = int(version_file.read_text().strip())
    ours = postgres_major(cluster.programs)
    if made_by != ours:
        raise Refusal(
            f"The data in {cluster.home} was created by PostgreSQL {made_by}, but "
            f"this version of reviewapp includes PostgreSQL {ours}. Nothing was "
            "changed. Dump the data with the version of reviewapp that created it and "
            "load it into a new directory (docs/commands.md), or start with another "
            "--data DIR."
        )
    return False


def _initdb(cluster: Cluster) -> None:
    """Create the cluster under a temporary name, so that a failed start leaves none."""
    if cluster.data.exists() and any(cluster.data.iterdir()):
        raise Refusal(
            f"{cluster.data} has files but is not a PostgreSQL data directory "
            "(PG_VERSION is missing). Nothing was changed. Restore the directory from "
            "a backup, or start with another --data DIR."
        )
    half = cluster.home / "pg.half"
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    secret = half.with_suffix(".pw")
    secret.unlink(missing_ok=True)
    descriptor = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.write(descriptor, cluster.admin_password.encode())
    os.close(descriptor)
    user = cluster.user
    if user:
        os.chown(half, user.uid, user.gid)
        os.chown(secret, user.uid, user.gid)
    try:
        done = subprocess.run(  # noqa: S603
            [
                cluster.programs / "initdb",
                "--username=postgres",
                "--auth=scram-sha-256",
                f"--pwfile={secret}",
                "--encoding=UTF8",
                *_locale(cluster.programs),
                "--no-sync",
                f"--pgdata={half}",
            ],
            env=_environment(),
            cwd=half,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            start_new_session=True,
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=[] if user else None,
        )
    finally:
        secret.unlink(missing_ok=True)
    if done.returncode:
        raise Refusal(
            f"PostgreSQL could not create its data directory:\n{done.stderr.strip()}"
        )
    half.rename(cluster.data)


def _locale(programs: Path) -> list[str]:
    if postgres_major(programs) >= BUILTIN_LOCALE_SINCE:
        return [
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
    return ["--locale=C.UTF-8"]


def wait_for_postgres(cluster: Cluster, child: Child) -> None:
    """Wait until the server answers. Raises Refusal if it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if not child.is_running:
            raise Refusal(f"PostgreSQL did not start:\n{child.last_words()}")
        try:
            _connect(cluster).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise Refusal(
        f"PostgreSQL did not answer within {START_SECONDS:.0f} seconds:\n"
        f"{child.last_words()}"
    )


def _connect(cluster: Cluster) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host="127.0.0.1",
        port=cluster.port,
        user="postgres",
        password=cluster.admin_password,
        dbname="postgres",
        connect_timeout=5,
        autocommit=True,
    )


def create_database(cluster: Cluster, *, may_create: bool = False) -> None:
    """Create the role and its database if they are missing.

    The role owns the database, which is enough to create the trusted extensions
    (pg_trgm, unaccent, btree_gin). With `may_create` it can also create databases,
    which tests need.
    """
    with _connect(cluster) as connection:
        known = connection.execute(
            "SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]
        ).fetchone()
        verb = "ALTER" if known else "CREATE"
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN {} PASSWORD {}").format(
                sql.SQL(verb),
                sql.Identifier(ROLE),
                sql.SQL("CREATEDB" if may_create else "NOCREATEDB"),
                sql.Literal(cluster.password),
            )
        )
        exists = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
        ).fetchone()
        if not exists:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(ROLE)
                )
            )
