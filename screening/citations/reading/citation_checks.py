"""Checks and clean-up shared by the readers of structured formats (XML, JSON)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from screening.citations.citation import Citation
from screening.citations.reading.encodings import looks_mojibake
from screening.citations.reading.prior_decisions import take_prior
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.translation import gettext as _

# A record must have at least one of these, otherwise there is nothing to screen or
# find.
CONTENT = (
    "title",
    "authors",
    "year",
    "journal",
    "doi",
    "pmid",
    "abstract",
    "accession",
    "keywords",
    "url",
    "notes",
)


def check_citation(
    citation: Citation, report: ReadingReport, *, besides: str = ""
) -> Iterator[Citation]:
    """Yield the citation if it has content, and warn of missing or damaged values.

    A citation without content is counted as skipped. `besides` names a field that does
    not count as content, such as an identifier that every entry has. Decisions of
    another screening tool are removed from notes and keywords.
    """
    line = citation.line
    if not any(getattr(citation, name) for name in CONTENT if name != besides):
        report.warn("empty-record", line, _("The record has no content."))
        report.skip(line, _("The record has no content."), citation.raw)
        return
    if not citation.title:
        report.warn("no-title", line, _("The record has no title."))
    garbled = "" if citation.raw.isascii() else looks_mojibake(citation.raw)
    if garbled:
        report.warn(
            "mojibake-suspected",
            line,
            _(
                "Some characters look garbled, for example “{example}”. The text was "
                "not changed."
            ).format(example=garbled),
        )
    prior = take_prior(citation.notes, citation.keywords)
    if prior.notes != citation.notes or prior.keywords != citation.keywords:
        citation = replace(
            citation,
            notes=prior.notes,
            keywords=prior.keywords,
            prior_decisions=prior.decisions,
            prior_labels=prior.labels,
            prior_reasons=prior.reasons,
        )
    yield citation
