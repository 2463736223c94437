"""Providers of the screening status of records; public facts only."""

from __future__ import annotations

from collections.abc import Callable, Collection

from reviewapp.core.models import Member

Provider = Callable[[Member, Collection[int]], dict[int, str]]
_providers: list[Provider] = []


def add(provider: Provider) -> None:
    """Register a provider of screening status (call it from ``AppConfig.ready``).

    The provider gets the viewer and primary keys. It must follow the blinding rule.
    """
    _providers.append(provider)


def of(viewer: Member, pks: Collection[int]) -> dict[int, str]:
    """Return the status by primary key: "excluded at Title and abstract (…)".

    The status reads, for example, "excluded at Title and abstract (2 January 2026)".
    Records without a final decision are left out.
    """
    found: dict[int, str] = {}
    for provider in _providers if pks else ():
        found |= provider(viewer, pks)
    return found
