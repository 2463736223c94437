"""Duplicates: overview counts, merges and possible duplicates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviewapp.core.models import Job, Member
from reviewapp.core.queries.jobs import JobView
from reviewapp.core.queries.jobs import job_view as job_view
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.queries.runs import FIND_JOB
from screening.duplicates.rules.text_diff import diff_words
from screening.records.models import Duplicate, Import
from screening.records.queries import status_providers, stored_counts
from screening.records.queries.records import RecordView, record_view

PAGE = 50
COMPARED = (
    ("title", gettext_lazy("Title")), ("authors", gettext_lazy("Authors")),
    ("year", gettext_lazy("Year")), ("journal", gettext_lazy("Journal")),
    ("volume", gettext_lazy("Volume")), ("issue", gettext_lazy("Issue")),
    ("pages", gettext_lazy("Pages")), ("doi", gettext_lazy("DOI")),
    ("pmid", gettext_lazy("PMID")), ("type", gettext_lazy("Type")),
    ("language", gettext_lazy("Language")), ("abstract", gettext_lazy("Abstract")),
)  # fmt: skip

DiffSide = Literal["same", "only_a", "only_b"]


@dataclass(frozen=True, slots=True)
class DuplicatesOverview:
    """The counts of the Duplicates page; each is the length of a list."""

    records: int
    unique: int
    certain: int
    by_person: int
    open_pairs: int
    decided: int
    uncompared: int
    job: JobView | None
    last_run_at: datetime | None

    @property
    def merges(self) -> int:
        """Return the number of active merges."""
        return self.certain + self.by_person

    @property
    def is_running(self) -> bool:
        """Return True if a run is queued or running."""
        return self.job is not None and not self.job.is_over


@dataclass(frozen=True, slots=True)
class MergeView:
    """An active merge: ``record`` is a duplicate of ``of``.

    ``status`` is the screening status of ``of`` if it has a final decision, else "".
    """

    code: str
    record: RecordView
    of: RecordView
    is_certain: bool
    by: str
    reasons: tuple[str, ...]
    created_at: datetime
    status: str = ""


@dataclass(frozen=True, slots=True)
class MergePage:
    """A page of merges, newest first."""

    merges: tuple[MergeView, ...]
    total: int
    next: str


@dataclass(frozen=True, slots=True)
class ComparedField:
    """A field of two records, with the words that differ marked on each side."""

    name: str
    label: str
    differs: bool
    left: tuple[tuple[DiffSide, str], ...]
    right: tuple[tuple[DiffSide, str], ...]


@dataclass(frozen=True, slots=True)
class PairView:
    """A possible duplicate: two records with the evidence for and against a match."""

    code: str
    first: RecordView
    second: RecordView
    fields: tuple[ComparedField, ...]
    score: float
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]
    answer: str
    answer_words: str
    answered_by: str
    answered_at: datetime | None


def find_pair(viewer: Member, code: str) -> PossibleDuplicate | None:
    """Return the pair with this code in the viewer's review, or None."""
    return PossibleDuplicate.objects.filter(review=viewer.review_id, code=code).first()


def duplicates_overview(viewer: Member) -> DuplicatesOverview:
    """Return the duplicate counts and the latest run, in a fixed number of queries."""
    # Read the jobs first: a run that ends in between still counts as running, so that
    # older counts are not shown as its result.
    jobs = Job.objects.filter(review=viewer.review_id, kind=FIND_JOB).order_by("-pk")
    latest = jobs.first()
    done = last_run(viewer.review_id)
    counts = stored_counts.all_counts(viewer.review_id)
    by_person = (
        _standing(viewer)
        .filter(
            Q(record__batch=None) | Q(record__batch__state=Import.State.COMMITTED),
            how=Duplicate.How.PERSON,
        )
        .count()
    )
    return DuplicatesOverview(
        records=counts.records,
        unique=counts.unique,
        certain=counts.duplicates - by_person,
        by_person=by_person,
        open_pairs=_open(viewer).count(),
        decided=_decided(viewer).count(),
        uncompared=_uncompared(viewer, done),
        job=job_view(latest) if latest else None,
        last_run_at=done.finished_at if done else None,
    )


def last_run(review_id: int) -> Job | None:
    """Return the run that finished last; its result names the imports it compared."""
    done = Job.objects.filter(review=review_id, kind=FIND_JOB, state=Job.State.DONE)
    return done.order_by("-finished_at", "-pk").first()


def count_open_pairs(viewer: Member) -> int:
    """Return how many pairs need a decision."""
    return _open(viewer).count()


def open_pairs(viewer: Member) -> QuerySet[PossibleDuplicate]:
    """Return the pairs that need a decision, as a query set for other queries."""
    return _open(viewer)


def count_uncompared(viewer: Member) -> int:
    """Return how many imported records are not compared yet; 0 during a run."""
    jobs = Job.objects.filter(review=viewer.review_id, kind=FIND_JOB)
    if jobs.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]).exists():
        return 0
    return _uncompared(viewer, last_run(viewer.review_id))


