"""Hooks: events that lower apps fire and higher apps handle.

    hooks.on("records:changed", top_up)          # in AppConfig.ready
    hooks.fire("records:changed", review=…, actor=…, now=…)   # in a service

Handlers run at once, in the transaction of the firing service, in order of
registration. ``MOMENTS`` lists the hooks and their arguments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

HOOKS: dict[str, str] = {
    "review:created": "review, actor, now — a review was created",
    "review:unblinded": "actor, reason, now — a lead unblinds all unfinished rounds",
    "member:removed": "review, member, actor, now — a member was removed or may no longer screen",
    "records:changed": "review, actor, now — records were imported, added, "
    "deduplicated or separated; there may be more unique records",
    "report:retrieved": "review, report, actor, now — the full text of a report is available",
    "studies:changed": "review, actor, now — the set of included studies or their "
    "grouping may have changed (actor None: a vote caused it and nobody may be named)",
}

_hooks: dict[str, list[Callable[..., None]]] = defaultdict(list)


def on(moment: str, hook: Callable[..., None]) -> None:
    """Register ``hook`` for a name of ``MOMENTS``; raises ``KeyError`` if unknown."""
    HOOKS[moment]
    _hooks[moment].append(hook)


def fire(moment: str, **arguments: Any) -> None:
    """Call all handlers of the hook with keyword ``arguments``."""
    HOOKS[moment]
    for hook in _hooks[moment]:
        hook(**arguments)
