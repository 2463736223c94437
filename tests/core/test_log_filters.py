"""Secrets in paths are masked in every log."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from reviewapp.core.log_filters import SECRET, SecretPaths

TOKEN = "Tok3n-4711_x"


def patterns(found: Any, path: str = "/") -> Iterator[str]:
    for one in found.url_patterns:
        here = path + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from patterns(one, here)
        else:
            yield here


def test_every_url_with_a_secret_is_known() -> None:
    secret = [
        one for one in patterns(get_resolver()) if "token" in one or "key>" in one
    ]
    assert len(secret) == 3
    for one in secret:
        path = one.replace("^", "").partition("<")[0].partition("(?P")[0]
        assert SECRET.search(f"{path}{TOKEN}/"), one


@pytest.mark.django_db
def test_a_request_without_the_csrf_token_is_logged_without_its_secret() -> None:
    assert "secrets" in settings.LOGGING["handlers"]["console"]["filters"]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(SecretPaths())
    logging.getLogger().addHandler(handler)
    try:
        answer = Client(enforce_csrf_checks=True).post(f"/invitations/{TOKEN}/")
    finally:
        logging.getLogger().removeHandler(handler)
    assert answer.status_code == 403
    assert "/invitations/…/" in stream.getvalue()
    assert TOKEN not in stream.getvalue()
