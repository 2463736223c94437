"""When `up` can't start: one message, exit status 1, no changes."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewapp.launcher import Refusal
from reviewapp.launcher.addresses import free_port
from reviewapp.launcher.binaries import SystemUser
from reviewapp.launcher.postgres import Cluster, prepare_postgres
from tests.core.up_instance import (
    PROJECT,
    as_ordinary_user,
    clean_environment,
    open_directory,
)


@pytest.fixture
def base() -> Iterator[Path]:
    with open_directory() as path:
        yield path


def refused(*arguments: str, is_ordinary: bool = False, **env: str) -> str:
    """Start `up`, expect exit status 1, and return the message."""
    done = subprocess.run(
        [
            *(as_ordinary_user() if is_ordinary else []),
            *(sys.executable, "-m", "reviewapp.launcher", *arguments),
        ],
        cwd=PROJECT,
        env=clean_environment(**env),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_data_of_another_postgresql_version_is_left_alone(base: Path) -> None:
    cluster = base / "pg"
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("12\n")

    sentence = refused("--data", str(base), "--port", str(free_port()))

    assert "created by PostgreSQL 12" in sentence
    assert "includes PostgreSQL 18" in sentence
    assert [path.name for path in cluster.iterdir()] == ["PG_VERSION"]


def test_a_database_directory_without_its_version_is_left_alone(base: Path) -> None:
    (base / "pg").mkdir()
    (base / "pg" / "precious").write_text("data")

    sentence = refused("--data", str(base))

    assert "PG_VERSION is missing" in sentence
    assert (base / "pg" / "precious").read_text() == "data"


def test_a_read_only_directory_is_named(base: Path) -> None:
    locked = base / "locked"
    locked.mkdir()
    locked.chmod(0o555)

    sentence = refused("--data", str(locked), is_ordinary=True)

    assert f"{locked} is not writable" in sentence
    assert "--data" in sentence


def test_a_file_in_the_place_of_the_directory_is_named(base: Path) -> None:
    (base / "file").write_text("x")

    assert "is not writable" in refused("--data", str(base / "file" / "data"))


def test_the_refusal_of_a_used_port_names_a_free_one(base: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        sentence = refused("--data", str(base), "--port", str(port))

    assert f"Another program uses port {port}" in sentence
    assert "--port " in sentence
    assert not (base / "pg").exists()


def test_a_damaged_state_file_is_not_replaced(base: Path) -> None:
    (base / "state.json").write_text("{")

    assert "state.json is damaged" in refused("--data", str(base))
    assert (base / "state.json").read_text() == "{"


def test_a_wrong_program_directory_is_named(base: Path) -> None:
    sentence = refused("--data", str(base), REVIEWAPP_PG_BIN=str(base / "nothing"))

    assert "REVIEWAPP_PG_BIN" in sentence


def test_a_directory_that_postgresql_cannot_enter_is_named(base: Path) -> None:
    closed = base / "closed"
    closed.mkdir(mode=0o700)
    nobody = SystemUser(65534, 65534, "nobody")
    cluster = Cluster(Path(), closed, base / "log", nobody, 1, "", "")

    with pytest.raises(Refusal, match="PostgreSQL runs as the user nobody") as caught:
        prepare_postgres(cluster)

    assert str(closed) in str(caught.value)


@pytest.mark.parametrize("port", ["0", "65536", "eighty"])
def test_an_invalid_port_is_a_usage_error(port: str, base: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "reviewapp.launcher",
            "--data",
            str(base),
            "--port",
            port,
        ],
        cwd=PROJECT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    assert "--port" in done.stderr
