"""A zip archive that is sent while it is still being written.

The same content gives the same bytes: members carry no time of day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

# Members of one archive: a name and the bytes, piece by piece.
Member = tuple[str, Iterable[bytes]]
# Handed on when this much has gathered.
PIECE_BYTES = 1 << 16
# Quick instead of small: texts shrink to less than a half either way.
LEVEL = 1


class _Outlet:
    """Takes what the archive writes; it can't seek, so nothing is written twice."""

    def __init__(self) -> None:
        self.held = bytearray()

    def write(self, data: bytes, /) -> int:
        self.held += data
        return len(data)

    def flush(self) -> None:
        """Nothing to do: what is held is taken."""

    def close(self) -> None:
        """Nothing to do either."""

    def taken(self) -> bytes:
        data = bytes(self.held)
        self.held.clear()
        return data


def zip_pieces(members: Iterable[Member], *, is_large: bool = False) -> Iterator[bytes]:
    """The bytes of an archive. `is_large`: a member may pass 2 GB (zip64)."""
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
