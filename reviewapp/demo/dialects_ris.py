"""RIS in the formats of eight databases, with their peculiarities."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from reviewapp.demo.source_variants import (
    SourceVariant,
    family_and_given,
    initials,
    without_accents,
)
from reviewapp.demo.titles import capital
from reviewapp.demo.work import MARK, PUBLISHER, WorkKind

Fields = Iterator[tuple[str, str]]

CITATION = "Reference list of Åkerblom & Ness 2022 (CC BY 4.0)"
_TYPES = {WorkKind.ARTICLE: "JOUR", WorkKind.BOOK: "BOOK", WorkKind.CHAPTER: "CHAP", WorkKind.THESIS: "THES"}  # fmt: skip


def ris_record(fields: Fields, end: str = "\n") -> str:
    """Return the lines of one record, without empty values except that of ER."""
    lines = [f"{tag}  - {value}" for tag, value in fields if value or tag == "ER"]
    return end.join(lines) + end


def medline_ovid(seen: SourceVariant, rank: int) -> str:
    """Return a record as Ovid writes it: a number, RIS, and a link line."""
    url = f"https://example.org/ovidweb.cgi?T=JS&D=medall&AN={seen.work.pmid}"
    link = f"Link to the Ovid Full Text or citation: {url}"
    return f"{rank}.\n{ris_record(_ovid_fields(seen))}\n{link}\n\n"


def _ovid_fields(seen: SourceVariant) -> Fields:
    work = seen.work
    doi = f"https://dx.doi.org/{seen.doi}" if seen.doi else ""
    yield "TY", "JOUR"
    yield "DB", "Ovid MEDLINE(R) ALL"
    yield "ID", work.pmid
    yield "DO", doi
    yield "T1", seen.title.rstrip(".") + ("" if seen.title.endswith("?") else ".")
    for author in seen.authors:
        yield "A1", author.replace(".", "")
    yield "Y1", f"{seen.year}//"
    yield "N2", seen.abstract
    for keyword in work.keywords:
        yield "KW", keyword if keyword == MARK else f"*{capital(keyword)}"
    yield "JF", seen.journal
    yield "JA", work.abbreviation
    yield "VL", seen.volume
    yield "IS", seen.issue
    yield "SP", seen.first_page
    yield "EP", seen.last_page
    yield "CY", "England" if work.invented else ""
    yield "PB", work.publisher
    yield "SN", work.issn
    yield "N1", "" if work.invented else CITATION
    yield "DO", doi
    yield "ER", ""


def psycinfo_ebsco(seen: SourceVariant, rank: int) -> str:
    """Return a record as EBSCOhost for PsycINFO writes it."""
    return ris_record(_psycinfo_fields(seen), "\r\n") + "\r\n"


def _psycinfo_fields(seen: SourceVariant) -> Fields:
    work = seen.work
    number = f"2099-{seen.accession:06d}-001" if seen.accession else ""
    yield "TY", _TYPES[work.kind]
    yield "ID", number
    yield "AN", number
    for author in seen.authors:
        yield "AU", author
    yield "T1", seen.title
    yield "JF", seen.journal
    yield "JO", seen.journal
    yield "JA", work.abbreviation
    yield "Y1", f"{seen.year}/{work.number % 12 + 1:02d}//"
    yield "VL", seen.volume
    yield "IS", seen.issue
    yield "SP", seen.first_page
    yield "EP", seen.last_page
    yield "PB", work.publisher
    yield "SN", work.issn
    yield "N1", _accession_note(number, seen)
    yield "AB", seen.abstract
    for keyword in work.keywords:
        yield "KW", keyword
    yield "DO", seen.doi
    yield "UR", _ebsco_link("psyh", number)
    yield "DP", "EBSCOhost"
    yield "DB", "psyh"
    yield "ER", ""


def _accession_note(number: str, seen: SourceVariant) -> str:
    if not seen.work.invented:
        return CITATION
    return f"Accession Number: {number}. Publication Type: Journal; Peer Reviewed Journal. Language: English. {MARK}."


def _ebsco_link(database: str, number: str) -> str:
    base = "https://search.example.org/login.aspx?direct=true"
    return f"{base}&db={database}&AN={number}&site=ehost-live" if number else ""


def academic_search(seen: SourceVariant, rank: int) -> str:
    """Return a record as EBSCOhost for Academic Search Elite writes it."""
    return ris_record(_ebsco_fields(seen, "aph", "L3")) + "\n"


def cinahl(seen: SourceVariant, rank: int) -> str:
    """Return a record as EBSCOhost for CINAHL writes it."""
    return ris_record(_ebsco_fields(seen, "ccm", "DO")) + "\n"


def _ebsco_fields(seen: SourceVariant, database: str, doi_tag: str) -> Fields:
    """Yield fields with a stop after each title and the copyright as an abstract."""
    work = seen.work
    number = f"99{seen.accession:07d}" if seen.accession else ""
    yield "TY", _TYPES[work.kind]
    if database == "ccm":
        yield "ID", number
    for author in seen.authors:
        yield "AU", author
    yield "T1", seen.title.rstrip(".") + ("" if seen.title.endswith("?") else ".")
    yield "JO", seen.journal
    yield "JF", seen.journal
    yield "JA", work.abbreviation if database == "ccm" else ""
    yield "Y1", f"{seen.year}/{work.number % 12 + 1:02d}/01/"
    yield "VL", seen.volume
    yield "IS", seen.issue
    yield "M3", "Article"
    yield "SP", seen.first_page
    yield "EP", seen.last_page
    yield "PB", work.publisher
    yield "SN", work.issn.replace("-", "")
    yield "AB", seen.abstract
    if seen.abstract and database == "aph":
        yield "AB", f"Copyright of {seen.journal} is the property of {PUBLISHER} and its content may not be copied or emailed to multiple sites without the copyright holder's express written permission."  # fmt: skip
    for keyword in work.keywords:
        yield "KW", keyword if keyword == MARK else keyword.upper()
    yield "N1", _accession_note(number, seen)
    yield doi_tag, seen.doi
    yield "UR", _ebsco_link(database, number)
    yield "DP", "EBSCOhost"
    yield "DB", database
    yield "ER", ""


def embase(seen: SourceVariant, rank: int) -> str:
    """Return a record as embase.com writes it."""
    return ris_record(_embase_fields(seen)) + "\n"


def _embase_fields(seen: SourceVariant) -> Fields:
    work = seen.work
    number = f"L29{seen.accession:08d}" if seen.accession else ""
    people = [family_and_given(a) for a in seen.authors]
    yield "TY", _TYPES[work.kind]
    yield "M3", "Article"
    yield "Y1", str(seen.year)
    yield "VL", seen.volume
    yield "IS", seen.issue
    yield "SP", seen.first_page
    yield "EP", seen.last_page
    yield "SN", work.issn
    yield "JF", seen.journal
    yield "JO", _dotted(work.abbreviation, work.journal)
    url = "https://www.example.org/search/results?subaction=viewrecord"
    yield "UR", f"{url}&id={number}&from=export" if number else ""
    yield "U2", number
    yield "C5", work.pmid
    yield "DB", "Embase"
    yield "U3", f"{seen.year}-{work.number % 12 + 1:02d}-11"
    yield "L2", f"http://dx.doi.org/{seen.doi}" if seen.doi else ""
    yield "DO", seen.doi
    for family, given in people:
        yield "A1", f"{family}, {initials(given)}"
    yield "T1", seen.title
    yield "LA", "English"
    for keyword in (*work.keywords, "adult", "human", "article"):
        yield "KW", keyword
    yield "N1", "" if work.invented else CITATION
    yield "N2", seen.abstract
    yield "ER", ""


def _dotted(abbreviation: str, journal: str) -> str:
    """Add a stop after each word that is shorter than in the journal's name."""
    whole = set(journal.split())
    return " ".join(w if w in whole else f"{w}." for w in abbreviation.split())


