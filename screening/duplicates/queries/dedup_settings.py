"""A team's deduplication settings."""

from __future__ import annotations

from reviewapp.core.models import Review
from screening.citations.deduplication.match_policy import USUAL, MatchPolicy
from screening.duplicates.models import DedupSettings

NAMES = ("cochrane_updates", "preprints", "congress_abstracts")


def get_settings(review: Review) -> MatchPolicy:
    """Return the team's settings, or the defaults; one query."""
    row = DedupSettings.objects.filter(review=review).first()
    return MatchPolicy(**{name: getattr(row, name) for name in NAMES}) if row else USUAL
