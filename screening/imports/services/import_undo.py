"""Undoing a whole import and restoring it.

Its records stay stored with all related data, and leave all queues, lists and counts.
An import with final decisions can't be undone.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Refused
from screening.duplicates.services import duplicates, merge_graph, suspended_merges
from screening.imports.queries import import_dependencies
from screening.imports.services.imports import lock_import
from screening.records import hooks
from screening.records.models import Import


@transaction.atomic
def undo_import(
    *, actor: Member, import_code: str, typed_name: str = "", now: datetime
) -> Import:
    """Take a committed import out of the review; undoing twice changes nothing.

    ``typed_name`` is the file's name as the member typed it, required if records are
    assigned. Votes on the records, if any, stay stored and return with ``restore``.
    Neither the result nor a refusal reveals whether there are any.

    Raises:
        Refused: it is not committed, has final decisions, or the name is missing.
            Nothing is changed.
    """
    require(actor, Action.IMPORT)
    batch = lock_import(actor, import_code)
    if batch.state == Import.State.UNDONE:
        return batch
    if batch.state != Import.State.COMMITTED:
        raise Refused(
            _("You can't undo the import of {file}. Its status is “{status}”.").format(
                file=batch.file_name, status=batch.get_state_display()
            )
        )
    _check_holds(actor, batch, typed_name)
    merge_graph.lock_edges(actor.review)
    edges = suspended_merges.suspend_edges(actor=actor, batch=batch, now=now)
    batch.state, batch.undone_at, batch.undone_by = Import.State.UNDONE, now, actor
    batch.save(update_fields=["state", "undone_at", "undone_by"])
    _tell(actor, batch, "import:undone", now, merges=edges)
    return batch


def _check_holds(actor: Member, batch: Import, typed_name: str) -> None:
    found = import_dependencies.dependencies_of_import(actor, batch)
    if found.decided_total:
        raise Refused(
            ngettext(
                "You can't undo the import of {file}: it has {n} final decision. "
                "Nothing was changed. The import's page lists it and the alternatives.",
                "You can't undo the import of {file}: it has {n} final decisions. "
                "Nothing was changed. The import's page lists them and the alternatives.",
                found.decided_total,
            ).format(file=batch.file_name, n=f"{found.decided_total:,}")
        )
    if found.dealt and typed_name.strip() != batch.file_name:
        raise Refused(
            _(
                "Records of {file} are assigned to reviewers. To undo the import, type "
                "the exact file name. Nothing was changed."
            ).format(file=batch.file_name)
        )


@transaction.atomic
def restore_import(*, actor: Member, import_code: str, now: datetime) -> Import:
    """Restore an undone import; restoring twice changes nothing.

    Raises:
        Refused: it is not undone, or the same file was imported again.
    """
    require(actor, Action.IMPORT)
    batch = lock_import(actor, import_code)
    if batch.state == Import.State.COMMITTED:
        return batch
    if batch.state != Import.State.UNDONE:
        raise Refused(
            _("You can't restore {file}. Its status is “{status}”.").format(
                file=batch.file_name, status=batch.get_state_display()
            )
        )
    batch.state, batch.undone_at, batch.undone_by = Import.State.COMMITTED, None, None
    try:
        with transaction.atomic():
            batch.save(update_fields=["state", "undone_at", "undone_by"])
    except IntegrityError:
        raise Refused(
            _(
                "The same file was uploaded to {source} again. Nothing was changed. "
                "Undo or discard that import first."
            ).format(source=batch.source.name)
        ) from None
    merge_graph.lock_edges(actor.review)
    edges = suspended_merges.restore_edges(actor=actor, batch=batch, now=now)
    duplicates.close_merged_pairs(
        merge_graph.active_edges(actor.review), review_id=actor.review.pk, now=now
    )
    _tell(actor, batch, "import:restored", now, merges=edges)
    return batch


def _tell(
    actor: Member, batch: Import, kind: str, now: datetime, *, merges: int
) -> None:
    """Record the event, request a deduplication run and notify the other apps."""
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
    duplicates.request_run(actor=actor, now=now)
    hooks.records_changed.call(review=actor.review, actor=actor, now=now)
