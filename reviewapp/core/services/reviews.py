"""Creation and settings of reviews."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.core import events, hooks, second_factor
from reviewapp.core.models import Member, ProgressFor, Review, Role, User
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Refused


@transaction.atomic
def create_review(*, user: User, title: str, now: datetime) -> Member:
    """Create a review with ``user`` as its lead; return the lead's membership."""
    title = " ".join(title.split())
    if not title:
        raise Refused(_("Enter a title for the review."))
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
    hooks.review_created.call(review=review, actor=lead, now=now)
    return lead


@transaction.atomic
def rename_review(*, actor: Member, title: str, now: datetime) -> Review:
    """Change the title of the review."""
    require(actor, Action.EDIT_PROTOCOL)
    review = Review.objects.select_for_update(no_key=True).get(pk=actor.review_id)
    before, review.title = review.title, " ".join(title.split())
    if not review.title:
        raise Refused(_("Enter a title for the review."))
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


@transaction.atomic
def change_settings(
    *,
    actor: Member,
    needs_second_factor: bool,
    keep_until: date | None,
    progress_for: str = "",
    now: datetime,
) -> Review:
    """Set two-factor authentication, how long to keep data, and progress figures.

    Members without two-factor authentication must then set it up before they can open a
    page of the review. After ``keep_until`` the leads are reminded. Nothing is deleted
    automatically. ``progress_for``: a ``ProgressFor`` value; "" changes nothing.

    Raises:
        Refused: the actor has no two-factor authentication and would be locked out.
    """
    require(actor, Action.CONFIGURE)
    review = Review.objects.select_for_update(no_key=True).get(pk=actor.review_id)
    is_new = needs_second_factor and not review.needs_second_factor
    if is_new and not second_factor.has_second_factor(actor.user_id):
        raise Refused(
            _(
                "Set up two-factor authentication for your own account first "
                "(Account, Two-factor authentication). Then you can require it."
            )
        )
    before = _settings(review)
    review.needs_second_factor, review.keep_until = needs_second_factor, keep_until
    review.progress_for = ProgressFor(progress_for or review.progress_for)
    after = _settings(review)
    if before == after:
        return review
    review.save(update_fields=list(after))
    events.record(
        review=review,
        actor=actor,
        kind="review:configured",
        now=now,
        subject=review.code,
        before={name: value for name, value in before.items() if value != after[name]},
        after={name: value for name, value in after.items() if value != before[name]},
    )
    return review


def _settings(review: Review) -> dict[str, bool | str]:
    return {
        "needs_second_factor": review.needs_second_factor,
        "keep_until": review.keep_until.isoformat() if review.keep_until else "",
        "progress_for": str(review.progress_for),
    }