def oria(seen: SourceVariant, rank: int) -> str:
    """Return a record as Oria (Primo VE) writes it."""
    return ris_record(_oria_fields(seen), "\r\n") + "\r\n"


def _oria_fields(seen: SourceVariant) -> Fields:
    work = seen.work
    source = "invented" if seen.copy == 1 else "crossref"
    number = f"TN_cdi_{source}_primary_{seen.accession}" if seen.accession else ""
    yield "TY", _TYPES[work.kind]
    yield "T1", seen.title
    if work.kind is WorkKind.CHAPTER:
        yield "T2", seen.journal
    for author in seen.authors:
        yield "AU", author
    if work.kind is WorkKind.ARTICLE:
        yield "JF", seen.journal
        yield "JA", work.abbreviation
    yield "VL", seen.volume
    yield "IS", seen.issue
    yield "SP", seen.first_page
    yield "EP", seen.last_page
    yield "PB", work.publisher
    yield "Y1", str(seen.year)
    yield "N2", seen.abstract
    for keyword in work.keywords:
        yield "KW", keyword
    yield "SN", work.issn
    yield "DO", seen.doi
    yield "ID", number
    yield "N1", MARK if work.invented else CITATION
    yield "UR", f"https://example.org/oria/{number}" if number else ""
    yield "ER", ""


