"""Old Office files and workbooks with a password: their common container (OLE).

Neither is read. The message says which of the two the file is and what to do. Source:
[MS-CFB] 2.2 (header) and 2.6 (directory entries, whose names are UTF-16).
"""

from __future__ import annotations

import struct
from typing import BinaryIO

from screening.citations.reading.reading_report import UnreadableFile
from screening.citations.translation import gettext as _

HEADER_BYTES = 512


def refusal_of_ole(stream: BinaryIO, name: str) -> UnreadableFile:
    """Return the reason why this file is not read, from the names in its directory."""
    names = _directory(stream)
    if _has(names, "EncryptedPackage"):
        return UnreadableFile(
            "archive-encrypted",
            _(
                "{name} is protected by a password. Open it in your spreadsheet program, "
                "save it without a password as .xlsx or CSV, and import that file."
            ).format(name=name),
        )
    if _has(names, "Workbook") or _has(names, "Book"):
        return UnreadableFile(
            "format-not-read-yet",
            _(
                "{name} is an old Excel workbook (.xls), which is not supported. Open it "
                "in Excel or LibreOffice, save it as .xlsx or CSV, and import that file."
            ).format(name=name),
        )
    return UnreadableFile(
        "unknown-format",
        _(
            "{name} is an old Office document, not a reference export. Export the search "
            "as RIS, PubMed (NBIB) or CSV."
        ).format(name=name),
    )


def _has(directory: bytes, name: str) -> bool:
    return name.encode("utf-16-le") + b"\x00\x00" in directory


def _directory(stream: BinaryIO) -> bytes:
    """Return the first sector of the directory. With a damaged header: the head."""
    stream.seek(0)
    header = stream.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES:
        return header
    (shift,) = struct.unpack_from("<H", header, 30)
    (sector,) = struct.unpack_from("<L", header, 48)
    size = 1 << shift if shift in (9, 12) else 512
    stream.seek((sector + 1) * size)
    return stream.read(size * 4)
