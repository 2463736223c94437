r"""Meaning of the RIS tags in each dialect: one table with few exceptions.

The tags in a row of `READ_FROM` are in order of preference: the first with a value is
used. Sources: the RIS specification (Refman), and the exports named in
docs/methods/import-formats.md.

A field has the text of its tag as in the file. Another value of the same tag follows
after "\n", the tag and "  - ". Most values therefore never need to be split.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from screening.citations.citation import Citation
from screening.citations.fields import (
    Fold,
    abstract_of,
    digits_of,
    distinct_joined,
    doi_of,
    doi_of_link,
    fold,
    keywords_of_joined,
    mentions_pmid,
    pages_of,
    pmid_of,
    pmid_of_links,
    unlisted,
    without_glued_tag,
    without_notice,
    year_of,
)
from screening.citations.notices import notices_of_types
from screening.citations.people import names_of_joined
from screening.citations.reading.drafts import CitationDraft
from screening.citations.reading.plain_text import fold_plain, is_plain
from screening.citations.reading.prior_decisions import mentions_prior, take_prior
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reference_types import word_of_ris, word_of_text
from screening.citations.translation import gettext as _
from screening.citations.translation import gettext_noop

Fields = dict[str, str]

TITLE = ("TI", "T1", "CT", "BT", "TT", "ST")
JOURNAL = ("JF", "T2", "JO", "JA", "J2", "J1", "JI", "J9", "NL")
JOURNAL_OF_BOOK = tuple(tag for tag in JOURNAL if tag != "T2")
YEARS = ("PY", "Y1", "DA", "YR")
# The second title of these types is a series or nothing, never a journal.
NO_JOURNAL = frozenset({"BOOK", "EBOOK", "EDBOOK", "THES", "PAT"})
TITLED_BY_BOOK = frozenset({"BOOK", "EBOOK", "EDBOOK"})
IN_PROCEEDINGS = frozenset({"CONF", "CPAPER"})
DOI_TAGS = ("DO", "L3", "DI", "M3")
DOI_LINKS = ("UR", "L2", "L1", "LK", "N1")
ONLY_ONE = (
    ("TY", gettext_noop("type")),
    ("TI", gettext_noop("title")),
    ("T1", gettext_noop("title")),
    ("DO", "DOI"),
)
PMID_IN = {
    "": ("PM", "C2", "C5"),
    "Scopus": ("PM", "C2"),
    "Embase / embase.com": ("PM", "C5"),
}
PMID_OF_MEDLINE = ("PM", "AN", "ID")
# Our exports name it as the database of an accession number that is a PMID.
PUBMED = "PubMed"
LANGUAGE = ("LA", "LG")
MENTIONS_PMID = (
    "AN", "U1", "U2", "U3", "U4", "U5", "N1", "M1", "M2", "C1", "C3", "C4", "ID",
)  # fmt: skip
MAY_MENTION = frozenset(MENTIONS_PMID)
LINKS = ("UR", "L2", "L1")
EMBASE_ID = re.compile(r"L\d{6,}")
EBSCO_ACCESSION = re.compile(r"Accession Number: ([^;\s]+?)(?:[.;]|\s|$)")
SCOPUS_EID = re.compile(r"scopus\.\S*?[?&]eid=(2-s2\.0-\d+)")
EBSCO_AN = re.compile(r"ebsco\S*[?&]AN=([\w.-]+)")
# The usual form of a DOI, which needs no decoding.
PLAIN_DOI = re.compile(r"10\.\d{4,9}/[A-Za-z0-9._/-]{0,200}[A-Za-z0-9]")


def citations_of_ris(
    records: Iterable[tuple[Fields, int, str, bool]],
    platform: str,
    report: ReadingReport,
) -> Iterator[Citation]:
    """Yield the citations of tagged fields. Records without content are skipped.

    A record has its fields, first line and text, and True if it is known to be plain.
    """
    pmid_places = PMID_IN.get(platform, ("PM",))
    by_database = platform in ("Ovid", "EBSCOhost")
    for fields, line, raw, plain in records:
        folded = fold_plain if plain or is_plain(raw) else fold
        title = _first(fields, TITLE, folded)
        if not (title or _has_content(fields)):
            report.warn("empty-record", line, _("The record has no content."))
            report.skip(line, _("The record has no content."), raw)
            continue
        draft = CitationDraft(raw, line)
        draft.title = title
        _fill(draft, fields, folded, report)
        places = pmid_places
        # In EndNote, only the provider shows that a record is from PubMed.
        if (by_database and _is_medline(fields)) or fields.get("DP") == "NLM":
            places = PMID_OF_MEDLINE
        draft.pmid = _pmid(fields, places)
        yield draft.done()


def _fill(
    draft: CitationDraft, fields: Fields, folded: Fold, report: ReadingReport
) -> None:
    """Fill the fields that are the same in all dialects, and warn of conflicts."""
    kind = fields.get("TY", "")
    if kind != "JOUR":
        kind = kind.partition("\n")[0].strip().upper()
    _warn_of_conflicts(fields, draft.line, report)
    if not draft.title:
        if kind in TITLED_BY_BOOK:
            draft.title = _first(fields, ("T2",), folded)
        if not draft.title:
            report.warn("no-title", draft.line, _("The record has no title."))
    draft.authors = _authors(fields, folded)
    draft.year = _year(fields)
    is_no_journal = kind in NO_JOURNAL
    draft.journal = _first(
        fields, JOURNAL_OF_BOOK if is_no_journal else JOURNAL, folded
    )
    if not draft.journal and kind in IN_PROCEEDINGS:
        draft.journal = _first(fields, ("C3",), folded)
    draft.volume = _number(fields, "VL")
    draft.issue = _number(fields, "IS") or _number(fields, "CP")
    draft.pages = _pages(fields)
    draft.doi = _doi(fields, draft.line, report)
    draft.accession = _accession(fields, folded)
    draft.abstract = _abstract(fields, folded)
    draft.type = "journal article" if kind == "JOUR" else _type(fields, kind)
    if "M3" in fields:
        draft.notices = notices_of_types(values_of(fields, "M3"))
    draft.url = _url(fields)
    draft.language = _first(fields, LANGUAGE, folded)
    draft.issn = unlisted(_joined(fields, "SN", "; ", folded))
    _put_notes(draft, fields, folded)


def _has_content(fields: Fields) -> bool:
    return any(
        "\n" not in text or any(map(str.strip, values_of(fields, tag)))
        for tag, text in fields.items()
        if tag != "TY" and text and not text.isspace()
    )


def _put_notes(draft: CitationDraft, fields: Fields, folded: Fold) -> None:
    """Set notes and keywords, without decisions of another tool's users."""
    keywords = fields.get("KW")
    draft.keywords = _keywords(keywords, folded) if keywords else ()
    draft.notes = notes = _joined(fields, "N1", " | ", folded)
    if (keywords and mentions_prior(keywords)) or (notes and mentions_prior(notes)):
        prior = take_prior(draft.notes, draft.keywords)
        draft.notes, draft.keywords = prior.notes, prior.keywords
        draft.prior_decisions = prior.decisions
        draft.prior_labels, draft.prior_reasons = prior.labels, prior.reasons


