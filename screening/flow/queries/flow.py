"""The flow of a review: counts of all boxes, and the consistency checks."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef

from reviewapp.core.models import Review
from screening.decisions.models import Decision, Reason, Stage
from screening.decisions.queries import unblindings
from screening.decisions.queries.decisions import included_reports
from screening.decisions.queries.waves import under_way
from screening.duplicates.models import PossibleDuplicate
from screening.flow.queries import checks, lists
from screening.flow.rules.boxes import BOXES
from screening.flow.rules.flow import (
    IMPORTS,
    OPEN_STAGES,
    POSSIBLE_DUPLICATES,
    Box,
    EarlyUnblinding,
    Flow,
    Note,
    Part,
)
from screening.flow.rules.identities import check_identities
from screening.records.models import Import, Source


def build_flow(review: Review) -> Flow:
    """Count every box by its own list, check the sums, and return the flow.

    It is the same for every viewer, because it depends on public values only. The
    number of queries does not depend on the size of the review.
    """
    parts = {
        key: _by_source(review, key) if by == "source" else _by_reason(review, key)
        for key, by in lists.PART_OF.items()
    }
    boxes = {
        kind.key: Box(
            kind=kind,
            n=lists.box_rows(review, kind.key).count(),
            parts=parts.get(kind.key, ()),
        )
        for kind in BOXES
    }
    numbers = {key: box.n for key, box in boxes.items()}
    for key, found in parts.items():
        numbers[f"sum:{key}"] = sum(part.n for part in found)
    numbers["sum:new_studies"] = _reports_of_studies(review)
    numbers |= checks.check_counts(review)
    return Flow(
        title=review.title,
        boxes=boxes,
        identities=tuple(check_identities(numbers)),
        notes=tuple(_notes(review)),
        unblindings=tuple(
            EarlyUnblinding(one.at, one.by, one.what, one.of, one.code, one.reason)
            for one in unblindings.review_unblindings(review)
        ),
    )


def _by_source(review: Review, key: str) -> tuple[Part, ...]:
    counted = (
        lists.box_rows(review, key)
        .order_by()
        .values_list("source_id")
        .annotate(n=Count("pk"))
        .values_list("source_id", "n")
    )
    n = dict(counted)
    sources = Source.objects.filter(pk__in=n).order_by("pk")
    return tuple(
        Part(source.code, source.name, n[source.pk], source.kind) for source in sources
    )


def _by_reason(review: Review, key: str) -> tuple[Part, ...]:
    excluded = lists.box_rows(review, key).order_by()
    counted = (
        Decision.objects.filter(
            Exists(excluded.filter(pk=OuterRef("report"))),
            verdict=Decision.Verdict.EXCLUDE,
        )
        .order_by()
        .values_list("reason_id")
        .annotate(n=Count("pk"))
        .values_list("reason_id", "n")
    )
    n = dict(counted)
    reasons = Reason.objects.filter(pk__in=n).order_by(
        "stage__position", "position", "pk"
    )
    return tuple(Part(reason.code, reason.text, n[reason.pk]) for reason in reasons)


def _reports_of_studies(review: Review) -> int:
    """Return the sum of included reports over included studies (check I8b)."""
    return sum(
        included_reports(review)
        .order_by()
        .values_list("study_id")
        .annotate(n=Count("pk"))
        .values_list("n", flat=True)
    )


def _notes(review: Review) -> list[Note]:
    """Return open work beside the boxes that can still change the counts."""
    notes = []
    pairs = PossibleDuplicate.objects.filter(
        review=review, answer=PossibleDuplicate.Answer.OPEN
    ).count()
    if pairs:
        notes.append(Note(POSSIBLE_DUPLICATES, pairs))
    waiting = Import.objects.filter(
        review=review,
        state__in=[
            Import.State.UPLOADED,
            Import.State.READ,
            Import.State.COMMITTING,
        ],
    ).count()
    if waiting:
        notes.append(Note(IMPORTS, waiting))
    open_stages = Stage.objects.filter(under_way(), review=review).count()
    if open_stages:
        notes.append(Note(OPEN_STAGES, open_stages))
    return notes
