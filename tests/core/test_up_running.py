"""`up` while it runs: pages, a second start, and restarts of killed processes."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import psutil
import pytest

from tests.core.up_instance import (
    CHILDREN,
    PROJECT,
    Instance,
    clean_environment,
    open_directory,
    wait_for,
)

pytestmark = pytest.mark.worker


@pytest.fixture(scope="module")
def up() -> Iterator[Instance]:
    with open_directory() as base:
        instance = Instance(base / "data with é and spaces")
        try:
            yield instance.wait_until_ready()
        finally:
            instance.end()


def test_the_login_page_answers_and_its_style_sheet_is_served(up: Instance) -> None:
    status, page = up.get("/accounts/login/")

    assert status == 200
    assert "<form" in page
    assert up.get("/static/css/app.css")[0] in {200, 404}


def ask(up: Instance, method: str, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(up.url).netloc, timeout=30)
    connection.request(method, path)
    return connection.getresponse()


def test_no_answer_names_the_server(up: Instance) -> None:
    for path in ("/healthz", "/accounts/login/", "/nothing-here/"):
        assert ask(up, "GET", path).getheader("Server") is None, path


def test_the_token_of_an_invitation_is_in_no_log(up: Instance) -> None:
    """Django logs the path of a request that lacks the CSRF token."""
    assert ask(up, "POST", "/invitations/secret-token-4711/").status == 403
    log = (up.data / "logs" / "web.log").read_text()
    assert "/invitations/…/" in log
    assert "secret-token-4711" not in log


def test_it_is_alive_and_ready(up: Instance) -> None:
    assert up.get("/healthz") == (200, '{"status": "alive"}')
    assert up.get("/readyz")[0] == 200


def test_the_output_names_the_address_and_the_data(up: Instance) -> None:
    assert up.url in up.said()
    assert str(up.data) in up.said()


def test_only_the_owner_can_read_the_state(up: Instance) -> None:
    assert (up.data / "state.json").stat().st_mode & 0o777 == 0o600
    assert (up.data / "pg").stat().st_mode & 0o777 == 0o700
    assert (up.data / "logs").stat().st_mode & 0o777 == 0o700


def test_no_password_is_on_a_command_line(up: Instance) -> None:
    state = (up.data / "state.json").read_text()
    secrets = [word for word in state.replace('"', " ").split() if len(word) > 40]

    assert len(secrets) == 4
    for process in up.all_processes():
        for word in process.cmdline():
            assert not [secret for secret in secrets if secret in word]


def test_a_second_start_on_the_same_data_is_refused_with_the_address(
    up: Instance,
) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "reviewapp.launcher", "--data", str(up.data)],
        cwd=PROJECT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert second.returncode == 1
    assert "already running" in second.stderr
    assert up.url in second.stderr
    assert "Traceback" not in second.stderr
    assert up.is_ready()


def test_a_management_command_beside_it_reaches_its_database(up: Instance) -> None:
    listed = subprocess.run(
        [sys.executable, "manage.py", "showmigrations", "--list", "contenttypes"],
        cwd=PROJECT,
        env=clean_environment(REVIEWAPP_DATA=str(up.data)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert listed.returncode == 0, listed.stderr
    assert "[X] 0001_initial" in listed.stdout


@pytest.mark.parametrize("name", CHILDREN)
def test_a_killed_child_is_restarted(up: Instance, name: str) -> None:
    before = up.pid_of(name)
    ready_before = up.workers_ready()

    os.kill(before, signal.SIGKILL)

    wait_for(lambda: up.pid_of(name) != before, 15, f"{name} was not started again")
    wait_for(up.is_ready, 30, f"not ready after the end of {name}: {up.said()}")
    assert psutil.pid_exists(up.pid_of(name))
    if name == "worker":
        wait_for(lambda: up.workers_ready() > ready_before, 30, "no worker is ready")
    assert f"{name} stopped (signal 9)" in up.said()


def test_a_killed_web_master_leaves_no_old_worker_on_the_port(up: Instance) -> None:
    master = psutil.Process(up.pid_of("web"))
    old_workers = master.children()
    assert old_workers

    master.kill()

    wait_for(lambda: up.pid_of("web") != master.pid, 15, "web was not started again")
    wait_for(up.is_ready, 30, "web does not answer")
    assert not [worker for worker in old_workers if worker.is_running()]
