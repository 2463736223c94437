"""Citations from the rows of a table, for text tables and workbooks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from screening.citations.citation import Citation
from screening.citations.fields import (
    abstract_of,
    digits_of,
    distinct,
    doi_of,
    doi_of_link,
    fold,
    keywords_of,
    pages_of,
    pmid_of,
    pmid_of_links,
    unlisted,
    without_glued_tag,
    year_of,
)
from screening.citations.notices import notices_of_types
from screening.citations.people import names_of, names_of_list
from screening.citations.reading.prior_decisions import (
    PriorDecisions,
    read_hash,
    take_prior,
)
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reading.spreadsheet_values import (
    is_error,
    is_rounded,
    warn_of_change,
    year_of_serial,
)
from screening.citations.reading.tables.column_names import ABSTRACKR
from screening.citations.reading.tables.columns import (
    FIELDS,
    TableColumns,
    plain_header,
)
from screening.citations.reading.tables.table_rows import TableRow
from screening.citations.reference_types import WORDS, word_of_text
from screening.citations.translation import gettext as _

FORMULA_TEXT = re.compile(r'^="((?:[^"]|"")*)"$')
# Without the hyphen, because titles, doses and ranges can start with one.
LIKE_FORMULA = ("=", "+", "@", "\t", "\r")
# Our own exports and some others put an apostrophe before such cells.
OWN_APOSTROPHE = frozenset("=+-@\t\r＝＋－＠")
# Columns to which Rayyan appends other lines. Long text may really contain " - ".
SHORT_FIELDS = ("doi", "url", "volume", "issue", "pages", "pmid", "issn", "year")
WHOLE = re.compile(r"^(\d+)\.0$")
PUBMED_PLACE = re.compile(r";(\d+)(?:\(([^)]*)\))?:([\w.+-]+?)\.(?:\s|$)")
PUBMED_LINK = re.compile(r"pubmed\.ncbi\.nlm\.nih\.gov/(\d{1,8})\b|/pubmed/(\d{1,8})\b")
# Names without a comma inside, separated by commas.
COMMA_PARTS_PEOPLE = frozenset({"Publish or Perish"})
# Names of any form, separated by "and".
AND_PARTS_PEOPLE = frozenset({"Rayyan", ABSTRACKR})
ARTICLE_NUMBER = re.compile(r"\bArticle Number: (\w[\w.-]{0,30}?)\.?(?: |$)")
# Fields in which a number can be too large for a spreadsheet program.
NUMBERS = frozenset(
    {"accession", "doi", "first_page", "issn", "issue", "last_page", "pages", "pmid"}
    | {"article_number", "volume", "year"}
)
# As many as a sheet has, because some programs write them all. More is an attack.
EMPTY_ROWS = 1 << 20
EMPTY_BEFORE_ANY = 50_000
# Tools write this if nobody has decided.
NO_WORD = frozenset({"", "-1", "o", "nan", "none", "na", "n/a", "null"})
# Abstrackr's numbers in its own words. "x" means that people disagree.
LABELS_OF_ABSTRACKR = {
    "1": "relevant",
    "0": "borderline",
    "-1": "irrelevant",
    "x": "",
}
# Abstrackr prints this on a line before the records that nobody has labelled.
UNLABELLED = "citations that are not yet labeled"


def citations_of_rows(
    rows: Iterable[TableRow], columns: TableColumns, report: ReadingReport
) -> Iterator[Citation]:
    """Read the rows under a header one by one. Rows without content are skipped."""
    empty, empty_at_most = 0, EMPTY_BEFORE_ANY
    for row in rows:
        if row.broken:
            report.skip(
                row.number, _("The row has too many cells for one reference."), row.raw
            )
            continue
        if not any(cell.strip() for cell in row.cells):
            empty += 1
            if empty > empty_at_most:
                report.skip(
                    row.number, _("Too many empty rows. The rest was not read."), ""
                )
                return
            continue
        cells = _fitted(row, columns, report)
        if _repeats_header(cells, columns):
            report.warn(
                "preamble-skipped", row.number, _("The header is repeated in this row.")
            )
            continue
        if columns.platform == ABSTRACKR and cells[0].startswith(UNLABELLED):
            report.warn(
                "preamble-skipped",
                row.number,
                _("This row only separates two parts of the file."),
            )
            continue
        _warn_of_formulas(row, report)
        if "#" in row.raw or "E+" in row.raw or "e+" in row.raw:
            _empty_changed_cells(cells, columns, row.number, report)
        citation = _citation_of(cells, columns, row, report)
        if citation is None:
            report.warn("empty-record", row.number, _("The row contains no reference."))
            report.skip(
                row.number, _("The row has no title, author, DOI or number."), row.raw
            )
            continue
        empty_at_most = EMPTY_ROWS
        yield citation


def _fitted(row: TableRow, columns: TableColumns, report: ReadingReport) -> list[str]:
    """Return as many cells as the header has, and warn of a difference."""
    cells = [_unwrapped(cell) for cell in row.cells]
    surplus = [cell for cell in cells[columns.width :] if cell.strip()]
    if surplus or len(cells) < columns.width:
        report.warn(
            "ragged-row",
            row.number,
            _("Row {number} has {count} cells, but the header has {width}.").format(
                number=row.number, count=len(cells), width=columns.width
            ),
        )
    fitting = [cell if not cell.isspace() else "" for cell in cells[: columns.width]]
    return fitting + [""] * (columns.width - len(cells))


def _repeats_header(cells: Sequence[str], columns: TableColumns) -> bool:
    first = columns.places.get("title", (0,))[0]
    return fold(cells[first]) == columns.headers[first] and all(
        header.startswith(fold(cell))
        for cell, header in zip(cells, columns.headers, strict=True)
    )


def _unwrapped(cell: str) -> str:
    if cell[:1] == "'" and cell[1:2] in OWN_APOSTROPHE:
        return cell[1:]
    match = FORMULA_TEXT.match(cell.strip()) if cell[:2] == '="' else None
    return match.group(1).replace('""', '"') if match else cell


def _warn_of_formulas(row: TableRow, report: ReadingReport) -> None:
    for cell in row.cells:
        if (
            cell.startswith(LIKE_FORMULA)
            and cell.strip(" \t\r=+@")
            and not FORMULA_TEXT.match(cell.strip())
        ):
            report.warn(
                "formula-like-text",
                row.number,
                _("A cell starts like a spreadsheet formula. It was kept as text."),
            )
            return


def _empty_changed_cells(
    cells: list[str], columns: TableColumns, number: int, report: ReadingReport
) -> None:
    """Empty the cells with an error or a rounded number of a spreadsheet program."""
    for field, places in columns.places.items():
        for place in places:
            text = cells[place].strip()
            if is_error(text) or (field in NUMBERS and is_rounded(text)):
                cells[place] = ""
                name = _(FIELDS[field]) if field in FIELDS else columns.headers[place]
                warn_of_change(name, text, number, report)


def _citation_of(
    cells: list[str], columns: TableColumns, row: TableRow, report: ReadingReport
) -> Citation | None:
    short = {
        field: _without_junk(columns.first(cells, field), row, report)
        for field in SHORT_FIELDS
    }
    title = fold(columns.first(cells, "title"))
    authors = _authors(columns, cells)
    accession = fold(columns.first(cells, "accession"))
    links = (short["url"], *row.links)
    doi = doi_of(short["doi"]) or next(filter(None, map(doi_of_link, links)), "")
    pmid = _pmid(columns, cells, short["pmid"]) or pmid_of_links(" ".join(links))
    abstract = abstract_of([columns.first(cells, "abstract")])
    if not (title or authors or doi or pmid or accession or abstract):
        return None
    if not title:
        report.warn(
            "no-title",
            row.number,
            _("Row {number} has no title.").format(number=row.number),
        )
    for name in ("volume", "issue"):
        # pandas writes numbers like this in a column with gaps.
        short[name] = WHOLE.sub(r"\1", short[name])
    volume, issue, pages = _place(columns, cells, short)
    prior = _prior(columns, cells)
    return Citation(
        title=title,
        authors=authors,
        year=_year(columns, cells, row.number, report),
        journal=fold(columns.first(cells, "journal")),
        volume=volume,
        issue=issue,
        pages=pages,
        doi=doi,
        pmid=pmid,
        # If the table has a column for it, an empty cell means that there is none.
        accession=accession or ("" if "accession" in columns.places else pmid),
        abstract=abstract,
        keywords=prior.keywords,
        type=_type(columns, cells),
        url=_url(columns, links, accession),
        language=fold(columns.first(cells, "language")),
        issn="; ".join(distinct(map(unlisted, columns.all(cells, "issn")))),
        notes=prior.notes,
        raw=row.raw,
        line=row.number,
        notices=notices_of_types(
            re.split(r"[;|]", columns.first(cells, "type"))
            if "type" in columns.places
            else ()
        ),
        prior_decisions=prior.decisions,
        prior_labels=prior.labels,
        prior_reasons=prior.reasons,
    )


def _without_junk(text: str, row: TableRow, report: ReadingReport) -> str:
    clean = without_glued_tag(text)
    if len(clean) != len(text):
        report.warn(
            "field-junk-stripped",
            row.number,
            _(
                "Text from another line of the export was removed from a DOI, link or "
                "number."
            ),
        )
    return fold(clean)


def _authors(columns: TableColumns, cells: list[str]) -> tuple[str, ...]:
    text = columns.first(cells, "authors")
    if columns.platform in COMMA_PARTS_PEOPLE and ";" not in text:
        return names_of(text.split(","))
    if columns.platform in AND_PARTS_PEOPLE and " and " in text and "," in text:
        return names_of(re.split(r"\s+and\s+", text))
    return names_of_list(text)


def _pmid(columns: TableColumns, cells: list[str], pmid: str) -> str:
    found = digits_of(pmid) or pmid_of(pmid)
    if found:
        return found
    link = PUBMED_LINK.search(pmid)
    if link:
        return link.group(1) or link.group(2)
    return next(filter(None, map(pmid_of, columns.all(cells, "notes"))), "")


def _year(
    columns: TableColumns, cells: list[str], number: int, report: ReadingReport
) -> int | None:
    for cell in columns.all(cells, "year"):
        # Excel shows a date as 43831, and the number 2022 as a day of 1905.
        hidden = year_of_serial(cell)
        if hidden:
            report.warn(
                "spreadsheet-changed",
                number,
                _(
                    "A spreadsheet program changed the year to “{value}”. It was read as "
                    "{year}."
                ).format(value=cell.strip(), year=hidden),
            )
        year = hidden or year_of(cell)
        if year:
            return year
    return None


def _place(
    columns: TableColumns, cells: list[str], short: dict[str, str]
) -> tuple[str, str, str]:
    """Return volume, issue and pages. PubMed's table has them only inside the citation."""
    pages = pages_of(short["pages"]) or pages_of(
        fold(columns.first(cells, "first_page")),
        fold(columns.first(cells, "last_page")),
    )
    pages = pages or pages_of(fold(columns.first(cells, "article_number")))
    if columns.platform == "Publish or Perish":
        # It writes 0 for unknown values.
        known = (short["volume"], short["issue"], pages)
        volume, issue, pages = ("" if text == "0" else text for text in known)
        return volume, issue, pages
    if not pages and columns.platform == "Embase / embase.com":
        number = ARTICLE_NUMBER.search(" ".join(columns.all(cells, "journal")))
        pages = pages_of(number.group(1)) if number else ""
    match = PUBMED_PLACE.search(columns.first(cells, "citation"))
    if match and not (short["volume"] or short["issue"] or pages):
        return match.group(1), match.group(2) or "", match.group(3)
    return short["volume"], short["issue"], pages


