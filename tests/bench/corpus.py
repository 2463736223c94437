"""Large export files made from small ones: repeated, no two records alike.

Titles, DOIs, authors' names and the numbers of records change with each repeat, so
that nothing a reader remembers from one record helps it with the next more than it
would in a real file (journals and keywords do come back there).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import IO

LAST_LINE_OF_RIS = re.compile(rb"(?m)^ER  -.*\n(?:(?!TY  -).*\n)*")
FIRST_LINE_OF_NBIB = re.compile(rb"(?m)^(?=PMID- |OWN - ERIC)")
# What tells one record from the next, and what is put behind it in repeat n.
VARIED = re.compile(
    rb"(?m)^(?P<name>(?:A[U1]|FAU) *-  ?[^\s,;]+)"
    rb"|^(?P<title>T[I1] *-  ?.{5}[^\r\n ]*)"
    rb"|(?P<doi>\b10\.\d{4,9}/[\w.()/-]*\w)"
    rb"|^(?P<number>(?:AN|ID|U2|C5|C2) *-  ?\S*)"
    # Eight digits at most, as PubMed's: a longer one is none.
    rb"|^(?P<pmid>PMID- ?\d{1,6})\d*"
)
SYLLABLES = (b"ba", b"den", b"ko", b"lis", b"mar", b"nu", b"ro", b"sen", b"ti", b"vik")


def ris_records(file: Path) -> list[bytes]:
    """The records of a RIS export, with what stands between them."""
    content = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    ends = [match.end() for match in LAST_LINE_OF_RIS.finditer(content)]
    return [content[a:b] for a, b in zip([0, *ends], ends, strict=False)]


def nbib_records(file: Path) -> list[bytes]:
    """The records of an NBIB export."""
    content = file.read_bytes().rstrip() + b"\n\n"
    parts = FIRST_LINE_OF_NBIB.split(content)
    return [part for part in parts if part.strip()]


def varied(records: list[bytes]) -> Iterator[bytes]:
    """The records over and over, no two of them alike."""
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
    """Write ``number`` records to ``out`` as they come: memory stays flat."""
    for record in islice(varied(records), number):
        out.write(record)
