"""How `up` ends: when asked, when killed, as root and as an ordinary user."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator, Sequence

import psycopg
import pytest

from reviewapp.launcher.addresses import database_url
from tests.core.up_instance import (
    CHILDREN,
    Instance,
    as_ordinary_user,
    open_directory,
    still_alive,
    wait_for,
)

pytestmark = pytest.mark.worker

Start = Callable[..., Instance]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start instances on one data directory, and stop them with the test."""
    instances: list[Instance] = []
    with open_directory() as base:

        def begin(prefix: Sequence[str] = ()) -> Instance:
            instances.append(Instance(base / "data", prefix=prefix))
            return instances[-1].wait_until_ready()

        try:
            yield begin
        finally:
            for instance in instances:
                instance.end()


def connect(instance: Instance) -> psycopg.Connection[tuple[object, ...]]:
    state = json.loads((instance.data / "state.json").read_text())
    return psycopg.connect(
        database_url(state["database_password"], state["postgres_port"])
    )


def was_shut_down_cleanly(instance: Instance) -> bool:
    log = instance.data / "logs" / "postgres.log"
    return log.read_text().rstrip().endswith("database system is shut down")


def test_neither_an_interrupt_nor_a_kill_leaves_processes_or_loses_data(
    start: Start,
) -> None:
    first = start()
    with connect(first) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    processes = first.all_processes()
    assert len(processes) > len(CHILDREN)

    seconds = first.interrupt()

    assert first.process.returncode == 0, first.said()
    assert seconds < 10
    assert still_alive(processes) == []
    assert was_shut_down_cleanly(first)

    second = start()
    with connect(second) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchall() == [(42,)]
    processes = second.all_processes()

    os.kill(second.process.pid, signal.SIGKILL)
    second.process.wait()

    wait_for(lambda: not still_alive(processes), 5, str(still_alive(processes)))
    assert was_shut_down_cleanly(second)


def test_an_ordinary_user_can_run_it_and_close_the_terminal(start: Start) -> None:
    instance = start(as_ordinary_user())
    processes = instance.all_processes()
    assert all(process.uids().real != 0 for process in processes)
    assert instance.get("/accounts/login/")[0] == 200

    seconds = instance.interrupt(signal.SIGHUP)

    assert seconds < 10
    assert still_alive(processes) == []
