"""Children, state and lock of `up`, without the real servers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from reviewapp.launcher import Refusal, supervisor
from reviewapp.launcher.addresses import free_port, is_port_free
from reviewapp.launcher.children import LOG_LIMIT_BYTES, Child, Recipe, stop_children
from reviewapp.launcher.state import (
    DataDirectory,
    Lock,
    end_survivors,
    load_state,
    open_data_directory,
    remember_children,
    save_state,
)
from reviewapp.launcher.supervisor import StartOptions, Supervisor, WatchedChild
from tests.core.up_instance import PROJECT, still_alive, wait_for

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("started", flush=True)
time.sleep(60)
"""


@pytest.fixture
def place(tmp_path: Path) -> DataDirectory:
    place = DataDirectory(tmp_path / "data")
    open_data_directory(place)
    return place


def recipe(place: DataDirectory, code: str, seconds: float = 2.0) -> Recipe:
    return Recipe(
        name="python",
        argv=[sys.executable, "-c", code],
        env=os.environ,
        cwd=place.path,
        log=place.log("python"),
        stop_steps=((signal.SIGTERM, seconds),),
        death_signal=signal.SIGKILL,
    )


@pytest.fixture
def stubborn(place: DataDirectory) -> Iterator[Child]:
    child = Child(recipe(place, STUBBORN, seconds=0.3))
    wait_for(lambda: "started" in child.last_words(), 20, "did not start")
    yield child
    child.kill_group()


def test_a_child_that_ignores_the_signal_is_killed_with_its_group(
    stubborn: Child,
) -> None:
    family = [psutil.Process(stubborn.process.pid)]
    family += family[0].children()
    assert len(family) == 2

    stop_children([stubborn])

    assert not stubborn.is_running
    wait_for(lambda: not still_alive(family), 5, "something of the group is left")


def test_children_are_stopped_in_parallel(place: DataDirectory) -> None:
    slow = "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    slow += "print('started', flush=True); time.sleep(60)"
    # In sequence this would take more than six seconds.
    children = [Child(recipe(place, slow, seconds=2.0)) for _ in range(3)]
    wait_for(lambda: children[0].last_words().count("started") == 3, 30, "not started")
    began = time.monotonic()

    stop_children(children)

    assert time.monotonic() - began < 5


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    script = f"""
import os, time
from pathlib import Path
from tests.core.test_up_children import STUBBORN, recipe
from reviewapp.launcher.children import Child
from reviewapp.launcher.state import DataDirectory, open_data_directory
place = DataDirectory(Path({str(tmp_path)!r}) / "data")
open_data_directory(place)
print(Child(recipe(place, "import time; time.sleep(60)")).process.pid, flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", script], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    child = psutil.Process(int(parent.stdout.readline()))

    parent.kill()
    parent.communicate()

    wait_for(lambda: not still_alive([child]), 5, "the child has outlived its parent")


def test_a_large_log_is_put_aside_once(place: DataDirectory) -> None:
    log = place.log("python")
    log.write_bytes(b"x" * (LOG_LIMIT_BYTES + 1))

    Child(recipe(place, "print('new')")).process.wait()

    assert log.read_text() == "new\n"
    assert log.with_name("python.log.1").stat().st_size == LOG_LIMIT_BYTES + 1
    assert log.stat().st_mode & 0o777 == 0o600


def test_the_state_is_made_once_and_only_its_owner_reads_it(
    place: DataDirectory,
) -> None:
    first = load_state(place)
    first.web_port = 8003
    save_state(place, first)

    assert load_state(place) == first
    assert (place.path / "state.json").stat().st_mode & 0o777 == 0o600
    assert len({first.secret_key, first.admin_password, first.database_password}) == 3
    assert len(first.secret_key) >= 50


def test_the_lock_admits_one_and_reports_its_address_to_the_next(
    place: DataDirectory,
) -> None:
    first, second = Lock(place), Lock(place)
    assert not second.is_taken()
    first.take()
    first.tell("http://127.0.0.1:8007, process 1")

    assert second.is_taken()
    with pytest.raises(Refusal, match=r"already running.*http://127.0.0.1:8007"):
        second.take()

    first.release()
    second.take()
    second.release()


def test_a_process_left_by_a_crash_is_stopped_at_the_next_start(
    place: DataDirectory,
) -> None:
    child = Child(recipe(place, "import time; time.sleep(60)"))
    remember_children(place, [child])

    assert end_survivors(place) == ["python"]
    assert not child.is_running
    assert end_survivors(place) == []


def test_a_process_that_reuses_the_number_is_not_stopped(place: DataDirectory) -> None:
    child = Child(recipe(place, "import time; time.sleep(60)"))
    remember_children(place, [child])
    remembered = place.path / "children.json"
    created = psutil.Process(child.process.pid).create_time()
    remembered.write_text(remembered.read_text().replace(str(created), "12345.5"))

    assert end_survivors(place) == []
    assert child.is_running
    stop_children([child])


def test_pauses_before_a_restart_grow_to_half_a_minute(place: DataDirectory) -> None:
    fallen = WatchedChild(Child(recipe(place, "pass")))
    pauses = []
    for fallen.falls in range(10):
        pauses.append(fallen.pause())

    assert pauses[:4] == [0.25, 0.5, 1.0, 2.0]
    assert pauses[-1] == 30.0


def test_without_a_port_option_the_next_free_port_is_used_and_printed(
    place: DataDirectory,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken = free_port()
    monkeypatch.setattr(supervisor, "DEFAULT_PORT", taken)
    monkeypatch.setattr(
        supervisor, "is_port_free", lambda port: port != taken and is_port_free(port)
    )

    port = Supervisor(StartOptions(place))._choose_port()

    assert port != taken
    assert f"Another program uses port {taken}. Using port {port} instead." in (
        capsys.readouterr().out
    )
