"""What became of records, as higher apps tell it: settled and public things only."""

from __future__ import annotations

from collections.abc import Callable, Collection

from reviewapp.core.models import Member

Provider = Callable[[Member, Collection[int]], dict[int, str]]
_providers: list[Provider] = []


def add(provider: Provider) -> None:
    """Let a higher app tell how records were screened (from ``AppConfig.ready``).

    It gets the viewer and primary keys and must follow the one blinding rule.
    """
    _providers.append(provider)


def of(viewer: Member, pks: Collection[int]) -> dict[int, str]:
    """ "excluded at Title and abstract (2 January 2026)" by primary key.

    Records about which nothing is settled are left out.
    """
    found: dict[int, str] = {}
    for provider in _providers if pks else ():
        found |= provider(viewer, pks)
    return found
