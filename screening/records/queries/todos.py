"""Tasks and counts for the overview of a review."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from reviewapp.core.nav import Panel
from screening.records.models import Record


def record_panels(viewer: Member) -> list[Panel]:
    """Return the counts of identified and unique records."""
    records = Record.objects.identified().filter(review=viewer.review_id)
    url = reverse("records:list", args=[viewer.review.code])
    return [
        Panel(_("Records"), records.count(), url, 10),
        Panel(
            _("Unique records"), records.unique().count(), f"{url}?status=unique", 11
        ),
    ]