def values_of(fields: Fields, tag: str) -> Sequence[str]:
    """Return the values of a tag in their order."""
    text = fields.get(tag)
    if text is None:
        return ()
    if "\n" not in text:
        return (text,)
    return text.split(f"\n{tag}  - ")


def _first(fields: Fields, tags: Sequence[str], folded: Fold) -> str:
    for tag in tags:
        text = fields.get(tag)
        if not text:
            continue
        if "\n" not in text:
            text = folded(text)
            if text:
                return text
        else:
            for value in values_of(fields, tag):
                text = folded(value)
                if text:
                    return text
    return ""


def _number(fields: Fields, tag: str) -> str:
    text = fields.get(tag, "")
    return text if not text or text.isdecimal() else _first(fields, (tag,), fold)


def _joined(fields: Fields, tag: str, between: str, folded: Fold) -> str:
    text = fields.get(tag)
    if not text:
        return ""
    if "\n" not in text:
        return folded(text)
    return between.join(distinct_joined(folded(text.replace(f"\n{tag}  - ", "\0"))))


def _warn_of_conflicts(fields: Fields, line: int, report: ReadingReport) -> None:
    """Warn if a tag with one value came twice with different values. The first is kept."""
    conflicts = []
    for tag, what in ONLY_ONE:
        text = fields.get(tag)
        if text and "\n" in text:
            values = values_of(fields, tag)
            given = {doi_of(value) if tag == "DO" else fold(value) for value in values}
            if len(given - {""}) > 1:
                conflicts.append(what)
    year, other = fields.get("PY", ""), fields.get("Y1", "")
    if "\n" in year or "\n" in other or (year != other and year and other):
        all_years = (*values_of(fields, "PY"), *values_of(fields, "Y1"))
        if len(set(map(year_of, all_years)) - {None}) > 1:
            conflicts.append(gettext_noop("year"))
    if conflicts:
        report.warn(
            "duplicate-tag-conflict",
            line,
            _(
                "The record has more than one value for: {fields}. The first was kept."
            ).format(fields=", ".join(map(_, dict.fromkeys(conflicts)))),
        )


