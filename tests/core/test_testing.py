"""The pytest plugin: servers that end with the run, and a real worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from django.db import connection

from reviewapp import testing
from reviewapp.celery import app
from reviewapp.core.tasks import sweep_jobs
from reviewapp.launcher.children import Child
from tests.core.up_instance import (
    PROJECT,
    clean_environment,
    open_directory,
    still_alive,
    wait_for,
)


def inner_run(
    tmp_path: Path, code: str, *arguments: str, **env: str
) -> subprocess.Popen[str]:
    """Run another pytest with the plugin on a test file of its own."""
    (tmp_path / "test_inner.py").write_text(code)
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "pytest", "-c", str(PROJECT / "pyproject.toml")),
            *("--rootdir", str(PROJECT), "-p", "no:cacheprovider", "-q", "-s"),
            *(str(tmp_path / "test_inner.py"), *arguments),
        ],
        cwd=PROJECT,
        env=clean_environment(**env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


TELL_AND_WAIT = """
import os, time
import pytest

@pytest.mark.parametrize("each", range(2))
def test_it(reviewapp_servers, each, tmp_path_factory):
    print("HOME", os.environ["REVIEWAPP_TEST_SERVERS"], flush=True)
    time.sleep({seconds})
"""


def home_told_by(run: subprocess.Popen[str]) -> Path:
    assert run.stdout
    seen = []
    for line in run.stdout:
        seen.append(line)
        if line.startswith("HOME "):
            return Path(line.split()[1])
    pytest.fail("".join(seen))


def servers_of(home: Path) -> list[psutil.Process]:
    """Return the processes of a run: its supervisor, PostgreSQL and Valkey."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(str(home) in word for word in process.info["cmdline"] or [])
        or (
            (process.info["cmdline"] or [""])[0].endswith("valkey-server")
            and process.cwd().startswith(str(home))
        )
    ]


@pytest.mark.worker
def test_the_servers_end_with_the_run(tmp_path: Path) -> None:
    run = inner_run(tmp_path, TELL_AND_WAIT.format(seconds=0))
    home = home_told_by(run)
    output, _ = run.communicate(timeout=120)

    assert run.returncode == 0, output
    assert not home.exists()


@pytest.mark.worker
def test_the_servers_end_when_the_run_is_killed(tmp_path: Path) -> None:
    run = inner_run(tmp_path, TELL_AND_WAIT.format(seconds=60))
    home = home_told_by(run)
    servers = servers_of(home)
    assert len(servers) >= 3

    os.kill(run.pid, signal.SIGKILL)
    run.communicate()

    wait_for(lambda: not still_alive(servers), 10, str(still_alive(servers)))
    wait_for(lambda: not home.exists(), 5, "the directory is left")


@pytest.mark.worker
def test_a_mistake_on_the_command_line_leaves_no_servers(tmp_path: Path) -> None:
    with open_directory() as base:
        run = inner_run(
            tmp_path, "def test_it(): pass", "--no-such-option", TMPDIR=str(base)
        )
        output, _ = run.communicate(timeout=120)

        assert run.returncode == 4, output
        assert "--no-such-option" in output
        assert list(base.glob("reviewapp-test-*")) == []
        assert servers_of(base) == []


@pytest.mark.django_db
def test_the_test_database_is_real_and_its_role_is_no_superuser() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, usesuper,"
            " current_database(), current_setting('fsync')"
            " FROM pg_user WHERE usename = current_user"
        )
        version, is_superuser, name, fsync = cursor.fetchone()

    assert version >= 150000
    assert name.startswith("test_")
    if testing.SERVERS_VARIABLE in os.environ:
        assert not is_superuser
        assert fsync == "off"


@pytest.mark.django_db
def test_the_extensions_can_be_made_by_that_role() -> None:
    with connection.cursor() as cursor:
        for name in ("pg_trgm", "unaccent", "btree_gin"):
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
        cursor.execute("SELECT similarity('screening', 'screening')")
        assert cursor.fetchone() == (1.0,)


def test_parallel_processes_get_brokers_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://:x@127.0.0.1:7000/0")

    testing._take_own_broker_database("gw3")

    assert os.environ["REDIS_URL"] == "redis://:x@127.0.0.1:7000/4"


@pytest.mark.worker
def test_the_worker_runs_what_a_test_sends(worker: Child) -> None:
    def finished() -> int:
        assert worker.recipe.log
        return worker.recipe.log.read_text().count("sweep_jobs[")

    before = finished()
    sweep_jobs.delay()

    wait_for(lambda: finished() >= before + 2, 20, worker.last_words(30))
    assert "succeeded" in worker.last_words(5)


@pytest.mark.worker
def test_the_worker_leaves_tasks_of_tests_without_a_worker_alone(
    worker: Child,
) -> None:
    queue = app.conf.task_default_queue
    testing._listen(is_listening=False)
    try:
        sweep_jobs.delay()
        time.sleep(0.5)
        with app.connection_for_read() as connection:
            assert connection.default_channel.client.llen(queue) == 1
    finally:
        testing._listen(is_listening=True)


@pytest.mark.worker
def test_a_task_sent_from_another_thread_reaches_the_same_broker(
    worker: Child,
) -> None:
    import threading

    urls: list[str] = []
    thread = threading.Thread(
        target=lambda: urls.append(sweep_jobs.app.conf.broker_url)
    )
    thread.start()
    thread.join()

    assert urls == [os.environ["REDIS_URL"]]
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.accept_content == ["json"]


@pytest.mark.worker
def test_a_pool_process_does_not_outlive_its_killed_master(
    tmp_path: Path, reviewapp_servers: None
) -> None:
    with (tmp_path / "log").open("w") as log:
        master = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "-A", "reviewapp", "worker"),
                *("--concurrency=1", "--loglevel=INFO"),
            ],
            cwd=PROJECT,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + 60
    while " ready." not in (tmp_path / "log").read_text():
        assert time.monotonic() < deadline, (tmp_path / "log").read_text()
        time.sleep(0.1)
    pool = psutil.Process(master.pid).children(recursive=True)
    assert pool

    master.kill()
    master.wait()

    wait_for(lambda: not still_alive(pool), 5, "a pool process is left")
