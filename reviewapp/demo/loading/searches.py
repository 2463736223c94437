"""Sources, imports, deduplication and other methods of the demo reviews."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from reviewapp.core.models import Job, Member
from reviewapp.core.refusals import Refused
from reviewapp.demo.generator import all_works
from reviewapp.demo.loading import background
from reviewapp.demo.loading.people import DemoTeam
from reviewapp.demo.loading.texts import OtherMethodSource
from reviewapp.demo.work import Work, WorkKind
from screening.citations.citation import Citation
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.queries.runs import FIND_JOB
from screening.duplicates.services import duplicates
from screening.imports.services import entries, imports
from screening.imports.services.imports import IMPORT_JOB, READ_JOB
from screening.records.models import Import, Record, Source
from screening.records.services import sources

_TYPES = {
    WorkKind.ARTICLE: "journal article",
    WorkKind.BOOK: "book",
    WorkKind.CHAPTER: "book chapter",
    WorkKind.THESIS: "thesis",
}


@dataclass(frozen=True, slots=True)
class DemoSearch:
    """A file to import; ``works[i]`` is the number of its i-th record's work."""

    name: str
    fields: dict[str, Any]
    file_name: str
    content: bytes
    works: tuple[int, ...]


def upload_files(
    team: DemoTeam, searches: Sequence[DemoSearch], now: datetime
) -> list[Import]:
    """Add missing sources, upload and read their files, and return the imports."""
    batches = [_uploaded(team.librarian, search, now) for search in searches]
    background.finish_jobs(_jobs(READ_JOB, batches))
    for batch in batches:
        batch.refresh_from_db()
        if batch.refusal:
            raise Refused(f"{batch.file_name} could not be read: {batch.refusal}")
    return batches


def _uploaded(actor: Member, search: DemoSearch, now: datetime) -> Import:
    source = Source.objects.filter(review=actor.review, name=search.name).first()
    if source is None:
        source = sources.add_source(
            actor=actor,
            kind=Source.Kind.DATABASE,
            name=search.name,
            now=now,
            **search.fields,
        )
    batch = Import.objects.filter(source=source, file_name=search.file_name).first()
    return batch or imports.upload_file(
        actor=actor,
        source_code=source.code,
        file=io.BytesIO(search.content),
        file_name=search.file_name,
        now=now,
    )


def commit_imports(team: DemoTeam, batches: Sequence[Import], now: datetime) -> None:
    """Import the files and run the deduplication that follows."""
    # In one transaction, so that only the last import starts a deduplication run.
    with transaction.atomic():
        for batch in batches:
            if batch.state != Import.State.COMMITTED:
                imports.confirm_import(
                    actor=team.librarian, import_code=batch.code, now=now
                )
    background.finish_jobs(_jobs(IMPORT_JOB, batches))


def run_deduplication(team: DemoTeam, now: datetime) -> None:
    """Run the deduplication to its end."""
    found = Job.objects.filter(review=team.lead.review, kind=FIND_JOB)
    if not found.exists():
        duplicates.request_full_run(actor=team.librarian, now=now)
    background.finish_jobs(found.order_by("pk"))


def decide_pairs(team: DemoTeam, by_record: dict[int, Work], now: datetime) -> int:
    """Decide the possible duplicates truthfully; return their number.

    ``by_record``: the works behind the records, by the primary key of the record.
    """
    answered = 0
    waiting = PossibleDuplicate.objects.filter(
        review=team.lead.review, answer=PossibleDuplicate.Answer.OPEN
    )
    # A decision may close other pairs, so the next pair is queried each time.
    while pair := waiting.order_by("-score", "pk").first():
        is_same = by_record[pair.first_id] is by_record[pair.second_id]
        answer = (
            PossibleDuplicate.Answer.SAME
            if is_same
            else PossibleDuplicate.Answer.DIFFERENT
        )
        duplicates.decide_pair(
            actor=team.librarian, pair_code=pair.code, answer=answer, now=now
        )
        answered += 1
    return answered


def add_manually(
    team: DemoTeam, source: OtherMethodSource, found: Sequence[Work], now: datetime
) -> list[Record]:
    """Add works found by other methods manually; return their records."""
    actor = team.librarian
    kept = Source.objects.filter(review=actor.review, name=source.name).first()
    if kept is None:
        kept = sources.add_source(
            actor=actor,
            kind=source.kind,
            name=source.name,
            provenance=source.provenance,
            now=now,
        )
    had = {record.title: record for record in Record.objects.filter(source=kept)}
    return [
        had.get(work.title)
        or entries.add_record(
            actor=actor, source_code=kept.code, citation=_citation(work), now=now
        ).record
        for work in found
    ]


def _citation(work: Work) -> Citation:
    return Citation(
        title=work.title,
        authors=work.authors,
        year=work.year,
        journal=work.journal,
        volume=work.volume,
        issue=work.issue,
        pages="-".join(p for p in (work.first_page, work.last_page) if p),
        doi=work.doi,
        pmid=work.pmid,
        abstract=work.abstract,
        keywords=work.keywords,
        type=_TYPES[work.kind],
        language="English",
        issn=work.issn,
    )


def works_of_records(
    batches: Sequence[Import], searches: Sequence[DemoSearch]
) -> dict[int, Work]:
    """Return the works behind the imported records, by primary key."""
    numbers = {
        batch.pk: search.works for batch, search in zip(batches, searches, strict=True)
    }
    rows = Record.objects.filter(batch__in=batches)
    every = all_works()
    return {
        pk: every[numbers[batch][position]]
        for pk, batch, position in rows.values_list("pk", "batch", "position")
        if batch is not None
    }


def _jobs(kind: str, batches: Sequence[Import]) -> list[Job]:
    codes = [batch.code for batch in batches]
    return list(Job.objects.filter(kind=kind, key__in=codes).order_by("pk"))
