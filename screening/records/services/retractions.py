"""Load the Retraction Watch list, which is the same for all reviews.

The file is read as a stream. Loading it again replaces what it said before. Source of
the columns: https://gitlab.com/crossref/retraction-watch-data
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.core.refusals import Refused
from screening.citations.fields import digits_of, doi_of
from screening.citations.notices import CONCERN, ERRATUM, RETRACTED
from screening.records.models import ListedRetraction

CHUNK = 2_000
KINDS = {
    "retraction": RETRACTED,
    "expression of concern": CONCERN,
    "correction": ERRATUM,
}
NEEDED = ("Record ID", "OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature")
# "4/1/2023 0:00": month, day, year.
DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
REASONS_LETTERS = 1_000


@dataclass(frozen=True, slots=True)
class LoadedRetractions:
    """Numbers of lines: kept, left out, and removed because the list lost them."""

    kept: int
    left_out: int
    removed: int


def load_retractions(
    *, lines: Iterable[str], now: datetime, progress: Callable[[int], object]
) -> LoadedRetractions:
    """Store the lines of the CSV and delete those that it no longer has.

    A line is left out if it has neither DOI nor PMID, or is no retraction, correction
    or expression of concern. `progress` gets the number of lines so far.

    Raises:
        Refused: the file lacks a needed column, or no line could be kept.
    """
    rows = csv.DictReader(lines)
    missing = [name for name in NEEDED if name not in (rows.fieldnames or ())]
    if missing:
        raise Refused(
            _("The file has no column “{name}”. Nothing was changed.").format(
                name=missing[0]
            )
        )
    read = kept = 0
    source = iter(rows)
    while some := list(islice(source, CHUNK)):
        read += len(some)
        kept += _store(filter(None, (_line(row, now) for row in some)))
        progress(read)
    if not kept:
        raise Refused(_("No line of the file could be kept. Nothing was changed."))
    removed, _by_model = ListedRetraction.objects.filter(loaded_at__lt=now).delete()
    return LoadedRetractions(kept, read - kept, removed)


@transaction.atomic
def _store(found: Iterator[ListedRetraction]) -> int:
    # A number twice in one statement would be an error of the database.
    rows = list({one.number: one for one in found}.values())
    ListedRetraction.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=[
            *("kind", "doi", "pmid", "notice_doi", "reasons", "noticed_on"),
            "loaded_at",
        ],
    )
    return len(rows)


def _line(row: dict[str, str | None], now: datetime) -> ListedRetraction | None:
    def text(name: str) -> str:
        return (row.get(name) or "").replace("\0", "").strip()

    kind = KINDS.get(text("RetractionNature").lower())
    doi, pmid = (
        doi_of(text("OriginalPaperDOI")),
        digits_of(text("OriginalPaperPubMedID")),
    )
    number = text("Record ID")[:32]
    if not kind or not number or not (doi or pmid):
        return None
    return ListedRetraction(
        number=number,
        kind=kind,
        doi=doi,
        pmid=pmid,
        notice_doi=doi_of(text("RetractionDOI")),
        reasons=_reasons(text("Reason")),
        noticed_on=_day(text("RetractionDate")),
        loaded_at=now,
    )


def _reasons(text: str) -> str:
    """Return "+Error in Data;+Error in Image;" as "Error in Data; Error in Image"."""
    parts = (part.strip(" +") for part in text.split(";"))
    return "; ".join(filter(None, parts))[:REASONS_LETTERS]


def _day(text: str) -> date | None:
    us, iso = DAY.match(text), ISO_DAY.match(text)
    try:
        if us:
            return date(int(us[3]), int(us[1]), int(us[2]))
        return date(int(iso[1]), int(iso[2]), int(iso[3])) if iso else None
    except ValueError:
        return None