def worldcat(seen: SourceVariant, rank: int) -> str:
    """Return a record as WorldCat writes it."""
    return ris_record(_worldcat_fields(seen)) + "\n"


def _worldcat_fields(seen: SourceVariant) -> Fields:
    """Yield fields in which names end with a comma, the last with a stop."""
    work = seen.work
    number = f"99{seen.accession:08d}" if seen.accession else ""
    yield "TY", _TYPES[work.kind]
    yield "DB", "/z-wcorg/"
    yield "DP", "http://worldcat.org"
    yield "ID", number
    yield "LA", "English"
    yield "T1", seen.title
    for author in seen.authors[:-1]:
        yield "A1", f"{author.rstrip('.')},"
    yield "A1", f"{seen.authors[-1].rstrip('.')}."
    yield ("T2" if work.kind is WorkKind.CHAPTER else "JF"), seen.journal
    yield "VL", seen.volume
    yield "IS", seen.issue
    yield "SP", seen.first_page
    yield "EP", seen.last_page
    yield "PB", work.publisher
    yield "Y1", f"{seen.year}///"
    yield "SN", work.issn
    yield "DO", seen.doi
    yield "AB", seen.abstract
    yield "N1", MARK if work.invented else CITATION
    yield "ER", ""


def web_of_science(seen: SourceVariant, rank: int) -> str:
    """Return a record as Web of Science writes it."""
    return ris_record(_wos_fields(seen)) + "\n"


def _wos_fields(seen: SourceVariant) -> Fields:
    """Yield fields with journals in capitals, bare initials, article numbers in C7."""
    work = seen.work
    number = f"WOS:9999{seen.accession:011d}" if seen.accession else ""
    is_article_number = seen.first_page.startswith("e")
    yield "TY", _TYPES[work.kind]
    for author in seen.authors:
        family, given = family_and_given(author)
        yield "AU", f"{family}, {initials(given, '')}"
    yield "TI", seen.title
    yield "T2", without_accents(seen.journal).upper()
    yield "LA", "English"
    for keyword in work.keywords:
        yield "KW", keyword
    yield "AB", seen.abstract
    yield "PU", work.publisher.upper()
    yield "SN", work.issn
    yield "J9", without_accents(work.abbreviation).upper()
    yield "JI", _dotted(work.abbreviation, work.journal)
    yield "PY", str(seen.year)
    yield "VL", seen.volume
    yield "IS", seen.issue
    yield "C7", seen.first_page if is_article_number else ""
    yield "SP", "" if is_article_number else seen.first_page
    yield "EP", seen.last_page
    yield "DO", seen.doi
    yield "AN", number
    yield "N1", "" if work.invented else CITATION
    yield "Y2", f"{seen.year}-06-01"
    yield "ER", ""


RIS_WRITERS: dict[str, Callable[[SourceVariant, int], str]] = {
    "medline": medline_ovid,
    "psycinfo": psycinfo_ebsco,
    "embase": embase,
    "oria": oria,
    "worldcat": worldcat,
    "ase": academic_search,
    "cinahl": cinahl,
    "wos": web_of_science,
}
