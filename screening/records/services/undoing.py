"""Undoing an import whole, and bringing it back.

Its records stay stored with everything that hangs on them, and leave every queue,
list and count. An import on whose records something is decided in public stays.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from reviewapp.core import events, hooks
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Refused
from screening.records.models import Import
from screening.records.queries import holds
from screening.records.services import duplicates, forest, setting_aside
from screening.records.services.imports import locked


@transaction.atomic
def undo(
    *, actor: Member, batch: Import, typed_name: str = "", now: datetime
) -> Import:
    """Take a committed import out of the review; twice changes nothing.

    ``typed_name``: the file's name, typed by the person, where records of the import
    are dealt to screeners. Votes cast on them, if any, stay stored and come back with
    ``restore``; whether there are any is told to nobody, here or in the refusal.

    Raises:
        Refused: it is not committed, something about its records is decided, or the
            name is missing. Nothing is changed.
    """
    require(actor, Action.IMPORT)
    batch = locked(actor, batch)
    if batch.state == Import.State.UNDONE:
        return batch
    if batch.state != Import.State.COMMITTED:
        raise Refused(
            f"{batch.file_name} can't be undone: {batch.get_state_display().lower()}."
        )
    _check_holds(actor, batch, typed_name)
    forest.lock(actor.review)
    edges = setting_aside.set_aside(actor=actor, batch=batch, now=now)
    batch.state, batch.undone_at, batch.undone_by = Import.State.UNDONE, now, actor
    batch.save(update_fields=["state", "undone_at", "undone_by"])
    _tell(actor, batch, "import:undone", now, merges=edges)
    return batch


def _check_holds(actor: Member, batch: Import, typed_name: str) -> None:
    found = holds.of(actor, batch)
    if found.decided_total:
        raise Refused(
            f"{batch.file_name} can't be undone: {found.decided_total:,} decisions "
            "about its records are settled. Nothing was changed. Its page lists them "
            "and says what can be done."
        )
    if found.dealt and typed_name.strip() != batch.file_name:
        raise Refused(
            f"Records of {batch.file_name} are dealt to screeners: to undo it, type "
            "the name of the file exactly. Nothing was changed."
        )


@transaction.atomic
def restore(*, actor: Member, batch: Import, now: datetime) -> Import:
    """Bring an undone import back as it was; twice changes nothing.

    Raises:
        Refused: it is not undone, or the same file was imported again meanwhile.
    """
    require(actor, Action.IMPORT)
    batch = locked(actor, batch)
    if batch.state == Import.State.COMMITTED:
        return batch
    if batch.state != Import.State.UNDONE:
        raise Refused(
            f"{batch.file_name} is not undone: {batch.get_state_display().lower()}."
        )
    batch.state, batch.undone_at, batch.undone_by = Import.State.COMMITTED, None, None
    try:
        with transaction.atomic():
            batch.save(update_fields=["state", "undone_at", "undone_by"])
    except IntegrityError:
        raise Refused(
            f"The same file is in {batch.source.name} again meanwhile. Undo or "
            "discard that one first; nothing was changed."
        ) from None
    forest.lock(actor.review)
    edges = setting_aside.bring_back(actor=actor, batch=batch, now=now)
    duplicates.close_joined(
        forest.standing(actor.review), review_id=actor.review.pk, now=now
    )
    _tell(actor, batch, "import:restored", now, merges=edges)
    return batch


def _tell(
    actor: Member, batch: Import, kind: str, now: datetime, *, merges: int
) -> None:
    """The event, a fresh search for duplicates, and word to the other apps."""
    events.record(
        review=actor.review,
        actor=actor,
        kind=kind,
        now=now,
        subject=batch.code,
        file_name=batch.file_name,
        source=batch.source.code,
        records=batch.kept,
        merges=merges,
    )
    duplicates.request(actor=actor, now=now)
    hooks.fire("records:changed", review=actor.review, actor=actor, now=now)
