"""Pytest plugin: a temporary PostgreSQL and Valkey for each test run.

Load it with `-p reviewapp.testing`. The servers start in the background while pytest
collects, and only tests that use the database wait for them. They end with the run,
even after kill -9 (reviewapp/launcher/temporary_servers.py). `DATABASE_URL` and `REDIS_URL` in the
environment replace them.

Fixtures: `worker` (a real Celery worker process on the test database), which implies
`transactional_db`; `reviewapp_servers` (only running servers).
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

import pytest

from reviewapp.launcher import temporary_servers_plan
from reviewapp.launcher.children import Child, Recipe, die_with_parent, stop_children

SERVERS_VARIABLE = "REVIEWAPP_TEST_SERVERS"
TEMPLATE = "reviewapp_template"
WAIT_SECONDS = 90.0
WORKER_SECONDS = 60.0
NEEDS_SERVERS = frozenset({"django_db_setup", "reviewapp_servers"})
_servers_key = pytest.StashKey["subprocess.Popen[bytes]"]()


# ── Starting and stopping ────────────────────────────────────────────────────
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config,
) -> Generator[None, None, None]:
    """Set the environment before pytest-django reads the settings in the same hook."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        _take_own_broker_database(os.environ["PYTEST_XDIST_WORKER"])
    elif not early_config.known_args_namespace.help:
        _start_servers(early_config)
    yield


