"""Reading of reference files of any format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from screening.citations.citation import Citation
from screening.citations.formats import FORMAT_BY_CODE, name_of_format
from screening.citations.reading import archive
from screening.citations.reading.format_marks import Recognised
from screening.citations.reading.lines import TextLines
from screening.citations.reading.link_identifiers import with_numbers_of_link
from screening.citations.reading.ole import refusal_of_ole
from screening.citations.reading.reading_options import ReadingOptions
from screening.citations.reading.reading_report import (
    OutsideText,
    ReadingReport,
    ReadingWarning,
    SkippedText,
    UnreadableFile,
)
from screening.citations.reading.recognising import (
    HEAD_BYTES,
    mismatch_of,
    recognise,
)
from screening.citations.reading.tidying import tidied
from screening.citations.translation import gettext as _
from screening.citations.translation import gettext_noop
from screening.citations.writing.status_note import without_our_marks

__all__ = [
    "FileReading",
    "ReadingOptions",
    "Recognised",
    "UnreadableFile",
    "read_file",
    "recognise",
]

NOT_READ_YET = {
    "json": gettext_noop("{name} is a JSON file of an unknown format."),
    "rtf": gettext_noop("{name} is a rich text document, which is not supported."),
    "xml": gettext_noop("{name} is an XML file of an unknown format."),
}
# Refusals that concern the archive as a whole, not one file in it.
STOPS_ARCHIVE = frozenset({"archive-nested", "archive-too-large"})


class FileReading(Iterator[Citation]):
    """The citations of one file, read on demand, and the report on them.

    Iterate once. `found == kept + skipped_count` is always true. The report is complete
    when the iteration has ended. At the end of a file in which no record was kept, the
    iteration raises `UnreadableFile` (no-records-found).
    """

    def __init__(
        self,
        name: str,
        recognised: Recognised,
        report: ReadingReport,
        citations: Iterator[Citation],
        lines: TextLines | None = None,
    ) -> None:
        self.name = name
        self.format = recognised.format
        self.kept = 0
        self._recognised = recognised
        self._report = report
        self._citations = citations
        self._lines = lines

    def __next__(self) -> Citation:
        try:
            citation = next(self._citations)
        except StopIteration:
            if self._lines:
                self._lines.conclude()
            if not self.kept:
                raise UnreadableFile("no-records-found", self._nothing_kept()) from None
            raise
        self.kept += 1
        # The files of an archive were tidied one by one.
        if not citation.member:
            citation = tidied(citation, self._report)
            citation = with_numbers_of_link(without_our_marks(citation))
        return citation

    def _nothing_kept(self) -> str:
        return _(
            "{name} appears to be a {format} file, but no record in it can be read. "
            "Export the search again and check that the file is complete."
        ).format(name=self.name, format=name_of_format(self.format))

    @property
    def found(self) -> int:
        """Return the number of records in the file, kept or skipped."""
        return self.kept + self._report.skipped_count

    @property
    def skipped_count(self) -> int:
        """Return the number of records that could not be kept."""
        return self._report.skipped_count

    @property
    def skipped(self) -> list[SkippedText]:
        """Return the skipped entries with line, reason and text (the first 10,000)."""
        return self._report.skipped

    @property
    def warnings(self) -> list[ReadingWarning]:
        """Return the warnings in file order (the first 10,000 of each kind)."""
        return self._report.warnings

    @property
    def warning_counts(self) -> dict[str, int]:
        """Return the number of warnings of each kind."""
        return dict(self._report.warning_counts)

    @property
    def outside(self) -> list[OutsideText]:
        """Return text that belongs to no record, to be offered as a note on the search."""
        return self._report.outside

    @property
    def platform(self) -> str:
        """Return the database or program that wrote the file, "" if it is unknown."""
        return self._report.platform or self._recognised.platform

    @property
    def encoding(self) -> str:
        """Return the encoding. It is certain when the whole file has been read."""
        if self._lines:
            return self._lines.encoding
        return self._report.encoding or self._recognised.encoding


def read_file(
    stream: BinaryIO,
    *,
    name: str,
    options: ReadingOptions | None = None,
    report: ReadingReport | None = None,
) -> FileReading:
    """Recognise a file by its content and start to read it.

    `stream` is read forwards in blocks and never as a whole (archives, workbooks and
    XML need a seekable stream). `name` is the original file name; it is used in
    messages only. `options` are a person's corrections. `report` is a report with a
    sink. Raises `UnreadableFile` if the content can't be read.
    """
    options = options or ReadingOptions()
    report = report or ReadingReport()
    head = _head(stream)
    recognised = _recognised(stream, head, name, options, report)
    if recognised.extension_mismatch:
        report.warn("extension-mismatch", 0, recognised.extension_mismatch)
    format_ = FORMAT_BY_CODE.get(recognised.format)
    if format_ and format_.is_archive:
        citations = _of_archive(stream, name, recognised.format, options, report)
        return FileReading(name, recognised, report, citations)
    if format_ and format_.read_bytes:
        stream.seek(0)
        citations = format_.read_bytes(stream, recognised, report)
        return FileReading(name, recognised, report, citations)
    if not format_ or not format_.read_lines:
        raise UnreadableFile(
            "format-not-read-yet", _not_read_yet(name, recognised.format)
        )
    lines = TextLines(
        stream, head, recognised.encoding, report, forced=bool(options.encoding)
    )
    citations = format_.read_lines(lines, recognised, report)
    return FileReading(name, recognised, report, citations, lines)


def _recognised(
    stream: BinaryIO,
    head: bytes,
    name: str,
    options: ReadingOptions,
    report: ReadingReport,
) -> Recognised:
    """Return what the file is, with a person's corrections."""
    try:
        recognised = recognise(head, name, options)
    except UnreadableFile as refusal:
        # In an archive, a mapping applies to the tables that it fits.
        if not (report.member and options.columns) or refusal.kind != "columns-unknown":
            raise
        options = replace(options, columns=())
        recognised = recognise(head, name, options)
    if recognised.format == "xls":
        raise refusal_of_ole(stream, name)
    if recognised.format == "zip":
        kind = archive.kind_of_zip(stream, name)
        if kind == "document":
            raise UnreadableFile(
                "unknown-format",
                _(
                    "{name} is an Office document, not a reference export. Export the "
                    "search as RIS, PubMed (NBIB) or CSV."
                ).format(name=name),
            )
        mismatch = mismatch_of(kind, name)
        recognised = replace(recognised, format=kind, extension_mismatch=mismatch)
    return _corrected(recognised, options)


