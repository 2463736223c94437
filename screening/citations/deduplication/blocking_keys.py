"""Blocking keys: a row of 64-bit numbers for each record, by which candidates are
found.

A number stands for part of a text or is a value itself (page, year); 0 if the record
has none. The rows of all records of a review are one flat table (200 bytes per record).
A run therefore need not read the texts of old records again.
"""

from __future__ import annotations

from functools import cache, lru_cache
from hashlib import blake2b
from importlib import resources
from struct import Struct

import numpy as np
import numpy.typing as npt

from screening.citations.deduplication.cleaning import Cleaned
from screening.citations.deduplication.identifiers import doi_work

Marks = npt.NDArray[np.int64]
COLUMNS = (
    "content", "doi", "title", "start", "end", "abstract_start", "abstract_later",
    "head", "tail", "word_1", "word_2", "word_3", "word_4", "word_5",
    "author_cut", "author", "author_start",
    "pmid", "cochrane", "page", "last_page", "year", "volume_1", "volume_2",
    "volume_3", "journal_initial", "journal_initials", "shared_title",
)  # fmt: skip
PLACE = {name: place for place, name in enumerate(COLUMNS)}
START = 28
"""Letters of a title's start or end that make a key."""
HEAD = 8
"""Letters of a title's start or end that make a key together with an author."""
FEW_LETTERS = 12
"""Shorter titles are shared by chance, like generic ones."""
_NONE = bytes(8)
_NUMBERS = Struct("<11q")


def blocking_keys_of(record: Cleaned) -> bytes:
    """Return the row of the record, in the order of ``COLUMNS``."""
    letters, abstract = record.letters, record.abstract
    long = len(letters) >= START
    name = record.surnames[0] if record.surnames else ""
    return b"".join(
        (
            _digest(_content(record)),
            _digest(doi_work(record.doi)) if record.doi else _NONE,
            _digest(letters) if letters else _NONE,
            _digest(letters[:START]) if long else _NONE,
            _digest(letters[-START:]) if long else _NONE,
            _digest(abstract[:40]) if abstract else _NONE,
            _digest(abstract[150:190]) if len(abstract) >= 200 else _NONE,
            _packed(letters[:HEAD]),
            _packed(letters[-HEAD:]),
            *_long_words(record.title),
            _packed(name[:6]),
            _packed(name),
            _packed(name[:4]),
            _numbers(record),
        )
    )


def _content(r: Cleaned) -> str:
    """Return all that is compared as one text. Equal texts get equal answers."""
    pages = r.pages
    parts = [r.title, r.abstract, r.doi, r.pmid, r.cochrane, r.trial]
    parts += (
        f"{r.item} {r.part} {r.year} {r.completeness}",
        f"{pages.first} {pages.last} {pages.letters}" if pages else "",
    )
    for names in (
        r.surnames,
        r.journal,
        sorted(r.flags),
        sorted(r.issns),
        sorted(r.isbns),
    ):
        parts.append(" ".join(names))
    for numbers in (r.volumes, r.issues):
        parts.append(" ".join(map(str, sorted(numbers))))
    return "\n".join(parts)


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=8).digest()


@lru_cache(maxsize=200_000)
def _packed(text: str) -> bytes:
    """Return up to eight letters unchanged, and a digest of longer texts."""
    raw = text.encode()
    return raw.ljust(8, b"\0") if len(raw) <= 8 else _digest(text)


def _long_words(title: str) -> list[bytes]:
    """Return the five longest words of the title, in alphabetical order."""
    words = sorted({word for word in title.split() if len(word) > 3})
    if len(words) > 5:
        words = sorted(sorted(words, key=len, reverse=True)[:5])
    return [*map(_packed, words), *(_NONE,) * (5 - len(words))]


def _numbers(record: Cleaned) -> bytes:
    pages, journal = record.pages, record.journal
    volumes = sorted(record.volumes)[:3]
    shared = "generic" in record.flags or len(record.letters) < FEW_LETTERS
    initials = 0
    for word in journal[:10]:
        initials = initials * 64 + ord(word[0]) % 64
    return _NUMBERS.pack(
        int(record.pmid or 0),
        int(record.cochrane[2:]) + 1 if record.cochrane else 0,
        pages.first + 1 if pages else 0,
        pages.last + 1 if pages else 0,
        record.year or 0,
        *(volume + 1 for volume in volumes),
        *(0,) * (3 - len(volumes)),
        ord(journal[0][0]) if journal else 0,
        initials,
        1 + shared,
    )


def key_table(rows: bytes | bytearray | memoryview) -> Marks:
    """Return rows of ``mark`` that are joined together as a table."""
    return np.frombuffer(rows, dtype="<i8").reshape(-1, len(COLUMNS))


_RULES = (
    "match_rules.py", "pair_checks.py", "cleaning.py", "evidence.py", "features.py", "folding.py", "identifiers.py", "item_numbers.py", "notices.py", "one_page.py", "related_works.py", "replaced_words.py",
    "journals.py", "locators.py", "blocking_keys.py", "blocking.py", "matching.py", "names.py",
    "titles.py", "trees.py", "vetoes.py", "duplicates_model.json",
)  # fmt: skip


@cache
def rules_version() -> str:
    """Return 16 characters that change with every rule for which records are compared.

    A newer version does not use the keys and comparisons of an older one. The result is
    computed from the source text of the rules, so that no number can be forgotten.
    """
    digest = blake2b(digest_size=8)
    folder = resources.files(__package__)
    for name in _RULES:
        digest.update(folder.joinpath(name).read_bytes())
    folder_above = resources.files("screening.citations")
    shared = folder_above.joinpath("journal_citation.py")
    digest.update(shared.read_bytes())
    return digest.hexdigest()
