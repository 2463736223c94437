"""Last step of every reader: the same clean-up of values for all formats.

Markup and entities become text, a citation in the field of the journal is taken apart,
and values that a spreadsheet program has changed are left out with a warning.
"""

from __future__ import annotations

import re
from dataclasses import replace
from operator import attrgetter
from typing import Any

from screening.citations.citation import Citation
from screening.citations.fields import fold
from screening.citations.journal_citation import journal_citation
from screening.citations.lists import first_item
from screening.citations.markup import has_markup, plain_text
from screening.citations.notices import (
    OF_TYPES,
    joined_notices,
    may_have_notice,
    notices_of_title,
    notices_of_types,
)
from screening.citations.people import are_unclear
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reading.spreadsheet_values import (
    is_changed,
    is_error,
    is_month,
    is_serial,
    warn_of_change,
)
from screening.citations.translation import gettext as _
from screening.citations.translation import gettext_noop

TEXTS = (
    "title",
    "abstract",
    "journal",
    "notes",
    "volume",
    "issue",
    "pages",
    "language",
)
values_of_texts = attrgetter(*TEXTS)
PLACES = ("volume", "issue", "pages")
# The usual form, which needs no closer look.
PLAIN_PAGES = re.compile(
    r"[A-OQ-Za-oq-z]{0,3}\d{1,9}(?:[-‐–][A-Za-z]{0,2}\d{1,9})?[A-Za-z]?"
)
PAGES_AS_ISSUE = re.compile(r"pp?\.?\s?([A-Za-z]{0,3}\d[\w.-]*(?:\s?[-–]\s?\w+)?)")
YEAR_LETTERS = 4
SERIAL_DIGITS = 5
ERRORS = (
    "title",
    "abstract",
    "journal",
    "accession",
    "notes",
    "issn",
    "language",
    "url",
)


FIELD_NAMES = {
    "abstract": gettext_noop("Abstract"),
    "accession": gettext_noop("Identifier in the source"),
    "authors": gettext_noop("Authors"),
    "issn": gettext_noop("ISSN or ISBN"),
    "issue": gettext_noop("Issue"),
    "journal": gettext_noop("Journal or source"),
    "keywords": gettext_noop("Keywords"),
    "language": gettext_noop("Language"),
    "notes": gettext_noop("Notes"),
    "pages": gettext_noop("Pages"),
    "pmid": gettext_noop("PubMed ID"),
    "title": gettext_noop("Title"),
    "url": gettext_noop("Link"),
    "volume": gettext_noop("Volume"),
    "year": gettext_noop("Year or date"),
}


def tidied(citation: Citation, report: ReadingReport) -> Citation:
    """Return the citation with clean values, and warn of what was left out."""
    changes: dict[str, Any] = {}
    title, abstract, journal = citation.title, citation.abstract, citation.journal
    first = title[:1]
    # Each test is a fraction of a microsecond. Millions of records pass here.
    texts = f"{title}{journal}{citation.notes}"
    if "<" in abstract or "&" in abstract or "<" in texts or "&" in texts:
        _without_markup(citation, changes)
    if "&amp;" in citation.url:
        changes["url"] = citation.url.replace("&amp;", "&")
    if first == "[" or journal[:1] == "[":
        _without_list(citation, changes)
    if journal and (changes or journal_citation(journal)):
        _journal(citation, changes)
    if changes or not _has_plain_places(citation):
        _places(citation, changes, report)
    if may_have_notice(title) or citation.type in OF_TYPES:
        _notices(citation, changes)
    names = "\0".join(citation.authors)
    if (
        first == "#"
        or abstract[:1] == "#"
        or journal[:1] == "#"
        or citation.accession[:1] == "#"
        or "#" in names
        or (citation.keywords and citation.keywords[0][:1] == "#")
    ):
        _without_errors(citation, changes, report)
    if names.count(",") > len(citation.authors) or " and " in names:
        _warn_of_people(citation, report)
    return replace(citation, **changes) if changes else citation


