"""The API: the same answers and permissions as the pages."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from reviewapp.core.models import Member
from tests.conftest import Cast

ClientOf = Callable[[Member | None], Client]


def test_the_api_lists_the_reviews_of_the_user(cast: Cast, client_of: ClientOf) -> None:
    answer = client_of(cast.ada).get("/api/v1/reviews/")
    assert [line["title"] for line in answer.json()] == [cast.review.title]
    assert client_of(None).get("/api/v1/reviews/").status_code in {302, 403}


def test_the_api_returns_the_flow(cast: Cast, client_of: ClientOf) -> None:
    url = f"/api/v1/reviews/{cast.review.code}/flow/"
    answer = client_of(cast.olaf).get(url)
    assert answer.json()["boxes"]["identified"]["n"] == 0
    assert answer["Cache-Control"] == "private, no-store"
    assert client_of(cast.eve).get(url).status_code == 404
    assert client_of(cast.rex).get(url).status_code == 404


def test_the_schema_lists_the_operations(cast: Cast, client_of: ClientOf) -> None:
    paths = client_of(cast.ada).get("/api/v1/schema/").json()["paths"]
    assert "/api/v1/reviews/{review}/flow/" in paths
