"""Skipped entries: fix them manually or mark them as not a record.

Found = kept + skipped holds after every step: a fixed entry moves from skipped to kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Missing, Refused
from screening.citations.citation import Citation
from screening.citations.reading.reading_report import SkippedText
from screening.imports.models import SkippedEntry
from screening.imports.services import entries
from screening.imports.services.entries import AddedRecord
from screening.imports.services.import_warnings import storable
from screening.imports.services.imports import lock_import
from screening.records import hooks
from screening.records.models import Import, Record

CHUNK = 500
# The report has the rest; no one fixes more entries than this manually.
KEPT_AT_MOST = 10_000


def store_entries(batch: Import, skipped: Iterable[SkippedText]) -> int:
    """Store the skipped entries of a finished import; return how many. Idempotent."""
    first = islice(skipped, KEPT_AT_MOST)
    made = SkippedEntry.objects.bulk_create(
        (
            SkippedEntry(
                batch=batch,
                position=position,
                line=entry.line,
                archive_path=storable(entry.member),
                reason=storable(entry.reason),
                raw=storable(entry.raw),
            )
            for position, entry in enumerate(first)
        ),
        batch_size=CHUNK,
        ignore_conflicts=True,
    )
    return len(made)


@transaction.atomic
def fix_entry(
    *,
    actor: Member,
    import_code: str,
    entry_code: str,
    citation: Citation,
    now: datetime,
) -> AddedRecord:
    """Create a record from an entry, in its import, checked like one added manually.

    Sending the form twice creates one record.

    Raises:
        Refused: another member was first, it is marked as not a record, its import does
            not count, or neither title nor DOI is given.
    """
    require(actor, Action.IMPORT)
    batch, entry = _locked(actor, import_code, entry_code)
    if entry.record is not None and entry.answered_by == actor:
        return AddedRecord(entry.record, ())
    _check_open(batch, entry)
    if not (citation.title.strip() or citation.doi):
        raise Refused(_("A record needs a title or a DOI. Nothing was saved."))
    entered = _store(actor, batch, entry, citation, now)
    _answer(actor, entry, SkippedEntry.State.MENDED, entered.record, now)
    batch.kept, batch.skipped = batch.kept + 1, batch.skipped - 1
    batch.save(update_fields=["kept", "skipped"])
    events.record(
        review=batch.review,
        actor=actor,
        kind="piece:mended",
        now=now,
        subject=entry.code,
        file_name=batch.file_name,
        line=entry.line,
        record=entered.record.code,
        repeats=[match.code for match in entered.matches if match.is_certain],
    )
    hooks.records_changed.call(review=batch.review, actor=actor, now=now)
    return entered


def _store(
    actor: Member, batch: Import, entry: SkippedEntry, citation: Citation, now: datetime
) -> AddedRecord:
    last = Record.objects.filter(batch=batch).aggregate(last=Max("position"))["last"]
    return entries.store_record(
        actor=actor,
        source=batch.source,
        citation=citation,
        now=now,
        batch=batch,
        position=0 if last is None else last + 1,
        line=entry.line,
        archive_path=entry.archive_path,
    )


@transaction.atomic
def dismiss_entry(
    *, actor: Member, import_code: str, entry_code: str, now: datetime
) -> SkippedEntry:
    """Mark an entry as not a record; ``reopen`` undoes this.

    Raises:
        Refused: it was fixed, or its import does not count.
    """
    require(actor, Action.IMPORT)
    batch, entry = _locked(actor, import_code, entry_code)
    if entry.state == SkippedEntry.State.DROPPED:
        return entry
    _check_open(batch, entry)
    _answer(actor, entry, SkippedEntry.State.DROPPED, None, now)
    _tell(actor, batch, entry, "piece:dropped", now)
    return entry


@transaction.atomic
def reopen_entry(
    *, actor: Member, import_code: str, entry_code: str, now: datetime
) -> SkippedEntry:
    """Reopen an entry that was marked as not a record.

    Raises:
        Refused: it was fixed and its record is in the review.
    """
    require(actor, Action.IMPORT)
    batch, entry = _locked(actor, import_code, entry_code)
    if entry.state == SkippedEntry.State.OPEN:
        return entry
    if entry.state == SkippedEntry.State.MENDED:
        raise Refused(
            _(
                "You can't reopen this entry. It was fixed and its record is in the review."
            )
        )
    entry.state = SkippedEntry.State.OPEN
    entry.answered_at = entry.answered_by = None
    entry.save(update_fields=["state", "answered_at", "answered_by"])
    _tell(actor, batch, entry, "piece:reopened", now)
    return entry


def _locked(
    actor: Member, import_code: str, entry_code: str
) -> tuple[Import, SkippedEntry]:
    """Lock the import and return it with the entry.

    The lock stops other members who fix entries of the same file. Raises Missing if the
    import has no such entry.
    """
    batch = lock_import(actor, import_code)
    entries_ = batch.skipped_entries.select_related("record", "answered_by")
    entry = entries_.filter(code=entry_code).first()
    if entry is None:
        raise Missing(_("This import has no such entry."))
    return batch, entry


def _check_open(batch: Import, entry: SkippedEntry) -> None:
    if batch.state != Import.State.COMMITTED:
        raise Refused(
            _(
                "You can't fix entries of {file} now. The status of the import is "
                "“{status}”."
            ).format(file=batch.file_name, status=batch.get_state_display())
        )
    if entry.state != SkippedEntry.State.OPEN:
        raise Refused(
            _(
                "{name} has already handled this entry. Its status is “{status}”. "
                "Nothing was saved."
            ).format(
                name=entry.answered_by.name if entry.answered_by else _("Someone"),
                status=entry.get_state_display(),
            )
        )


def _answer(
    actor: Member, entry: SkippedEntry, state: str, record: Record | None, now: datetime
) -> None:
    entry.state, entry.record = state, record
    entry.answered_at, entry.answered_by = now, actor
    entry.save(update_fields=["state", "record", "answered_at", "answered_by"])


def _tell(
    actor: Member, batch: Import, entry: SkippedEntry, kind: str, now: datetime
) -> None:
    events.record(
        review=batch.review,
        actor=actor,
        kind=kind,
        now=now,
        subject=entry.code,
        file_name=batch.file_name,
        line=entry.line,
    )
