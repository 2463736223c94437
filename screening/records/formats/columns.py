"""Which column of a table holds which field: one mapping for all platforms.

Headers are compared without case, spaces and punctuation, so "Publication Year",
"publication_year" and "PublicationYear" are one. The order of names in a row is the
order of trust: the first column that has a value in a row gives it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

NAMES: dict[str, tuple[str, ...]] = {
    "title": (
        "articletitle",
        "studytitle",
        "documenttitle",
        "itemtitle",
        "title",
        "primarytitle",
        "publicationtitle1",
        "titel",
        "tittel",
        "titre",
        "titulo",
        "scientifictitle",
        "publictitle",
        "brieftitle",
        "officialtitle",
        "name",
        "papertitle",
        "recordtitle",
        "originaltitle",
        "translatedtitle",
        "label",
        "shorttitle",
    ),
    "authors": (
        "authorfullnames",
        "authornames",
        "authors",
        "author",
        "authorsfullname",
        "authorss",
        "creator",
        "creators",
        "forfatter",
        "forfattere",
        "autor",
        "autoren",
        "auteurs",
        "autores",
        "authorlist",
        "allauthors",
        "firstauthor",
    ),
    "year": (
        "year",
        "publicationyear",
        "publishedyear",
        "yearpublished",
        "pubyear",
        "yearofpublication",
        "ar",
        "jahr",
        "annee",
        "ano",
        "date",
        "publicationdate",
        "dateofpublication",
        "publisheddate",
        "datepublished",
        "coverdate",
        "startdate",
        "studystartdate",
        "firstposted",
        "dateregistration",
        "createdate",
    ),
    "journal": (
        "sourcetitle",
        "journal",
        "journaltitle",
        "journalname",
        "journalbook",
        "publicationtitle",
        "publication",
        "secondarytitle",
        "containertitle",
        "publicationname",
        "periodical",
        "tidsskrift",
        "zeitschrift",
        "revue",
        "revista",
        "fulljournalname",
        "booktitle",
        "source",
        "journalabbreviation",
        "abbreviatedsourcetitle",
        "venue",
    ),
    "volume": ("volume", "vol", "journalvolume"),
    "issue": ("issue", "number", "no", "issuenumber", "num", "journalissue"),
    "pages": ("pages", "pagination", "pagerange", "page", "sider", "seiten"),
    "first_page": ("firstpage", "pagestart", "startpage", "spage", "beginningpage"),
    "last_page": ("lastpage", "pageend", "endpage", "epage", "endingpage"),
    "article_number": ("artno", "articlenumber", "articleno", "elocationid"),
    "doi": ("doi", "digitalobjectidentifier", "doilink", "doiurl", "articledoi"),
    "pmid": ("pmid", "pubmedid", "medlinepmid", "pubmed", "medlineid"),
    "accession": (
        "centralid",
        "covidence",
        "nctnumber",
        "eid",
        "pui",
        "trialid",
        "lensid",
        "accessionnumber",
        "accessionno",
        "an",
        "uniquewosid",
        "utuniquewosid",
        "ericnumber",
        "embaseaccessionid",
        "key",
        "covidenceid",
        "rayyanid",
        "recordid",
        "id",
        "refid",
        "ref",
        "referenceid",
    ),
    "abstract": (
        "abstract",
        "abstractnote",
        "abstracts",
        "abstracttext",
        "sammendrag",
        "zusammenfassung",
        "resume",
        "resumen",
        "briefsummary",
        "summary",
        "description",
        "originalabstract",
    ),
    "keywords": (
        "keywords",
        "authorkeywords",
        "indexkeywords",
        "manualtags",
        "automatictags",
        "keyword",
        "subjects",
        "subject",
        "subjectterms",
        "meshterms",
        "mesh",
        "emtreedrugindextermsmajorfocus",
        "emtreedrugindexterms",
        "emtreemedicalindextermsmajorfocus",
        "emtreemedicalindexterms",
        "conditions",
        "emneord",
        "schlagworter",
        "descriptors",
        "identifiers",
    ),
    "type": (
        "documenttype",
        "publicationtype",
        "itemtype",
        "doctype",
        "referencetype",
        "pubtype",
        "typeofwork",
        "type",
    ),
    "url": (
        "url",
        "link",
        "plink",
        "studyurl",
        "embaselink",
        "urls",
        "linktoarticle",
        "fulltextlink",
        "fulltexturl",
        "permalink",
        "articleurl",
    ),
    "language": (
        "language",
        "articlelanguage",
        "languageoforiginaldocument",
        "languages",
        "sprak",
        "sprache",
        "langue",
    ),
    "issn": ("issn", "issns", "eissn", "printissn", "isbn"),
    "notes": (
        "notes",
        "note",
        "usernotes",
        "comments",
        "extra",
        "tags",
        "researchnotes",
    ),
    "citation": ("citation",),
}
MERGED = frozenset({"keywords", "notes", "issn"})
PLACE = {
    name: (field, rank)
    for field, names in NAMES.items()
    for rank, name in enumerate(names)
}
# Web of Science "Tab-delimited": the same two-letter names as its tagged export.
WOS_PLACE = {
    name: (field, rank)
    for field, names in {
        "title": ("ti",),
        "authors": ("af", "au", "ca"),
        "year": ("py", "ea"),
        "journal": ("so", "j9"),
        "volume": ("vl",),
        "issue": ("is",),
        "first_page": ("bp",),
        "last_page": ("ep",),
        "article_number": ("ar",),
        "doi": ("di",),
        "pmid": ("pm",),
        "accession": ("ut",),
        "abstract": ("ab",),
        "keywords": ("de", "id"),
        "type": ("dt",),
        "language": ("la",),
        "issn": ("sn", "ei"),
    }.items()
    for rank, name in enumerate(names)
}
WOS_MARK = frozenset({"pt", "au", "ti", "so", "ut"})
# A header is believed when it has a title and at least one of these beside it.
BESIDE_TITLE = (
    "authors",
    "year",
    "journal",
    "doi",
    "abstract",
    "pmid",
    "accession",
    "url",
)

PLATFORMS: tuple[tuple[str, frozenset[str]], ...] = (
    ("ClinicalTrials.gov", frozenset({"nctnumber"})),
    ("CENTRAL / Cochrane Library", frozenset({"centralid"})),
    ("Covidence", frozenset({"covidence"})),
    ("Embase / embase.com", frozenset({"authornames", "pui"})),
    ("Embase / embase.com", frozenset({"authornames", "embaselink"})),
    ("Scopus", frozenset({"eid", "sourcetitle"})),
    ("PubMed", frozenset({"pmid", "journalbook", "citation"})),
    ("EBSCOhost", frozenset({"articletitle", "plink"})),
    ("EBSCOhost", frozenset({"articletitle", "journaltitle", "accessionnumber"})),
    ("Zotero", frozenset({"itemtype", "manualtags"})),
    ("Zotero", frozenset({"itemtype", "abstractnote"})),
    ("Rayyan", frozenset({"key", "journal", "authors", "notes", "pmcid"})),
    ("Rayyan", frozenset({"key", "title", "authors", "location", "notes"})),
    ("Lens.org", frozenset({"lensid"})),
    ("Web of Science", frozenset({"utuniquewosid"})),
    ("Web of Science", WOS_MARK),
    ("WHO ICTRP", frozenset({"trialid", "scientifictitle"})),
    ("Google Scholar", frozenset({"authors", "publication", "number", "publisher"})),
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the fields stand: column numbers by field, in the order of trust."""

    width: int
    places: dict[str, tuple[int, ...]]
    platform: str

    def first(self, row: Sequence[str], field: str) -> str:
        """The first non-empty cell for a field."""
        for column in self.places.get(field, ()):
            if row[column]:
                return row[column]
        return ""

    def all(self, row: Sequence[str], field: str) -> list[str]:
        """Every non-empty cell for a field."""
        return [row[column] for column in self.places.get(field, ()) if row[column]]


def plain(header: str) -> str:
    """A header without case, spaces, accents' dots and punctuation."""
    return re.sub(r"[\W_]+", "", header.lower().replace("å", "a").replace("ä", "a"))


def columns_of(header: Sequence[str]) -> Columns | None:
    """The columns a header row announces, None when it is no header of references."""
    names = [plain(cell) for cell in header]
    found: dict[str, list[tuple[int, int]]] = {}
    present = frozenset(names)
    known = WOS_PLACE if present >= WOS_MARK else PLACE
    for column, name in enumerate(names):
        if name in known:
            field, rank = known[name]
            found.setdefault(field, []).append((rank, column))
    if "title" not in found or not any(field in found for field in BESIDE_TITLE):
        return None
    places = {
        field: tuple(column for _, column in sorted(ranked))
        for field, ranked in found.items()
    }
    platform = next((name for name, mark in PLATFORMS if mark <= present), "")
    return Columns(len(header), places, platform)
