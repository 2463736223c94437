"""Facts that several parts of one page need, loaded once for the page.

A view that only reads opens ``loading_once()``; inside it, each function marked with
``load_once`` asks the database once for the same arguments. Outside of such a view the
functions ask each time, so a service or a job always sees what it has just written.
Nothing is kept after the view, or shared between requests.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")

_LOADED: ContextVar[dict[Hashable, Any] | None] = ContextVar("loaded", default=None)


@contextmanager
def loading_once() -> Iterator[None]:
    """Keep what ``load_once`` functions return until the end; also a decorator."""
    token = _LOADED.set({})
    try:
        yield
    finally:
        _LOADED.reset(token)


def load_once(load: Callable[P, T]) -> Callable[P, T]:
    """Mark a query that a page may use several times.

    Its arguments must be hashable, and callers must not change its result.
    """

    @wraps(load)
    def inner(*args: P.args, **kwargs: P.kwargs) -> T:
        loaded = _LOADED.get()
        if loaded is None:
            return load(*args, **kwargs)
        key = (load, args, tuple(sorted(kwargs.items())))
        if key not in loaded:
            loaded[key] = load(*args, **kwargs)
        return cast(T, loaded[key])

    return inner
