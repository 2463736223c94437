"""Recognition of a file's format from its content, never from its name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from screening.citations.reading.encodings import decode_sample, sniff_encoding
from screening.citations.reading.options import Options
from screening.citations.reading.platforms import platform_of
from screening.citations.reading.report import Refused, Report
from screening.citations.reading.tables.by_row import delimiter_of, platform_of_fields
from screening.citations.reading.tables.headers import (
    SAMPLE_LINES,
    find_header,
    table_among,
)
from screening.citations.reading.tables.rows import Rows
from screening.citations.translation import gettext as _
from screening.citations.translation import gettext_noop

HEAD_BYTES = 1 << 16

BY_FIRST_BYTES = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PK\x07\x08", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"{\\rtf", "rtf"),
)
BY_ELEMENT = (
    (
        "pubmed-xml",
        re.compile(r"<PubmedArticle|<PubmedBook|<MedlineCitation|<!DOCTYPE Pubmed"),
    ),
    (
        "ictrp-xml",
        re.compile(
            r"<Trials_downloaded_from_ICTRP|<Trial>\s*<(?:Internal_|Export_|TrialID)"
            r"|<trial>\s*<main>"
        ),
    ),
    ("zotero-rdf", re.compile(r"<rdf:RDF")),
    (
        "endnote-xml",
        re.compile(
            r"<xml>\s*<records>|<records>\s*<record>|source-app"
            r"|<XML>\s*<RECORDS>|<ref-type|<RECORD>\s*<REFERENCE_TYPE"
        ),
    ),
)
# Keys that only Publish or Perish writes, and keys of every kind of CSL-JSON.
BY_NAME = (
    ("pop-json", re.compile(r'"(?:cites_url|related_url|article_url|ecc)"\s*:')),
    (
        "csl-json",
        re.compile(
            r'"(?:title|author|authors|issued|DOI|container-title|itemType|display_name)"'
            r"\s*:"
        ),
    ),
)
# Patterns of lines in each tagged format, and how many of them a file must have.
BY_LINES = (
    ("ris", re.compile(r"^[ \t]*TY {1,4}-", re.M), 1),
    ("nbib", re.compile(r"^PMID- ?\d|^OWN ?- \w", re.M), 1),
    ("ovid-reprint-medlars", re.compile(r"^ {0,3}<\d+\. ?>[ \t]*$", re.M), 1),
    ("ovid-reprint-medlars", re.compile(r"^ {0,2}VN {1,2}- Ovid", re.M), 1),
    ("ovid-citation", re.compile(r"^ {0,3}<\d+>[ \t]*$", re.M), 1),
    ("wos-tagged", re.compile(r"^(?:FN|VR|PT) \S.*$", re.M), 2),
    ("wos-tagged", re.compile(r"^(?:PT [A-Z]|UT [A-Z]{2,8}:\S+)$", re.M), 1),
    ("enw", re.compile(r"^%[A-Z0-9@!?&()~^<>\[\]=+*] ?\S", re.M), 2),
    ("bibtex", re.compile(r"^[ \t]*@[A-Za-z]+[ \t]*[{(]", re.M), 1),
    ("ris", re.compile(r"^(?:ER|T[I1]|A[U1]) {2}-", re.M), 3),
)
# Names of archives that are not supported.
OTHER_ARCHIVES = (
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
)
TAR_MARK = slice(257, 262)
HTML = re.compile(
    r"^\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body"
    r"|meta|title|script|style|link|div|form|table|center|span|p|br|h[1-6])\b",
    re.I | re.S,
)
WOS_TAB = re.compile(r"^(?:[A-Z][A-Z0-9]\t){6,}")

FORMAT_NAMES = {
    "bibtex": "BibTeX",
    "csl-json": "CSL-JSON",
    "endnote-xml": "EndNote XML",
    "enw": "EndNote (ENW)",
    "gzip": gettext_noop("gzip archive"),
    "ictrp-xml": "WHO ICTRP XML",
    "nbib": "PubMed (NBIB)",
    "ovid-citation": "Ovid Citation",
    "ovid-reprint-medlars": "Ovid Reprint/Medlars",
    "pop-json": "Publish or Perish JSON",
    "pubmed-xml": "PubMed XML",
    "wos-tab": gettext_noop("Web of Science, tab-delimited"),
    "wos-tagged": gettext_noop("Web of Science, tagged"),
    "xlsx": "Excel (XLSX)",
    "zip": gettext_noop("zip archive"),
    "zotero-rdf": "Zotero RDF",
}
EXTENSIONS = {
    "ris": {"ris", "txt"},
    "nbib": {"nbib", "txt", "medline", "med"},
    "csv": {"csv", "tsv", "tab", "txt"},
    "xlsx": {"xlsx", "xlsm"},
    "zip": {"zip"},
    "bibtex": {"bib", "bibtex", "txt"},
    "enw": {"enw", "enl", "txt"},
    "wos-tagged": {"txt", "isi", "ciw"},
    "ovid-citation": {"txt"},
    "ovid-reprint-medlars": {"txt", "ovd"},
}
KNOWN_EXTENSIONS = frozenset(
    [
        "bib",
        "bibtex",
        "csv",
        "docx",
        "enl",
        "enw",
        "htm",
        "html",
        "json",
        "medline",
        "nbib",
        "pdf",
        "rdf",
        "ris",
        "rtf",
        "tab",
        "tsv",
        "xls",
        "xlsx",
        "xml",
        "zip",
    ]
)


@dataclass(frozen=True, slots=True)
class Recognised:
    """What the first bytes of a file show.

    `platform` is the database or program that most likely wrote the file, "" if
    unknown. `encoding` is a first result; reading the whole file can refine it.
    `extension_mismatch` is a sentence if the file name suggests another format, else
    "". `columns` is a person's mapping of a table: (header as in the file, field of
    `columns.FIELDS`); empty if the columns are found automatically.
    """

    format: str
    platform: str
    encoding: str
    extension_mismatch: str = ""
    columns: tuple[tuple[str, str], ...] = ()


def recognise(head: bytes, name: str, options: Options | None = None) -> Recognised:
    """Return format, platform and encoding from the first bytes of a file.

    `options` are a person's corrections: the encoding to decode with, and the columns
    of a table (then any table is accepted). Raises `UnreadableFile` for content that
    can't be references: an empty file, a web page, a PDF, a picture or program, or XML
    that declares entities.
    """
    options = options or Options()
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise Refused(
            "empty-file",
            _(
                "{name} is empty. Export the search again and check the size of the file."
            ).format(name=name),
        )
    encoding = options.encoding or sniff_encoding(head)
    format_ = _by_first_bytes(head, name)
    if format_:
        return Recognised(format_, "", "binary")
    text = decode_sample(head, encoding)
    lines = text.split("\n")[:SAMPLE_LINES]
    mapped = options.columns and find_header(lines, options.columns)
    format_ = "" if mapped else _by_text(text, name)
    if format_:
        platform = platform_of(format_, text)
    else:
        _refuse_binary(text, name)
        format_ = "wos-tab" if WOS_TAB.match(text) else "csv"
        platform = _of_table(lines, name, options)
    return Recognised(format_, platform, encoding, mismatch_of(format_, name))


def _by_first_bytes(head: bytes, name: str) -> str:
    for first, format_ in BY_FIRST_BYTES:
        if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(first):
            if format_ == "pdf":
                raise Refused(
                    "pdf-file",
                    _(
                        "{name} is a PDF document. Export the references from the "
                        "database instead, for example as RIS."
                    ).format(name=name),
                )
            return format_
    for first, kind in OTHER_ARCHIVES:
        if head.startswith(first):
            raise _other_archive(name, kind)
    if head[TAR_MARK] == b"ustar":
        raise _other_archive(name, "tar")
    return ""


def _other_archive(name: str, kind: str) -> Refused:
    return Refused(
        "unknown-format",
        _(
            "{name} is an archive of type {kind}, which is not supported. Unpack it on "
            "your computer and import the files, or put them into one zip file."
        ).format(name=name, kind=kind),
    )


def _by_text(text: str, name: str) -> str:
    if HTML.match(text):
        raise Refused(
            "html-page",
            _(
                "{name} is a web page, not a reference export. Often it is the login page "
                "of a library. Log in again, repeat the export and open the file to "
                "check it."
            ).format(name=name),
        )
    start = text.lstrip()
    if start.startswith("<") and not start[1:2].isdigit():
        return _xml_kind(text, name)
    if re.match(r'[\[{]\s*(?:["{\[}\]]|$)', start):
        return next((kind for kind, mark in BY_NAME if mark.search(start)), "json")
    for format_, pattern, least in BY_LINES:
        matches = pattern.finditer(text)
        if sum(1 for _, _match in zip(range(least), matches, strict=False)) == least:
            return format_
    return ""


def _xml_kind(text: str, name: str) -> str:
    if re.search(r"<!ENTITY", text, re.I):
        raise Refused(
            "xml-entity-forbidden",
            _(
                "{name} was not read because it is XML that defines entities. No database "
                "export does this, and it can be an attack."
            ).format(name=name),
        )
    for kind, pattern in BY_ELEMENT:
        if pattern.search(text):
            return kind
    return "xml"


def _of_table(lines: list[str], name: str, options: Options) -> str:
    """Return the platform of a table from its header. Text without a header is refused."""
    found = find_header(lines, options.columns)
    if found:
        return found[2].platform
    delimiter, first = delimiter_of(lines)
    if first and not options.columns:
        return platform_of_fields(row.cells for row in Rows(lines, delimiter, Report()))
    if table_among(lines):
        raise Refused("columns-unknown", _columns_unknown(name, bool(options.columns)))
    raise Refused(
        "no-records-found",
        _(
            "{name} is not a supported reference file: no tagged references and no table "
            "header with title and author, year, journal, DOI or abstract columns were "
            "found. Export the search as RIS, PubMed (NBIB) or CSV."
        ).format(name=name),
    )


def _columns_unknown(name: str, mapped: bool) -> str:
    if mapped:
        return _(
            "{name} is a table, but no row has all the headers you mapped. Map the "
            "columns again."
        ).format(name=name)
    return _(
        "{name} is a table, but none of its first rows has headers for a title and for "
        "authors, year, journal, DOI or abstract. Map the columns by hand."
    ).format(name=name)


def _refuse_binary(text: str, name: str) -> None:
    strange = sum(1 for c in text if c < " " and c not in "\t\r\n\f")
    if strange * 20 > len(text) or not any(c.isalnum() for c in text):
        raise Refused(
            "unknown-format",
            _(
                "{name} contains no text that can be read as references. Export the "
                "search as RIS, PubMed (NBIB) or CSV."
            ).format(name=name),
        )


def mismatch_of(format_: str, name: str) -> str:
    """Return a sentence if a file's name suggests another format, else ""."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    fitting = EXTENSIONS.get(format_)
    if not fitting or extension in fitting or extension not in KNOWN_EXTENSIONS:
        return ""
    return _("The file name ends in .{extension}, but the content is {format}.").format(
        extension=extension, format=name_of_format(format_)
    )


def name_of_format(format_: str) -> str:
    """Return the name of a format in the user's language."""
    name = FORMAT_NAMES.get(format_)
    return _(name) if name else format_.upper()
