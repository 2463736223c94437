"""Making reviews."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from reviewapp.core import events, hooks
from reviewapp.core.models import Member, Review, Role, User
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Refused


@transaction.atomic
def create(*, user: User, title: str, now: datetime) -> Member:
    """Make a review; ``user`` becomes its lead. Returns the lead's membership."""
    title = " ".join(title.split())
    if not title:
        raise Refused("Give the review a title.")
    review = Review.objects.create(title=title, created_at=now, created_by=user)
    lead = Member.objects.create(
        review=review,
        user=user,
        role=Role.LEAD,
        name=str(user),
        joined_at=now,
    )
    events.record(
        review=review,
        actor=lead,
        kind="review:created",
        now=now,
        subject=review.code,
        title=title,
    )
    hooks.fire("review:created", review=review, actor=lead, now=now)
    return lead


@transaction.atomic
def rename(*, actor: Member, title: str, now: datetime) -> Review:
    """Change the review's title."""
    require(actor, Action.EDIT_PROTOCOL)
    review = Review.objects.select_for_update(no_key=True).get(pk=actor.review_id)
    before, review.title = review.title, " ".join(title.split())
    if not review.title:
        raise Refused("Give the review a title.")
    review.save(update_fields=["title"])
    events.record(
        review=review,
        actor=actor,
        kind="review:renamed",
        now=now,
        subject=review.code,
        before=before,
        after=review.title,
    )
    return review
