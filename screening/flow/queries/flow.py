"""The flow of a review: counts of all boxes, and the consistency checks."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef

from reviewapp.core.lib.load_once import load_once
from reviewapp.core.models import Review
from screening.decisions.models import Decision, Reason, Stage
from screening.decisions.queries import unblindings
from screening.decisions.queries.decisions import included_reports
from screening.decisions.queries.waves import under_way
from screening.duplicates.models import PossibleDuplicate
from screening.flow.queries import checks, lists, stored
from screening.flow.queries.stored import BoxCounts
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
    return _flow(review, _listed(review))


def stored_flow(review: Review) -> Flow:
    """Return the same flow from stored counts, which takes no longer for a large review.

    Its checks compare the states of records with the decisions of rounds, which are
    counted separately. Merges have no second stored count, so it leaves out that check.
    """
    return _flow(review, stored.stored_counts(review))


def flow_integrity(review: Review) -> list[str]:
    """Compare the stored flow with its lists (hook ``integrity:check``)."""
    one, other = build_flow(review), stored_flow(review)
    return [
        f"flow, box {key}: stored {other.boxes[key]}, lists {box}"
        for key, box in one.boxes.items()
        if box != other.boxes[key]
    ] + [
        f"flow, check {i.code}: {i.numbers}"
        for i in (*one.identities, *other.identities)
        if not i.holds
    ]


def _flow(review: Review, counted: BoxCounts) -> Flow:
    parts = {
        key: _source_parts(review, counted.parts[key])
        if by == "source"
        else _reason_parts(counted.parts[key])
        for key, by in lists.PART_OF.items()
    }
    boxes = {
        kind.key: Box(kind, counted.n[kind.key], parts.get(kind.key, ()))
        for kind in BOXES
    }
    numbers = counted.n | counted.checks
    for key, found in parts.items():
        numbers[f"sum:{key}"] = sum(part.n for part in found)
    return Flow(
        title=review.title,
        boxes=boxes,
        identities=tuple(check_identities(numbers, skipped=counted.skipped)),
        notes=tuple(_notes(review)),
        unblindings=tuple(
            EarlyUnblinding(one.at, one.by, one.what, one.of, one.code, one.reason)
            for one in unblindings.review_unblindings(review)
        ),
    )


def _listed(review: Review) -> BoxCounts:
    return BoxCounts(
        n={kind.key: lists.box_rows(review, kind.key).count() for kind in BOXES},
        parts={
            key: _by_source(review, key) if by == "source" else _by_reason(review, key)
            for key, by in lists.PART_OF.items()
        },
        checks=checks.check_counts(review)
        | {"sum:new_studies": _reports_of_studies(review)},
    )


def _by_source(review: Review, key: str) -> dict[int, int]:
    counted = (
        lists.box_rows(review, key)
        .order_by()
        .values_list("source_id")
        .annotate(n=Count("pk"))
        .values_list("source_id", "n")
    )
    return dict(counted)


def _source_parts(review: Review, n: dict[int, int]) -> tuple[Part, ...]:
    return tuple(
        Part(source.code, source.name, n[source.pk], source.kind)
        for source in _sources(review.pk)
        if source.pk in n
    )


@load_once
def _sources(review_id: int) -> tuple[Source, ...]:
    return tuple(Source.objects.filter(review=review_id).order_by("pk"))


def _by_reason(review: Review, key: str) -> dict[int, int]:
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
    return dict(counted)


def _reason_parts(n: dict[int, int]) -> tuple[Part, ...]:
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
