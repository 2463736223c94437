"""What the kernel itself reminds people of."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from reviewapp.core.models import Member, Role
from reviewapp.core.nav import Todo


def todos(viewer: Member) -> list[Todo]:
    """For leads: the data have been kept as long as they were to be."""
    until = viewer.review.keep_until
    if viewer.role != Role.LEAD or until is None or until > timezone.now().date():
        return []
    return [
        Todo(
            f"The data of this review were to be kept until {until:%-d %B %Y}: export "
            "them and erase the review, or choose a later day.",
            reverse("review:configure", args=[viewer.review.code]),
            button="Settings",
            order=5,
        )
    ]
