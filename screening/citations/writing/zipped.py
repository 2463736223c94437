"""Zip writer that sends an archive while it is being written.

The same content gives the same bytes, because files have no time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

# Files of one archive: a name and the bytes, in parts.
Member = tuple[str, Iterable[bytes]]
# Bytes are passed on when this many have been collected.
PIECE_BYTES = 1 << 16
# Fast compression: texts shrink to less than half anyway.
LEVEL = 1


class _Outlet:
    """Receives the bytes of the archive. It can't seek, so nothing is written twice."""

    def __init__(self) -> None:
        self.held = bytearray()

    def write(self, data: bytes, /) -> int:
        self.held += data
        return len(data)

    def flush(self) -> None:
        """Do nothing: the caller takes the bytes."""

    def close(self) -> None:
        """Do nothing."""

    def taken(self) -> bytes:
        data = bytes(self.held)
        self.held.clear()
        return data


def zip_pieces(members: Iterable[Member], *, is_large: bool = False) -> Iterator[bytes]:
    """Yield the bytes of an archive. `is_large`: a file may exceed 2 GB (zip64)."""
    outlet = _Outlet()
    with ZipFile(outlet, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name, content in members:
            info = ZipInfo(name)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            with archive.open(info, "w", force_zip64=is_large) as member:
                for data in content:
                    member.write(data)
                    if len(outlet.held) > PIECE_BYTES:
                        yield outlet.taken()
    yield outlet.taken()
