"""Tables in the format of Google Scholar and Scopus."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from reviewapp.demo.dialects_ris import CITATION
from reviewapp.demo.source_variants import SourceVariant, family_and_given, initials

BOM = "\ufeff"
_SCHOLAR = ("Authors", "Title", "Publication", "Volume", "Number", "Pages", "Year", "Publisher")  # fmt: skip
_SCOPUS = (
    "Authors", "Author full names", "Author(s) ID", "Title", "Year", "Source title",
    "Volume", "Issue", "Art. No.", "Page start", "Page end", "Page count", "Cited by",
    "DOI", "Link", "Affiliations", "Authors with affiliations", "Abstract",
    "Author Keywords", "Index Keywords", "Molecular Sequence Numbers",
    "Chemicals/CAS", "Tradenames", "Manufacturers", "Funding Details",
    "Funding Texts", "References", "Correspondence Address", "Editors", "Publisher",
    "Sponsors", "Conference name", "Conference date", "Conference location",
    "Conference code", "ISSN", "ISBN", "CODEN", "PubMed ID",
    "Language of Original Document", "Abbreviated Source Title", "Document Type",
    "Publication Stage", "Open Access", "Source", "EID",
)  # fmt: skip


def scholar_table(variants: Sequence[SourceVariant]) -> str:
    """Return a table without DOI and abstract; each name ends with "; "."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(_SCHOLAR)
    for seen in variants:
        names = "".join(a.replace(".", "") + "; " for a in seen.authors)
        pages = "-".join(p for p in (seen.first_page, seen.last_page) if p)
        where = (seen.journal, seen.volume, seen.issue, pages, str(seen.year))
        rows.writerow((names, seen.title, *where, seen.work.publisher))
    return BOM + out.getvalue()


def scopus_table(variants: Sequence[SourceVariant]) -> str:
    """Return a table with all 46 columns, every cell quoted."""
    out = io.StringIO()
    rows = csv.DictWriter(
        out, _SCOPUS, restval="", quoting=csv.QUOTE_ALL, lineterminator="\n"
    )
    rows.writeheader()
    for seen in variants:
        rows.writerow(_scopus_row(seen))
    return BOM + out.getvalue()


def _scopus_row(seen: SourceVariant) -> dict[str, str]:
    work = seen.work
    people = [family_and_given(a) for a in seen.authors]
    is_article_number = seen.first_page.startswith("e")
    return {
        "Authors": "; ".join(f"{f} {initials(g)}" for f, g in people),
        "Author full names": "; ".join(f"{f}, {g}" for f, g in people),
        "Title": seen.title,
        "Year": str(seen.year),
        "Source title": seen.journal,
        "Volume": seen.volume,
        "Issue": seen.issue,
        "Art. No.": seen.first_page if is_article_number else "",
        "Page start": "" if is_article_number else seen.first_page,
        "Page end": seen.last_page,
        "Cited by": str(work.number * 7 % 60) if work.invented else "",
        "DOI": seen.doi,
        "Link": f"https://www.example.org/inward/record.uri?eid={_eid(seen)}",
        "Abstract": seen.abstract or "[No abstract available]",
        "Author Keywords": "; ".join(work.keywords),
        "Funding Texts": "" if work.invented else CITATION,
        "Publisher": work.publisher,
        "ISSN": work.issn.replace("-", ""),
        "PubMed ID": work.pmid,
        "Language of Original Document": "English",
        "Abbreviated Source Title": work.abbreviation,
        "Document Type": work.kind.value.capitalize(),
        "Publication Stage": "Final",
        "Source": "Scopus",
        "EID": _eid(seen),
    }


def _eid(seen: SourceVariant) -> str:
    return f"2-s2.0-999{seen.accession:08d}" if seen.accession else ""
