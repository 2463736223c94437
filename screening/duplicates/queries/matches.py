"""Duplicates of a single citation among all records of a review."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q
from django.utils.translation import gettext as _

from reviewapp.core.models import Member, Review
from screening.citations.citation import Citation
from screening.citations.deduplication.cleaning import Cleaned, clean_reference
from screening.citations.deduplication.match_policy import MatchPolicy
from screening.citations.deduplication.matching import judge_pair
from screening.citations.deduplication.reference import Reference
from screening.duplicates.queries import dedup_settings
from screening.records.models import Record
from screening.records.queries import clusters, status_providers, titles

# The most similar titles. Equal DOIs and PMIDs are found whatever the title.
BY_TITLE = 40
SHOWN = 5


@dataclass(frozen=True, slots=True)
class DuplicateMatch:
    """A record that is certainly or possibly the same, with the evidence.

    ``kept_code`` is the code of the kept record of its cluster, perhaps its own.
    ``status`` is the screening status of that record if it has a final decision:
    "excluded at …".
    """

    pk: int
    code: str
    kept_code: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    source_name: str
    is_certain: bool
    score: float
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]
    status: str = ""


def matches_for_viewer(
    viewer: Member, citation: Citation
) -> tuple[DuplicateMatch, ...]:
    """Return the records that match or may match ``citation``, most similar first.

    Final decisions are included, and evidence is in the viewer's language.
    """
    found = find_matches(review=viewer.review, citation=citation)
    kept = clusters.kept_of([match.pk for match in found])
    known = status_providers.status_of_records(viewer, list(kept.values()))
    return tuple(
        replace(
            m,
            status=known.get(kept[m.pk], ""),
            reasons_for=tuple(_(reason) for reason in m.reasons_for),
            reasons_against=tuple(_(reason) for reason in m.reasons_against),
        )
        for m in found
    )


def find_matches(*, review: Review, citation: Citation) -> tuple[DuplicateMatch, ...]:
    """Return the matches for services, with evidence in English as it is stored.

    Takes two queries, one for the settings, one for the title column, two for kept
    records.
    """
    policy = dedup_settings.get_settings(review)
    wanted = clean_reference(
        Reference(
            id=0, title=citation.title, authors=citation.authors, year=citation.year,
            journal=citation.journal, volume=citation.volume, issue=citation.issue,
            pages=citation.pages, doi=citation.doi, pmid=citation.pmid,
            issn=citation.issn, isbn=citation.issn, abstract=citation.abstract,
        )
    )  # fmt: skip
    found = [
        match
        for record in _candidates(review, citation)
        if (
            match := _judged(
                record, clean_reference(reference_of_record(record)), wanted, policy
            )
        )
        is not None
    ]
    found.sort(key=lambda match: (-match.is_certain, -match.score, match.pk))
    return _with_kept(found[:SHOWN])


def _candidates(review: Review, citation: Citation) -> list[Record]:
    records = (
        Record.objects.identified()
        .filter(review=review)
        .select_related("source")
        .defer("raw", "notes", "keywords")
    )
    known = Q()
    if citation.doi:
        known |= Q(doi=citation.doi)
    if citation.pmid:
        known |= Q(pmid=citation.pmid)
    by_number = list(records.filter(known)[:BY_TITLE]) if known else []
    column = titles.title_column(review.pk)
    by_title = (
        records.filter(**{f"{column}__trigram_similar": citation.title})
        .annotate(likeness=TrigramSimilarity(column, citation.title))
        .order_by("-likeness", "pk")[:BY_TITLE]
        if citation.title
        else ()
    )
    return list({record.pk: record for record in [*by_number, *by_title]}.values())


def reference_of_record(record: Record) -> Reference:
    """Return the record as the rules read it, without merged field values."""
    return Reference(
        id=record.pk, title=record.title, authors=tuple(record.authors),
        year=record.year, journal=record.journal, volume=record.volume,
        issue=record.issue, pages=record.pages, doi=record.doi, pmid=record.pmid,
        issn=record.issn, isbn=record.issn, abstract=record.abstract,
    )  # fmt: skip


def _judged(
    record: Record, cleaned: Cleaned, wanted: Cleaned, policy: MatchPolicy
) -> DuplicateMatch | None:
    judgement = judge_pair(wanted, cleaned, policy)
    is_sparse = _is_sparse(wanted)
    if judgement.answer == "different" and not (is_sparse and _agree(wanted, cleaned)):
        return None
    return DuplicateMatch(
        pk=record.pk,
        code=record.code,
        kept_code=record.code,
        title=record.title,
        authors=tuple(record.authors),
        year=record.year,
        source_name=record.source.name,
        is_certain=judgement.answer == "same" and not is_sparse,
        score=judgement.score,
        reasons_for=judgement.reasons_for,
        reasons_against=judgement.reasons_against,
    )


def _is_sparse(wanted: Cleaned) -> bool:
    """Return True if a citation has too little information for an automatic merge.

    This is the case while it is typed, or if it is only a title or a DOI.
    """
    return not wanted.letters or not (wanted.surnames or wanted.year or wanted.journal)


def _agree(wanted: Cleaned, known: Cleaned) -> bool:
    """Return True if the identifying fields that both have agree, and both have one."""
    agree = [
        one == other
        for one, other in (
            (wanted.doi, known.doi),
            (wanted.pmid, known.pmid),
            (wanted.letters, known.letters),
        )
        if one and other
    ]
    return bool(agree) and all(agree)


def _with_kept(found: list[DuplicateMatch]) -> tuple[DuplicateMatch, ...]:
    kept = clusters.kept_of([match.pk for match in found])
    codes = dict(Record.objects.filter(pk__in=kept.values()).values_list("pk", "code"))
    return tuple(replace(m, kept_code=codes[kept[m.pk]]) for m in found)
