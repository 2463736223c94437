"""Decisions and assignments that depend on an import, as higher apps report them.

Public facts only: final decisions, and how many records are assigned.
"""

from __future__ import annotations

from dataclasses import dataclass

from reviewapp.core.models import Member
from screening.imports import hooks
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
    """A number of items of an import that are in progress: 38 at "Full text"."""

    n: int
    where: str


@dataclass(frozen=True, slots=True)
class ImportDependencies:
    """Everything that depends on an import; ``decided`` lists the first ``SHOWN`` decisions."""

    decided_total: int = 0
    decided: tuple[DecidedRecord, ...] = ()
    dealt: tuple[InProgress, ...] = ()


def dependencies_of_import(viewer: Member, batch: Import) -> ImportDependencies:
    """Return what all apps report about the import."""
    found = hooks.import_dependencies.call(viewer, batch)
    decided = [line for one in found for line in one.decided]
    return ImportDependencies(
        decided_total=sum(one.decided_total for one in found),
        decided=tuple(decided[:SHOWN]),
        dealt=tuple(line for one in found for line in one.dealt if line.n),
    )
