"""Export presets: the format that each other program reads, with its limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from reviewapp.core.exported import Counter, Statement
from reviewapp.core.models import Review
from reviewapp.core.refusals import Missing, Refused
from reviewapp.core.snapshots import one_snapshot
from screening.citations.formats import FORMAT_BY_CODE, Format
from screening.citations.writing import asreview, rayyan, tables, xlsx
from screening.citations.writing.status_note import ExportRow
from screening.flow.exports import status_columns
from screening.flow.exports.file_splitting import (
    FileLimits,
    one_or_zip,
    split_into_files,
    whole_file,
)
from screening.flow.queries import export_selection
from screening.flow.queries.export_selection import ExportFilters

Texts = Callable[[Iterable[ExportRow]], Iterator[str]]
# Number of records that are sent in one chunk.
TOGETHER = 50


@dataclass(frozen=True, slots=True)
class Preset:
    """A program or format to export to, and the file for it.

    `name` and `description` are message ids: `label` and `text` translate them.
    `write` yields the file in parts, instead of the writer of the format. Records beyond
    `limits` come as a zip of numbered files; then there is one part per record, and each
    file starts with `header`.
    """

    key: str
    name: str
    description: str
    format: Format
    write: Texts | None = None
    limits: FileLimits | None = None
    header: str = ""

    @property
    def label(self) -> str:
        """Return the translated name."""
        return _(self.name)

    @property
    def has_own_name(self) -> bool:
        """Return True if its files have the program's name, not only "records"."""
        return self.limits is not None or self.key == "asreview"

    @property
    def extension(self) -> str:
        """Return the ending of the file name."""
        return self.format.endings[0]

    @property
    def content_type(self) -> str:
        """Return the content type of the file."""
        return self.format.media_type

    @property
    def texts(self) -> Texts | None:
        """Return the writer, None for a workbook."""
        return self.write or self.format.write

    @property
    def text(self) -> str:
        """Return the translated description."""
        return _(self.description)


@dataclass(frozen=True, slots=True)
class Download:
    """A complete file to send, and the number of records in it."""

    name: str
    content_type: str
    content: Iterator[bytes]
    size: int
    stated: Statement


def _csv(rows: Iterable[ExportRow]) -> Iterator[str]:
    return tables.csv_lines(rows, extra=status_columns.COLUMNS)


PRESETS = (
    Preset(
        "endnote",
        "EndNote",
        gettext_noop(
            "EndNote XML. In EndNote, choose File, Import, “EndNote generated XML”."
        ),
        FORMAT_BY_CODE["endnote-xml"],
    ),
    Preset(
        "zotero",
        "Zotero",
        gettext_noop("RIS. Zotero imports keywords as tags and notes as notes."),
        FORMAT_BY_CODE["ris"],
    ),
    Preset(
        "covidence",
        "Covidence",
        gettext_noop(
            "RIS files of at most 15,000 records and 50 MB. Several files come as a zip."
        ),
        FORMAT_BY_CODE["ris"],
        limits=FileLimits(records=15_000, bytes=50_000_000),
    ),
    Preset(
        "rayyan",
        "Rayyan",
        gettext_noop("CSV with Rayyan's 21 columns, in files of at most 100 MB."),
        FORMAT_BY_CODE["csv"],
        rayyan.rayyan_lines,
        FileLimits(records=1_000_000, bytes=100_000_000),
        rayyan.rayyan_header(),
    ),
    Preset(
        "asreview",
        "ASReview",
        gettext_noop(
            "CSV with ASReview's columns. Its label is 1 for included, 0 for excluded, "
            "empty without a decision. For a simulation, filter by “Included or "
            "excluded”."
        ),
        FORMAT_BY_CODE["csv"],
        asreview.asreview_lines,
    ),
    Preset(
        "xlsx",
        gettext_noop("Spreadsheet (Excel)"),
        gettext_noop(
            "A workbook with one column for each field and for the screening status."
        ),
        FORMAT_BY_CODE["xlsx"],
    ),
    Preset(
        "csv",
        "CSV",
        gettext_noop(
            "The same columns as text, for R, SPSS and scripts. A spreadsheet program "
            "drops zeros at the beginning (ISSN 00280836): to open the file in one, "
            "choose Spreadsheet (Excel)."
        ),
        FORMAT_BY_CODE["csv"],
        _csv,
    ),
    Preset(
        "ris",
        "RIS",
        gettext_noop("For reference managers and other tools."),
        FORMAT_BY_CODE["ris"],
    ),
    Preset(
        "bibtex",
        "BibTeX",
        gettext_noop("For LaTeX, JabRef and parsers."),
        FORMAT_BY_CODE["bibtex"],
    ),
    Preset(
        "csl-json",
        "CSL-JSON",
        gettext_noop("For pandoc, Quarto and citeproc."),
        FORMAT_BY_CODE["csl-json"],
    ),
)
BY_KEY = {preset.key: preset for preset in PRESETS}


def find_preset(key: str) -> Preset:
    """Return the preset. Raises `Missing` if it does not exist."""
    preset = BY_KEY.get(key)
    if preset is None:
        names = ", ".join(BY_KEY)
        raise Missing(
            _("This export format does not exist. Choose one of: {names}.").format(
                names=names
            )
        )
    return preset


def download(
    review: Review, key: str, filters: ExportFilters, *, with_status: bool = True
) -> Download:
    """Return the selected records as a file; `with_status`: with their screening status.

    The file is complete when this returns: it shows one state of the review, whatever
    is voted and imported meanwhile, and has as many records as were selected.

    Raises `Missing` for an unknown preset, and `Refused` for more records than the file
    can hold.
    """
    preset = find_preset(key)
    written = Counter()
    with one_snapshot():
        selected = export_selection.count_selected(review, filters)
        rows = status_columns.export_rows(review, filters, with_status=with_status)
        is_zip, content = _content(preset, written.count(rows), selected)
        size, content = whole_file(content)
    stem = preset.key if preset.has_own_name else "records"
    ending = "zip" if is_zip else preset.extension
    return Download(
        name=f"{stem}-{selected}.{ending}",
        content_type="application/zip" if is_zip else preset.content_type,
        content=content,
        size=size,
        stated=Statement(selected, written.n),
    )


def _content(
    preset: Preset, rows: Iterable[ExportRow], selected: int
) -> tuple[bool, Iterator[bytes]]:
    """Return whether the file is a zip of several, and its bytes."""
    if preset.texts is None:
        return False, _workbook(rows, selected)
    texts = preset.texts(rows)
    if preset.limits is None:
        return False, _encoded(texts)
    files = split_into_files(texts, preset.limits, header=preset.header)
    return one_or_zip(files, preset.key, preset.extension)


def _workbook(rows: Iterable[ExportRow], count: int) -> Iterator[bytes]:
    if count > xlsx.ROWS_AT_MOST:
        raise Refused(
            _(
                "An Excel sheet holds at most {most} records. Your selection has "
                "{count}. Choose CSV or add a filter."
            ).format(most=f"{xlsx.ROWS_AT_MOST:,}", count=f"{count:,}")
        )
    is_large = count > xlsx.LARGE_ROWS
    return xlsx.xlsx_pieces(rows, extra=status_columns.COLUMNS, is_large=is_large)


def _encoded(texts: Iterator[str]) -> Iterator[bytes]:
    while together := list(islice(texts, TOGETHER)):
        yield "".join(together).encode()
