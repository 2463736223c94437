"""Recognition of a file's format from its content, never from its name."""

from __future__ import annotations

import re

from screening.citations.formats import FORMAT_BY_CODE, FORMATS, name_of_format
from screening.citations.reading.encodings import decode_sample, sniff_encoding
from screening.citations.reading.format_marks import Recognised, platform_of
from screening.citations.reading.reading_options import ReadingOptions
from screening.citations.reading.reading_report import ReadingReport, UnreadableFile
from screening.citations.reading.tables.by_row import (
    platform_of_fields,
    transposed_delimiter,
)
from screening.citations.reading.tables.headers import (
    SAMPLE_LINES,
    find_header,
    table_among,
)
from screening.citations.reading.tables.table_rows import TableRows
from screening.citations.translation import gettext as _

HEAD_BYTES = 1 << 16

# First bytes of files that are recognised but not read.
OTHER_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"{\\rtf", "rtf"),
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
# Endings of file names that every text format can have.
COMMON_ENDINGS = frozenset({"txt"})
# Endings of files that are not read.
OTHER_ENDINGS = frozenset({"docx", "htm", "html", "pdf", "rtf", "xls"})
KNOWN_ENDINGS = (
    OTHER_ENDINGS.union(*(format_.endings for format_ in FORMATS)) - COMMON_ENDINGS
)


def recognise(
    head: bytes, name: str, options: ReadingOptions | None = None
) -> Recognised:
    """Return format, platform and encoding from the first bytes of a file.

    `options` are a person's corrections: the encoding to decode with, and the columns
    of a table (then any table is accepted). Raises `UnreadableFile` for content that
    can't be references: an empty file, a web page, a PDF, a picture or program, or XML
    that declares entities.
    """
    options = options or ReadingOptions()
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise UnreadableFile(
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
        found = FORMAT_BY_CODE.get(format_)
        platform = platform_of(found.platforms, text) if found else ""
    else:
        _refuse_binary(text, name)
        format_ = _marked("table", text) or "csv"
        platform = _of_table(lines, name, options)
    return Recognised(format_, platform, encoding, mismatch_of(format_, name))


def _by_first_bytes(head: bytes, name: str) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    for found in FORMATS:
        if found.magic and start.startswith(found.magic):
            return found.code
    for first, format_ in OTHER_MAGIC:
        if start.startswith(first):
            if format_ == "pdf":
                raise UnreadableFile(
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


def _other_archive(name: str, kind: str) -> UnreadableFile:
    return UnreadableFile(
        "unknown-format",
        _(
            "{name} is an archive of type {kind}, which is not supported. Unpack it on "
            "your computer and import the files, or put them into one zip file."
        ).format(name=name, kind=kind),
    )


def _by_text(text: str, name: str) -> str:
    if HTML.match(text):
        raise UnreadableFile(
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
        return _marked("key", text) or "json"
    return _marked("line", text)


def _marked(kind: str, text: str) -> str:
    """Return the code of the first format with a matching mark, weak marks last."""
    for weak in (False, True):
        for format_ in FORMATS:
            for mark in format_.marks:
                if mark.kind == kind and mark.weak is weak and mark.matches(text):
                    return format_.code
    return ""


def _xml_kind(text: str, name: str) -> str:
    if re.search(r"<!ENTITY", text, re.I):
        raise UnreadableFile(
            "xml-entity-forbidden",
            _(
                "{name} was not read because it is XML that defines entities. No database "
                "export does this, and it can be an attack."
            ).format(name=name),
        )
    return _marked("element", text) or "xml"


def _of_table(lines: list[str], name: str, options: ReadingOptions) -> str:
    """Return the platform of a table from its header. Text without a header is refused."""
    found = find_header(lines, options.columns)
    if found:
        return found[2].platform
    delimiter, first = transposed_delimiter(lines)
    if first and not options.columns:
        return platform_of_fields(
            row.cells for row in TableRows(lines, delimiter, ReadingReport())
        )
    if table_among(lines):
        raise UnreadableFile(
            "columns-unknown", _columns_unknown(name, bool(options.columns))
        )
    raise UnreadableFile(
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
        raise UnreadableFile(
            "unknown-format",
            _(
                "{name} contains no text that can be read as references. Export the "
                "search as RIS, PubMed (NBIB) or CSV."
            ).format(name=name),
        )


def mismatch_of(format_: str, name: str) -> str:
    """Return a sentence if a file's name suggests another format, else ""."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    found = FORMAT_BY_CODE.get(format_)
    if not found or ending in found.endings or ending not in KNOWN_ENDINGS:
        return ""
    return _("The file name ends in .{extension}, but the content is {format}.").format(
        extension=ending, format=name_of_format(format_)
    )
