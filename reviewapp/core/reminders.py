"""Tasks of the kernel on the overview."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reviewapp.core.models import Member, Role
from reviewapp.core.nav import Todo


def reminder_todos(viewer: Member) -> list[Todo]:
    """Return a task for leads when the data were to be kept until today or earlier."""
    until = viewer.review.keep_until
    if viewer.role != Role.LEAD or until is None or until > timezone.now().date():
        return []
    return [
        Todo(
            _(
                "The data of this review were to be kept until {date}. Export the "
                "data and delete the review, or choose a later date."
            ).format(date=date_format(until, "j F Y")),
            reverse("review:configure", args=[viewer.review.code]),
            button=_("Open settings"),
            order=5,
        )
    ]
