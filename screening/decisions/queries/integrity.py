"""Recounts of the stored state of screening (`manage.py check_integrity`).

It reads everything, votes included, and returns only what differs; only the command
and tests call it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from reviewapp.core.models import Review, Tally
from screening.decisions.models import (
    Decision,
    RecordState,
    RecordStateTally,
    RoundTally,
    Stage,
)
from screening.decisions.models.rounds import (
    Assignment,
    AssignmentTally,
    Round,
    Verdict,
    Vote,
)
from screening.decisions.queries import reopening
from screening.records.models import Import, Record, is_duplicate
from screening.reports.models import Report


def integrity(review: Review) -> list[str]:
    """Return every stored state or count that differs (hook ``integrity:check``)."""
    return [
        *_wrong_rounds(review),
        *_wrong_assignments(review),
        *_wrong_reports(review),
        *_wrong_states(review),
        *_wrong_counts(
            "rounds", RoundTally.objects.filter(review=review), _rounds(review)
        ),
        *_wrong_counts(
            "assignments",
            AssignmentTally.objects.unblinded(
                reason="a recount compares stored counts with the rows"
            ).filter(review=review),
            _assignments(review),
        ),
        *_wrong_counts(
            "states of records",
            RecordStateTally.objects.filter(review=review),
            RecordState.objects.filter(review=review)
            .order_by()
            .values_list(*RecordStateTally.KEYS)
            .annotate(sum=Count("pk")),
        ),
    ]


def _is_aside(record: str) -> Any:
    """Return SQL: does the record at the path not count?"""
    undone = Record.objects.filter(
        pk=OuterRef(record), batch__state=Import.State.UNDONE
    )
    return is_duplicate(record) | Exists(undone)


def _rounds(review: Review) -> Any:
    return (
        Round.objects.unblinded(reason="a recount compares stored counts with the rows")
        .filter(review=review)
        .order_by()
        .values_list(*RoundTally.KEYS)
        .annotate(sum=Count("pk"))
    )


def _assignments(review: Review) -> Any:
    return (
        Assignment.objects.filter(stage__review=review)
        .annotate(is_vacated=Q(vacated_at__isnull=False))
        .order_by()
        .values_list(*AssignmentTally.KEYS)
        .annotate(sum=Count("pk"))
    )


def _wrong_rounds(review: Review) -> list[str]:
    decision = Decision.objects.filter(round=OuterRef("pk"))
    waits = set(reopening.rounds_set_aside(review))
    rows = (
        Round.objects.unblinded(reason="a recount compares stored counts with the rows")
        .filter(review=review)
        .annotate(
            subject=Coalesce("record", "report__record"),
            aside=_is_aside("subject"),
            said=Coalesce(Subquery(decision.values("verdict")[:1]), Value("")),
            by=Coalesce(Subquery(decision.values("how")[:1]), Value("")),
        )
    )
    return [
        f"round {code}: stored {stored}, is {found}"
        for pk, code, *stored, aside, said, by in rows.values_list(
            "pk", "code", "is_aside", "verdict", "how", "aside", "said", "by"
        )
        if stored != (found := [aside or pk in waits, said, by])
    ]


def _wrong_reports(review: Review) -> list[str]:
    waits = reopening.records_set_aside(review)
    return [
        f"report {code}: stored {aside}, is {record in waits}"
        for code, record, aside in Report.objects.filter(review=review).values_list(
            "code", "record", "is_aside"
        )
        if aside != (record in waits)
    ]


def _wrong_assignments(review: Review) -> list[str]:
    newest = (
        Vote.objects.unblinded(reason="a recount compares stored counts with the rows")
        .filter(round=OuterRef("round"), author=OuterRef("member"))
        .order_by("-version")
    )
    rows = Assignment.objects.filter(stage__review=review).annotate(
        said=Subquery(newest.values("verdict")[:1])
    )
    return [
        f"assignment {pk}: stored {(wave, aside, done)}, is "
        f"{(of_round, round_aside, said not in {None, Verdict.WITHDRAWN})}"
        for pk, wave, aside, done, of_round, round_aside, said in rows.values_list(
            "pk",
            "wave",
            "is_aside",
            "is_done",
            "round__wave",
            "round__is_aside",
            "said",
        )
        if (wave, aside, done)
        != (of_round, round_aside, said not in {None, Verdict.WITHDRAWN})
    ]


def _wrong_states(review: Review) -> list[str]:
    stored = {
        row[0]: row[1:]
        for row in RecordState.objects.filter(review=review).values_list(
            "record",
            "is_aside",
            "is_excluded",
            "retrieval",
            "is_report_excluded",
            "reason",
            "included_at",
        )
    }
    found = _states(review)
    return [
        f"state of record {pk}: stored {stored.get(pk)}, is {found.get(pk)}"
        for pk in sorted(stored.keys() | found.keys())
        if stored.get(pk) != found.get(pk)
        # A reopened conflict leaves a state that says nothing.
        and not (pk not in found and stored[pk][1:] == NOTHING)
    ]


# The state of a record without decision and report, except whether it is set aside.
NOTHING: tuple[Any, ...] = (False, "", False, None, None)


def _states(review: Review) -> dict[int, tuple[Any, ...]]:
    """Return the state of each record with a decision or a report."""
    places = dict(Stage.objects.filter(review=review).values_list("pk", "position"))
    decisions = list(
        Decision.objects.filter(review=review)
        .order_by("pk")
        .values_list("record", "report", "verdict", "reason", "stage")
    )
    excluded = {record for record, _, said, *_rest in decisions if said == "exclude"}
    reasons: dict[int, int | None] = {}
    included: dict[int, int] = {}
    for _record, report, said, reason, stage in decisions:
        if report and said == "exclude":
            reasons.setdefault(report, reason)
        elif report and places[stage] > places.get(included.get(report, 0), -1):
            included[report] = stage
    reports = {
        record: (pk, "" if aside else retrieval)
        for pk, record, retrieval, aside in Report.objects.filter(
            review=review
        ).values_list("pk", "record", "retrieval", "is_aside")
    }
    pks = {record for record, *_rest in decisions if record} | reports.keys()
    aside = dict(
        Record.objects.filter(review=review, pk__in=pks)
        .annotate(aside=_is_aside("pk"))
        .values_list("pk", "aside")
    )
    return {
        pk: (
            aside[pk],
            pk in excluded,
            reports[pk][1] if pk in reports else "",
            pk in reports and reports[pk][0] in reasons,
            reasons.get(reports[pk][0]) if pk in reports else None,
            included.get(reports[pk][0]) if pk in reports else None,
        )
        for pk in pks
    }


def _wrong_counts(what: str, tallies: Any, rows: Iterable[Any]) -> list[str]:
    keys = tallies.model.KEYS
    counted = tallies.order_by().values_list(*keys).annotate(sum=Sum("n"))
    stored, found = _sums(counted), _sums(rows)
    return [
        f"number of {what} with {_named(tallies.model, key)}: stored {stored[key]}, "
        f"list {found[key]}"
        for key in sorted(stored.keys() | found.keys(), key=str)
        if stored[key] != found[key]
    ]


def _sums(rows: Iterable[Any]) -> Counter[tuple[Any, ...]]:
    return Counter({tuple(row[:-1]): row[-1] for row in rows if row[-1]})


def _named(model: type[Tally], key: tuple[Any, ...]) -> Mapping[str, Any]:
    return dict(zip(model.KEYS, key, strict=True))
