"""The counts of the flow from stored counts (docs/performance.md, Stored counts)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reviewapp.core.models import Review
from screening.decisions.models import Decision, Stage
from screening.decisions.queries import stored_counts as stages
from screening.decisions.queries.decisions import last_stage
from screening.decisions.queries.stored_counts import FlowState
from screening.flow.rules.boxes import BOXES
from screening.records.models import Arm, Record, Source
from screening.records.queries import stored_counts as records
from screening.reports.models import NotSought, Report

RETRIEVED = Report.Retrieval.RETRIEVED.value
SOUGHT = Report.Retrieval.SOUGHT.value
LOST = Report.Retrieval.NOT_RETRIEVED.value


@dataclass(frozen=True, slots=True)
class BoxCounts:
    """The counts of all boxes, of their parts (by primary key), and of the checks.

    ``skipped``: codes of the checks for which there is no second count.
    """

    n: dict[str, int]
    parts: dict[str, dict[int, int]]
    checks: dict[str, int]
    skipped: tuple[str, ...] = ()


def stored_counts(review: Review) -> BoxCounts:
    """Return the counts of the flow; a fixed number of cheap queries."""
    arms = {
        source.pk: source
        for source in Source.objects.filter(review=review).only("kind", "name")
    }
    by_source = records.counts_by_source(review.pk)
    states = stages.flow_states(review.pk)
    last = last_stage(review, Stage.Subject.REPORT)
    n: Counter[str] = Counter({kind.key: 0 for kind in BOXES})
    parts: dict[str, dict[int, int]] = {}
    for arm, first, of in (
        (Arm.DATABASES, "", "dbr_"),
        (Arm.OTHER, "other_", "other_"),
    ):
        here = {pk: one for pk, one in by_source.items() if arms[pk].arm == arm}
        parts[f"{first}identified"] = _some({pk: c.records for pk, c in here.items()})
        parts[f"{first}duplicates"] = _some(
            {pk: c.duplicates for pk, c in here.items()}
        )
        n[f"{first}identified"] = sum(c.records for c in here.values())
        n[f"{first}duplicates"] = sum(c.duplicates for c in here.values())
        mine = [state for state in states if arms[state.source_id].arm == arm]
        _count_reports(n, parts, of, mine, last)
    for kind, key in (
        (Source.Kind.DATABASE, "database_results"),
        (Source.Kind.REGISTER, "register_results"),
    ):
        parts[key] = _some(
            {pk: c.records for pk, c in by_source.items() if arms[pk].kind == kind}
        )
        n[key] = sum(parts[key].values())
    databases = [
        state for state in states if arms[state.source_id].arm == Arm.DATABASES
    ]
    n["records_screened"] = n["identified"] - n["duplicates"]
    n["records_excluded"] = _sum(
        databases, lambda state: state.is_excluded and not state.retrieval
    )
    n["records_pending"] = (
        n["records_screened"] - n["records_excluded"] - n["dbr_sought_reports"]
    )
    _count_other(review, n)
    n["new_reports"] = n["dbr_included"] + n["other_included"]
    studies, of_studies = _studies(review, last)
    n["new_studies"] = studies
    return BoxCounts(
        dict(n),
        parts,
        _checks(review) | {"sum:new_studies": of_studies},
        # Merges are stored once (DuplicateTally). check_integrity walks along them.
        skipped=("I2b",),
    )


def _count_reports(
    n: Counter[str],
    parts: dict[str, dict[int, int]],
    of: str,
    states: Iterable[FlowState],
    last: Stage | None,
) -> None:
    reports = [state for state in states if state.retrieval]
    read = [state for state in reports if state.retrieval == RETRIEVED]
    included_at = last.pk if last else 0
    n[f"{of}sought_reports"] = _sum(reports, lambda state: True)
    n[f"{of}notretrieved_reports"] = _sum(reports, lambda s: s.retrieval == LOST)
    n[f"{of}retrieval_pending"] = _sum(reports, lambda s: s.retrieval == SOUGHT)
    n[f"{of}assessed"] = _sum(read, lambda state: True)
    n[f"{of}excluded"] = _sum(read, lambda state: state.is_report_excluded)
    n[f"{of}included"] = _sum(reports, lambda s: s.included_at_id == included_at)
    n[f"{of}eligibility_pending"] = _sum(
        read,
        lambda s: not s.is_report_excluded and s.included_at_id != included_at,
    )
    reasons: Counter[int] = Counter()
    for state in read:
        if state.is_report_excluded and state.reason_id:
            reasons[state.reason_id] += state.n
    parts[f"{of}excluded"] = dict(reasons)


def _count_other(review: Review, n: Counter[str]) -> None:
    """Count records from other methods that were not sent to retrieval; these are few."""
    found = Record.objects.filter(review=review, arm=Arm.OTHER).identified().unique()
    refused = NotSought.objects.filter(review=review, undone_at=None)
    without = found.filter(pk__in=refused.values("record"), report=None)
    n["other_not_sought"] = without.count()
    n["other_undecided"] = (
        n["other_identified"]
        - n["other_duplicates"]
        - n["other_sought_reports"]
        - n["other_not_sought"]
    )


def _studies(review: Review, last: Stage | None) -> tuple[int, int]:
    """Return the number of included studies and of their reports."""
    found = Decision.objects.filter(
        stage=last,
        verdict=Decision.Verdict.INCLUDE,
        report__isnull=False,
        round__is_aside=False,
    ).values_list("report__study", flat=True)
    by_study = list(found)
    return len(set(by_study)), len(by_study)


def _checks(review: Review) -> dict[str, int]:
    """Return counts from the other end: decisions of rounds, not states of records."""
    found = stages.counts_by_stage(review.pk)
    excluded = {Stage.Subject.RECORD.value: 0, Stage.Subject.REPORT.value: 0}
    included = 0
    for stage in Stage.objects.filter(review=review).order_by("position"):
        decided = found.get(stage.pk, stages.NOTHING).decided
        excluded[stage.subject] += decided.exclude
        if stage.subject == Stage.Subject.RECORD:
            # The last record stage sends what it includes to retrieval.
            included = decided.include
    not_sought = NotSought.objects.filter(
        record__in=Record.objects.filter(review=review, arm=Arm.OTHER)
        .identified()
        .unique(),
        undone_at=None,
    )
    return {
        "check:records_excluded": excluded[Stage.Subject.RECORD],
        "check:records_included": included,
        "check:reports_excluded": excluded[Stage.Subject.REPORT],
        "check:not_sought": not_sought.count(),
    }


def _sum(states: Iterable[FlowState], wanted: Callable[[FlowState], bool]) -> int:
    return sum(state.n for state in states if wanted(state))


def _some(counts: dict[int, int]) -> dict[int, int]:
    return {pk: n for pk, n in counts.items() if n}
