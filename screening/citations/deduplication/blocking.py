"""Candidate pairs: the pairs of records that are compared.

Comparing all pairs is impossible (53,000 records have 1.4e9 pairs), so records are
compared only if they share a key. Each kind of key survives another kind of damage: a
missing DOI, a cut title, a missing page, a translated title.

**The rule.** Two records are compared if both have the same

- DOI, PMID or Cochrane number; or title (with ``FINER``, if many publications use it);
  or
- four of the title's five longest words; or
- first author (six letters) with first page, volume and year, or eight letters of the
  title's start or end; or volume and first page with year, last page or the journal's
  initial; or
- start or end of the title (28 letters), three of its longest words, or one of two
  parts of the abstract, **and** one of ``FINER``: first page; year and first author's
  four letters; first author; year, if neither has an author.

Pairs with hopelessly different titles are left out: both titles have three or more
words of over three letters, fewer than two of the five longest are shared, and none of
``TELLING`` agrees.

Whether two records are compared therefore depends on these two alone. A run finds the
same whether they came in one file or in two, in any order. Only if more than ``CAP``
records share one key (a title, a DOI) is more required: one of ``FINER``. If more than
``CAP`` share that too, each record is compared with the ``NEIGHBOURS`` next to it by
year, page and title. Such a block depends on the other records. Pairs that were
compared while it was small stay compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from screening.citations.deduplication.blocking_keys import (
    PLACE,
    Marks,
    blocking_keys_of,
    key_table,
)
from screening.citations.deduplication.cleaning import Cleaned

Places = npt.NDArray[np.int64]
Keys = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
CAP = 300
"""Larger blocks have too many pairs, so more must agree."""
NEIGHBOURS = 12
"""In a block that stays too large, each record is compared with this many neighbours.
"""
TELLING = (
    "doi", "pmid", "cochrane", "title", "start", "end", "abstract_start",
    "abstract_later", "page",
)  # fmt: skip
"""Agreement that keeps a pair although the titles have different words."""
_ENOUGH = 1 << 22
"""Pairs collected before repeated ones are removed."""
_SIEVE = (1 << 20) - 1


def candidate_pairs(records: Sequence[Cleaned], *, new_from: int = 0) -> Places:
    """Return the pairs of places (a < b) to compare, in two columns in rising order.

    ``b`` is at ``new_from`` or later.
    """
    return pairs_of(
        key_table(b"".join(map(blocking_keys_of, records))), new_from=new_from
    )


def pairs_of(marks: Marks, *, new_from: int = 0) -> Places:
    """Return the pairs of ``candidate_pairs`` for the blocking keys of records."""
    size = max(len(marks), 1)
    found: list[Keys] = []
    held = 0
    for keys in _all_keys(marks):
        for codes in _codes(marks, keys, new_from, size):
            found.append(codes)
            held += len(codes)
        if held > _ENOUGH:
            found = [np.unique(np.concatenate(found))]
            held = 0
    codes = np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)
    pairs = np.stack((codes // size, codes % size), axis=1)
    hopeful = [
        _hopeful(marks, pairs[start : start + _ENOUGH])
        for start in range(0, len(pairs), _ENOUGH)
    ]
    return pairs[np.concatenate(hopeful)] if hopeful else pairs


def _hopeful(marks: Marks, pairs: Places) -> Flags:
    """Return which pairs are worth comparing by the rule above."""
    left, right = pairs.T
    words = [marks[:, PLACE[f"word_{number}"]] for number in range(1, 6)]
    ones, others = [w[left] for w in words], [w[right] for w in words]
    shared = np.zeros(len(pairs), dtype=np.int8)
    for one in ones:
        for other in others:
            shared += (one == other) & (one != 0)
    # Words fill the columns from the left, so without a third one there are few.
    keep: Flags = (shared >= 2) | (ones[2] == 0) | (others[2] == 0)
    for name in TELLING:
        column = marks[:, PLACE[name]]
        value = column[left]
        keep |= (value == column[right]) & (value != 0)
    return keep


class _KeyColumns:
    """The columns of a table of keys by name, each copied on demand."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks

    def __getitem__(self, name: str) -> Keys:
        return np.ascontiguousarray(self._marks[:, PLACE[name]])


def _all_keys(marks: Marks) -> Iterator[Keys]:
    """Yield the kinds of keys, each with a number per record, 0 for none."""
    column = _KeyColumns(marks)
    yield from (column["doi"], column["pmid"], column["cochrane"])
    title, is_shared = column["title"], column["shared_title"] > 1
    yield np.where(is_shared, 0, title)
    finer = list(_finer(column))
    shared = np.where(is_shared, title, 0)
    for more in (*finer, column["journal_initials"]):
        yield mix_keys(shared, more)
    words = [column[f"word_{number}"] for number in range(1, 6)]
    for four in combinations(words, 4):
        yield mix_keys(*four)
    for key in _loose(column, words):
        for more in finer:
            yield mix_keys(key, more)
    yield from _places(column)


