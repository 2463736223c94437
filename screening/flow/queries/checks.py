"""Counts for the consistency checks, queried in another way than the boxes.

A box counts what its list shows. These counts start from the other end (decisions,
merges), so that a record in two boxes, or in none, is found.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from reviewapp.core.models import Review
from screening.decisions.models import Decision, Stage
from screening.decisions.queries.decisions import active_decisions, last_stage
from screening.records.models import Arm, Record
from screening.records.queries import clusters
from screening.reports.models import NotSought


def check_counts(review: Review) -> dict[str, int]:
    """Return the counts of ``rules/identities.py`` by key; a fixed number of queries."""
    return {
        "check:merged": clusters.count_merged(review),
        "check:records_excluded": _decided_records(review, "exclude"),
        "check:records_included": _decided_records(
            review, "include", last_stage(review, Stage.Subject.RECORD)
        ),
        "check:reports_excluded": active_decisions(review)
        .filter(report__isnull=False, verdict=Decision.Verdict.EXCLUDE)
        .count(),
        "check:not_sought": NotSought.objects.filter(
            record__in=Record.objects.filter(review=review, arm=Arm.OTHER)
            .identified()
            .unique(),
            undone_at=None,
        ).count(),
    }


def _decided_records(review: Review, verdict: str, stage: Stage | None = None) -> int:
    """Return how many unique records of databases have such a final decision."""
    decisions = Decision.objects.filter(record=OuterRef("pk"), verdict=verdict)
    if verdict == Decision.Verdict.INCLUDE:
        decisions = decisions.filter(stage=stage)
    records = Record.objects.filter(review=review, arm=Arm.DATABASES).identified()
    return records.unique().filter(Exists(decisions)).count()
