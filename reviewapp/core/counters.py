"""A cache for the counters of rate limits that keeps working without Redis."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

# Time without calls to Redis after it did not answer.
PAUSE_SECONDS = 15.0


def _steady(name: str) -> Callable[..., Any]:
    """Return a method that uses Redis, or this process's memory while Redis is away."""
    of_redis: Callable[..., Any] = getattr(RedisCache, name)

    @wraps(of_redis)
    def method(self: SteadyRedisCache, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self._away_until:
            try:
                return of_redis(self, *args, **kwargs)
            except RedisError:
                self._away_until = time.monotonic() + PAUSE_SECONDS
        return getattr(self._own, name)(*args, **kwargs)

    return method


class SteadyRedisCache(RedisCache):
    """A Redis cache that falls back to memory (docs/architecture.md, Jobs).

    It holds only the counters of rate limits. While Redis is away each process counts
    for itself: the limits are looser then, but nobody is locked out.
    """

    _away_until = 0.0

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._own = LocMemCache("while-redis-is-away", {})

    add = _steady("add")
    get = _steady("get")
    set = _steady("set")
    delete = _steady("delete")
    incr = _steady("incr")
    has_key = _steady("has_key")
    get_many = _steady("get_many")
    set_many = _steady("set_many")
    delete_many = _steady("delete_many")
    touch = _steady("touch")
