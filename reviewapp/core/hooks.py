"""Named moments that higher apps hook into; the kernel and lower apps know no one.

    hooks.on("records:changed", top_up)          # in AppConfig.ready
    hooks.fire("records:changed", review=…, actor=…, now=…)   # in a service

Hooks run at once, in the firing service's transaction, in order of registration.
The moments and their arguments are listed in ``MOMENTS``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

MOMENTS: dict[str, str] = {
    "review:created": "review, actor, now — a new review has its lead",
    "review:unblinded": "actor, reason, now — a lead opens all judgements under way",
    "member:removed": "review, member, actor, now — a member no longer takes part",
    "records:changed": "review, actor, now — records were imported, entered, "
    "compared or parted; there may be more unique records than before",
    "report:retrieved": "review, report, actor, now — a report can be read in full",
    "studies:changed": "review, actor, now — the set of included studies or their "
    "grouping may have changed (actor None: a vote did it, and nobody is to be named)",
}

_hooks: dict[str, list[Callable[..., None]]] = defaultdict(list)


def on(moment: str, hook: Callable[..., None]) -> None:
    """Register ``hook`` for a moment of ``MOMENTS``; ``KeyError`` if unknown."""
    MOMENTS[moment]
    _hooks[moment].append(hook)


def fire(moment: str, **arguments: Any) -> None:
    """Call all hooks of the moment with keyword ``arguments``."""
    MOMENTS[moment]
    for hook in _hooks[moment]:
        hook(**arguments)