def _authors(fields: Fields, folded: Fold) -> tuple[str, ...]:
    """Return the authors of AU and A1 as one list. A name under both tags counts once.

    The same name twice under one tag stays twice. A2 to A4 are editors and cited
    authors.
    """
    au, a1 = fields.get("AU"), fields.get("A1")
    first = names_of_joined(folded(au.replace("\nAU  - ", "\0"))) if au else ()
    if not a1:
        return first
    second = names_of_joined(folded(a1.replace("\nA1  - ", "\0")))
    if not first or not second:
        return first or second
    return first + tuple(name for name in second if name not in first)


def _keywords(text: str, folded: Fold) -> tuple[str, ...]:
    return keywords_of_joined(folded(text.replace("\nKW  - ", "\0")))


def _year(fields: Fields) -> int | None:
    for tag in YEARS:
        text = fields.get(tag)
        if text:
            for value in (text,) if "\n" not in text else values_of(fields, tag):
                year = year_of(value)
                if year:
                    return year
    return None


def _pages(fields: Fields) -> str:
    start, end = fields.get("SP", ""), fields.get("EP", "")
    if start or end:
        if start.isdecimal() and end.isdecimal():
            return f"{start}-{end}" if start != end else start
        pages = pages_of(start.partition("\n")[0], end.partition("\n")[0])
        if pages:
            return pages
    article = fields.get("C7", "").partition("\n")[0]
    return pages_of(article) if article and "10." not in article else ""


def _doi(fields: Fields, line: int, report: ReadingReport) -> str:
    for tag in DOI_TAGS:
        if tag not in fields:
            continue
        for value in values_of(fields, tag):
            if PLAIN_DOI.fullmatch(value):
                return value.lower()
            clean = without_glued_tag(value)
            if len(clean) != len(value):
                report.warn(
                    "field-junk-stripped",
                    line,
                    _("The DOI field had other text, which was removed."),
                )
            doi = doi_of(clean)
            if doi:
                return doi
    for tag in DOI_LINKS:
        if tag in fields and "doi.org" in fields[tag].lower():
            for value in values_of(fields, tag):
                doi = doi_of_link(value)
                if doi:
                    return doi
    return ""


def _pmid(fields: Fields, places: Sequence[str]) -> str:
    """Return the PMID, by its name or from the place where the dialect has it."""
    for tag in places:
        if tag in fields:
            for value in values_of(fields, tag):
                found = digits_of(value if tag != "PM" else value.strip().split(" ")[0])
                if found:
                    return found
    for tag in () if MAY_MENTION.isdisjoint(fields) else MENTIONS_PMID:
        if tag in fields and mentions_pmid(fields[tag]):
            for value in values_of(fields, tag):
                found = pmid_of(value)
                if found:
                    return found
    links = " ".join([fields[tag] for tag in LINKS if tag in fields])
    return pmid_of_links(links) if "ncbi" in links or "/MED/" in links else ""


def _is_medline(fields: Fields) -> bool:
    if "DB" not in fields:
        return False
    names = fields["DB"].lower()
    return "medline" in names or any(
        value.strip() in ("mdc", "cmedm", "mnh") for value in names.split("\ndb  - ")
    )


def _accession(fields: Fields, folded: Fold) -> str:
    """Return the identifier of the source, from the place where the dialect has it."""
    found = _first(fields, ("AN", "UT"), folded)
    if found and fields.get("DB") == PUBMED and found == pmid_of(fields.get("M2", "")):
        return ""
    if found:
        return found
    for tag in ("U2", "N1"):
        if tag in fields:
            for value in values_of(fields, tag):
                if EMBASE_ID.fullmatch(value.strip()):
                    return value.strip()
    for tag, mark, pattern in (
        ("N1", "Accession Number: ", EBSCO_ACCESSION),
        ("UR", "AN=", EBSCO_AN),
        ("UR", "eid=", SCOPUS_EID),
    ):
        if tag in fields and mark in fields[tag]:
            for value in values_of(fields, tag):
                match = pattern.search(value)
                if match:
                    return match.group(1)
    return _first(fields, ("ID",), folded)


def _abstract(fields: Fields, folded: Fold) -> str:
    for tag in ("AB", "N2"):
        text = fields.get(tag)
        if text:
            if "\n" in text:
                text = abstract_of(values_of(fields, tag), folded)
            else:
                text = without_notice(folded(text))
            if text:
                return text
    return ""


def _type(fields: Fields, kind: str) -> str:
    """Return TY as a plain word. M3 is more specific if TY is only a general type."""
    if kind in ("GEN", ""):
        for value in values_of(fields, "M3"):
            if value.strip() and not doi_of(value):
                return word_of_text(fold(value))
    return word_of_ris(kind)


def _url(fields: Fields) -> str:
    for tag in ("UR", "L2", "LK", "L1"):
        if tag in fields:
            for value in values_of(fields, tag):
                value = value.strip()
                if value.startswith(("http://", "https://")):
                    return value.split(None, 1)[0].rstrip(";,")
    return ""
