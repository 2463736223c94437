"""Large export files made from small ones, with no two records the same.

Titles, DOIs, names of authors and numbers of records change with each repetition. A
reader that caches values therefore gains no more than in a real file, in which journals
and keywords do recur.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import IO

LAST_LINE_OF_RIS = re.compile(rb"(?m)^ER  -.*\n(?:(?!TY  -).*\n)*")
FIRST_LINE_OF_NBIB = re.compile(rb"(?m)^(?=PMID- |OWN - ERIC)")
# Values that distinguish records, and the text appended to them in repetition n.
VARIED = re.compile(
    rb"(?m)^(?P<name>(?:A[U1]|FAU) *-  ?[^\s,;]+)"
    rb"|^(?P<title>T[I1] *-  ?.{5}[^\r\n ]*)"
    rb"|(?P<doi>\b10\.\d{4,9}/[\w.()/-]*\w)"
    rb"|^(?P<number>(?:AN|ID|U2|C5|C2) *-  ?\S*)"
    # At most eight digits, as in PubMed: a longer number is not a PMID.
    rb"|^(?P<pmid>PMID- ?\d{1,6})\d*"
)
SYLLABLES = (b"ba", b"den", b"ko", b"lis", b"mar", b"nu", b"ro", b"sen", b"ti", b"vik")


def ris_records(file: Path) -> list[bytes]:
    """Return the records of a RIS export, with the text between them."""
    content = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    ends = [match.end() for match in LAST_LINE_OF_RIS.finditer(content)]
    return [content[a:b] for a, b in zip([0, *ends], ends, strict=False)]


def nbib_records(file: Path) -> list[bytes]:
    """Return the records of an NBIB export."""
    content = file.read_bytes().rstrip() + b"\n\n"
    parts = FIRST_LINE_OF_NBIB.split(content)
    return [part for part in parts if part.strip()]


def varied(records: list[bytes]) -> Iterator[bytes]:
    """Yield the records repeatedly, no two of them the same."""
    for n in count():
        word = b"".join(SYLLABLES[int(digit)] for digit in str(n))
        behind = {
            "name": word,
            "title": b" " + word,
            "doi": b"." + str(n).encode(),
            "number": str(n).encode()[-2:],
            "pmid": b"%02d" % (n % 100),
        }

        def vary(match: re.Match[bytes], behind: dict[str, bytes] = behind) -> bytes:
            name = match.lastgroup or ""
            return match[name] + behind[name]

        for record in records:
            yield VARIED.sub(vary, record) if n else record


def write(records: list[bytes], number: int, out: IO[bytes]) -> None:
    """Write ``number`` records to ``out`` one by one, so that memory stays constant."""
    for record in islice(varied(records), number):
        out.write(record)
