"""PDFs of reports: checking, storing and removing them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Missing, Refused
from screening.reports.models import Report, ReportFile
from screening.reports.services import retrieval

# PDF 32000-1 Annex H.3.4.1: readers accept the header in the first 1024 bytes.
HEADER_WITHIN = 1024


def attach_file(
    *, actor: Member, report_code: str, file: IO[bytes], file_name: str, now: datetime
) -> ReportFile:
    """Store a PDF of the report and mark the report as retrieved; return the file.

    Raises ``Refused`` if the file is not a PDF, is damaged or is too large; then
    nothing is stored. The same file again changes nothing. Raises ``Missing`` if the
    review has no such report.
    """
    require(actor, Action.RETRIEVE)
    report = Report.objects.filter(code=report_code, review=actor.review_id).first()
    if report is None:
        raise Missing(_("There is no such report."))
    digest, size = _checked(file)
    had = ReportFile.objects.filter(
        report=report, sha256=digest, removed_at=None
    ).first()
    return had or _keep(actor, report, file, (digest, size, file_name), now)


@transaction.atomic
def _keep(
    actor: Member,
    report: Report,
    file: IO[bytes],
    facts: tuple[str, int, str],
    now: datetime,
) -> ReportFile:
    digest, size, file_name = facts
    kept = ReportFile(
        review=actor.review,
        report=report,
        file_name=file_name[-255:],
        sha256=digest,
        size=size,
        created_at=now,
        created_by=actor,
    )
    file.seek(0)
    kept.file.save("file", File(file), save=False)
    kept.save()
    events.record(
        review=actor.review,
        actor=actor,
        kind="report:file_added",
        now=now,
        subject=report.code,
        sha256=digest,
        size=size,
    )
    retrieval.mark_retrieved(actor=actor, report_code=report.code, now=now)
    return kept


@transaction.atomic
def remove_file(
    *, actor: Member, report_code: str, file_code: str, now: datetime
) -> None:
    """Hide a wrong file; its bytes stay stored.

    Raises ``Missing`` if the report has no such file, or it is hidden already.
    """
    require(actor, Action.RETRIEVE)
    kept = (
        ReportFile.objects.select_for_update()
        .filter(
            review=actor.review_id,
            report__code=report_code,
            code=file_code,
            removed_at=None,
        )
        .first()
    )
    if kept is None:
        raise Missing(_("There is no such file."))
    kept.removed_at = now
    kept.save(update_fields=["removed_at"])
    events.record(
        review=actor.review,
        actor=actor,
        kind="report:file_removed",
        now=now,
        subject=report_code,
        sha256=kept.sha256,
    )


def _checked(file: IO[bytes]) -> tuple[str, int]:
    """Return SHA-256 and size of a readable PDF. Raises ``Refused`` for other files."""
    # Imported here: the import takes about 1 s and few processes need it.
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    digest, size = hashlib.sha256(), 0
    while chunk := file.read(1 << 20):
        digest.update(chunk)
        size += len(chunk)
        if size > settings.UPLOAD_MAX_BYTES:
            raise Refused(
                _(
                    "The file is larger than {limit} MB. Nothing was saved. Upload a "
                    "smaller file."
                ).format(limit=settings.UPLOAD_MAX_BYTES // 1_000_000)
            )
    file.seek(0)
    if b"%PDF-" not in file.read(HEADER_WITHIN):
        raise Refused(
            _(
                "This file is not a PDF. Nothing was saved. Upload the PDF of the "
                "report."
            )
        )
    file.seek(0)
    try:
        if len(PdfReader(file, strict=False).pages) == 0:
            raise Refused(_("This PDF has no pages. Nothing was saved."))
    except (PyPdfError, ValueError, KeyError, RecursionError, OSError) as error:
        raise Refused(
            _(
                "This PDF is damaged or protected and can't be shown. Nothing was "
                "saved. Download it again or print it to a new PDF."
            )
        ) from error
    return digest.hexdigest(), size
