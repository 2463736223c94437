"""Zip and gzip archives of reference files.

A zip archive is checked as a whole before its first file is read. No file is written
under a name from the archive: files are read as streams, and workbooks from an unnamed
temporary file. The limits apply to the sizes that the archive declares. A file can't
have more content than declared, because zipfile stops there.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import re
import stat
import struct
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from lzma import LZMAError
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from zipfile import BadZipFile, ZipExtFile, ZipFile, ZipInfo

from screening.citations.reading.reading_report import ReadingReport, UnreadableFile
from screening.citations.translation import gettext as _

MEMBERS_AT_MOST = 1_000
BYTES_AT_MOST = 2 << 30
# Reference files shrink to a fifth or a tenth, never to less than a hundredth.
RATIO_AT_MOST = 200
# The directory of a thousand files needs far fewer bytes.
DIRECTORY_BYTES = 4 << 20
SPOOL_BYTES = 8 << 20
PATH_LETTERS = 250
HEAD_BYTES = 512

OF_THE_SYSTEM = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
ARCHIVES = (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\xfd7zXZ", b"BZh")
# Name of the first entry in Office and EPUB documents, which are zip files too.
OF_DOCUMENTS = (
    b"[Content_Types].xml",
    b"_rels/",
    b"docProps/",
    b"customXml/",
    b"xl/",
    b"word/",
    b"ppt/",
    b"mimetype",
    b"Index/",
)
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
# Exceptions that reading a damaged file raises.
DAMAGE = (
    BadZipFile,
    EOFError,
    LZMAError,
    NotImplementedError,
    OSError,
    UnicodeError,
    struct.error,
    zlib.error,
)
# Exceptions that only opening one raises, because its head can hold anything.
NOT_OPENED = (*DAMAGE, ValueError)


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """A file in an archive: its path (safe to show) and its content."""

    path: str
    stream: BinaryIO

    @property
    def name(self) -> str:
        """Return the last part of the path."""
        return self.path.rpartition("/")[2]


def kind_of_zip(stream: BinaryIO, name: str) -> str:
    """Return "zip", "xlsx", "ods", or "document" for other Office files.

    Raises `UnreadableFile` (archive-damaged, archive-too-large).
    """
    with _open(stream, name) as archive:
        names = set(archive.namelist())
        is_ods = "content.xml" in names and _mimetype(archive).startswith(ODS)
    if is_ods:
        return "ods"
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "xlsx"
    documents = {"word/document.xml", "ppt/presentation.xml", "mimetype"}
    return "document" if names & documents else "zip"


def _mimetype(archive: ZipFile) -> bytes:
    """Return the type that an OpenDocument file declares, b"" for other files."""
    try:
        with archive.open("mimetype") as content:
            return content.read(HEAD_BYTES)
    except (KeyError, *NOT_OPENED):
        return b""


def archive_members(
    stream: BinaryIO, name: str, report: ReadingReport
) -> Iterator[ArchiveMember]:
    """Check a zip archive and yield its files in their order.

    Files of the operating system and links are left out with a warning. Raises
    `UnreadableFile` (archive-damaged, archive-encrypted, archive-nested,
    archive-too-large).
    """
    with _open(stream, name) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if len(infos) > MEMBERS_AT_MOST:
            raise _too_large(
                _("{name} contains {count:,} files.").format(
                    name=name, count=len(infos)
                )
            )
        check_sizes(infos, name)
        ours = [info for info in infos if not _why_ignored(info)]
        _check_encrypted(ours, name)
        _check_nested(archive, ours, name)
        taken: set[str] = set()
        for info in infos:
            path, is_unsafe = _shown(info, taken)
            if is_unsafe:
                _skip_unsafe(path, report)
                continue
            why = _why_ignored(info)
            if why:
                report.warn("archive-member-ignored", 0, why.format(path=path))
                continue
            try:
                content = _content(archive, info)
            except NOT_OPENED:
                report.member = path
                report.skip(
                    0, _("{path} is damaged and can't be read.").format(path=path), ""
                )
                report.member = ""
                continue
            yield ArchiveMember(path, content)


def gzip_member(stream: BinaryIO, name: str) -> ArchiveMember:
    """Return the file in a gzip archive. Reading it raises when it becomes too large."""
    path = name.rpartition("/")[2]
    lower = path.lower()
    path = path[:-3] if lower.endswith(".gz") else path
    stream.seek(0)
    bounded = io.BufferedReader(_Bounded(stream, name), buffer_size=1 << 16)
    try:
        head = bounded.peek(HEAD_BYTES)[:HEAD_BYTES]
    except DAMAGE:
        raise _damaged(name) from None
    if _is_archive(head):
        raise _nested(name, path)
    return ArchiveMember(path, cast(BinaryIO, bounded))


def check_sizes(infos: Iterable[ZipInfo], name: str) -> None:
    """Raise `UnreadableFile` (archive-too-large) if the files unpack to too much data."""
    infos = list(infos)
    total = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if total > BYTES_AT_MOST:
        raise _too_large(
            _("{name} contains {size:,} MB of data.").format(
                name=name, size=total >> 20
            )
        )
    worst = max(infos, key=_ratio, default=None)
    if total > packed * RATIO_AT_MOST or (worst and _ratio(worst) > RATIO_AT_MOST):
        raise _too_large(
            _(
                "{name} contains {size:,} KB of data, compressed to {packed:,} KB."
            ).format(name=name, size=total >> 10, packed=packed >> 10)
        )


def _ratio(info: ZipInfo) -> float:
    return info.file_size / max(1, info.compress_size)


def _open(stream: BinaryIO, name: str) -> ZipFile:
    stream.seek(0)
    size = directory_bytes(stream)
    if size > DIRECTORY_BYTES:
        raise _too_large(
            _("The list of files in {name} is very long.").format(name=name)
        )
    try:
        return ZipFile(stream)
    except NOT_OPENED:
        raise _damaged(name) from None


def directory_bytes(stream: BinaryIO) -> int:
    """Return the declared size of a zip archive's list of files, 0 without a list.

    It is checked first, because opening an archive reads the whole list into memory.
    Source: APPNOTE 6.3.10, 4.3.14 to 4.3.16.
    """
    end = stream.seek(0, io.SEEK_END)
    begin = max(0, end - (1 << 16) - 22)
    stream.seek(begin)
    tail = stream.read(end - begin)
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < 22:
        return 0
    (size,) = struct.unpack_from("<L", tail, place + 12)
    if size != 0xFFFFFFFF or tail[place - 20 : place - 16] != b"PK\x06\x07":
        return int(size) if size != 0xFFFFFFFF else 0
    (offset,) = struct.unpack_from("<Q", tail, place - 12)
    if offset + 56 > end:
        return 0
    stream.seek(offset)
    record = stream.read(56)
    return int(struct.unpack_from("<Q", record, 40)[0]) if len(record) == 56 else 0


def _check_encrypted(infos: list[ZipInfo], name: str) -> None:
    for info in infos:
        if info.flag_bits & 0x41:
            raise UnreadableFile(
                "archive-encrypted",
                _(
                    "{name} is protected by a password. Unpack it on your computer and "
                    "import the files, or create an archive without a password."
                ).format(name=name),
            )


def _check_nested(archive: ZipFile, infos: list[ZipInfo], name: str) -> None:
    for info in infos:
        try:
            with archive.open(info) as content:
                head = content.read(HEAD_BYTES)
        except NOT_OPENED:
            continue
        if _is_archive(head):
            raise _nested(name, safe_path(info.filename)[0])


def _is_archive(head: bytes) -> bool:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return not head[30:].startswith(OF_DOCUMENTS)
    return head.startswith(ARCHIVES) or head[257:262] == b"ustar"


def _why_ignored(info: ZipInfo) -> str:
    """Return a message with ``{path}`` that says why a file is ignored, else ""."""
    parts = info.filename.replace("\\", "/").split("/")
    if "__MACOSX" in parts or parts[-1].startswith("._"):
        return _("{path} was ignored because it was created by macOS.")
    if parts[-1].lower() in OF_THE_SYSTEM:
        return _("{path} was ignored because it was created by the operating system.")
    if stat.S_ISLNK(info.external_attr >> 16):
        return _("{path} was ignored because it is only a link to another file.")
    return ""


def _skip_unsafe(path: str, report: ReadingReport) -> None:
    """Report a file that is not read because of its path."""
    reason = _(
        "A file in the archive was not read, because its path points outside the "
        "archive ({path}). Unpack the archive on your computer and import the file."
    ).format(path=path)
    report.member = path
    report.warn("archive-path-unsafe", 0, reason)
    report.skip(0, reason, "")
    report.member = ""


def _shown(info: ZipInfo, taken: set[str]) -> tuple[str, bool]:
    """Return a path to show that no other file has, and True if the path is unsafe."""
    name = info.filename
    if not info.flag_bits & 0x800 and not name.isascii():
        # The name is UTF-8 without the flag that says so, and zipfile decoded it as
        # cp437.
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    path, unsafe = safe_path(name)
    unique, number = path, 1
    while unique in taken:
        number += 1
        unique = f"{path} ({number})"
    taken.add(unique)
    return unique, unsafe


def safe_path(name: str) -> tuple[str, bool]:
    """Return a path that stays in the archive, and True if the path left it.

    Windows programs separate folders by backslashes, which is not unsafe.
    """
    clean = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    slashed = clean.replace("\\", "/")
    drive = re.match(r"[A-Za-z]:", slashed)
    parts = [
        part
        for part in slashed[drive.end() if drive else 0 :].split("/")
        if part not in ("", ".", "..")
    ]
    unsafe = (
        any(unicodedata.category(c) == "Cc" for c in name)
        or bool(drive)
        or slashed.startswith("/")
        or ".." in slashed.split("/")
    )
    return ("/".join(parts) or "unnamed")[-PATH_LETTERS:].lstrip("/"), unsafe


def _content(archive: ZipFile, info: ZipInfo) -> BinaryIO:
    """Return the content as a stream.

    A workbook is copied, because its parts need seeking.
    """
    content = cast(ZipExtFile, archive.open(info))
    if content.peek(4)[:2] != b"PK":
        return cast(BinaryIO, content)
    copy = SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115
    with content:
        while piece := content.read(1 << 20):
            copy.write(piece)
    copy.seek(0)
    return cast(BinaryIO, copy)


class _Bounded(io.RawIOBase):
    """A gzip stream that raises `UnreadableFile` when it becomes too large."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._packed = stream
        self._name = name
        self._plain = gzip.GzipFile(fileobj=stream, mode="rb")
        self._given = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._given = 0
        return self._plain.seek(offset, whence)

    def tell(self) -> int:
        return self._plain.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._plain.read(len(buffer))
        buffer[: len(piece)] = piece
        self._given += len(piece)
        swollen = self._given > RATIO_AT_MOST * max(1, self._packed.tell())
        if self._given > BYTES_AT_MOST or swollen:
            raise _too_large(
                _("{name} contains more than {size:,} KB of data.").format(
                    name=self._name, size=self._given >> 10
                )
            )
        return len(piece)


def _damaged(name: str) -> UnreadableFile:
    return UnreadableFile(
        "archive-damaged",
        _(
            "{name} is a damaged or incomplete archive. Download or create it again, and "
            "check that it opens on your computer."
        ).format(name=name),
    )


def _too_large(reason: str) -> UnreadableFile:
    """Return the refusal of an archive. ``reason`` is a sentence that names the excess."""
    advice = _(
        "This is too large for a reference export, so it was not unpacked. Import the "
        "files one by one."
    )
    return UnreadableFile("archive-too-large", " ".join((reason, advice)))


def _nested(name: str, inner: str) -> UnreadableFile:
    return UnreadableFile(
        "archive-nested",
        _(
            "{name} contains another archive ({inner}). Archives inside archives are not "
            "opened. Unpack it and import the files, or put them into one zip file."
        ).format(name=name, inner=inner),
    )
