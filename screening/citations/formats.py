"""Registry of the formats that can be imported and exported.

A new format needs a module with its marks and its reader (and one with its writer, if
it can be exported), a row in `FORMATS`, a sample file, and a row in
docs/methods/import-formats.md. The rest is derived from the row: how files are
recognised, the warning about file names, the formats on the upload page, the platforms
to choose from, the types of exported files, and the checks of docs and samples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from screening.citations.citation import Citation
from screening.citations.reading.bibtex_files import bibtex
from screening.citations.reading.format_marks import (
    ANYTHING,
    FormatMark,
    Platforms,
    Recognised,
)
from screening.citations.reading.json_files import csl_json, pop_json
from screening.citations.reading.lines import TextLines
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reading.tables import csv_files, xlsx
from screening.citations.reading.tables.column_names import PLATFORMS as TABLE_PLATFORMS
from screening.citations.reading.tagged_text import enw, nbib, ovid, ris, wos
from screening.citations.reading.tagged_text.ris_platforms import RIS_PLATFORMS
from screening.citations.reading.xml_files import (
    endnote_xml,
    ictrp_xml,
    pubmed_xml,
    zotero_rdf,
)
from screening.citations.translation import gettext as _
from screening.citations.translation import gettext_noop
from screening.citations.writing.bibtex import bibtex_entries
from screening.citations.writing.csl_json import csl_json_text as csl_json_items
from screening.citations.writing.endnote_xml import endnote_xml_text as endnote_records
from screening.citations.writing.ris import ris_records
from screening.citations.writing.status_note import ExportRow
from screening.citations.writing.tables import csv_lines

LineReader = Callable[[TextLines, Recognised, ReadingReport], Iterator[Citation]]
# The stream is seekable and at its start.
ByteReader = Callable[[BinaryIO, Recognised, ReadingReport], Iterator[Citation]]
Writer = Callable[[Iterable[ExportRow]], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its names, how it is recognised, its reader and its writer.

    `code` is stored with each import. `name` is English; `name_of_format` translates
    it. `endings` are those of file names, the usual one first. A file has this format
    if it starts with one of `magic`, or if one of `marks` matches its beginning.
    `platforms` are the databases and programs that write the format.

    One of `read_lines` and `read_bytes` is set, unless `is_archive`. `write` yields a
    file in parts of text; None if the format can't be exported as text. `media_type` is
    that of exported files.
    """

    code: str
    name: str
    endings: tuple[str, ...]
    marks: tuple[FormatMark, ...] = ()
    platforms: Platforms = ()
    magic: tuple[bytes, ...] = ()
    read_lines: LineReader | None = None
    read_bytes: ByteReader | None = None
    write: Writer | None = None
    media_type: str = ""
    is_archive: bool = False


