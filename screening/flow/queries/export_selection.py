"""Records of an export: filters over final decisions and other public values.

Nothing here reads a round or a vote. Records without votes, with missing votes or in
conflict are all "not decided yet".
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from reviewapp.core import filters as core_filters
from reviewapp.core.models import Member, Review
from screening.decisions.models import Decision, Reason, Stage
from screening.decisions.queries import stage_items
from screening.decisions.queries.decisions import included_reports
from screening.records.models import Arm, Record, Source
from screening.records.models.record import RecordQuerySet
from screening.records.queries import merged_fields, sources
from screening.records.queries.records import RecordView
from screening.reports.models import NotSought, Report

PAGE = 100
CHUNK = 1000
ARMS = tuple(Arm.values)
# Message ids by key, which views translate.
OUTCOMES = {
    "included": gettext_noop("Included"),
    "excluded": gettext_noop("Excluded"),
    "undecided": gettext_noop("Not decided yet"),
    "not_retrieved": gettext_noop("Not retrieved"),
    "not_sought": gettext_noop("Not sent to retrieval"),
}
# Every choice of the filter: each of these, or several at once.
OUTCOME_FILTERS = {
    **OUTCOMES,
    "decided": gettext_noop("Included or excluded"),
}
DUPLICATES = {
    "": gettext_noop("Without duplicates"),
    "with": gettext_noop("With duplicates"),
    "only": gettext_noop("Only duplicates"),
}


@dataclass(frozen=True, slots=True)
class ExportFilters:
    """The filters of an export; "" selects all. ``require_known`` refuses others.

    `stage`, `source` and `reason` are codes, `outcome` is a key of `OUTCOME_FILTERS`, `arm` of
    `ARMS`, `duplicates` of `DUPLICATES`. Duplicates have no decision of their own: an
    outcome, a stage or a reason leaves them out. A stage without an outcome selects the
    records that reached it.
    """

    stage: str = ""
    outcome: str = ""
    reason: str = ""
    source: str = ""
    arm: str = ""
    duplicates: str = ""

    @property
    def as_query(self) -> dict[str, str]:
        """Return the filters that are set, for query strings."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """The values to choose from, as (code, name) pairs."""

    stages: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]


def filter_options(viewer: Member) -> FilterOptions:
    """Return the review's stages, reasons for exclusion and sources."""
    reasons = Reason.objects.filter(stage__review=viewer.review_id).order_by(
        "stage__position", "position", "pk"
    )
    return FilterOptions(
        stages=tuple(
            Stage.objects.filter(review=viewer.review_id)
            .order_by("position")
            .values_list("code", "name")
        ),
        reasons=tuple(
            (code, _("{reason} ({stage})").format(reason=text, stage=stage))
            for code, text, stage in reasons.values_list("code", "text", "stage__name")
        ),
        sources=tuple(sources.source_options(viewer)),
    )


def require_known(review: Review, filters: ExportFilters) -> None:
    """Raise ``UnknownFilter`` for a value that the review does not have."""
    known: dict[str, Container[str]] = {
        "outcome": OUTCOME_FILTERS,
        "arm": ARMS,
        "duplicates": DUPLICATES,
    }
    for name, values in known.items():
        core_filters.chosen(filters.as_query, name, values)
    rows: dict[str, QuerySet[Any]] = {
        "stage": Stage.objects.filter(review=review),
        "reason": Reason.objects.filter(stage__review=review),
        "source": Source.objects.filter(review=review),
    }
    for name, value in filters.as_query.items():
        if name in rows:
            is_known = rows[name].filter(code=value).exists()
            core_filters.require_known(name, value, is_known)


def selected_records(review: Review, filters: ExportFilters) -> RecordQuerySet:
    """Return the selected records, oldest first."""
    found = _by_duplicates(Record.objects.filter(review=review).identified(), filters)
    if filters.source:
        found = found.filter(source__code=filters.source)
    if filters.arm:
        found = found.filter(arm=filters.arm)
    if filters.stage:
        stage = Stage.objects.filter(review=review, code=filters.stage).first()
        found = _at_stage(found, stage, filters.outcome) if stage else found.none()
    elif filters.outcome:
        found = _finally(review, found, filters.outcome)
    if filters.reason:
        found = found.filter(_outcome(reason__code=filters.reason, **_of(filters)))
    return found.order_by("pk")


