"""Old Office files and locked workbooks: the container that both come in.

Neither is read. The sentence says which of the two it is and what to do. Source:
[MS-CFB] 2.2 (header) and 2.6 (directory entries, whose names are UTF-16).
"""

from __future__ import annotations

import struct
from typing import BinaryIO

from .report import Refused

HEADER_BYTES = 512


def refusal_of_ole(stream: BinaryIO, name: str) -> Refused:
    """Why this file is not read, by the names in its directory."""
    names = _directory(stream)
    if _has(names, "EncryptedPackage"):
        return Refused(
            "archive-encrypted",
            f"{name} is locked with a password. Open it in your spreadsheet program, "
            "save it without a password (.xlsx or CSV), and import that file.",
        )
    if _has(names, "Workbook") or _has(names, "Book"):
        return Refused(
            "format-not-read-yet",
            f"{name} is an Excel workbook of the old kind (.xls), which is not read. "
            "Open it in Excel or LibreOffice, save it as .xlsx or CSV, and import "
            "that file.",
        )
    return Refused(
        "unknown-format",
        f"{name} is an old Office document, not an export of references. "
        "Export the search as RIS, PubMed (NBIB) or CSV.",
    )


def _has(directory: bytes, name: str) -> bool:
    return name.encode("utf-16-le") + b"\x00\x00" in directory


def _directory(stream: BinaryIO) -> bytes:
    """The first sector of the directory; the whole head where the header is broken."""
    stream.seek(0)
    header = stream.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES:
        return header
    (shift,) = struct.unpack_from("<H", header, 30)
    (sector,) = struct.unpack_from("<L", header, 48)
    size = 1 << shift if shift in (9, 12) else 512
    stream.seek((sector + 1) * size)
    return stream.read(size * 4)
