"""Imports: upload, confirm, discard, change settings and resume.

The background jobs are in ``reading`` and ``importing``.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from reviewapp.core import events, jobs
from reviewapp.core.models import Job, Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Missing, Refused
from screening.imports.queries.imports import MENDABLE
from screening.records.models import Import, Source
from screening.records.services.sources import get_source

READ_JOB = "records.read"
IMPORT_JOB = "records.import"
NAME_LETTERS = 255


def upload_file(
    *,
    actor: Member,
    source_code: str,
    file: File[bytes] | IO[bytes],
    file_name: str,
    now: datetime,
) -> Import:
    """Store a file byte for byte and queue the job that reads it.

    ``file_name`` is only displayed. The same file again in the same source is refused,
    unless the earlier one was refused, discarded or undone.

    Raises:
        Refused: the file is too large or already there; nothing is stored.
    """
    require(actor, Action.IMPORT)
    source = get_source(actor, source_code)
    return _upload(actor, source, file, file_name, now)


def _upload(
    actor: Member,
    source: Source,
    file: File[bytes] | IO[bytes],
    file_name: str,
    now: datetime,
) -> Import:
    content: File[Any] = file if isinstance(file, File) else File(file)
    batch = Import(
        review=actor.review,
        source=source,
        file_name=displayed_name(file_name),
        size=content.size,
        created_at=now,
        created_by=actor,
    )
    _refuse_too_large(batch)
    batch.sha256 = _digest(content)
    _refuse_twice(batch)
    content.seek(0)
    batch.file.save("original", content, save=False)
    try:
        _store(batch, now)
    except BaseException:
        batch.file.delete(save=False)
        raise
    return batch


@dataclass(frozen=True, slots=True)
class UploadedFiles:
    """The result of an upload: stored imports, and a message for each refusal."""

    batches: tuple[Import, ...]
    refusals: tuple[str, ...]


def upload_files(
    *, actor: Member, source_code: str, files: Sequence[File[bytes]], now: datetime
) -> UploadedFiles:
    """Upload several files; a refused file does not stop the others."""
    require(actor, Action.IMPORT)
    source = get_source(actor, source_code)
    batches, refusals = [], []
    for file in files:
        try:
            batch = _upload(actor, source, file, file.name or "", now)
        except Refused as refusal:
            refusals.append(refusal.sentence)
        else:
            batches.append(batch)
    return UploadedFiles(tuple(batches), tuple(refusals))


def _store(batch: Import, now: datetime) -> None:
    actor = batch.created_by
    try:
        with transaction.atomic():
            batch.save()
            events.record(
                review=batch.review,
                actor=actor,
                kind="import:uploaded",
                now=now,
                subject=batch.code,
                file_name=batch.file_name,
                source=batch.source.code,
                sha256=batch.sha256,
            )
            jobs.enqueue(
                actor=actor,
                kind=READ_JOB,
                key=batch.code,
                now=now,
                params={"import": batch.code},
            )
    except IntegrityError:
        raise Refused(_twice(batch)) from None


@transaction.atomic
def confirm_import(*, actor: Member, import_code: str, now: datetime) -> Job:
    """Confirm an import and queue the job that stores its records; idempotent.

    Raises:
        Refused: the file is not read, or it was refused or discarded.
    """
    require(actor, Action.IMPORT)
    batch = lock_import(actor, import_code)
    state = Import.State
    if batch.state == state.READ:
        batch.state = state.COMMITTING
        batch.save(update_fields=["state"])
        events.record(
            review=batch.review,
            actor=actor,
            kind="import:confirmed",
            now=now,
            subject=batch.code,
            kept=batch.kept,
        )
    elif batch.state not in {state.COMMITTING, state.COMMITTED}:
        raise Refused(
            _("You can't import {file}. Its status is “{status}”.").format(
                file=batch.file_name, status=batch.get_state_display()
            )
        )
    return jobs.enqueue(
        actor=actor,
        kind=IMPORT_JOB,
        key=batch.code,
        now=now,
        params={"import": batch.code},
    )


@transaction.atomic
def change_settings(
    *,
    actor: Member,
    import_code: str,
    encoding: str = "",
    platform: str = "",
    columns: Sequence[tuple[str, str]] = (),
    now: datetime,
) -> Import:
    """Change the import settings and read the file again; the old preview is dropped.

    ``encoding``, ``platform`` and ``columns`` as in ``formats.options.Options``; "" and
    () keep what was detected. The same settings twice are read once.

    Raises:
        Refused: its import has started, it was refused for a reason that no setting
            fixes, or the same file was uploaded again.
    """
    require(actor, Action.IMPORT)
    batch = lock_import(actor, import_code)
    options: dict[str, Any] = {
        "encoding": encoding,
        "platform": platform,
        "columns": [list(pair) for pair in columns],
    }
    options = {name: value for name, value in options.items() if value}
    if batch.state == Import.State.UPLOADED and batch.options == options:
        return batch
    if not settings_may_change(batch):
        raise Refused(
            _(
                "You can't change the import settings of {file} now. Its status is "
                "“{status}”. Nothing was changed."
            ).format(file=batch.file_name, status=batch.get_state_display())
        )
    batch.options, batch.revision = options, batch.revision + 1
    batch.state, batch.refusal = Import.State.UPLOADED, ""
    try:
        with transaction.atomic():
            batch.save(update_fields=["options", "revision", "state", "refusal"])
    except IntegrityError:
        raise Refused(_twice(batch)) from None
    events.record(
        review=batch.review,
        actor=actor,
        kind="import:corrected",
        now=now,
        subject=batch.code,
        file_name=batch.file_name,
        **options,
    )
    jobs.enqueue(
        actor=actor,
        kind=READ_JOB,
        key=f"{batch.code}-{batch.revision}",
        now=now,
        params={"import": batch.code},
    )
    return batch


def settings_may_change(batch: Import) -> bool:
    """Return True if the file has a preview, or was refused for how it was read."""
    if batch.state == Import.State.REFUSED:
        return batch.report.get("refusal_kind") in MENDABLE
    return bool(batch.state == Import.State.READ)


@transaction.atomic
def discard_import(*, actor: Member, import_code: str, now: datetime) -> Import:
    """Discard a file: the original is kept without records.

    Raises:
        Refused: its import has started or is finished.
    """
    require(actor, Action.IMPORT)
    batch = lock_import(actor, import_code)
    if batch.state == Import.State.DISCARDED:
        return batch
    if batch.state not in {Import.State.UPLOADED, Import.State.READ}:
        raise Refused(
            _("You can't discard {file} any more. Its status is “{status}”.").format(
                file=batch.file_name, status=batch.get_state_display()
            )
        )
    batch.state = Import.State.DISCARDED
    batch.save(update_fields=["state"])
    events.record(
        review=batch.review,
        actor=actor,
        kind="import:discarded",
        now=now,
        subject=batch.code,
        file_name=batch.file_name,
    )
    return batch


@transaction.atomic
def resume_import(*, actor: Member, import_code: str, now: datetime) -> Job:
    """Resume a failed job of an import from where it stopped.

    Raises:
        Refused: no job of this import has failed.
    """
    require(actor, Action.IMPORT)
    batch = lock_import(actor, import_code)
    job = (
        Job.objects.filter(
            review=actor.review,
            kind__in=[READ_JOB, IMPORT_JOB],
            key__startswith=batch.code,
        )
        .order_by("-pk")
        .first()
    )
    if job is None or job.state != Job.State.FAILED:
        raise Refused(
            _("The import of {file} has not failed, so it can't be resumed.").format(
                file=batch.file_name
            )
        )
    events.record(
        review=actor.review,
        actor=actor,
        kind="import:retried",
        now=now,
        subject=batch.code,
    )
    return jobs.retry_failed_job(actor=actor, job=job, now=now)


def displayed_name(file_name: str) -> str:
    """Return the uploaded name without its path and without control characters."""
    name = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf"})
    return name.strip()[-NAME_LETTERS:] or "unnamed"


def _digest(content: File[Any]) -> str:
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _refuse_too_large(batch: Import) -> None:
    limit = settings.UPLOAD_MAX_BYTES
    if batch.size > limit:
        raise Refused(
            _(
                "{file} is larger than the limit of {limit} MB. The file was not "
                "saved. Export the search in several parts."
            ).format(file=batch.file_name, limit=limit // 1_000_000)
        )


def _refuse_twice(batch: Import) -> None:
    state = Import.State
    same = Import.objects.filter(source=batch.source, sha256=batch.sha256)
    if same.exclude(state__in=[state.REFUSED, state.DISCARDED, state.UNDONE]).exists():
        raise Refused(_twice(batch))


def _twice(batch: Import) -> str:
    return _(
        "{file} was not uploaded, because exactly the same file is already in {source}."
    ).format(file=batch.file_name, source=batch.source.name)


def lock_import(actor: Member, code: str) -> Import:
    """Lock the import with this code until the transaction ends.

    Always lock an import before ``merge_graph.lock_edges``.

    Raises:
        Missing: the actor's review has no such import.
    """
    batches = Import.objects.select_for_update(of=("self",))
    batch = (
        batches.select_related("review", "source")
        .filter(code=code, review=actor.review)
        .first()
    )
    if batch is None:
        raise Missing(_("This review has no such import."))
    return batch