def _of_archive(
    stream: BinaryIO,
    name: str,
    format_: str,
    options: ReadingOptions,
    report: ReadingReport,
) -> Iterator[Citation]:
    """Yield the citations of every file in an archive that can be read.

    A file that can't be read is ignored with a warning. A file that turns out to be
    damaged keeps the records before the damage; the rest counts as one skipped entry.
    """
    members: Iterator[archive.ArchiveMember] = (
        archive.archive_members(stream, name, report)
        if format_ == "zip"
        else iter((archive.gzip_member(stream, name),))
    )
    kept, reasons = 0, []
    for member in members:
        report.member = member.path
        member_kept = 0
        try:
            for citation in read_file(
                member.stream, name=member.name, options=options, report=report
            ):
                member_kept += 1
                yield replace(citation, member=member.path)
        except UnreadableFile as refusal:
            if refusal.kind in STOPS_ARCHIVE or format_ == "gzip":
                raise
            if member_kept:
                report.skip(0, refusal.sentence, "")
            else:
                report.warn("archive-member-ignored", 0, refusal.sentence)
                reasons.append(refusal)
        except archive.DAMAGE:
            report.skip(
                0,
                _("{name} is damaged. The rest of it can't be read.").format(
                    name=member.name
                ),
                "",
            )
        report.member = ""
        kept += member_kept
    if not kept:
        raise _nothing_in_archive(name, reasons)


def _nothing_in_archive(name: str, reasons: list[UnreadableFile]) -> UnreadableFile:
    unknown = [reason for reason in reasons if reason.kind == "columns-unknown"]
    if unknown:
        return UnreadableFile("columns-unknown", unknown[0].sentence)
    sentence = _("{name} contains no reference file that can be read.").format(
        name=name
    )
    if len(reasons) == 1:
        sentence = f"{sentence} {reasons[0].sentence}"
    return UnreadableFile("no-records-found", sentence)


def _corrected(recognised: Recognised, options: ReadingOptions) -> Recognised:
    return replace(
        recognised,
        platform=options.platform or recognised.platform,
        encoding=options.encoding or recognised.encoding,
        columns=options.columns,
    )


def _head(stream: BinaryIO) -> bytes:
    pieces = bytearray()
    while len(pieces) < HEAD_BYTES:
        piece = stream.read(HEAD_BYTES - len(pieces))
        if not piece:
            break
        pieces += piece
    return bytes(pieces)


def _not_read_yet(name: str, format_: str) -> str:
    if format_ in NOT_READ_YET:
        reason = _(NOT_READ_YET[format_])
    else:
        reason = _("{name} has a format that is not supported.")
    advice = _("Export the search as RIS, PubMed (NBIB) or CSV instead.")
    return f"{reason.format(name=name)} {advice}"