def count_selected(review: Review, filters: ExportFilters) -> int:
    """Return the number of selected records."""
    return selected_records(review, filters).count()


def selected_page(
    viewer: Member, filters: ExportFilters, *, after: str = ""
) -> tuple[list[RecordView], str]:
    """Return a page of the list, and the cursor of the next page ("" at the end)."""
    found = selected_records(viewer.review, filters).select_related("source")
    found = found.defer("raw", "abstract", "notes", "keywords", "prior")
    if after:
        last = Record.objects.filter(review=viewer.review_id, code=after)
        found = found.filter(pk__gt=last.values("pk")[:1])
    listed = list(found[: PAGE + 1])
    shown = merged_fields.displayed_records(listed)
    made = [shown[record.pk] for record in listed]
    return made[:PAGE], made[PAGE - 1].code if len(made) > PAGE else ""


def record_chunks(review: Review, filters: ExportFilters) -> Iterator[list[Record]]:
    """Yield the records in chunks, with their sources; memory use is constant.

    Each chunk is a query that starts after the last one: a cursor would make the server
    write the whole list first. Decisions from other tools are not even loaded.
    """
    found = (
        selected_records(review, filters).select_related("source").defer("raw", "prior")
    )
    last = 0
    while piece := list(found.filter(pk__gt=last)[:CHUNK]):
        yield piece
        last = piece[-1].pk


def _by_duplicates(found: RecordQuerySet, filters: ExportFilters) -> RecordQuerySet:
    if filters.outcome or filters.stage or filters.reason or not filters.duplicates:
        return found.unique()
    return found.duplicates() if filters.duplicates == "only" else found


def _of(filters: ExportFilters) -> dict[str, str]:
    return {"stage__code": filters.stage} if filters.stage else {}


def _outcome(**asked: object) -> Q:
    """Return a condition: the record or its report has such a final decision."""
    found = Decision.objects.filter(**asked)
    return Q(Exists(found.filter(record=OuterRef("pk")))) | Q(
        Exists(found.filter(report__record=OuterRef("pk")))
    )


def _at_stage(found: RecordQuerySet, stage: Stage, outcome: str) -> RecordQuerySet:
    came = stage_items.eligible_subjects(stage)
    if stage.subject == Stage.Subject.REPORT:
        came = came.values("record")
    else:
        came = came.values("pk")
    verdicts = {"included": "include", "excluded": "exclude"}
    if outcome in verdicts:
        return found.filter(_outcome(stage=stage, verdict=verdicts[outcome]))
    if outcome == "decided":
        return found.filter(_outcome(stage=stage))
    if outcome == "undecided":
        return found.filter(~_outcome(stage=stage), pk__in=came)
    return found.none() if outcome else found.filter(pk__in=came)


def _finally(review: Review, found: RecordQuerySet, outcome: str) -> RecordQuerySet:
    """Filter by the status after all stages; each record has exactly one."""
    if outcome not in _FINALLY:
        return found.none()
    return _FINALLY[outcome](review, found)


def _excluded() -> Q:
    return _outcome(verdict=Decision.Verdict.EXCLUDE)


def _included(review: Review) -> Q:
    return Q(pk__in=included_reports(review).values("record"))


def _lost() -> Q:
    lost = Report.objects.filter(
        record=OuterRef("pk"),
        retrieval=Report.Retrieval.NOT_RETRIEVED,
        is_aside=False,
    )
    return Q(Exists(lost))


def _not_sought() -> Q:
    return Q(Exists(NotSought.objects.filter(record=OuterRef("pk"), undone_at=None)))


_FINALLY: dict[str, Callable[[Review, RecordQuerySet], RecordQuerySet]] = {
    "included": lambda review, found: found.filter(_included(review), ~_not_sought()),
    "excluded": lambda review, found: found.filter(_excluded(), ~_not_sought()),
    "decided": lambda review, found: found.filter(
        _excluded() | _included(review), ~_not_sought()
    ),
    "not_retrieved": lambda review, found: found.filter(
        _lost(), ~_excluded(), ~_included(review), ~_not_sought()
    ),
    "not_sought": lambda review, found: found.filter(_not_sought()),
    "undecided": lambda review, found: found.filter(
        ~_excluded(), ~_included(review), ~_lost(), ~_not_sought()
    ),
}
