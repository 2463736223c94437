"""Candidate pairs: who is compared with whom.

Comparing everybody with everybody is hopeless (53 000 records have 1.4e9 pairs), so
records meet only where they share a key. Each kind of key survives another kind of
damage: a lost DOI, a cut title, a missing page, a translated title.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from itertools import combinations

import numpy as np
import numpy.typing as npt

from screening.records.rules.cleaning import Cleaned
from screening.records.rules.identifiers import doi_work

Places = npt.NDArray[np.int64]
BLOCK_CAP = 40
"""A block with more records than this is parted by page, year and first author."""
NEIGHBOURS = 12
"""In a block that stays too large each record meets this many sorted neighbours."""
START = 28
"""Letters of a title's start or end that make a key."""


def _doi(r: Cleaned) -> Iterator[object]:
    if r.doi:
        yield doi_work(r.doi)


def _pmid(r: Cleaned) -> Iterator[object]:
    if r.pmid:
        yield r.pmid


def _cochrane(r: Cleaned) -> Iterator[object]:
    if r.cochrane:
        yield r.cochrane


def _whole_title(r: Cleaned) -> Iterator[object]:
    if r.title:
        yield r.letters


def _title_ends(r: Cleaned) -> Iterator[object]:
    letters = r.letters
    if len(letters) >= START:
        yield letters[:START]
        yield "~" + letters[-START:]


def _long_words(r: Cleaned) -> Iterator[object]:
    """Threes of the five longest words: rare, and no count of all words is needed."""
    longest = sorted({w for w in r.words if len(w) > 3}, key=lambda w: (-len(w), w))[:5]
    yield from combinations(sorted(longest), 3)


def _author_and_place(r: Cleaned) -> Iterator[object]:
    if not r.surnames:
        return
    first = r.surnames[0][:6]
    if r.pages:
        yield first, "p", r.pages.first
    for volume in r.volumes:
        yield first, "v", volume, r.year
    if letters := r.letters:
        yield first, "t", letters[:8]
        yield first, "e", letters[-8:]


def _place(r: Cleaned) -> Iterator[object]:
    if not r.pages:
        return
    for volume in r.volumes:
        yield "y", volume, r.pages.first, r.year
        yield "l", volume, r.pages.first, r.pages.last
        if r.journal:
            yield "j", r.journal[0][:1], volume, r.pages.first


def _abstract(r: Cleaned) -> Iterator[object]:
    if r.abstract:
        yield r.abstract[:40]
        if len(r.abstract) >= 200:
            yield "~" + r.abstract[150:190]


Kind = Callable[[Cleaned], Iterator[object]]
KINDS: tuple[Kind, ...] = (
    _doi, _pmid, _cochrane, _whole_title, _title_ends, _long_words, _author_and_place, _place, _abstract,
)  # fmt: skip
_NEVER_DROPPED = (_doi, _pmid, _whole_title)