def _prior(columns: TableColumns, cells: list[str]) -> PriorDecisions:
    """Return notes and keywords without another tool's decisions, and those decisions."""
    prior = take_prior(
        " | ".join(distinct(columns.all(cells, "notes"))),
        keywords_of(columns.all(cells, "keywords"), comma=True),
    )
    decisions = list(prior.decisions)
    for header, cell in columns.named(cells, "decision"):
        named = read_hash(cell) if cell.lstrip()[:1] in ("{", '"') else None
        word = fold(cell)
        if columns.platform == ABSTRACKR:
            word = LABELS_OF_ABSTRACKR.get(word, word)
        if named and named[0]:
            decisions += named[0]
        elif word.casefold() not in NO_WORD:
            decisions.append((header, word))
    return PriorDecisions(
        prior.notes,
        prior.keywords,
        tuple(dict.fromkeys(decisions)),
        distinct((*prior.labels, *_listed(columns, cells, "label"))),
        distinct((*prior.reasons, *_listed(columns, cells, "decision_reason"))),
    )


def _listed(columns: TableColumns, cells: list[str], field: str) -> list[str]:
    """Return the single values of a column that lists several."""
    values: list[str] = []
    for header, cell in columns.named(cells, field):
        commas = plain_header(header).startswith("rayyan")
        parts = re.split(r"[,;|\n]" if commas else r"[;|\n]", cell)
        values += [part for part in parts if fold(part).casefold() not in NO_WORD]
    return values


def _type(columns: TableColumns, cells: list[str]) -> str:
    if columns.platform in ("ClinicalTrials.gov", "WHO ICTRP", "ISRCTN"):
        return "trial registration"
    if columns.platform == "EU Clinical Trials Register":
        return "trial registration"
    word = word_of_text(fold(columns.first(cells, "type")))
    # The engine's own words ("PDF", "CITATION") do not describe the work.
    is_empty = columns.platform == "Publish or Perish" and word not in WORDS
    return "" if is_empty else word


def _url(columns: TableColumns, links: Sequence[str], accession: str) -> str:
    for link in links:
        first = link.split()[:1]
        if first and first[0].startswith(("http://", "https://")):
            return first[0].rstrip(";,")
    if columns.platform == "ClinicalTrials.gov" and accession.startswith("NCT"):
        return f"https://clinicaltrials.gov/study/{accession}"
    return ""
