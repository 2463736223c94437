"""Records added manually, checked immediately for duplicates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Refused
from screening.citations.citation import Citation
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.queries import keep_order
from screening.duplicates.queries.matches import DuplicateMatch, find_matches
from screening.duplicates.services import merge_graph
from screening.records import hooks
from screening.records.models import Duplicate, Record, Source
from screening.records.services import titles
from screening.records.services.sources import get_source

LAST_YEAR = 32_767


@dataclass(frozen=True, slots=True)
class AddedRecord:
    """A new record and the records it matches or may match."""

    record: Record
    matches: tuple[DuplicateMatch, ...]


@transaction.atomic
def add_record(
    *, actor: Member, source_code: str, citation: Citation, now: datetime
) -> AddedRecord:
    """Add one record to a source manually.

    A certain duplicate is merged (undoable); a possible duplicate becomes an open pair.

    Raises:
        Refused: neither title nor DOI is given.
    """
    require(actor, Action.IMPORT)
    source = get_source(actor, source_code)
    if not (citation.title.strip() or citation.doi):
        raise Refused(_("A record needs a title or a DOI. Nothing was saved."))
    entered = store_record(actor=actor, source=source, citation=citation, now=now)
    record, matches = entered.record, entered.matches
    events.record(
        review=actor.review,
        actor=actor,
        kind="record:entered",
        now=now,
        subject=record.code,
        source=source.code,
        repeats=[match.code for match in matches if match.is_certain],
    )
    hooks.records_changed.call(review=actor.review, actor=actor, now=now)
    return entered


def store_record(
    *,
    actor: Member,
    source: Source,
    citation: Citation,
    now: datetime,
    **place: Any,
) -> AddedRecord:
    """Store one record and connect it with its matches, in the caller's transaction.

    ``place`` has the import, position, line and path of a record from a file.
    """
    merge_graph.lock_edges(actor.review)
    matches = find_matches(review=actor.review, citation=citation)
    record = _store(actor, source, citation, now, place)
    titles.index_title(record)
    _connect(actor, record, matches, now)
    return AddedRecord(record, matches)


def _store(
    actor: Member, source: Source, c: Citation, now: datetime, place: dict[str, Any]
) -> Record:
    return Record.objects.create(
        review=actor.review, source=source, arm=source.arm, raw=c.raw, title=c.title,
        authors=list(c.authors),
        year=c.year if c.year and 0 < c.year <= LAST_YEAR else None,
        journal=c.journal, volume=c.volume, issue=c.issue, pages=c.pages, doi=c.doi,
        pmid=c.pmid, accession=c.accession, abstract=c.abstract,
        keywords=list(c.keywords), type=c.type, url=c.url, language=c.language,
        issn=c.issn, notes=c.notes, added_at=now, added_by=actor, **place,
    )  # fmt: skip


def _connect(
    actor: Member, record: Record, matches: tuple[DuplicateMatch, ...], now: datetime
) -> None:
    standing = merge_graph.active_edges(actor.review)
    for match in matches:
        if standing.together(record.pk, match.pk):
            continue
        if match.is_certain and not standing.contradiction(record.pk, match.pk):
            ends = [standing.root(record.pk), standing.root(match.pk)]
            kept, other = keep_order.in_keep_order(ends)
            standing.unite(kept.pk, other.pk)
            Duplicate.objects.create(
                review=actor.review, record=other, of=kept,
                how=Duplicate.How.CERTAIN, score=match.score,
                reasons=list(match.reasons_for), created_at=now, created_by=actor,
            )  # fmt: skip
        else:
            first, second = sorted((record.pk, match.pk))
            PossibleDuplicate.objects.create(
                review=actor.review, first_id=first, second_id=second,
                score=match.score, reasons_for=list(match.reasons_for),
                reasons_against=list(match.reasons_against), created_at=now,
            )  # fmt: skip
