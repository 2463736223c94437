"""Corrections of single records by members who import."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Missing, Refused
from screening.duplicates.services import duplicates
from screening.records.models import Correction, Record, SearchedTitle
from screening.records.rules.best_fields import FIELDS
from screening.records.rules.correctable import CORRECTABLE, clean_text, stored_text


@transaction.atomic
def correct_record(
    *,
    actor: Member,
    record_code: str,
    field: str,
    value: str,
    origin: str,
    now: datetime,
) -> Correction:
    """Store a value for a field of a record, and where it came from; idempotent.

    The record keeps what its source printed. Search, deduplication and exports use the
    new value.

    Raises:
        Missing: the review has no such record.
        Refused: the field or value is not valid, or where it came from is missing.
    """
    require(actor, Action.IMPORT)
    record = _locked(actor, record_code)
    text = clean_text(field, value) if field in CORRECTABLE else None
    if not text:
        raise Refused(_("Enter a valid value for the field. Nothing was changed."))
    if not origin.strip():
        raise Refused(_("Enter where the value came from. Nothing was changed."))
    active = Correction.objects.filter(record=record, field=field, undone_at=None)
    had = active.first()
    if had and had.value == text and had.origin == origin.strip():
        return had
    if not had and text == stored_text(getattr(record, field)):
        raise Refused(_("The record already has this value. Nothing was changed."))
    active.update(undone_at=now, undone_by=actor)
    made = Correction.objects.create(
        review=actor.review,
        record=record,
        field=field,
        value=text,
        origin=origin.strip(),
        created_at=now,
        created_by=actor,
    )
    _after_change(actor, record, field, text, now)
    events.record(
        review=actor.review,
        actor=actor,
        kind="record:corrected",
        now=now,
        subject=record.code,
        field=FIELDS[field],
        origin=made.origin,
    )
    return made


@transaction.atomic
def undo_correction(*, actor: Member, code: str, now: datetime) -> Correction:
    """Withdraw a correction, so that the value of the source applies; idempotent.

    Raises:
        Missing: the review has no such correction.
    """
    require(actor, Action.IMPORT)
    made = (
        Correction.objects.select_for_update(of=("self",))
        .select_related("record")
        .filter(review=actor.review, code=code)
        .first()
    )
    if made is None:
        raise Missing(_("This review has no such correction."))
    if made.undone_at is not None:
        return made
    made.undone_at, made.undone_by = now, actor
    made.save(update_fields=["undone_at", "undone_by"])
    original = stored_text(getattr(made.record, made.field))
    _after_change(actor, made.record, made.field, original, now)
    events.record(
        review=actor.review,
        actor=actor,
        kind="record:correction_undone",
        now=now,
        subject=made.record.code,
        field=FIELDS[made.field],
    )
    return made


def _locked(actor: Member, code: str) -> Record:
    record = (
        Record.objects.select_for_update(no_key=True, of=("self",))
        .filter(review=actor.review, code=code)
        .first()
    )
    if record is None:
        raise Missing(_("This review has no such record."))
    return record


def _after_change(
    actor: Member, record: Record, field: str, text: str, now: datetime
) -> None:
    """Bring the search index and the comparisons of deduplication up to date."""
    if field == "title":
        SearchedTitle.objects.update_or_create(record=record, defaults={"title": text})
    # The stored comparisons contain the old value, so the run makes them anew.
    duplicates.request_run(actor=actor, now=now, everything=True)
