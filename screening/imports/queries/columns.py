"""Columns of an imported table and the team's column templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast

from reviewapp.core.models import Member
from screening.citations.reading.reading_options import ReadingOptions
from screening.citations.reading.reading_report import UnreadableFile
from screening.citations.reading.tables.columns import IGNORE
from screening.citations.reading.tables.table_preview import read_table_header
from screening.imports.models import ColumnTemplate
from screening.records.models import Import

SAMPLES = 3
SAMPLE_LETTERS = 80


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A column template: header → field, in the order of its table."""

    code: str
    name: str
    columns: tuple[tuple[str, str], ...]
    created_at: datetime
    created_by: str

    def fits(self, headers: Sequence[str]) -> bool:
        """Return True if a table has exactly these columns."""
        return [header for header, _ in self.columns] == list(headers)

    def overlap(self, headers: Sequence[str]) -> int:
        """Return how many of the table's columns the template has."""
        return len({header for header, _ in self.columns} & set(headers))


@dataclass(frozen=True, slots=True)
class TableView:
    """The head of a table: columns, sample values and detected fields."""

    headers: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    found: dict[str, str]


@dataclass(frozen=True, slots=True)
class OfferedMapping:
    """The mapping to start with, its template, and other suitable templates."""

    fields: tuple[str, ...]
    used: TemplateView | None
    templates: tuple[TemplateView, ...]


def import_table(batch: Import, *, encoding: str | None = None) -> TableView | None:
    """Return the columns of the import's file, or None if it is not a table.

    ``encoding`` is used instead of the one stored with the import.
    """
    chosen = batch.options.get("encoding", "") if encoding is None else encoding
    try:
        with batch.file.open("rb") as stream:
            table = read_table_header(
                cast(BinaryIO, stream),
                name=batch.file_name,
                options=ReadingOptions(encoding=chosen),
            )
    except UnreadableFile:
        return None
    if table is None:
        return None
    return TableView(
        headers=tuple(table.headers),
        samples=tuple(
            _samples(table.rows, column) for column in range(len(table.headers))
        ),
        found=dict(table.found),
    )


def _samples(rows: Sequence[Sequence[str]], column: int) -> tuple[str, ...]:
    cells = (row[column].strip() for row in rows if column < len(row))
    return tuple(cell[:SAMPLE_LETTERS] for cell in cells if cell)[:SAMPLES]


def offer_mapping(
    viewer: Member, batch: Import, table: TableView | None, *, chosen: str = ""
) -> OfferedMapping:
    """Return the mapping that the page starts with; nothing is stored yet.

    Takes the template ``chosen``; else the stored mapping; else a template with exactly
    these columns; else the fields that the headers suggest.
    """
    if table is None:
        return OfferedMapping((), None, ())
    kept = list_templates(viewer)
    used = next((one for one in kept if one.code == chosen), None)
    said: dict[str, str] = dict(batch.options.get("columns", ()))
    if used is None and not said:
        used = next((one for one in kept if one.fits(table.headers)), None)
    fields = dict(used.columns) if used else said or table.found
    return OfferedMapping(
        fields=tuple(fields.get(header, IGNORE) for header in table.headers),
        used=used,
        templates=tuple(one for one in kept if one.overlap(table.headers)),
    )


def list_templates(viewer: Member) -> list[TemplateView]:
    """Return the review's templates by name."""
    rows = ColumnTemplate.objects.filter(review=viewer.review_id)
    return [_view(row) for row in rows.select_related("created_by").order_by("name")]


def find_template(viewer: Member, code: str) -> ColumnTemplate | None:
    """Return the template with this code in the viewer's review, or None."""
    return ColumnTemplate.objects.filter(review=viewer.review_id, code=code).first()


def _view(row: ColumnTemplate) -> TemplateView:
    return TemplateView(
        code=row.code,
        name=row.name,
        columns=tuple((header, field) for header, field in row.columns),
        created_at=row.created_at,
        created_by=row.created_by.name,
    )
