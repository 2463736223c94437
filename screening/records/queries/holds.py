"""What hangs on the records of an import, as higher apps tell it.

Only what is public: settled outcomes, and how many records are dealt to somebody.
Whether anybody has judged them is told by nobody (docs/blinding.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reviewapp.core.models import Member
from screening.records.models import Import

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Decided:
    """A record about which something is decided for all to see."""

    record_code: str
    title: str
    where: str
    words: str


@dataclass(frozen=True, slots=True)
class Dealt:
    """How many things of an import are under way somewhere: "38" "at Full text"."""

    n: int
    where: str


@dataclass(frozen=True, slots=True)
class Holds:
    """``decided_total`` things keep the import; the first ``SHOWN`` are listed."""

    decided_total: int = 0
    decided: tuple[Decided, ...] = ()
    dealt: tuple[Dealt, ...] = ()


Provider = Callable[[Member, Import], Holds]
_providers: list[Provider] = []


def add(provider: Provider) -> None:
    """Let a higher app tell what hangs on an import (from ``AppConfig.ready``).

    It must follow the one blinding rule: whoever undoes an import learns of no vote.
    """
    _providers.append(provider)


def of(viewer: Member, batch: Import) -> Holds:
    """What all apps say about the import."""
    found = [provider(viewer, batch) for provider in _providers]
    decided = [line for one in found for line in one.decided]
    return Holds(
        decided_total=sum(one.decided_total for one in found),
        decided=tuple(decided[:SHOWN]),
        dealt=tuple(line for one in found for line in one.dealt if line.n),
    )
