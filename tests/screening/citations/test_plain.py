"""Plain text is folded without a look at each letter, with the same result."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from screening.citations.fields import fold, without_notice
from screening.citations.reading.plain_text import fold_plain, is_plain

TEXTS = st.text(
    st.one_of(
        st.sampled_from(
            " \t\n\0aé\u0301\u00a0\u2009\u202f\u200b\u00ad\u1161\u3000한ﬁÅ"
        ),
        st.characters(exclude_categories=["Cs", "Cc"]),
    ),
    max_size=30,
)


@given(TEXTS)
@settings(max_examples=500, deadline=None)
def test_plain_text_is_folded_like_the_exact_method(text: str) -> None:
    if is_plain(text):
        assert fold_plain(text) == fold(text)


@given(TEXTS, st.integers(0, 30), st.integers(0, 30))
@settings(max_examples=300, deadline=None)
def test_parts_and_joins_of_plain_text_are_plain(text: str, a: int, b: int) -> None:
    if is_plain(text):
        joined = text[a:] + text[:b]
        assert is_plain(joined)
        assert fold_plain(joined) == fold(joined)


def test_letters_that_combine_with_others_are_not_plain() -> None:
    pairs = (unicodedata.decomposition(chr(n)).split() for n in range(0x110000))
    seconds = {chr(int(p[1], 16)) for p in pairs if len(p) == 2 and p[0][0] != "<"}
    assert len(seconds) > 50
    assert not [letter for letter in seconds if is_plain(letter)]
    assert not is_plain("\u1161")  # a Korean vowel joins by rule, not by table


def test_usual_letters_of_exports_are_plain() -> None:
    assert is_plain(
        "Ærlig – “naïve” β-blocker ≥ 5 µg © Müller, Łódź, Žižek, 東京, Жизнь"
    )


@given(
    st.text("abcCopyright of ©(c) PsycInfo APA Database Record 2019.\n", max_size=400),
    st.sampled_from(
        [
            "",
            "Copyright of Nature is the property of Springer and may not be copied.",
            " (PsycInfo Database Record (c) 2020 APA, all rights reserved)",
            " (APA PsycInfo Database Record (c) 2020 APA)",
            " © 2019 The Authors.",
            " Copyright (C) 2019 Elsevier",
        ]
    ),
)
@example("Aim. ", " © 2019 The Authors.")
@settings(max_examples=200, deadline=None)
def test_an_abstract_is_cut_only_at_a_notice(text: str, notice: str) -> None:
    left = without_notice(fold(text + notice))
    assert fold(text + notice).startswith(left)
    if notice and not any(mark in text for mark in "C©(P"):
        assert "Database Record" not in left
        assert left == fold(text) or not fold(text)
