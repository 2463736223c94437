"""Times in sentences."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format


def clock_time(at: datetime) -> str:
    """Return the time of day, with the date if it was not today."""
    local = timezone.localtime(at)
    is_today = local.date() == timezone.localdate()
    return str(date_format(local, "H:i" if is_today else "j M Y, H:i"))
