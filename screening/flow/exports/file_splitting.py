"""Splitting of a long text into files within another program's limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO

from screening.citations.writing.zipped import zip_pieces

IN_MEMORY = 4 << 20
READ_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class FileLimits:
    """The largest number of records and bytes of one file."""

    records: int
    bytes: int


def split_into_files(
    records: Iterable[str], limits: FileLimits, *, header: str = ""
) -> Iterator[IO[bytes]]:
    """Yield files of whole records within the limits, each with `header`; at least one.

    A record longer than the limit gets a file of its own.
    """
    piece, count, size = _begun(header)
    for record in records:
        data = record.encode()
        is_full = count == limits.records or size + len(data) > limits.bytes
        if count and is_full:
            piece.seek(0)
            yield piece
            piece, count, size = _begun(header)
        piece.write(data)
        count, size = count + 1, size + len(data)
    piece.seek(0)
    yield piece


def _begun(header: str) -> tuple[IO[bytes], int, int]:
    piece: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    return piece, 0, piece.write(header.encode())


def one_or_zip(
    files: Iterator[IO[bytes]], name: str, extension: str
) -> tuple[bool, Iterator[bytes]]:
    """Return whether an archive is needed, and the bytes of the file or archive."""
    first = next(files)
    second = next(files, None)
    if second is None:
        return False, _read(first)
    members = (
        (f"{name}-{number:02}.{extension}", _read(one))
        for number, one in enumerate(chain((first, second), files), start=1)
    )
    return True, zip_pieces(members)


def whole_file(content: Iterable[bytes]) -> tuple[int, Iterator[bytes]]:
    """Return the size of a file, and its bytes. It is complete before any is sent."""
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    size = sum(file.write(data) for data in content)
    file.seek(0)
    return size, _read(file)


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while data := file.read(READ_BYTES):
            yield data
