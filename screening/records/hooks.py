"""Hooks of this app (reviewapp/core/hooks.py)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from reviewapp.core.hooks import hook

if TYPE_CHECKING:
    from reviewapp.core.models import Member, Review
    from screening.records.models import Record
    from screening.records.queries.records import HistoryLine
    from screening.records.queries.related import Related


@hook("records:changed")
def records_changed(*, review: Review, actor: Member, now: datetime) -> None:
    """Records were imported, added, deduplicated or separated.

    There may be more unique records than before. Merges alone do not call this hook.
    """


@hook("records:status")
def record_status(viewer: Member, pks: Collection[int]) -> Mapping[int, str]:
    """Return the screening status of records by primary key.

    A status reads, for example, "excluded at Title and abstract (2 January 2026)".
    Records without a final decision are left out: providers return public facts only.
    """
    raise NotImplementedError


@hook("records:decided")
def decided_records(pks: Collection[int]) -> Mapping[int, int]:
    """Return how far records came by final decisions, for those that have one.

    A merge keeps the record with the highest sum over all providers. Providers read
    public facts only. They return positive numbers: the later the last decided stage
    the higher, at one stage an inclusion above an exclusion.
    """
    raise NotImplementedError


@hook("records:history")
def record_history(viewer: Member, record_code: str) -> Sequence[HistoryLine]:
    """Return the lines of an app in a record's history.

    Providers must follow the blinding rule.
    """
    raise NotImplementedError


@hook("records:related")
def related_records(viewer: Member, record: Record) -> Sequence[Related]:
    """Return records that are related to ``record`` but not its duplicates."""
    raise NotImplementedError
