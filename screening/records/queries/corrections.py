"""Corrections of records: the values that apply, and who gave them."""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from screening.records.models import Correction, Record
from screening.records.rules.best_fields import FIELDS
from screening.records.rules.correctable import stored_text, value_of


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A correction with the value that the source printed."""

    code: str
    field: str
    label: str
    value: str
    original: str
    origin: str
    by: str
    at: datetime
    is_active: bool
    undone_by: str
    undone_at: datetime | None


def apply_corrections(records: Collection[Record]) -> dict[int, frozenset[str]]:
    """Set the corrected values on records that are to be shown; one query.

    Return the corrected fields by primary key. The rows are never saved: the database
    refuses it.
    """
    by_pk: dict[int, list[Record]] = {}
    for record in records:
        by_pk.setdefault(record.pk, []).append(record)
    changed: dict[int, frozenset[str]] = {}
    for pk, values in corrected_values(by_pk).items():
        for record in by_pk[pk]:
            left_out = record.get_deferred_fields()
            for name, value in values.items():
                if name not in left_out:
                    setattr(record, name, value)
        changed[pk] = frozenset(values)
    return changed


def corrected_values(pks: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return the corrected values by primary key and field; one query."""
    found: dict[int, dict[str, Any]] = {}
    rows = Correction.objects.filter(record__in=pks, undone_at=None)
    for pk, field, value in rows.values_list("record", "field", "value"):
        found.setdefault(pk, {})[field] = value_of(field, value)
    return found


def corrections_of(record: Record) -> tuple[CorrectionView, ...]:
    """Return all corrections of a record, newest first; one query.

    ``record`` must have the values of its source.
    """
    rows = (
        Correction.objects.filter(record=record)
        .select_related("created_by", "undone_by")
        .order_by("-pk")
    )
    return tuple(
        CorrectionView(
            code=row.code,
            field=row.field,
            label=_(FIELDS[row.field]),
            value=row.value,
            original=stored_text(getattr(record, row.field)),
            origin=row.origin,
            by=row.created_by.name,
            at=row.created_at,
            is_active=row.undone_at is None,
            undone_by=row.undone_by.name if row.undone_by else "",
            undone_at=row.undone_at,
        )
        for row in rows
    )


def corrected_record(record: Record) -> Record:
    """Return a copy of a record with the corrected values, to be shown only."""
    shown = copy(record)
    apply_corrections([shown])
    return shown


def correction_times(pks: Collection[int]) -> dict[int, list[tuple[str, datetime]]]:
    """Return when fields of records were corrected or put back; one query."""
    found: dict[int, list[tuple[str, datetime]]] = {}
    rows = Correction.objects.filter(record__in=pks).order_by("pk")
    for pk, field, made, undone in rows.values_list(
        "record", "field", "created_at", "undone_at"
    ):
        found.setdefault(pk, []).append((field, undone or made))
    return found
