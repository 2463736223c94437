"""A team's deduplication settings."""

from __future__ import annotations

from reviewapp.core.models import Review
from screening.records.models import Custom
from screening.records.rules.policy import USUAL, Policy

NAMES = ("cochrane_updates", "preprints", "congress_abstracts")


def of(review: Review) -> Policy:
    """Return the team's settings, or the defaults; one query."""
    row = Custom.objects.filter(review=review).first()
    return Policy(**{name: getattr(row, name) for name in NAMES}) if row else USUAL