def candidate_pairs(records: Sequence[Cleaned], *, new_from: int = 0) -> Places:
    """Pairs of places (a < b) that share a key and of which b is at ``new_from`` or
    later, as two columns in rising order.

    One kind of key is held in memory at a time, in flat arrays.
    """
    size = max(len(records), 1)
    found = np.zeros(0, dtype=np.int64)
    for kind in KINDS:
        codes = _codes(records, kind, new_from, size)
        found = np.unique(np.concatenate((found, codes)))
    return np.stack((found // size, found % size), axis=1)


def _codes(
    records: Sequence[Cleaned], kind: Kind, new_from: int, size: int
) -> npt.NDArray[np.int64]:
    """Pairs of one kind of key, each as ``a * size + b``."""
    marks, places = _marked(records, kind, new_from)
    if not len(marks):
        return marks
    starts = np.flatnonzero(np.r_[True, marks[1:] != marks[:-1]])
    lengths = np.diff(np.r_[starts, len(marks)]).astype(np.int64)
    is_small = np.repeat(lengths <= BLOCK_CAP, lengths)
    parts = list(_small_blocks(marks, places, np.flatnonzero(is_small), size))
    pairs: set[tuple[int, int]] = set()
    for at in np.flatnonzero(lengths > BLOCK_CAP):
        block = places[starts[at] : starts[at] + lengths[at]].tolist()
        if block[-1] >= new_from:
            _pair_block(records, block, kind in _NEVER_DROPPED, new_from, pairs)
    parts.append(np.array([a * size + b for a, b in pairs], dtype=np.int64))
    codes = np.concatenate(parts)
    return codes[codes % size >= new_from] if new_from else codes


def _marked(
    records: Sequence[Cleaned], kind: Kind, new_from: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Keys as numbers and the places that have them, in order of both, no place
    twice under a key; only keys that a new record has.
    """
    marks, places = array("q"), array("q")
    for place, record in enumerate(records):
        before = len(marks)
        marks.extend(map(hash, kind(record)))
        places.extend([place] * (len(marks) - before))
    mark = np.frombuffer(marks, dtype=np.int64) if marks else np.zeros(0, np.int64)
    place_of = np.frombuffer(places, dtype=np.int64) if marks else mark
    if new_from:
        keep = np.isin(mark, mark[place_of >= new_from])
        mark, place_of = mark[keep], place_of[keep]
    order = np.argsort(mark, kind="stable")
    mark, place_of = mark[order], place_of[order]
    again = (mark[1:] == mark[:-1]) & (place_of[1:] == place_of[:-1])
    once = np.r_[True, ~again] if len(mark) else np.zeros(0, dtype=np.bool_)
    return mark[once], place_of[once]


def _small_blocks(
    marks: npt.NDArray[np.int64],
    places: npt.NDArray[np.int64],
    open_: npt.NDArray[np.int64],
    size: int,
) -> Iterator[npt.NDArray[np.int64]]:
    """All pairs inside the blocks of ``open_``: each place with the next, the one
    after it, and so on while the key is the same.
    """
    step = 1
    while len(open_):
        open_ = open_[open_ + step < len(marks)]
        open_ = open_[marks[open_] == marks[open_ + step]]
        yield places[open_] * size + places[open_ + step]
        step += 1


def stored_keys(record: Cleaned) -> tuple[int, ...]:
    """The record's blocking keys as 63-bit numbers that never change between runs.

    Kept in an indexed column they let a later import fetch only the existing records
    that share a key with a new one, and hand just these to ``match_new``.
    """
    marks = set()
    for kind in KINDS:
        for key in kind(record):
            text = f"{kind.__name__}:{key!r}".encode()
            digest = blake2b(text, digest_size=8).digest()
            marks.add(int.from_bytes(digest, "big") >> 1)
    return tuple(sorted(marks))


def _pair_block(
    records: Sequence[Cleaned],
    block: list[int],
    keep: bool,
    new_from: int,
    pairs: set[tuple[int, int]],
) -> None:
    if len(block) <= BLOCK_CAP:
        pairs.update(p for p in combinations(block, 2) if p[1] >= new_from)
        return
    for refine in (_by_page, _by_year, _by_author):
        parts: dict[object, list[int]] = {}
        for index in block:
            if (key := refine(records[index])) is not None:
                parts.setdefault(key, []).append(index)
        for part in parts.values():
            if len(part) <= BLOCK_CAP:
                pairs.update(p for p in combinations(part, 2) if p[1] >= new_from)
            elif keep:
                _pair_neighbours(records, part, new_from, pairs)
    if keep:
        _pair_neighbours(records, block, new_from, pairs)


def _pair_neighbours(
    records: Sequence[Cleaned],
    block: list[int],
    new_from: int,
    pairs: set[tuple[int, int]],
) -> None:
    ordered = sorted(block, key=lambda i: (_neighbour_order(records[i]), i))
    for place, a in enumerate(ordered):
        for b in ordered[place + 1 : place + 1 + NEIGHBOURS]:
            if max(a, b) >= new_from:
                pairs.add((a, b) if a < b else (b, a))


def _neighbour_order(r: Cleaned) -> tuple[int, int, str, str]:
    first = r.pages.first if r.pages else 0
    return (r.year or 0, first, r.surnames[0] if r.surnames else "", r.letters)


def _by_page(r: Cleaned) -> object:
    return ("p", r.pages.first) if r.pages else None


def _by_year(r: Cleaned) -> object:
    return ("y", r.year, r.surnames[0][:4] if r.surnames else "")


def _by_author(r: Cleaned) -> object:
    return ("a", r.surnames[0]) if r.surnames else None
