"""The list behind a box, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reviewapp.core.filters import require_known
from reviewapp.core.models import Member
from screening.flow.queries import lists
from screening.flow.rules.boxes import BY_KEY
from screening.records.queries import merged_fields
from screening.records.queries.records import RecordView

PAGE = 100


@dataclass(frozen=True, slots=True)
class BoxRow:
    """One record, report or study of a box."""

    code: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    source: str
    unit: str


def box_page(
    viewer: Member, key: str, *, part: str = "", after: str = "", size: int = PAGE
) -> tuple[list[BoxRow], str, int]:
    """Return a page of a box's list, the next cursor ("" at the end), and its length.

    Raises ``KeyError`` for an unknown box, ``UnknownFilter`` for an unknown part.
    """
    require_known("part", part, not part or lists.has_part(viewer.review, key, part))
    unit = BY_KEY[key].unit
    found = lists.box_rows(viewer.review, key, part)
    total = found.count()
    found = found.order_by("pk")
    if unit == "record":
        found = found.select_related("source")
    elif unit == "report":
        found = found.select_related("record__source")
    if after:
        last = found.model.objects.filter(code=after, review=viewer.review_id)
        found = found.filter(pk__gt=last.values("pk")[:1])
    made = _rows(list(found[: size + 1]), unit)
    return made[:size], made[size - 1].code if len(made) > size else "", total


def _rows(items: list[Any], unit: str) -> list[BoxRow]:
    """Return the rows of a page; fields are merged from all duplicates."""
    if unit == "study":
        return [BoxRow(item.code, item.label, (), None, "", unit) for item in items]
    records = [item if unit == "record" else item.record for item in items]
    shown = merged_fields.displayed_records(records)
    return [
        _row(item.code, shown[record.pk], unit)
        for item, record in zip(items, records, strict=True)
    ]


def _row(code: str, record: RecordView, unit: str) -> BoxRow:
    return BoxRow(
        code=code,
        title=record.title,
        authors=record.authors,
        year=record.year,
        source=record.source_name,
        unit=unit,
    )
