"""The two health checks."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django.fixtures import Settings

from reviewapp import health


def test_alive_needs_neither_database_nor_login(client: Client) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "alive"}
    assert "no-cache" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_says_so_without_a_login(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "database": "ready",
        "migrations": "ready",
        "broker": "ready",
    }


@pytest.mark.django_db
def test_a_broker_that_is_down_is_named_but_not_its_address(
    client: Client, settings: Settings
) -> None:
    settings.REDIS_URL = "redis://:secret@127.0.0.1:1/0"

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["broker"] == "not ready"
    assert answer.json()["database"] == "ready"
    assert b"secret" not in answer.content
    assert b"127.0.0.1" not in answer.content


@pytest.mark.django_db
def test_an_unapplied_migration_is_named(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        health.MigrationExecutor, "migration_plan", lambda *_: ["one to go"]
    )

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["migrations"] == "not ready"


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_named(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(health.connection, "cursor", fail)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["database"] == "not ready"
    assert b"server closed" not in answer.content


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_safe_methods_are_answered(path: str, client: Client) -> None:
    assert client.post(path).status_code == 405
