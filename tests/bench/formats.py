"""Benchmark of RIS and NBIB readers against rispy and nbib, on large real exports.

The unit is CPU seconds. Our readers make `Citation`s with every field (names, DOIs,
pages, abstracts without notices, earlier decisions); the others make dictionaries.
"Tags" is our reader up to tagged fields. That is all that rispy does and most of what
nbib does, which also reads dates and pairs authors with affiliations. All run in turns,
so that a busy machine slows all. Only ratios can be compared between machines.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import nbib
import rispy

from screening.citations.reading import file_reading
from screening.citations.reading.lines import TextLines
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reading.recognising import HEAD_BYTES
from screening.citations.reading.tagged_text import nbib as our_nbib
from screening.citations.reading.tagged_text import ris
from tests.acceptance.real_files import IMPORTS, needed
from tests.bench import corpus

RIS_FILES = (
    "cochrane-central.ris",
    "ebsco-ase.ris",
    "ebsco-psycinfo.ris",
    "embase-com.ris",
    "endnote-export.ris",
    "ovid-cabi.ris",
    "ovid-psycinfo.ris",
    "proquest-ptsdpubs.ris",
    "refworks.ris",
    "scopus.ris",
    "zotero.ris",
)
NBIB_FILES = ("pubmed-nbib-named.ris", "eric.nbib")
RECORDS = 100_000
# One turn of a reader, long enough for the start not to matter.
TURN = 2_500
# nbib is slow, so it reads only this many records of each turn.
OF_NBIB = 500


def main() -> None:
    """Print records per CPU second and ratios, per platform and over all."""
    needed(IMPORTS)
    _compare("RIS", "rispy", RIS_FILES, _rispy, TURN)
    _compare("RIS, tags", "rispy", RIS_FILES, _rispy, TURN, ours=_ris_tags)
    # nbib refuses the tags that ERIC writes.
    pubmed = NBIB_FILES[:1]
    _compare("NBIB", "nbib", pubmed, _nbib, OF_NBIB)
    _compare("NBIB, tags", "nbib", pubmed, _nbib, OF_NBIB, ours=_nbib_tags)


def _rispy(text: str) -> int:
    return len(rispy.loads(text))


def _nbib(text: str) -> int:
    return len(nbib.read(text))


def _citations(data: bytes, name: str) -> int:
    return sum(1 for _ in file_reading.read_file(io.BytesIO(data), name=name))


def _ris_tags(data: bytes, name: str) -> int:
    return sum(1 for _ in ris.read_ris_fields(_lines(data), ReadingReport()))


def _nbib_tags(data: bytes, name: str) -> int:
    return sum(1 for _ in our_nbib.read_nbib_fields(_lines(data), ReadingReport()))


def _lines(data: bytes) -> TextLines:
    head, rest = data[:HEAD_BYTES], data[HEAD_BYTES:]
    return TextLines(io.BytesIO(rest), head, "utf-8", ReadingReport())


def _compare(
    kind: str,
    peer: str,
    names: tuple[str, ...],
    read: Callable[[str], int],
    turn: int,
    ours: Callable[[bytes, str], int] = _citations,
) -> None:
    mine, theirs, records = 0.0, 0.0, 0
    print(f"{kind:28}{'ours/s':>10}{peer + '/s':>10}{'ratio':>8}")
    for name in names:
        spent, other, found = _one(name, ours, read, RECORDS // len(names), turn)
        mine, theirs, records = mine + spent, theirs + other, records + found
        _show(name, found, spent, other)
    _show(f"all ({records:,} records)", records, mine, theirs)


def _show(name: str, records: int, ours: float, other: float) -> None:
    rates = f"{records / ours:10,.0f}{records / other:10,.0f}{other / ours:8.2f}"
    print(f"{name:28}{rates}", flush=True)


def _one(
    name: str,
    ours: Callable[[bytes, str], int],
    theirs: Callable[[str], int],
    number: int,
    turn: int,
) -> tuple[float, float, int]:
    """Return CPU seconds of both readers for the same records, turn by turn."""
    make = corpus.nbib_records if name in NBIB_FILES else corpus.ris_records
    source = corpus.varied(make(IMPORTS / name))
    spent = other = 0.0
    done = 0
    while done < number:
        some = [next(source) for _ in range(min(TURN, number - done))]
        data = b"".join(some)
        start = time.process_time()
        found = ours(data, name)
        spent += time.process_time() - start
        part = b"".join(some[:turn])
        text = part.decode()
        start = time.process_time()
        theirs(text)
        other += (time.process_time() - start) * len(some) / min(turn, len(some))
        if found != len(some):
            raise AssertionError(f"{name}: {found} of {len(some)} records were read")
        done += found
    return spent, other, done
