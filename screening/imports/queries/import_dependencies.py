"""Providers of decisions and assignments that depend on an import.

Public facts only: final decisions, and how many records are assigned. No provider may
reveal whether anyone has voted (docs/blinding.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reviewapp.core.models import Member
from screening.records.models import Import

SHOWN = 100


@dataclass(frozen=True, slots=True)
class DecidedRecord:
    """A record of the import that has a final decision."""

    record_code: str
    title: str
    where: str
    words: str


@dataclass(frozen=True, slots=True)
class InProgress:
    """How many items of an import are in progress somewhere: 38 at "Full text"."""

    n: int
    where: str


@dataclass(frozen=True, slots=True)
class ImportDependencies:
    """What depends on an import; ``decided`` lists the first ``SHOWN`` decisions."""

    decided_total: int = 0
    decided: tuple[DecidedRecord, ...] = ()
    dealt: tuple[InProgress, ...] = ()


Provider = Callable[[Member, Import], ImportDependencies]
_providers: list[Provider] = []


def add(provider: Provider) -> None:
    """Register a provider of import dependencies (call it from ``AppConfig.ready``).

    It must follow the blinding rule: a member who undoes an import learns of no vote.
    """
    _providers.append(provider)


def of(viewer: Member, batch: Import) -> ImportDependencies:
    """Return what all apps report about the import."""
    found = [provider(viewer, batch) for provider in _providers]
    decided = [line for one in found for line in one.decided]
    return ImportDependencies(
        decided_total=sum(one.decided_total for one in found),
        decided=tuple(decided[:SHOWN]),
        dealt=tuple(line for one in found for line in one.dealt if line.n),
    )
