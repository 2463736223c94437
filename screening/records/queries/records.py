"""Records: one in detail, lists by page, and the history of a record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from reviewapp.core import filters as core_filters
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, can
from screening.records import hooks
from screening.records.models import Duplicate, Import, Record, Source
from screening.records.queries import merged_fields, stored_counts, titles
from screening.records.queries.corrections import (
    CorrectionView,
    apply_corrections,
    corrections_of,
)
from screening.records.queries.flags import with_listed_flags
from screening.records.queries.record_views import RecordView as RecordView
from screening.records.queries.record_views import record_view as record_view

PAGE = 50


@dataclass(frozen=True, slots=True)
class ClusterRecord:
    """Another record of the cluster, with the code of a direct merge or ""."""

    record: RecordView
    edge_code: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An event in the history of a record; ``url`` may be empty."""

    at: datetime
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class RecordDetail:
    """A record with its raw text, place in its file and cluster.

    ``raw`` is empty if it contains another tool's decisions and the viewer does not
    import. ``is_undone``: its import is undone.
    """

    record: RecordView
    raw: str
    line: int
    archive_path: str
    import_code: str
    import_name: str
    added_at: datetime
    added_by: str
    counts: bool
    is_undone: bool
    kept: RecordView | None
    edge_code: str
    copies: tuple[ClusterRecord, ...]
    corrections: tuple[CorrectionView, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A record in a list; ``kept_code`` is the code of its kept record, or ""."""

    record: RecordView
    kept_code: str

    @property
    def is_duplicate(self) -> bool:
        """Return True if it is a duplicate."""
        return bool(self.kept_code)


@dataclass(frozen=True, slots=True)
class RecordFilters:
    """Filters of a list of records; empty means all. Unknown codes match nothing."""

    q: str = ""
    source: str = ""
    batch: str = ""
    arm: str = ""
    status: str = ""  # "unique" or "duplicate"


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A page of a list; ``total`` is the length of the whole list."""

    lines: tuple[RecordLine, ...]
    total: int
    previous: str
    next: str


def find_record(viewer: Member, code: str) -> Record | None:
    """Return the record with this code in the viewer's review, or None."""
    return (
        Record.objects.select_related("source")
        .filter(review=viewer.review_id, code=code)
        .first()
    )


def record_detail(viewer: Member, code: str) -> RecordDetail | None:
    """Return a record of the viewer's review with its cluster, or None."""
    record = (
        Record.objects.select_related("source", "batch", "added_by")
        .defer("batch__report")
        .filter(review=viewer.review_id, code=code)
        .first()
    )
    if record is None:
        return None
    up = Duplicate.objects.filter(record=record, undone_at=None).first()
    cluster = _cluster(record)
    batch = record.batch
    corrections = corrections_of(record)
    if corrections:
        apply_corrections([record])
    return RecordDetail(
        record=with_listed_flags({0: record_view(record)})[0],
        raw="" if record.prior and not can(viewer, Action.IMPORT) else record.raw,
        line=record.line,
        archive_path=record.archive_path,
        import_code=batch.code if batch else "",
        import_name=batch.file_name if batch else "",
        added_at=record.added_at,
        added_by=record.added_by.name,
        counts=batch is None or batch.state == batch.State.COMMITTED,
        is_undone=batch is not None and batch.state == batch.State.UNDONE,
        kept=next((c.record for c in cluster if c.is_kept), None),
        edge_code=up.code if up else "",
        copies=tuple(c for c in cluster if not c.is_kept),
        corrections=corrections,
    )


def _cluster(record: Record) -> list[ClusterRecord]:
    """Return the other records of the cluster; the kept one is marked."""
    root = record.pk
    while up := Duplicate.objects.filter(record=root, undone_at=None).first():
        root = up.of_id
    edges: dict[int, str] = {root: ""}
    level = [root]
    while level:
        below = Duplicate.objects.filter(of__in=level, undone_at=None)
        found = list(below.values_list("record_id", "code"))
        edges.update(found)
        level = [pk for pk, _code in found]
    others = (
        Record.objects.filter(pk__in=edges)
        .exclude(pk=record.pk)
        .select_related("source")
        .defer("raw")
        .order_by("pk")
    )
    return [
        ClusterRecord(record_view(other), edges[other.pk], other.pk == root)
        for other in others
    ]


def record_history(viewer: Member, code: str) -> list[HistoryLine]:
    """Return the record's history from all apps, oldest first."""
    found = hooks.record_history.call(viewer, code)
    lines = [line for some in found for line in some]
    return sorted([*_own_history(viewer, code), *lines], key=lambda line: line.at)


def require_known(viewer: Member, filters: RecordFilters) -> None:
    """Raise ``UnknownFilter`` for a source or an import that the review does not have."""
    sources = Source.objects.filter(review=viewer.review_id, code=filters.source)
    imports = Import.objects.filter(review=viewer.review_id, code=filters.batch)
    if filters.source:
        core_filters.require_known("source", filters.source, sources.exists())
    if filters.batch:
        core_filters.require_known("import", filters.batch, imports.exists())


def records_page(
    viewer: Member, filters: RecordFilters, *, after: str = "", before: str = ""
) -> RecordPage:
    """Return one page of the records that count, in the order they were added.

    ``after`` and ``before`` are codes of records: the page starts after, or ends
    before, that record.
    """
    found = _filtered(viewer, filters)
    mark = Record.objects.filter(
        review=viewer.review_id, code=before or after
    ).values_list("pk", flat=True)[:1]
    place = next(iter(mark), None)
    if before and place is not None:
        rows = list(found.filter(pk__lt=place).order_by("-pk")[: PAGE + 1])
        has_more, rows = len(rows) > PAGE, rows[:PAGE][::-1]
        has_previous, has_next = has_more, True
    else:
        later = found if place is None else found.filter(pk__gt=place)
        rows = list(later.order_by("pk")[: PAGE + 1])
        has_next, rows = len(rows) > PAGE, rows[:PAGE]
        has_previous = place is not None
    kept = _kept_codes(rows)
    shown = merged_fields.displayed_records(rows)
    return RecordPage(
        lines=tuple(RecordLine(shown[r.pk], kept.get(r.pk, "")) for r in rows),
        total=_total(viewer, filters, found),
        previous=rows[0].code if rows and has_previous else "",
        next=rows[-1].code if rows and has_next else "",
    )


def _total(viewer: Member, filters: RecordFilters, found: QuerySet[Record]) -> int:
    """Return the length of the list: from stored counts, or counted for a search."""
    if filters.q:
        return found.count()
    total = sum(
        (
            counts
            for one, counts in stored_counts.counted_imports(viewer.review_id).items()
            if filters.source in {"", one.source}
            and filters.batch in {"", one.batch}
            and filters.arm in {"", one.arm}
        ),
        stored_counts.NONE,
    )
    if filters.status == "duplicate":
        return total.duplicates
    return total.unique if filters.status == "unique" else total.records


def _filtered(viewer: Member, filters: RecordFilters) -> QuerySet[Record]:
    found = (
        Record.objects.identified()
        .filter(review=viewer.review_id)
        .select_related("source")
        .defer("raw", "abstract", "notes", "keywords")
    )
    if filters.source:
        found = found.filter(source__code=filters.source)
    if filters.batch:
        found = found.filter(batch__code=filters.batch)
    if filters.arm:
        found = found.filter(arm=filters.arm)
    words = filters.q.split()[:10]
    column = titles.title_column(viewer.review_id) if words else ""
    for word in words:
        # The trigram index serves case-insensitive regular expressions.
        found = found.filter(**{f"{column}__iregex": re.escape(word)})
    if filters.status in {"unique", "duplicate"}:
        repeats = Exists(
            Duplicate.objects.filter(record=OuterRef("pk"), undone_at=None)
        )
        found = found.filter(repeats if filters.status == "duplicate" else ~repeats)
    return found


def _kept_codes(rows: Sequence[Record]) -> dict[int, str]:
    edges = Duplicate.objects.filter(record__in=rows, undone_at=None)
    return dict(edges.values_list("record_id", "of__code"))


def _own_history(viewer: Member, code: str) -> list[HistoryLine]:
    """Return how the record was added, and its merges."""
    record = (
        Record.objects.select_related("source", "batch", "added_by")
        .filter(review=viewer.review_id, code=code)
        .defer("raw", "abstract", "batch__report")
        .first()
    )
    if record is None:
        return []
    edges = Duplicate.objects.filter(record=record).select_related(
        "of__source", "created_by", "undone_by", "aside_for", "stands_in_for"
    )
    merges = [line for edge in edges for line in _edge_history(viewer, edge)]
    return [HistoryLine(record.added_at, _came(record)), *merges]


def _came(record: Record) -> str:
    source, by = record.source.name, record.added_by.name
    if record.batch is None:
        return _("Added manually to {source} by {name}").format(source=source, name=by)
    if record.batch.skipped_entries.filter(record=record).exists():
        return _(
            "Fixed by {name} from line {line} of {file} and imported into {source}"
        ).format(name=by, line=record.line, file=record.batch.file_name, source=source)
    return _("Imported into {source} from {file}").format(
        source=source, file=record.batch.file_name
    )


def _edge_history(viewer: Member, edge: Duplicate) -> list[HistoryLine]:
    who = _("System") if edge.how == edge.How.CERTAIN else edge.created_by.name
    url = reverse("records:record", args=[viewer.review.code, edge.of.code])
    name = edge.of.source.name
    text = _("Marked as a duplicate of a record from {source} by {name}").format(
        source=name, name=who
    )
    lines = [HistoryLine(edge.created_at, text, url)]
    if edge.undone_at and edge.undone_by:
        text = _separated(edge, edge.undone_by.name)
        lines.append(HistoryLine(edge.undone_at, text, url))
    return lines


def _separated(edge: Duplicate, by: str) -> str:
    source = edge.of.source.name
    if edge.aside_for:
        return _(
            "Separated from the record from {source} while the import of {file} is "
            "undone"
        ).format(source=source, file=edge.aside_for.file_name)
    if edge.stands_in_for:
        return _(
            "Separated from the record from {source} because the import of {file} was "
            "restored"
        ).format(source=source, file=edge.stands_in_for.file_name)
    return _("Separated from the record from {source} by {name}").format(
        source=source, name=by
    )