def _loose(column: _KeyColumns, words: list[Keys]) -> Iterator[Keys]:
    """Yield keys that are not sufficient alone."""
    for name in ("start", "end", "abstract_start", "abstract_later"):
        yield column[name]
    for three in combinations(words, 3):
        yield mix_keys(*three)


def _finer(column: _KeyColumns) -> Iterator[Keys]:
    """Yield what must also agree if many records share a key."""
    nobody = column["author"] == 0
    yield column["page"]
    yield mix_keys(column["year"], column["author_start"])
    yield column["author"]
    yield np.where(nobody, column["year"], 0)


def _places(column: _KeyColumns) -> Iterator[Keys]:
    """Yield first author or volume, combined with other parts of an item's place."""
    name, page, year = column["author_cut"], column["page"], column["year"]
    yield mix_keys(name, page)
    yield mix_keys(name, column["head"])
    yield mix_keys(name, column["tail"])
    for number in (1, 2, 3):
        volume = column[f"volume_{number}"]
        # A missing year counts as a value, if both lack it.
        yield mix_keys(name, volume, year + 1)
        yield mix_keys(volume, page, year + 1)
        yield mix_keys(volume, page, column["last_page"])
        yield mix_keys(volume, page, column["journal_initial"])


def mix_keys(*parts: Keys) -> Keys:
    """Return one key made of several, 0 if any of them is 0."""
    key = np.full(len(parts[0]), 0x243F6A8885A308D3, dtype=np.uint64)
    for part in parts:
        key ^= part.view(np.uint64)
        key *= np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(29)
    key |= np.uint64(1)
    for part in parts:
        key *= part != 0
    return key.view(np.int64)


def _codes(marks: Marks, keys: Keys, new_from: int, size: int) -> Iterator[Keys]:
    """Yield pairs that share a key, each as ``a * size + b``."""
    places = np.flatnonzero(_worth(keys, new_from))
    shared = keys[places]
    order = np.argsort(shared, kind="stable")
    shared, places = shared[order], places[order]
    starts, lengths = _blocks(shared)
    small = np.flatnonzero(np.repeat(lengths <= CAP, lengths))
    yield from _all_pairs(shared, places, small, new_from, size)
    for at in np.flatnonzero(lengths > CAP):
        block = places[starts[at] : starts[at] + lengths[at]]
        yield _parted(marks, block, new_from, size)


def _worth(keys: Keys, new_from: int) -> Flags:
    """Return records that share a key with a new record, and a few more (cheaper)."""
    if not new_from:
        return np.not_equal(keys, 0)
    sieve = np.zeros(_SIEVE + 1, dtype=np.bool_)
    sieve[_folded(keys[new_from:])] = True
    worth: Flags = sieve[_folded(keys)] & (keys != 0)
    return worth


def _folded(keys: Keys) -> Keys:
    folded: Keys = (keys ^ (keys >> 23) ^ (keys >> 43)) & _SIEVE
    return folded


def _blocks(keys: Keys) -> tuple[Places, Places]:
    """Return the start and the length of each block of records with one key."""
    if not len(keys):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    return starts, np.diff(np.r_[starts, len(keys)])


def _all_pairs(
    keys: Keys, places: Places, open_: Places, new_from: int, size: int
) -> Iterator[Keys]:
    """Yield all pairs inside the blocks of ``open_``.

    Each place is paired with the next, the one after it, and so on, while the key is
    equal.
    """
    step = 1
    while len(open_):
        open_ = open_[open_ + step < len(keys)]
        open_ = open_[keys[open_] == keys[open_ + step]]
        # The sort is stable, so of two places in a block the later one is higher.
        later = places[open_ + step]
        codes = places[open_] * size + later
        yield codes[later >= new_from] if new_from else codes
        step += 1


def _parted(marks: Marks, block: Places, new_from: int, size: int) -> Keys:
    """Return pairs of a block that is too large, by the rule above."""
    rows = marks[block]
    column = _KeyColumns(rows)
    found = [_beside(column, block, size)]
    for keys in (*_finer(column), column["title"]):
        order = np.argsort(keys, kind="stable")
        order = order[keys[order] != 0]
        shared, places = keys[order], block[order]
        starts, lengths = _blocks(shared)
        small = np.flatnonzero(np.repeat(lengths <= CAP, lengths))
        found += _all_pairs(shared, places, small, 0, size)
        for at in np.flatnonzero(lengths > CAP):
            part = order[starts[at] : starts[at] + lengths[at]]
            found.append(_beside(_KeyColumns(rows[part]), block[part], size))
    codes = np.unique(np.concatenate(found))
    return codes[codes % size >= new_from]


def _beside(column: _KeyColumns, block: Places, size: int) -> Keys:
    """Return each record of a block with its neighbours by year, page and title."""
    names = ("title", "author", "page", "year")
    order = block[np.lexsort((block, *(column[name] for name in names)))]
    found = []
    for step in range(1, NEIGHBOURS + 1):
        a, b = order[:-step], order[step:]
        found.append(np.minimum(a, b) * size + np.maximum(a, b))
    return np.concatenate(found)
