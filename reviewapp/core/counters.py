"""The cache that rate limits count in: shared by all processes, and never in the way."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

# How long Redis is left alone after it did not answer.
PAUSE_SECONDS = 15.0


def _steady(name: str) -> Callable[..., Any]:
    """The method of Redis, or while Redis is away that of this process's memory."""
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
    """Redis where it is there; it may be lost at any time (DESIGN.md §6).

    Nothing but counters of rate limits is kept here. While Redis is away each process
    counts for itself: limits are looser then, and nobody is locked out of the program.
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
