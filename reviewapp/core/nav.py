"""What apps hang into the frame: navigation entries and things to do.

The kernel knows no app; each app registers its own in ``AppConfig.ready``.
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
    """One entry of the left navigation; ``url_name`` takes the review's code."""

    # Lazy translations are allowed: entries are registered when the program starts.
    label: str | StrPromise
    url_name: str
    icon: str
    group: str | StrPromise
    order: int
    action: Action = Action.READ
    # Url names (or their prefixes ending in "*") that light the entry up.
    also: tuple[str, ...] = ()
    # URL arguments after the review's code (a stage's code).
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Todo:
    """One line of "what is to do now": ``n`` things wait at ``url``.

    ``n`` None: the sentence has no number. ``is_primary``: the one to offer first.
    """

    text: str
    url: str
    n: int | None = None
    button: str = ""
    is_primary: bool = False
    order: int = 50


@dataclass(frozen=True, slots=True)
class Panel:
    """A number on the overview: ``n`` things behind ``url``."""

    label: str | StrPromise
    n: int
    url: str
    order: int = 50


_panels: list[Callable[[Member], list[Panel]]] = []
_entries: list[Entry] = []
_providers: list[Callable[[Member], list[Entry]]] = []
_todos: list[Callable[[Member], list[Todo]]] = []


def add_entry(entry: Entry) -> None:
    """Add a navigation entry (once, from ``AppConfig.ready``)."""
    _entries.append(entry)


def add_entry_provider(provider: Callable[[Member], list[Entry]]) -> None:
    """Add a provider of entries that depend on the review (its stages): one query."""
    _providers.append(provider)


def add_todos(provider: Callable[[Member], list[Todo]]) -> None:
    """Add a provider of things to do; it must follow the one blinding rule."""
    _todos.append(provider)


def entries(viewer: Member) -> list[Entry]:
    """All navigation entries of the viewer's review, in order."""
    found = [*_entries, *(e for provider in _providers for e in provider(viewer))]
    return sorted(found, key=lambda entry: entry.order)


def todos(viewer: Member) -> list[Todo]:
    """What waits for ``viewer``, most urgent first; the page offers one before all."""
    found = [todo for provider in _todos for todo in provider(viewer)]
    found.sort(key=lambda todo: todo.order)
    first = next((todo for todo in found if todo.is_primary), None)
    return [replace(todo, is_primary=todo is first) for todo in found]


def add_panels(provider: Callable[[Member], list[Panel]]) -> None:
    """Add a provider of the overview's numbers; each is the length of its list."""
    _panels.append(provider)


def panels(viewer: Member) -> list[Panel]:
    """The overview's numbers, in order."""
    found = [panel for provider in _panels for panel in provider(viewer)]
    return sorted(found, key=lambda panel: panel.order)