def merges_page(viewer: Member, *, how: str = "", after: str = "") -> MergePage:
    """Return active merges, newest first; ``how`` is "certain", "person" or ""."""
    found = _standing(viewer).order_by("-pk")
    if how in Duplicate.How.values:
        found = found.filter(how=how)
    total = found.count()
    mark = Duplicate.objects.filter(review=viewer.review_id, code=after).first()
    if mark:
        found = found.filter(pk__lt=mark.pk)
    rows = list(
        found.select_related("record__source", "of__source", "created_by").defer(
            "record__raw", "record__abstract", "of__raw", "of__abstract"
        )[: PAGE + 1]
    )
    known = status_providers.status_of_records(
        viewer, {edge.of_id for edge in rows[:PAGE]}
    )
    views = tuple(_merge_view(edge, known.get(edge.of_id, "")) for edge in rows[:PAGE])
    return MergePage(views, total, views[-1].code if len(rows) > PAGE else "")


def merge_detail(viewer: Member, code: str) -> MergeView | None:
    """Return one active merge, or None if it does not exist or was undone."""
    edge = (
        _standing(viewer)
        .filter(code=code)
        .select_related("record__source", "of__source", "created_by")
        .first()
    )
    return _merge_view(edge) if edge else None


def pair_detail(viewer: Member, code: str) -> PairView | None:
    """Return one pair side by side, or None."""
    found = _pairs(viewer).filter(code=code).first()
    return _pair_view(found) if found else None


def next_pair(viewer: Member, *, after: str = "") -> str:
    """Return the code of the next open pair, most similar first; "" if there is none.

    ``after`` is the pair that was decided or left for later. After the last pair, those
    left for later follow.
    """
    waiting = _open(viewer).order_by("-score", "id")
    mark = find_pair(viewer, after) if after else None
    if mark:
        beyond = waiting.filter(
            Q(score__lt=mark.score) | Q(score=mark.score, pk__gt=mark.pk)
        ).first()
        if beyond:
            return beyond.code
        waiting = waiting.exclude(pk=mark.pk)
    first = waiting.first()
    return first.code if first else ""


def decided_pairs(viewer: Member, *, limit: int = 200) -> list[PairView]:
    """Return the pairs that members decided, newest first, without word differences."""
    rows = _decided(viewer).select_related(
        "first__source", "second__source", "answered_by"
    )
    return [_pair_view(row, compare=False) for row in rows[:limit]]


def _standing(viewer: Member) -> QuerySet[Duplicate]:
    return Duplicate.objects.filter(review=viewer.review_id, undone_at=None)


def _open(viewer: Member) -> QuerySet[PossibleDuplicate]:
    """Return the open pairs, without those that have a record of an undone import."""
    undone = Import.State.UNDONE
    return (
        PossibleDuplicate.objects.filter(
            review=viewer.review_id, answer=PossibleDuplicate.Answer.OPEN
        )
        .exclude(first__batch__state=undone)
        .exclude(second__batch__state=undone)
    )


def _pairs(viewer: Member) -> QuerySet[PossibleDuplicate]:
    return (
        PossibleDuplicate.objects.filter(review=viewer.review_id)
        .select_related("first__source", "second__source", "answered_by")
        .defer("first__raw", "second__raw")
    )


def _decided(viewer: Member) -> QuerySet[PossibleDuplicate]:
    """Return the pairs that members decided, without those closed automatically."""
    return (
        _pairs(viewer).filter(answered_by__isnull=False).order_by("-answered_at", "-pk")
    )


def _uncompared(viewer: Member, done: Job | None) -> int:
    seen = done.result.get("batches", []) if done else []
    added = (
        Import.objects.filter(review=viewer.review_id, state=Import.State.COMMITTED)
        .exclude(code__in=seen)
        .aggregate(n=Sum("kept"))["n"]
    )
    return int(added or 0)


def _merge_view(edge: Duplicate, status: str = "") -> MergeView:
    certain = edge.how == Duplicate.How.CERTAIN
    return MergeView(
        code=edge.code,
        record=record_view(edge.record),
        of=record_view(edge.of),
        is_certain=certain,
        by=_("System") if certain else edge.created_by.name,
        reasons=tuple(_(reason) for reason in edge.reasons),
        created_at=edge.created_at,
        status=status,
    )


def _pair_view(row: PossibleDuplicate, *, compare: bool = True) -> PairView:
    first, second = record_view(row.first), record_view(row.second)
    return PairView(
        code=row.code,
        first=first,
        second=second,
        fields=tuple(compare_fields(first, second)) if compare else (),
        score=row.score,
        reasons_for=tuple(_(reason) for reason in row.reasons_for),
        reasons_against=tuple(_(reason) for reason in row.reasons_against),
        answer=row.answer,
        answer_words=row.get_answer_display(),
        answered_by=row.answered_by.name if row.answered_by else "",
        answered_at=row.answered_at,
    )


def compare_fields(first: RecordView, second: RecordView) -> list[ComparedField]:
    """Return the fields that at least one record has, with the words that differ."""
    rows = []
    for name, label in COMPARED:
        left, right = _text(first, name), _text(second, name)
        if not (left or right):
            continue
        words = diff_words(left, right)
        rows.append(
            ComparedField(
                name=name,
                label=str(label),
                differs=any(side != "same" for side, _ in words),
                left=tuple((s, w) for s, w in words if s != "only_b"),
                right=tuple((s, w) for s, w in words if s != "only_a"),
            )
        )
    return rows


def _text(record: RecordView, name: str) -> str:
    value = getattr(record, name)
    if isinstance(value, tuple):
        return "; ".join(value)
    if name == "type" and value:
        return _(value)
    return "" if value is None else str(value)
