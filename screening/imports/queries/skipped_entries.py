"""Skipped entries of an import."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from screening.citations.citation import Citation
from screening.citations.reading.guessing import guess_citation
from screening.duplicates.queries.matches import DuplicateMatch, matches_for_viewer
from screening.imports.models import SkippedEntry
from screening.records.models import Import

PAGE = 50
RAW_SHOWN = 300


@dataclass(frozen=True, slots=True)
class EntryView:
    """A skipped entry; ``record_code`` and ``by`` say its result and who handled it."""

    code: str
    position: int
    line: int
    archive_path: str
    reason: str
    raw: str
    state: str
    state_words: str
    record_code: str
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class EntriesPage:
    """A page of an import's skipped entries, with the count of each status.

    ``unlisted`` counts entries beyond those stored one by one; the report has them.
    """

    entries: tuple[EntryView, ...]
    waiting: int
    mended: int
    dropped: int
    unlisted: int
    next: str

    @property
    def total(self) -> int:
        """Return the number of entries that can be opened."""
        return self.waiting + self.mended + self.dropped


@dataclass(frozen=True, slots=True)
class EntryStatus:
    """The status of a skipped entry that a member handled."""

    state: str
    record_code: str
    by: str
    at: datetime

    @property
    def words(self) -> str:
        """ "fixed by Lena: record abc"."""
        if self.record_code:
            return _("fixed by {name}: record {record}").format(
                name=self.by, record=self.record_code
            )
        return _("marked as not a record by {name}").format(name=self.by)

    def as_json(self) -> dict[str, str]:
        """Return the status as JSON values."""
        return {
            "state": self.state,
            "record": self.record_code,
            "by": self.by,
            "at": self.at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class OpenEntries:
    """Entries that need to be fixed: their number, and the import of the first."""

    n: int
    import_code: str


def find_entry(viewer: Member, batch_code: str, code: str) -> SkippedEntry | None:
    """Return the entry of an import in the viewer's review, or None."""
    return (
        SkippedEntry.objects.select_related("batch__source", "record", "answered_by")
        .defer("batch__report")
        .filter(batch__review=viewer.review_id, batch__code=batch_code, code=code)
        .first()
    )


def entries_page(
    viewer: Member, batch: Import, *, state: str = "", after: str = ""
) -> EntriesPage:
    """Return entries in file order, after the entry with the code ``after``."""
    every = SkippedEntry.objects.filter(batch=batch, batch__review=viewer.review_id)
    rows_by_state = every.order_by().values_list("state").annotate(n=Count("pk"))
    states = dict(rows_by_state.values_list("state", "n"))
    wanted = every.order_by("position")
    if state in SkippedEntry.State.values:
        wanted = wanted.filter(state=state)
    mark = every.filter(code=after).values_list("position", flat=True).first()
    if mark is not None:
        wanted = wanted.filter(position__gt=mark)
    rows = list(wanted.select_related("record", "answered_by")[: PAGE + 1])
    entries = tuple(entry_view(row, shown=RAW_SHOWN) for row in rows[:PAGE])
    open_, mended, dropped = (states.get(s, 0) for s in SkippedEntry.State.values)
    return EntriesPage(
        entries=entries,
        waiting=open_,
        mended=mended,
        dropped=dropped,
        unlisted=max(0, batch.skipped - open_ - dropped),
        next=entries[-1].code if len(rows) > PAGE else "",
    )


def next_open_entry(viewer: Member, batch: Import, position: int) -> str:
    """Return the code of the next open entry, wrapping at the end; "" if none."""
    waiting = SkippedEntry.objects.filter(
        batch=batch, batch__review=viewer.review_id, state=SkippedEntry.State.OPEN
    ).order_by("position")
    found = waiting.filter(position__gt=position).first() or waiting.first()
    return found.code if found else ""


def open_entries(viewer: Member) -> OpenEntries | None:
    """Return the open entries of committed imports, or None if there are none."""
    rows = SkippedEntry.objects.filter(
        batch__review=viewer.review_id,
        batch__state=Import.State.COMMITTED,
        state=SkippedEntry.State.OPEN,
    )
    first = rows.order_by("batch", "position").values_list("batch__code", flat=True)
    code = first.first()
    return OpenEntries(rows.count(), code) if code else None


def handled_entries(viewer: Member, batch: Import) -> dict[int, EntryStatus]:
    """Return the status of handled entries by their position among the skipped ones."""
    rows = SkippedEntry.objects.filter(
        batch=batch, batch__review=viewer.review_id, answered_at__isnull=False
    ).values_list(
        "position", "state", "record__code", "answered_by__name", "answered_at"
    )
    return {
        position: EntryStatus(state, record or "", by or "", at)
        for position, state, record, by, at in rows
        if at
    }


def guess_fields(entry: EntryView) -> Citation:
    """Return the fields that can be recognised in the entry."""
    return guess_citation(entry.raw)


def entry_matches(
    viewer: Member, entry: SkippedEntry, citation: Citation
) -> tuple[DuplicateMatch, ...]:
    """Return the records that an open entry may duplicate."""
    is_open = entry.state == SkippedEntry.State.OPEN
    return matches_for_viewer(viewer, citation) if is_open else ()


def entry_view(row: SkippedEntry, *, shown: int | None = None) -> EntryView:
    """Return an entry as a value; ``shown`` limits the length of its text."""
    return EntryView(
        code=row.code,
        position=row.position,
        line=row.line,
        archive_path=row.archive_path,
        reason=row.reason,
        raw=row.raw[:shown],
        state=row.state,
        state_words=row.get_state_display(),
        record_code=row.record.code if row.record else "",
        by=row.answered_by.name if row.answered_by else "",
        at=row.answered_at,
    )
