"""Health checks: whether the process runs, and whether it can serve requests."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

TIMEOUT_SECONDS = 2


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Return 200 while the process answers, even if other parts are down."""
    return JsonResponse({"status": "alive"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Return 200 if requests can be served, otherwise 503 and the failed part.

    The answer gives no reason: addresses and errors belong in the log, not on a page.
    """
    states = {name: "ready" if is_ready() else "not ready" for name, is_ready in CHECKS}
    is_ready = set(states.values()) == {"ready"}
    return JsonResponse(
        {"status": "ready" if is_ready else "not ready", **states},
        status=200 if is_ready else 503,
    )


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        connection.close()
        return False
    return True


def _is_migrated() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return False


def _broker_answers() -> bool:
    import redis  # imported here: the import is slow, and no other part needs it at the start

    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
    )
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


CHECKS: tuple[tuple[str, Callable[[], bool]], ...] = (
    ("database", _database_answers),
    ("migrations", _is_migrated),
    ("broker", _broker_answers),
)