# In the order in which the marks are tried: what is rarer inside other formats first.
FORMATS: tuple[Format, ...] = (
    Format(
        "ris",
        "RIS",
        ("ris", "txt"),
        ris.MARKS,
        RIS_PLATFORMS,
        read_lines=ris.read_ris,
        write=ris_records,
        media_type="application/x-research-info-systems; charset=utf-8",
    ),
    Format(
        "nbib",
        "PubMed (NBIB)",
        ("nbib", "txt", "medline", "med"),
        nbib.MARKS,
        nbib.PLATFORMS,
        read_lines=nbib.read_nbib,
    ),
    Format(
        "ovid-reprint-medlars",
        "Ovid Reprint/Medlars",
        ("txt", "ovd"),
        ovid.REPRINT_MARKS,
        (("Ovid", ANYTHING),),
        read_lines=ovid.read_ovid,
    ),
    Format(
        "ovid-citation",
        "Ovid Citation",
        ("txt",),
        ovid.CITATION_MARKS,
        (("Ovid", ANYTHING),),
        read_lines=ovid.read_ovid,
    ),
    Format(
        "wos-tagged",
        gettext_noop("Web of Science (tagged)"),
        ("txt", "isi", "ciw"),
        wos.MARKS,
        wos.PLATFORMS,
        read_lines=wos.read_wos,
    ),
    Format(
        "enw",
        "EndNote (ENW)",
        ("enw", "enl", "txt"),
        enw.MARKS,
        enw.PLATFORMS,
        read_lines=enw.read_enw,
    ),
    Format(
        "bibtex",
        "BibTeX",
        ("bib", "bibtex", "txt"),
        bibtex.MARKS,
        bibtex.PLATFORMS,
        read_lines=bibtex.read_bibtex,
        write=bibtex_entries,
        media_type="application/x-bibtex; charset=utf-8",
    ),
    Format(
        "pubmed-xml",
        "PubMed XML",
        ("xml",),
        pubmed_xml.MARKS,
        (("PubMed", ANYTHING),),
        read_bytes=pubmed_xml.read_pubmed_xml,
    ),
    Format(
        "ictrp-xml",
        "WHO ICTRP XML",
        ("xml",),
        ictrp_xml.MARKS,
        (("WHO ICTRP", ANYTHING),),
        read_bytes=ictrp_xml.read_ictrp_xml,
    ),
    Format(
        "zotero-rdf",
        "Zotero RDF",
        ("rdf", "xml"),
        zotero_rdf.MARKS,
        zotero_rdf.PLATFORMS,
        read_bytes=zotero_rdf.read_zotero_rdf,
    ),
    Format(
        "endnote-xml",
        "EndNote XML",
        ("xml",),
        endnote_xml.MARKS,
        endnote_xml.PLATFORMS,
        read_bytes=endnote_xml.read_endnote_xml,
        write=endnote_records,
        media_type="application/xml; charset=utf-8",
    ),
    Format(
        "pop-json",
        "Publish or Perish JSON",
        ("json",),
        pop_json.MARKS,
        (("Publish or Perish", ANYTHING),),
        read_bytes=pop_json.read_pop_json,
    ),
    Format(
        "csl-json",
        "CSL-JSON",
        ("json",),
        csl_json.MARKS,
        csl_json.PLATFORMS,
        read_bytes=csl_json.read_csl_json,
        write=csl_json_items,
        media_type="application/vnd.citationstyles.csl+json; charset=utf-8",
    ),
    Format(
        "wos-tab",
        gettext_noop("Web of Science (tab-delimited)"),
        ("txt", "tsv", "tab", "csv"),
        csv_files.WOS_MARKS,
        read_lines=csv_files.read_csv,
    ),
    # Text with the header of a reference table, if no mark matches.
    Format(
        "csv",
        "CSV",
        ("csv", "tsv", "tab", "txt"),
        read_lines=csv_files.read_csv,
        write=csv_lines,
        media_type="text/csv; charset=utf-8",
    ),
    # A zip file with the parts of a workbook (`archive.kind_of_zip`).
    Format(
        "xlsx",
        "Excel (XLSX)",
        ("xlsx", "xlsm"),
        read_bytes=xlsx.read_xlsx,
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    Format(
        "ods",
        "OpenDocument (ODS)",
        ("ods",),
        read_bytes=xlsx.read_xlsx,
    ),
    Format(
        "zip",
        gettext_noop("zip archive"),
        ("zip",),
        magic=(b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"),
        is_archive=True,
    ),
    Format(
        "gzip",
        gettext_noop("gzip archive"),
        ("gz",),
        magic=(b"\x1f\x8b",),
        is_archive=True,
    ),
)
FORMAT_BY_CODE = {format_.code: format_ for format_ in FORMATS}
# Platforms that a person can choose if nothing in the file shows the platform.
PLATFORM_NAMES: tuple[str, ...] = tuple(
    sorted(
        {name for format_ in FORMATS for name, pattern in format_.platforms}
        | {name for name, columns in TABLE_PLATFORMS},
        key=str.casefold,
    )
)


def name_of_format(code: str) -> str:
    """Return the name of a format in the user's language; the code if unknown."""
    format_ = FORMAT_BY_CODE.get(code)
    return _(format_.name) if format_ else code.upper()


def format_names() -> list[str]:
    """Return the names of all formats that can be imported, in the user's language."""
    return [_(format_.name) for format_ in FORMATS]