def _start_servers(config: pytest.Config) -> None:
    plan = temporary_servers_plan.make_plan(
        needs_postgres="DATABASE_URL" not in os.environ,
        needs_valkey="REDIS_URL" not in os.environ,
    )
    os.environ.setdefault("DATABASE_URL", plan.database_url)
    os.environ.setdefault("REDIS_URL", plan.redis_url)
    os.environ.setdefault("REVIEWAPP_DATA", str(Path(plan.home) / "data"))
    os.environ.setdefault("SECRET_KEY", "only-for-tests")
    # Playwright's event loop runs in the thread that also uses the database.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    os.environ[SERVERS_VARIABLE] = plan.home
    servers = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "reviewapp.launcher.temporary_servers", str(plan.file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=Path(__file__).resolve().parent.parent,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    config.stash[_servers_key] = servers
    # This also runs after an error of usage or collection, without a session.
    config.add_cleanup(lambda: _stop_servers(servers))


def _stop_servers(servers: subprocess.Popen[bytes]) -> None:
    if servers.stdin:
        servers.stdin.close()
    try:
        servers.wait(timeout=60)
    except subprocess.TimeoutExpired:
        servers.kill()


def _take_own_broker_database(worker_id: str) -> None:
    """Give this test process its own database on the shared Valkey."""
    number = int(worker_id.removeprefix("gw")) + 1
    parts = urlsplit(os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = urlunsplit(parts._replace(path=f"/{number}"))


def _wait_for_servers() -> None:
    home = Path(os.environ[SERVERS_VARIABLE])
    deadline = time.monotonic() + WAIT_SECONDS
    while not (home / "ready").exists():
        if (home / "failed").exists():
            pytest.exit((home / "failed").read_text(), returncode=3)
        if time.monotonic() > deadline or not home.exists():
            pytest.exit("The servers for the tests did not start.", returncode=3)
        time.sleep(0.02)


# ── The test database ────────────────────────────────────────────────────────
@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> None:
    """Wait for the servers when a test first needs them."""
    if fixturedef.argname in NEEDS_SERVERS:
        _wait_for_servers()
        _end_sessions_before_drop()
        if "PYTEST_XDIST_WORKER" in os.environ:
            _use_template()


@cache
def _end_sessions_before_drop() -> None:
    """Let Django end all other sessions of the test database before it drops it.

    A process or a browser that was told to end may still hold one for a while.
    """
    from django.db.backends.postgresql.creation import DatabaseCreation

    creation: Any = DatabaseCreation
    drop = creation._destroy_test_db

    def end_and_drop(self: Any, name: str, verbosity: int) -> None:
        with self._nodb_cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = %s AND pid <> pg_backend_pid()",
                [name],
            )
        drop(self, name, verbosity)

    creation._destroy_test_db = end_and_drop


def _use_template() -> None:
    """Migrate once for all parallel processes, which then clone the database."""
    from django.conf import settings

    home = Path(os.environ[SERVERS_VARIABLE])
    with (home / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "template.made").exists():
            _make_template()
            (home / "template.made").touch()
    settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = TEMPLATE


def _make_template() -> None:
    import psycopg

    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--noinput", "--verbosity=0"],
        env={**os.environ, "DATABASE_URL": database_url_of(url, TEMPLATE)},
        cwd=Path(__file__).resolve().parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.exit(f"migrate failed:\n{done.stderr}", returncode=3)


def database_url_of(url: str, name: str) -> str:
    """Return the URL of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def truncation_allowed() -> AbstractContextManager[None]:
    """Return a context in which every table can be emptied, the audit log included."""
    import pgtrigger

    return cast(
        AbstractContextManager[None],
        pgtrigger.ignore(
            *(
                trigger.get_uri(model)
                for model, trigger in pgtrigger.registered()
                if trigger.name == "no_truncate"
            )
        ),
    )


# ── Fixtures ─────────────────────────────────────────────────────────────────
@pytest.fixture(scope="session", autouse=True)
def append_only_tables_are_emptied() -> Iterator[None]:
    """Allow Django to truncate append-only tables between tests that commit.

    A trigger refuses this everywhere else.
    """
    from django.test import TransactionTestCase

    original = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def teardown(self: TransactionTestCase) -> None:
        with truncation_allowed():
            original(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


@pytest.fixture(scope="session")
def reviewapp_servers() -> None:
    """Provide running PostgreSQL and Valkey (the hook above has waited for them)."""


@pytest.fixture(scope="session")
def worker_process(django_db_setup: None) -> Iterator[Child]:
    """Start one Celery worker process, as in production, for all tests that use it."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    data = Path(os.environ["REVIEWAPP_DATA"])
    data.mkdir(parents=True, exist_ok=True)
    child = Child(
        Recipe(
            name="worker",
            argv=[
                *(sys.executable, "-m", "celery", "-A", "reviewapp", "worker"),
                *("--concurrency=1", "--loglevel=INFO"),
                *("--without-gossip", "--without-mingle"),
            ],
            env={
                **os.environ,
                "DATABASE_URL": database_url_of(os.environ["DATABASE_URL"], name),
            },
            cwd=Path(__file__).resolve().parent.parent,
            log=data / f"worker-{os.getpid()}.log",
            stop_steps=((signal.SIGTERM, 3.0), (signal.SIGQUIT, 1.0)),
            death_signal=signal.SIGKILL,
        )
    )
    try:
        _wait_for_worker(child)
        yield child
    finally:
        stop_children([child])


def _wait_for_worker(child: Child) -> None:
    deadline = time.monotonic() + WORKER_SECONDS
    while " ready." not in child.last_words(lines=50):
        if not child.is_running or time.monotonic() > deadline:
            pytest.fail(f"The Celery worker did not start:\n{child.last_words(30)}")
        time.sleep(0.05)


@pytest.fixture
def worker(transactional_db: None, worker_process: Child) -> Iterator[Child]:
    """Provide a real worker that runs the tasks of this test, from an empty queue."""
    from reviewapp.celery import app

    if not worker_process.is_running:
        pytest.fail(f"The Celery worker has ended:\n{worker_process.last_words(30)}")
    was_eager = app.conf.task_always_eager
    app.conf.task_always_eager = False
    app.control.purge()
    _listen(is_listening=True)
    yield worker_process
    # The process lives on: it must not run the jobs of tests without a worker.
    _listen(is_listening=False)
    app.control.purge()
    app.conf.task_always_eager = was_eager


def _listen(*, is_listening: bool) -> None:
    """Let the worker take tasks from the queue, or stop it, and wait for its answer."""
    from reviewapp.celery import app

    command = "add_consumer" if is_listening else "cancel_consumer"
    arguments = {"queue": app.conf.task_default_queue}
    answers = app.control.broadcast(
        command, arguments=arguments, reply=True, timeout=WORKER_SECONDS, limit=1
    )
    if not answers:
        pytest.fail(f"The Celery worker did not answer {command!r}.")
