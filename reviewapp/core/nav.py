"""Navigation entries, tasks and overview counts, which apps contribute through hooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewapp.core import hooks
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class NavEntry:
    """An entry of the navigation; ``url_name`` takes the review's code."""

    # Lazy translations are allowed: most entries are made when the program starts.
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

    ``n`` is None if the sentence has no number. ``is_waiting``: the viewer can do
    nothing but wait for others, and ``url`` shows how far they are. ``is_setup``: it can
    be put off, so any other task comes first. ``is_primary``: the next step, set by
    ``viewer_todos``. docs/overview-states.md lists all states.
    """

    text: str
    url: str
    n: int | None = None
    button: str = ""
    is_primary: bool = False
    order: int = 50
    is_waiting: bool = False
    is_setup: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A count on the overview: ``n`` things, listed at ``url``."""

    label: str | StrPromise
    n: int
    url: str
    order: int = 50


def nav_entries(viewer: Member) -> list[NavEntry]:
    """Return all navigation entries of the viewer's review, in order."""
    found = [entry for some in hooks.navigation_entries.call(viewer) for entry in some]
    return sorted(found, key=lambda entry: entry.order)


def current_entry(
    entries: Sequence[NavEntry], urls: Sequence[str], view_name: str, path: str
) -> int:
    """Return the position of the one entry that a page belongs to.

    The best match counts: the entry of a stage, a named page, a prefix, the first entry
    of the same app. A page that no entry knows belongs to the first, the overview.
    """
    scores = [
        _match(entry, url, view_name, path)
        for entry, url in zip(entries, urls, strict=True)
    ]
    return scores.index(max(scores)) if scores else 0


def _match(entry: NavEntry, url: str, view_name: str, path: str) -> int:
    if entry.args:
        return 4 if path.startswith(url) else 0
    names = (entry.url_name, *entry.also)
    if view_name in names:
        return 3
    if any(name.endswith("*") and view_name.startswith(name[:-1]) for name in names):
        return 2
    namespace = view_name.partition(":")[0]
    return int(bool(view_name) and entry.url_name.partition(":")[0] == namespace)


def viewer_todos(viewer: Member) -> list[Todo]:
    """Return the tasks of ``viewer``, most urgent first, then what they wait for.

    Only the first task is primary: it is the next step.
    """
    found = [todo for some in hooks.todos.call(viewer) for todo in some]
    found.sort(key=lambda todo: (todo.is_waiting, todo.is_setup, todo.order))
    return [
        replace(todo, is_primary=number == 0 and not todo.is_waiting)
        for number, todo in enumerate(found)
    ]


def overview_panels(viewer: Member) -> list[Panel]:
    """Return the overview counts, in order."""
    found = [panel for some in hooks.panels.call(viewer) for panel in some]
    return sorted(found, key=lambda panel: panel.order)
