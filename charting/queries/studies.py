"""The studies to chart. The only place where charting asks screening for them."""

from __future__ import annotations

from django.db.models import QuerySet

from reviewapp.core.models import Review
from screening.decisions.queries import decisions
from screening.reports.models import Study


def included_studies(review: Review) -> QuerySet[Study]:
    """Return the included studies of the review (with at least one included report)."""
    return decisions.included_studies(review)
