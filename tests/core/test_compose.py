"""docker-compose.yml and Dockerfile, checked without a Docker engine."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from reviewapp.launcher import container, postgres, valkey

PROJECT = Path(__file__).resolve().parents[2]
OURS = ("web", "worker", "beat", "migrate")
LONG_RUNNING = ("web", "worker", "beat", "postgres", "redis")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((PROJECT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (PROJECT / "Dockerfile").read_text()


def test_it_is_valid_by_the_schema_of_the_compose_specification(
    compose: dict[str, Any],
) -> None:
    schema = json.loads(Path(__file__).with_name("compose_spec.json").read_text())

    jsonschema.Draft201909Validator(schema).validate(compose)


def test_the_schema_notices_a_misspelt_key(compose: dict[str, Any]) -> None:
    schema = json.loads(Path(__file__).with_name("compose_spec.json").read_text())
    misspelt = {"services": {"web": {**compose["services"]["web"], "volume": []}}}

    with pytest.raises(jsonschema.ValidationError, match="volume"):
        jsonschema.Draft201909Validator(schema).validate(misspelt)


def test_every_part_is_there_and_has_a_health_check(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {*OURS, "postgres", "redis"}
    for name in LONG_RUNNING:
        check = compose["services"][name]["healthcheck"]
        assert check["test"][0] in {"CMD", "CMD-SHELL"}
        assert {"interval", "timeout", "retries"} <= set(check)


@pytest.mark.parametrize("name", OURS)
def test_our_parts_run_without_root_and_without_capabilities(
    compose: dict[str, Any], name: str
) -> None:
    service = compose["services"][name]

    assert service["user"].split(":")[0] == "10001"
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("privileged", False)


@pytest.mark.parametrize("name", OURS)
def test_the_command_of_each_part_is_one_the_entry_point_knows(
    compose: dict[str, Any], name: str
) -> None:
    (part,) = compose["services"][name]["command"]

    assert container.part_command(part)
    check = compose["services"][name]["healthcheck"]
    if not check.get("disable"):
        assert check["test"][-1] in container.HEALTH


def test_the_servers_log_no_statement_with_values(compose: dict[str, Any]) -> None:
    """The same settings as for the embedded servers; their logs have canary tests."""
    server, *options = compose["services"]["postgres"]["command"]
    assert server == "postgres"
    assert options[::2] == ["-c"] * (len(options) // 2)
    assert tuple(options[1::2]) == postgres.NO_VALUES_IN_THE_LOG
    script = compose["services"]["redis"]["command"][-1].splitlines()
    assert set(valkey.NO_VALUES_IN_THE_LOG) <= set(script)


def test_no_secret_is_written_down(compose: dict[str, Any]) -> None:
    secret = re.compile(r"SECRET|PASSWORD|TOKEN|_URL$")
    required = re.compile(r"\$\{\w+:\?")
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if value is None or not secret.search(name) or name == "SITE_URL":
                continue
            assert required.search(value), f"{name} is not taken from the environment"
    # An address with a password contains a variable, not the password.
    text = (PROJECT / "docker-compose.yml").read_text()
    for password in re.findall(r"://[^:/\s]*:([^@\s]+)@", text):
        assert password.startswith("${"), password


def test_data_outlives_the_containers(compose: dict[str, Any]) -> None:
    mounted = {
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
    }

    assert mounted == set(compose["volumes"])
    for name in ("web", "worker"):
        assert "data:/data" in compose["services"][name]["volumes"]


def test_the_servers_are_reached_from_inside_only(compose: dict[str, Any]) -> None:
    for name in ("postgres", "redis"):
        assert "ports" not in compose["services"][name]
        assert compose["services"][name]["networks"] == ["inside"]
    assert compose["networks"]["inside"]["internal"] is True
    (published,) = compose["services"]["web"]["ports"]
    assert "127.0.0.1" in published


def test_work_starts_only_after_the_migration(compose: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat"):
        conditions = compose["services"][name]["depends_on"]
        assert conditions["migrate"]["condition"] == "service_completed_successfully"
        assert conditions["postgres"]["condition"] == "service_healthy"
        assert conditions["redis"]["condition"] == "service_healthy"


def test_the_image_installs_by_hash_and_ends_as_an_ordinary_user(
    dockerfile: str,
) -> None:
    users = re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE)

    assert "--require-hashes" in dockerfile
    assert users == ["10001:10001"]
    assert dockerfile.index("USER") > dockerfile.rindex("RUN")
    assert "HEALTHCHECK" in dockerfile
    assert not re.search(r"^(ENV|ARG).*(SECRET|PASSWORD)", dockerfile, re.MULTILINE)


def test_all_that_the_image_copies_exists_and_is_let_through(dockerfile: str) -> None:
    let_through = {
        line[1:]
        for line in (PROJECT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    copied = [
        source
        for line in re.findall(r"^COPY (.+)$", dockerfile, re.MULTILINE)
        for source in line.split()[:-1]
    ]

    assert set(copied) == let_through
    for source in copied:
        assert (PROJECT / source).exists(), source


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert container.main(["wrokre"]) == 2
    assert "PART is web, worker" in capsys.readouterr().err


def test_a_stopped_beat_is_unhealthy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = tmp_path / "reviewapp-beat.db"
    monkeypatch.setattr(
        container, "beat_schedule_path", lambda: tmp_path / "reviewapp-beat"
    )
    assert container.main(["health", "beat"]) == 1

    notes.touch()
    assert container.main(["health", "beat"]) == 0

    monkeypatch.setattr(container, "BEAT_STALE_SECONDS", -1)
    assert container.main(["health", "beat"]) == 1
