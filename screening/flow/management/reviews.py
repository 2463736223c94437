"""The review named on the command line."""

from __future__ import annotations

from django.core.management.base import CommandError

from reviewapp.core.models import Review


def find_review(named: str) -> Review:
    """Return the review with this code or exact title. Raises ``CommandError``."""
    found = Review.objects.filter(code=named).first()
    if found is not None:
        return found
    titled = list(Review.objects.filter(title=named)[:2])
    if len(titled) == 1:
        return titled[0]
    raise CommandError(
        f"No review has the code “{named}”. The code is the part after /r/ in the "
        "address of its pages."
        if not titled
        else f"Several reviews are called “{named}”. Use the code instead."
    )
