"""Deletion of a review: a lead schedules it, and it happens after a waiting period.

Until then members can view and export the review but not change it (core/web.py), and a
lead can cancel the deletion. Afterwards a deletion record remains (docs/adr/0011).
"""

from __future__ import annotations

import contextlib
import logging
from datetime import datetime, timedelta
from functools import partial

import pgtrigger
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import send_mail
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reviewapp.core import deletable, events, hash_chain
from reviewapp.core.models import DeletionRecord, Event, EventLink, Member, Review
from reviewapp.core.permissions import Action, require
from reviewapp.core.queries import deletion_records
from reviewapp.core.refusals import Refused

log = logging.getLogger(__name__)


@transaction.atomic
def schedule_deletion(*, actor: Member, typed: str, now: datetime) -> datetime:
    """Schedule the deletion after ``settings.ERASE_AFTER_DAYS``; return its time.

    All members are notified by email. Raises ``Refused`` unless ``typed`` is the
    review's title (ignoring case and spaces), or if a deletion is already scheduled.
    """
    require(actor, Action.CONFIGURE)
    review = Review.objects.select_for_update(no_key=True).get(pk=actor.review_id)
    if _normalised_title(typed) != _normalised_title(review.title):
        raise Refused(_("The title does not match. Nothing was changed."))
    if review.erase_at is not None:
        raise Refused(
            _("The deletion of this review is already scheduled for {date}.").format(
                date=date_format(review.erase_at, "j F Y")
            )
        )
    review.erase_at = now + timedelta(days=settings.ERASE_AFTER_DAYS)
    review.save(update_fields=["erase_at"])
    events.record(
        review=review,
        actor=actor,
        kind="review:erasure_asked",
        now=now,
        subject=review.code,
        erase_at=review.erase_at.isoformat(),
    )
    _notify_members(review, actor)
    return review.erase_at


@transaction.atomic
def cancel_deletion(*, actor: Member, now: datetime) -> None:
    """Cancel the deletion; the review is unchanged."""
    require(actor, Action.CONFIGURE)
    review = Review.objects.select_for_update(no_key=True).get(pk=actor.review_id)
    if review.erase_at is None:
        return
    review.erase_at = None
    review.save(update_fields=["erase_at"])
    events.record(
        review=review,
        actor=actor,
        kind="review:erasure_called_back",
        now=now,
        subject=review.code,
    )


def delete_due_reviews(*, now: datetime) -> int:
    """Delete every review that is due; return their number. Safe to run twice."""
    due = Review.objects.filter(erase_at__lte=now).order_by("pk")
    erased = sum(_delete_review(pk, now) for pk in due.values_list("pk", flat=True))
    for code in DeletionRecord.objects.values_list("code", flat=True):
        # Repeated for all deleted reviews, because a crash may have left files behind.
        _delete_files(code)
    return erased


@transaction.atomic
def _delete_review(pk: int, now: datetime) -> bool:
    review = Review.objects.select_for_update().filter(pk=pk, erase_at__lte=now).first()
    if review is None:
        return False
    _add_deletion_record(review, now)
    with pgtrigger.ignore(*deletable.delete_triggers()):
        for model, path in deletable.deletable_tables():
            _delete_rows(model, {path: pk})
        _delete_rows(Review, {"pk": pk})
    log.warning("review %s is deleted", review.code)
    return True


def _delete_rows(model: type[models.Model], which: dict[str, int]) -> None:
    """Delete rows by SQL, because the managers of blinded tables refuse every read."""
    rows: models.QuerySet[models.Model] = models.QuerySet(model=model)
    rows.filter(**which)._raw_delete(DEFAULT_DB_ALIAS)


def _add_deletion_record(review: Review, now: datetime) -> None:
    """Append a deletion record to the site's hash chain."""
    last = DeletionRecord.objects.select_for_update().order_by("-position").first()
    links = EventLink.objects.filter(review=review, owner=0)
    end = links.order_by("-position").values_list("hash", flat=True).first()
    stone = DeletionRecord(
        position=last.position + 1 if last else 1,
        code=review.code,
        erased_at=now,
        events=Event.objects.filter(review=review).count(),
        end=end or "",
    )
    previous = last.hash if last else deletion_records.GENESIS
    stone.hash = hash_chain.link_hash(
        previous, stone.position, deletion_records.deletion_record_digest(stone)
    )
    stone.save()


def _delete_files(code: str) -> None:
    """Delete the files at ``<kind>/<code of the review>/…`` and the empty folders."""
    kinds, _ = default_storage.listdir("") if default_storage.exists("") else ([], [])
    for kind in kinds:
        folder = f"{kind}/{code}"
        with contextlib.suppress(FileNotFoundError):
            for name in default_storage.listdir(folder)[1]:
                default_storage.delete(f"{folder}/{name}")
            default_storage.delete(folder)


def _notify_members(review: Review, actor: Member) -> None:
    path = reverse("review:delete", args=[review.code])
    context = {
        "review": review,
        "actor": actor,
        "url": f"{settings.SITE_URL}{path}",
    }
    text = render_to_string("core/mail/deletion.txt", context)
    members = Member.objects.filter(review=review, removed_at=None)
    subject = _("The review “{title}” will be deleted").format(title=review.title)
    for address in members.order_by("pk").values_list("user__email", flat=True):
        transaction.on_commit(partial(send_mail, subject, text, None, [address]))


def _normalised_title(title: str) -> str:
    return " ".join(title.split()).casefold()
