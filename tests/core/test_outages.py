"""Answers when the database is away, and to forms that are too large."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client

from reviewapp.core.models import Member
from reviewapp.launcher.addresses import free_port
from tests.blinding.harness import Browser
from tests.conftest import Cast


def ask_without_database(path: str, blocker: Any) -> HttpResponseBase:
    """Request a page in a thread whose connection leads to a port without a server."""

    def ask() -> HttpResponseBase:
        connection.settings_dict = {**connection.settings_dict, "PORT": free_port()}
        return Browser(session="a" * 32).get(path)

    with blocker.unblock(), ThreadPoolExecutor(1) as pool:
        return pool.submit(ask).result()


def test_the_api_says_when_to_try_again_while_the_database_is_away(
    django_db_blocker: Any,
) -> None:
    answer = ask_without_database("/api/v1/reviews/", django_db_blocker)
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert int(answer["Retry-After"]) > 0
    said = json.loads(answer.content)  # type: ignore[attr-defined]
    assert said["status"] == 503
    assert said["title"] == "Service Unavailable"
    assert "Try again" in said["detail"]


def test_a_page_is_503_while_the_database_is_away(django_db_blocker: Any) -> None:
    answer = ask_without_database("/", django_db_blocker)
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert b"<h1>" in answer.content  # type: ignore[attr-defined]


def test_a_form_that_is_too_large_gets_a_page_with_the_reason(
    cast: Cast, client_of: Callable[[Member | None], Client]
) -> None:
    body = b"title=" + b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    kind = "application/x-www-form-urlencoded"
    for member, path in ((None, "/accounts/login/"), (cast.ada, "/reviews/new/")):
        answer = client_of(member).post(path, body, content_type=kind)
        assert answer.status_code == 413
        assert "more than 10 MB of text" in answer.content.decode()
