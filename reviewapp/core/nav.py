"""Navigation entries, tasks and overview counts that apps register.

The kernel imports no app. Each app registers its own in ``AppConfig.ready``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewapp.core.models import Member
from reviewapp.core.permissions import Action

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the navigation; ``url_name`` takes the review's code."""

    # Lazy translations are allowed: entries are registered when the program starts.
    label: str | StrPromise
    url_name: str
    icon: str
    group: str | StrPromise
    order: int
    action: Action = Action.READ
    # URL names (or prefixes ending in "*") of pages that mark the entry as current.
    also: tuple[str, ...] = ()
    # URL arguments after the review's code, such as a stage's code.
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Todo:
    """A task on the overview: ``n`` things to do at ``url``.

    ``n`` is None if the sentence has no number. ``is_primary`` marks the task to offer
    first.
    """

    text: str
    url: str
    n: int | None = None
    button: str = ""
    is_primary: bool = False
    order: int = 50


@dataclass(frozen=True, slots=True)
class Panel:
    """A count on the overview: ``n`` things, listed at ``url``."""

    label: str | StrPromise
    n: int
    url: str
    order: int = 50


_panels: list[Callable[[Member], list[Panel]]] = []
_entries: list[Entry] = []
_providers: list[Callable[[Member], list[Entry]]] = []
_todos: list[Callable[[Member], list[Todo]]] = []


def add_entry(entry: Entry) -> None:
    """Add a navigation entry; call it once from ``AppConfig.ready``."""
    _entries.append(entry)


def add_entry_provider(provider: Callable[[Member], list[Entry]]) -> None:
    """Add a provider of entries that depend on the review, in one query."""
    _providers.append(provider)


def add_todos(provider: Callable[[Member], list[Todo]]) -> None:
    """Add a provider of tasks; it must follow the blinding rule."""
    _todos.append(provider)


def entries(viewer: Member) -> list[Entry]:
    """Return all navigation entries of the viewer's review, in order."""
    found = [*_entries, *(e for provider in _providers for e in provider(viewer))]
    return sorted(found, key=lambda entry: entry.order)


def todos(viewer: Member) -> list[Todo]:
    """Return the tasks of ``viewer``, most urgent first; only the first is primary."""
    found = [todo for provider in _todos for todo in provider(viewer)]
    found.sort(key=lambda todo: todo.order)
    first = next((todo for todo in found if todo.is_primary), None)
    return [replace(todo, is_primary=todo is first) for todo in found]


def add_panels(provider: Callable[[Member], list[Panel]]) -> None:
    """Add a provider of overview counts; each count is the length of its list."""
    _panels.append(provider)


def panels(viewer: Member) -> list[Panel]:
    """Return the overview counts, in order."""
    found = [panel for provider in _panels for panel in provider(viewer)]
    return sorted(found, key=lambda panel: panel.order)
