"""The studies to chart. The only place where charting asks screening for them."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from charting.models import FinalChart
from reviewapp.core.models import Review
from screening.decisions.queries import decisions
from screening.reports.models import Report, Study


def included_studies(review: Review) -> QuerySet[Study]:
    """Return the included studies of the review (with at least one included report)."""
    return decisions.included_studies(review)


def charted_ranks(pks: Collection[int]) -> dict[int, int]:
    """Return 1 for each record with a report of a charted study; two queries.

    Final charts are public. Of two records that came equally far, a merge then keeps
    the charted one.
    """
    studies = FinalChart.objects.filter(study__reports__record__in=pks)
    reports = Report.objects.filter(record__in=pks, study__in=studies.values("study"))
    return dict.fromkeys(reports.values_list("record_id", flat=True), 1)
