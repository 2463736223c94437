"""Imported files of a source, as lists show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reviewapp.core.models import Job, Member
from screening.citations.formats import name_of_format
from screening.records.models import Import

# The kinds of job of an import: reading, then importing.
JOB_KINDS = ("records.read", "records.import")


@dataclass(frozen=True, slots=True)
class ImportLine:
    """An import as lists show it; found = kept + skipped.

    ``is_stuck``: its job has failed and can be resumed.
    """

    code: str
    file_name: str
    size: int
    state: str
    state_words: str
    found: int
    kept: int
    skipped: int
    format: str
    platform: str
    source_code: str
    source_name: str
    created_at: datetime
    created_by: str
    committed_at: datetime | None
    is_stuck: bool = False

    @property
    def format_name(self) -> str:
        """Return the name of the format."""
        return name_of_format(self.format)

    @property
    def is_waiting(self) -> bool:
        """Return True if a member has to confirm or discard it."""
        return self.state == Import.State.READ

    @property
    def is_under_way(self) -> bool:
        """Return True if its job is queued, running or failed."""
        return self.state in {Import.State.UPLOADED, Import.State.COMMITTING}


def imports_of_source(viewer: Member, source_code: str) -> list[ImportLine]:
    """Return the imports of one source, newest first."""
    return _lines(viewer, source__code=source_code)


def waiting_imports(viewer: Member) -> list[ImportLine]:
    """Return the imports that need confirmation."""
    return _lines(viewer, state=Import.State.READ)


def import_line(batch: Import, *, is_stuck: bool = False) -> ImportLine:
    """Return the import as lists show it (needs ``source`` and ``created_by``)."""
    return ImportLine(
        code=batch.code,
        file_name=batch.file_name,
        size=batch.size,
        state=batch.state,
        state_words=batch.get_state_display(),
        found=batch.found,
        kept=batch.kept,
        skipped=batch.skipped,
        format=batch.format,
        platform=batch.platform,
        source_code=batch.source.code,
        source_name=batch.source.name,
        created_at=batch.created_at,
        created_by=batch.created_by.name,
        committed_at=batch.committed_at,
        is_stuck=is_stuck,
    )


def _lines(viewer: Member, **filters: Any) -> list[ImportLine]:
    batches = (
        Import.objects.filter(review=viewer.review_id, **filters)
        .defer("report")
        .select_related("source", "created_by")
        .order_by("-created_at", "-pk")
    )
    failed = set(
        Job.objects.filter(
            review=viewer.review_id, kind__in=JOB_KINDS, state=Job.State.FAILED
        ).values_list("key", flat=True)
    )
    # The key of a job is the import's code, then "-" and the revision.
    stuck = {key.partition("-")[0] for key in failed}
    return [import_line(batch, is_stuck=batch.code in stuck) for batch in batches]
