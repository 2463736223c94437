"""Differences between two texts, word by word, for reading side by side."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal

Side = Literal["same", "only_a", "only_b"]
_WORD = re.compile(r"\S+\s*")
MAX_WORDS = 3000


def diff_words(a: str, b: str) -> list[tuple[Side, str]]:
    """Stretches of words in reading order: common, only in ``a``, only in ``b``.

    All "same" and "only_a" stretches put together are ``a``. Words that differ only
    in letter case, or in the white space after them, count as the same (shown as in
    ``a``). Texts beyond 3000 words are cut there.
    """
    left = _WORD.findall(a)[:MAX_WORDS]
    right = _WORD.findall(b)[:MAX_WORDS]
    matcher = SequenceMatcher(
        None, [_key(w) for w in left], [_key(w) for w in right], autojunk=False
    )
    stretches: list[tuple[Side, str]] = []
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            stretches.append(("same", "".join(left[a1:a2])))
            continue
        if a2 > a1:
            stretches.append(("only_a", "".join(left[a1:a2])))
        if b2 > b1:
            stretches.append(("only_b", "".join(right[b1:b2])))
    return stretches


def _key(word: str) -> str:
    return word.strip().casefold()
