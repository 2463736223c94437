"""Which studies there are to chart: asked of screening, in this one place."""

from __future__ import annotations

from django.db.models import QuerySet

from reviewapp.core.models import Review
from screening.decisions.queries import outcomes
from screening.reports.models import Study


def included(review: Review) -> QuerySet[Study]:
    """The included studies of the review (at least one included report)."""
    return outcomes.included_studies(review)
