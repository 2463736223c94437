"""Hooks: how an app reacts to an app below it, or contributes to its pages.

A lower app never imports a higher one. It declares a hook instead. The function's
signature says what providers get and return. Its docstring says when the hook is
called and which rules providers must follow:

    @hook("member:removed")
    def member_removed(*, review: Review, member: Member, …) -> None:
        ...

Higher apps register providers in ``AppConfig.ready``, and the lower app calls them:

    hooks.member_removed.register(hook_handlers.member_removed)
    hooks.member_removed.call(review=review, member=member, …)

Providers run at once, in the transaction of the caller and in the order of
registration. ``HOOKS`` has every hook by name; docs/architecture.md lists them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

if TYPE_CHECKING:
    from reviewapp.core.events import Labels
    from reviewapp.core.jobs import Handler
    from reviewapp.core.models import Member, Review
    from reviewapp.core.nav import NavEntry, Panel, Todo

P = ParamSpec("P")
R = TypeVar("R")

HOOKS: dict[str, Hook[..., Any]] = {}


class Hook(Generic[P, R]):
    """A named extension point with its providers."""

    def __init__(self, name: str, declaration: Callable[P, R]) -> None:
        self.name = name
        self.purpose = inspect.getdoc(declaration) or ""
        self.providers: list[Callable[P, R]] = []

    def __repr__(self) -> str:
        return f"<Hook {self.name}>"

    def register(self, provider: Callable[P, R]) -> None:
        """Add a provider. Call this once for each provider, in ``AppConfig.ready``.

        Raises ValueError if the provider is registered already.
        """
        if provider in self.providers:
            raise ValueError(f"{provider!r} is registered for {self.name} already.")
        self.providers.append(provider)

    def call(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        """Call every provider and return their results in order of registration.

        An exception of a provider reaches the caller, whose transaction rolls back.
        """
        return [provider(*args, **kwargs) for provider in self.providers]


def hook(name: str) -> Callable[[Callable[P, R]], Hook[P, R]]:
    """Declare a hook: turn a function without a body into a ``Hook``.

    Raises ValueError if the name is taken or the function has no docstring.
    """

    def declare(declaration: Callable[P, R]) -> Hook[P, R]:
        if name in HOOKS:
            raise ValueError(f"There are two hooks named {name}.")
        made = Hook(name, declaration)
        if not made.purpose:
            raise ValueError(f"The hook {name} needs a docstring.")
        HOOKS[name] = made
        return made

    return declare


# ── Hooks of the kernel ──────────────────────────────────────────────────────


@hook("review:created")
def review_created(*, review: Review, actor: Member, now: datetime) -> None:
    """A review was created; ``actor`` is its lead."""


@hook("member:removed")
def member_removed(
    *, review: Review, member: Member, actor: Member, now: datetime
) -> None:
    """A member was removed, left, or got a role that does not screen."""


@hook("navigation:entries")
def navigation_entries(viewer: Member) -> Sequence[NavEntry]:
    """Return an app's entries of the navigation, with at most one query."""
    raise NotImplementedError


@hook("overview:todos")
def todos(viewer: Member) -> list[Todo]:
    """Return the viewer's tasks in an app; they must follow the blinding rule."""
    raise NotImplementedError


@hook("overview:panels")
def panels(viewer: Member) -> list[Panel]:
    """Return an app's counts of the overview; each count is the length of its list."""
    raise NotImplementedError


@hook("jobs:handlers")
def job_handlers() -> Mapping[str, Handler]:
    """Return the handler of each kind of job of an app."""
    raise NotImplementedError


@hook("events:labels")
def event_labels() -> Labels:
    """Return an app's labels of event kinds and of the keys of their data."""
    raise NotImplementedError


@hook("integrity:check")
def integrity_check(review: Review) -> list[str]:
    """Recount what an app stores, from the rows themselves; return the differences.

    The texts name counters and numbers, so only `manage.py check_integrity` may print
    them, to whoever runs the server.
    """
    raise NotImplementedError