def _without_markup(citation: Citation, changes: dict[str, Any]) -> None:
    for name, text in zip(TEXTS, values_of_texts(citation), strict=True):
        if text and has_markup(text):
            plain = plain_text(text)
            # To fold a long abstract is slow. It was folded when it was read.
            if plain != text and (plain := fold(plain)) != text:
                changes[name] = plain


def _notices(citation: Citation, changes: dict[str, Any]) -> None:
    """Add the notices that the title and the type contain to those of the reader."""
    found = joined_notices(
        citation.notices,
        notices_of_types((citation.type,)),
        notices_of_title(changes.get("title", citation.title)),
    )
    if found != citation.notices:
        changes["notices"] = found


def _without_list(citation: Citation, changes: dict[str, Any]) -> None:
    """Take a title or journal out of a list of one ("['A title']")."""
    for name in ("title", "journal"):
        text = changes.get(name, getattr(citation, name))
        if (one := fold(first_item(text))) != text:
            changes[name] = one


def _journal(citation: Citation, changes: dict[str, Any]) -> None:
    """Take a citation apart that is in the field of the journal."""
    found = journal_citation(changes.get("journal", citation.journal))
    if not found:
        return
    changes["journal"] = found.journal
    for name in (*PLACES, "year"):
        if not getattr(citation, name) and (value := getattr(found, name)):
            changes[name] = value


def _has_plain_places(citation: Citation) -> bool:
    """Return True for the usual numbers, which need no closer look."""
    volume, issue, pages = citation.volume, citation.issue, citation.pages
    if volume and not (volume.isalnum() and len(volume) != SERIAL_DIGITS):
        return False
    if issue and not (issue.isalnum() and len(issue) != SERIAL_DIGITS):
        return False
    return not pages or (
        PLAIN_PAGES.fullmatch(pages) is not None
        and not (len(pages) == YEAR_LETTERS and pages == str(citation.year))
    )


def _places(citation: Citation, changes: dict[str, Any], report: ReadingReport) -> None:
    """Leave out volumes, issues and pages that are none."""
    issue = changes.get("issue", citation.issue)
    match = PAGES_AS_ISSUE.fullmatch(issue) if issue[:1] in ("p", "P") else None
    if match:
        # A column was missing, so every value is one column too far to the left.
        changes["issue"] = ""
        if _is_no_page(citation.pages, citation.year):
            changes["pages"] = match[1]
    for name in PLACES:
        text = changes.get(name, getattr(citation, name))
        if not text:
            continue
        if is_changed(text) or (name != "pages" and is_serial(text)):
            changes[name] = ""
            warn_of_change(_(FIELD_NAMES[name]), text, citation.line, report)
        elif name == "pages" and _is_no_page(text, citation.year):
            changes[name] = ""
            report.warn(
                "field-junk-stripped",
                citation.line,
                _("“{value}” is not a page, so it was left out.").format(value=text),
            )


def _is_no_page(text: str, year: int | None) -> bool:
    """Return True for the year of the record, or nothing, in the place of the pages."""
    return not text or text == str(year) or is_month(text)


def _without_errors(
    citation: Citation, changes: dict[str, Any], report: ReadingReport
) -> None:
    """Leave out the errors of spreadsheet programs ("#NAME?")."""
    for name in ERRORS:
        text = changes.get(name, getattr(citation, name))
        if text[:1] == "#" and is_error(text):
            changes[name] = ""
            warn_of_change(_(FIELD_NAMES[name]), text, citation.line, report)
    for name in ("authors", "keywords"):
        values = getattr(citation, name)
        if values and any(value[:1] == "#" and is_error(value) for value in values):
            changes[name] = tuple(one for one in values if not is_error(one))
            warn_of_change(_(FIELD_NAMES[name]), "#…", citation.line, report)


def _warn_of_people(citation: Citation, report: ReadingReport) -> None:
    if not are_unclear(citation.authors):
        return
    report.warn(
        "people-unclear",
        citation.line,
        _(
            "The authors of “{title}” may be several people in one name. They were kept "
            "as printed."
        ).format(title=citation.title[:80]),
    )
