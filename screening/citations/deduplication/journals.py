"""Journal names: full, abbreviated, or with a place or citation inside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from screening.citations.deduplication.folding import folded_words
from screening.citations.deduplication.locators import is_supplement
from screening.citations.journal_citation import (
    JournalCitation,
    journal_citation,
)

_STOP = frozenset(
    [
        "a", "an", "and", "auf", "con", "da", "das", "de", "dei", "del", "della", "der",
        "des", "di", "die", "e", "ed", "el", "en", "et", "for", "für", "fur", "i", "il",
        "in", "its", "la", "las", "le", "les", "los", "of", "on", "os", "part", "suppl", "supplement", "supplements", "supplementum", "pt",
        "section", "ser", "series", "sect", "s", "the", "to", "u", "und", "van", "voor",
        "y", "zur",
    ]
)  # fmt: skip
_PLACE = re.compile(r"\([^()]*\)\s*$|,\s*[A-Z][\w .]+,?\s*[A-Z.]{2,5}$")
# Web of Science writes "NAME-SUBTITLE OF MORE WORDS" in capitals.
_CAPITAL_SUBTITLE = re.compile(r"^([^-]{3,})-(?=\w+\W+\w)")
SUBTITLE = "-"
"""Separates the words of a name from those of its subtitle."""
_MEETING = re.compile(
    r"\bconference\s*:|\b(?:conference|meeting|annual) (?:abstracts?|publication)\b",
    re.I,
)


# Series whose articles are replaced by updates with the same title.
_LIVING = re.compile(
    r"^(?:bmj )?clin(?:ical)?\.? evid|^statpearls|^genereviews|^uptodate", re.I
)
_PREPRINT = re.compile(
    r"^(?:med|bio|chem|psy|soc|eng|edu|tech|agri|eco|earth)?rxiv\b|\b\w*arxiv\b|^ssrn\b|"
    r"^research square$|^preprints(?:\.org)?$|^authorea\b|^osf preprints\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class CleanedJournal:
    """The content of a journal field: name, a citation inside, and flags."""

    words: tuple[str, ...]
    citation: JournalCitation
    is_supplement: bool
    is_meeting: bool
    is_preprint: bool
    is_living: bool


@lru_cache(maxsize=20_000)
def read_journal(field: str) -> CleanedJournal:
    """Return the content of one journal field. Cached, because many records share it."""
    citation = journal_citation(field) or JournalCitation(field)
    return CleanedJournal(
        words=journal_words(citation.journal),
        citation=citation,
        is_supplement=is_supplement(field, ""),
        is_meeting=names_meeting(field),
        is_preprint=_PREPRINT.search(field) is not None,
        is_living=_LIVING.search(field) is not None,
    )


def names_meeting(journal: str) -> bool:
    """Return True if the journal field names a meeting whose abstracts it prints."""
    return _MEETING.search(journal) is not None


def journal_words(journal: str) -> tuple[str, ...]:
    """Return the words of the name, without place, subtitle and small words."""
    name = _MEETING.split(journal)[0] or journal
    for mark in (" = ", " : ", ": ", ". Conference", " ["):
        head = name.split(mark, 1)[0]
        if len(head) > 3:
            name = head
    name = _PLACE.sub("", name) or name
    if name.isupper() and (match := _CAPITAL_SUBTITLE.match(name)):
        return (*_telling(match[1]), SUBTITLE, *_telling(name[match.end() :]))
    return _telling(name)


def _telling(name: str) -> tuple[str, ...]:
    """Return the words of a name without the small ones, if it has others."""
    words = folded_words(name).split()
    return tuple(w for w in words if w not in _STOP) or tuple(words)


_CONFERENCE = frozenset(
    ("conference", "symposium", "workshop", "congress", "proceedings", "meeting")
)
_ORDINAL = re.compile(
    r"^(?:\d+(?:st|nd|rd|th)?|(?:twenty|thirty|forty|fifty)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|ieth)|annual|proceedings|international|ieee|acm|twenty|thirty|forty|fifty)$"
)


def _same_conference(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Return True if two conference names agree except for year, number and acronym."""
    if not (_CONFERENCE & set(a) and _CONFERENCE & set(b)):
        return False
    left = {w for w in a if not _ORDINAL.match(w)}
    right = {w for w in b if not _ORDINAL.match(w)}
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    return len(short) >= 3 and short <= long


@lru_cache(maxsize=20_000)
def same_journal(a: tuple[str, ...], b: tuple[str, ...]) -> bool | None:
    """Return True if one name may abbreviate the other, None if either is missing."""
    if not a or not b:
        return None
    if a == b:
        return True
    return any(_same_name(x, y) for x in _names(a) for y in _names(b))


def _names(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the name with and without its subtitle.

    An acronym's subtitle is also a name.
    """
    if SUBTITLE not in words:
        return [words]
    at = words.index(SUBTITLE)
    head, tail = words[:at], words[at + 1 :]
    return [head + tail, head, tail] if len(head) == 1 else [head + tail, head]


def _same_name(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    short, long = (a, b) if len("".join(a)) <= len("".join(b)) else (b, a)
    return bool(short) and (
        short == long
        or _abbreviates(short, long)
        or _acronym(short, long)
        or _same_conference(short, long)
    )


def _acronym(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    if len(short) != 1 or len(long) < 2 or not 3 <= len(short[0]) <= 8:
        return False
    letters = "".join(word[0] for word in long)
    return short[0] == letters or short[0][:-1] == letters


def _abbreviates(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Return True if each short word abbreviates a later long word and few are left."""
    place = 0
    met = 0
    for word in short:
        while place < len(long) and not _stands_for(word, long[place]):
            place += 1
        if place == len(long):
            return False
        met += 1
        place += 1
    return len(long) - met <= len(short) // 3


def _stands_for(word: str, whole: str) -> bool:
    if whole.startswith(word) or word.startswith(whole):
        return True
    if word[0] != whole[0] or len(word) < 3:
        return False
    # "Natl" for "National", "Dtsch" for "Deutsche": letters in their order.
    letters = iter(whole)
    return all(letter in letters for letter in word)
