"""Tasks and counts for the overview of a review."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from reviewapp.core.nav import Panel
from screening.records.queries import stored_counts


def record_panels(viewer: Member) -> list[Panel]:
    """Return the counts of identified and unique records."""
    counts = stored_counts.all_counts(viewer.review_id)
    url = reverse("records:list", args=[viewer.review.code])
    return [
        Panel(_("Records"), counts.records, url, 10),
        Panel(_("Unique records"), counts.unique, f"{url}?status=unique", 11),
    ]
