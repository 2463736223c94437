"""Rate limits on logins and costly requests, and none on votes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from reviewapp import settings as production
from reviewapp.core.counters import SteadyRedisCache
from reviewapp.core.limits import count_use, limit_kind
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action
from reviewapp.core.refusals import TooMany
from tests.conftest import Cast

ClientOf = Callable[[Member | None], Client]


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    """Reset the counters before each test."""
    cache.clear()
    yield
    cache.clear()


def limits(**rates: dict[str, str]) -> Any:
    return override_settings(RATE_LIMITS=rates)


def test_too_many_exports_are_refused_with_a_message_and_a_time(
    cast: Cast, client_of: ClientOf
) -> None:
    client, url = client_of(cast.ada), f"/r/{cast.review.code}/audit-log.csv"
    with limits(export={"member": "2/h"}):
        assert [client.get(url).status_code for _ in range(3)] == [200, 200, 429]
        answer = client.get(url)
        assert 0 < int(answer["Retry-After"]) <= 3600
        assert "made too many requests" in answer.content.decode()
        # Other members, and requests that are no export, are not limited.
        assert client_of(cast.ben).get(url).status_code == 200
        assert client.get(f"/r/{cast.review.code}/audit-log/").status_code == 200


def test_a_review_has_a_limit_that_strangers_cannot_use_up(
    cast: Cast, client_of: ClientOf
) -> None:
    url = f"/r/{cast.review.code}/audit-log.csv"
    with limits(export={"review": "2/h"}):
        stranger = client_of(cast.eve)
        assert {stranger.get(url).status_code for _ in range(4)} == {404}
        people = [cast.ada, cast.ben, cast.cleo]
        found = [client_of(person).get(url).status_code for person in people]
    assert found == [200, 200, 429]


def test_the_api_answers_429_in_json(cast: Cast, client_of: ClientOf) -> None:
    client, url = client_of(cast.ada), f"/api/v1/reviews/{cast.review.code}/flow/"
    with limits(api={"member": "1/m"}):
        assert client.get(url).status_code == 200
        answer = client.get(url)
        assert answer.status_code == 429
        assert "too many requests" in answer.json()["detail"]
        assert int(answer["Retry-After"]) <= 60
        assert client.get("/api/v1/reviews/").status_code == 200
        assert client.get("/api/v1/reviews/").status_code == 429


def test_invitations_and_searches_have_limits(cast: Cast, client_of: ClientOf) -> None:
    here, client = f"/r/{cast.review.code}/", client_of(cast.dora)
    with limits(team={"member": "1/h"}, search={"member": "1/m"}):
        sent = [
            client.post(
                f"{here}team/invite/",
                {"email": f"n{i}@example.org", "role": "reviewer"},
            ).status_code
            for i in range(2)
        ]
        assert sent == [302, 429]
        found = [client.get(f"{here}records/?q=peer").status_code for _ in range(2)]
        assert found == [200, 429]
        assert client.get(f"{here}records/").status_code == 200


def test_every_kind_of_limit_has_a_number_for_production() -> None:
    kinds = {"api", "export", "import", "search", "team", "password", "login"}
    assert set(production.RATE_LIMITS) == kinds
    for rates in production.RATE_LIMITS.values():
        assert all(rate.split("/")[1] in "mhd" for rate in rates.values())


def _views(resolver: URLResolver) -> Iterator[tuple[str, Any]]:
    for found in resolver.url_patterns:
        if isinstance(found, URLPattern):
            yield str(found.pattern), found.callback
        else:
            yield from _views(found)


def test_every_view_that_exports_or_ends_like_a_file_counts_as_an_export() -> None:
    """A new download is limited without further code."""
    request, exports = RequestFactory().get("/"), []
    for pattern, view in _views(get_resolver()):
        action = getattr(view, "action", None)
        request.path = f"/r/x/{pattern}"
        if isinstance(action, Action) and limit_kind(request, action) == "export":
            exports.append(pattern)
    assert "audit-log.jsonl" in exports
    assert "imports/<slug:batch>/report.csv" in exports
    assert len(exports) >= 10


def test_counting_goes_on_when_redis_is_away() -> None:
    away = SteadyRedisCache("redis://127.0.0.1:1/0", {"OPTIONS": {}})
    assert away.add("n", 1, 60)
    assert not away.add("n", 1, 60)
    assert away.incr("n") == 2
    assert away.get("n") == 2


@pytest.mark.usefixtures("reviewapp_servers")
def test_counting_is_shared_by_processes_through_redis(settings: Any) -> None:
    one, two = (SteadyRedisCache(settings.REDIS_URL, {}) for _ in range(2))
    one.delete("shared-count")
    assert one.add("shared-count", 1, 60)
    assert two.incr("shared-count") == 2


def test_a_limit_says_when_to_try_again() -> None:
    with limits(x={"member": "1/d"}):
        count_use("x", "member", "me")
        with pytest.raises(TooMany) as refused:
            count_use("x", "member", "me")
    assert 0 < refused.value.seconds <= 86_400
