"""Words of one title that another word replaces in the other title.

Two papers or meeting abstracts of one group often have titles that differ in one word:
adults and children, pain and sleep, 12 and 52 weeks. A slip or another spelling of the
same word is not a replacement.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from rapidfuzz.distance import OSA

from screening.citations.deduplication.evidence import OPPOSITES

FEW = 3
"""Words replaced at one place. Where more differ, the titles are two translations."""
MOST_PLACES = 2
"""Places with replaced words. At more places, the titles are two translations."""
_UNITS = frozenset(
    ["a", "an", "and", "the", "of", "in", "on", "for", "to", "by", "at", "as", "is", "or",
     "its", "their", "with", "from", "into", "among", "between", "s"]
)  # fmt: skip
"""Small words, which carry no content. "without" is not one of them."""


_GREEK = re.compile("alpha|beta|gamma|delta|epsilon|kappa|lambda|sigma|omega")


def _first(found: re.Match[str]) -> str:
    return found[0][0]


def replaced_words(a: str, b: str) -> tuple[str, str] | None:
    """Return the first words of two folded titles that replace each other, else None.

    Also None if so much differs that the titles are two translations of one.
    """
    one, other = a.split(), b.split()
    found = []
    for kind, i, j, k, m in SequenceMatcher(None, one, other, False).get_opcodes():
        left = [word for word in one[i:j] if word not in _UNITS]
        right = [word for word in other[k:m] if word not in _UNITS]
        if kind == "replace" and left and right and not _same_words(left, right):
            found.append((left, right))
    if not 1 <= len(found) <= MOST_PLACES:
        return None
    if any(max(len(left), len(right)) > FEW for left, right in found):
        return None
    return " ".join(found[0][0]), " ".join(found[0][1])


def _same_words(left: list[str], right: list[str]) -> bool:
    """Return True if the words are equal but for spaces, spelling and slips."""
    a, b = "".join(left), "".join(right)
    if a == b or _GREEK.sub(_first, a) == _GREEK.sub(_first, b):
        return True
    if len(left) == len(right):
        return all(map(_same_word, left, right))
    return _same_word(a, b)


def _same_word(a: str, b: str) -> bool:
    if a == b:
        return True
    if any(c.isdigit() for c in a + b) or min(len(a), len(b)) < 4:
        return False
    if _opposite(a, b) or _opposite(b, a):
        return False
    if a.startswith(b) or b.startswith(a):
        return abs(len(a) - len(b)) <= 3
    if b[1:] == a or a[1:] == b:
        # A lost first letter is a slip, unless it negates ("asymptomatic").
        return max(a, b, key=len)[0] != "a"
    most = 1 if min(len(a), len(b)) < 8 else 2
    # A slip seldom changes the first letter, as "maternal" and "paternal" do.
    return a[0] == b[0] and OSA.distance(a, b, score_cutoff=most) <= most


def _opposite(a: str, b: str) -> bool:
    """Return True if one prefix replaces another that means the opposite."""
    return any(
        a.startswith(x) and b.startswith(y) and a[len(x) :][-4:] == b[len(y) :][-4:]
        for x, y in OPPOSITES
    )
