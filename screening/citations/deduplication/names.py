"""Surnames from the many forms in which exports write authors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from screening.citations.deduplication.folding import (
    folded_words,
    letters_of,
    without_markup,
)

PARTICLES = frozenset(
    [
        "al", "bin", "da", "das", "de", "del", "della", "dello", "den", "der", "des",
        "di", "do", "dos", "du", "el", "la", "las", "le", "los", "mc", "mac", "o", "san",
        "santa", "st", "te", "ten", "ter", "van", "vander", "vanden", "von", "zu", "zum",
        "zur",
    ]
)  # fmt: skip
_NOBODY = frozenset(
    [
        "",
        "anonymous",
        "anon",
        "no authors listed",
        "unknown",
        "none",
        "na",
        "nan",
        "null",
    ]
)
_AND = re.compile(r"\s+(?:and|&|und|et)\s+|\s*[;|\n]\s*|\s+\.{3}\s*", re.I)
# "Adeli K.Lewis G. F.": a full stop directly followed by a capital or by a particle
# ("Adeli K.van den Berg G.").
# It begins with the full stop itself, which is much faster to look for.
_AFTER_STOP = re.compile(
    r"\.(?:(?<=[a-zß-öø-ÿ][A-ZÀ-Þ]\.)\s+(?=[A-ZÀ-Þ])|(?=[^\W\d_a-z]|(?:van|von|vom|de|den|der|del|della|di|da|dos|du|la|le|ter|ten|al|el|zu|zur)[\s'’-]))"
)
# "Majuru BatsiraiHowell Clare": lower case, then a capital and a small letter; not
# Mc-, De-, Van-names, and not initials ("TveitAB").
_CAMEL = re.compile(
    r"(?<=[a-zß-öø-ÿ]{3})(?<!\bMac)(?<!\bVan)(?<!\bVon)(?<!\bDel)(?<!\bDes)"
    r"(?=[A-ZÀ-Þ]['’]?[A-ZÀ-Þ]?[a-zß-öø-ÿ])"
)
# "LieAMoeBC": initials without stops between a name and the next one.
_GLUED_INITIALS = re.compile(
    r"(?:(?<=[a-zß-öø-ÿ][A-ZÀ-Þ])|(?<=[a-zß-öø-ÿ][A-ZÀ-Þ]{2}))(?=[A-ZÀ-Þ][a-zß-öø-ÿ])"
)
# "Macleod MREbrahim S": initials directly followed by the next surname.
_AFTER_INITIALS = re.compile(
    r"(?:(?<=\s[A-Z])|(?<=\s[A-Z]{2})|(?<=\s[A-Z]{3}))(?=[A-ZÀ-Þ][a-zß-öø-ÿ]{2})"
)
_CUT_OFF = re.compile(r"(?:[A-ZÀ-Þ]\.-?){1,4}")
_INITIALS = re.compile(r"(?:[^\W\d_]\.?-?){1,4}", re.UNICODE)
_RUN_ON_INITIALS = re.compile(
    r"(?<=[a-zß-öø-ÿ])(?:(?:[A-ZÀ-Þ]\.-?\s?)+|[A-ZÀ-Þ]{1,3})$"
)
# The initials that a name without a space before them may end in.
_ENDS_OF_INITIALS = ".- " + "".join(
    chr(code) for code in (*range(0x41, 0x5B), *range(0xC0, 0xDF))
)
# The form of a text in ASCII: "Lie ABMoe" is "Aaa AAAaa".
_SHAPE = {
    **dict.fromkeys(range(ord("a"), ord("z") + 1), "a"),
    **dict.fromkeys(range(ord("A"), ord("Z") + 1), "A"),
}
_PUBMED_LIST = re.compile(r"^[^,.;]+ [A-Z]{1,3}(?:, [^,.;]+ [A-Z]{1,3})+\.?$")
MAX_SURNAMES = 20


def surnames(authors: tuple[str, ...] | str) -> tuple[str, ...]:
    """Return folded surnames in order, without spaces; empty for anonymous works."""
    if isinstance(authors, str):
        chunks = _chunks(authors)
    elif len(authors) == 1 and "," not in authors[0]:
        # A reader that saw no separator took several people for one.
        chunks = tuple(split_glued_names(authors[0]))
    else:
        chunks = authors
    found = (_surname(chunk) for chunk in chunks[:MAX_SURNAMES])
    return tuple(name for name in found if len(name) > 1 and name not in _NOBODY)


def _chunks(authors: str) -> tuple[str, ...]:
    text = without_markup(authors).strip()
    if not text:
        return ()
    if "," in text and _PUBMED_LIST.match(text):
        return tuple(text.split(", "))
    parts = [part for part in _AND.split(text) if part] if _parted(text) else [text]
    if len(parts) == 1 and text.count(",") <= 1:
        parts = split_glued_names(text)
    elif len(parts) == 1 and text.count(",") > 1:
        parts = _comma_list(text)
    return tuple(part.strip(" ,") for part in parts if part.strip(" ,"))


def _parted(text: str) -> bool:
    """Return True if the text may have a word or character that separates names."""
    # Each test is a few nanoseconds. A loop over them takes several times as long.
    return (
        ";" in text
        or " and " in text
        or "|" in text
        or "\n" in text
        or "&" in text
        or " AND " in text
        or " And " in text
        or " und " in text
        or " et " in text
        or "..." in text
    )


def split_glued_names(text: str) -> list[str]:
    """Return the people of "LieA.MoeB.", split where one name must end.

    Initials that were cut off are put back: "Lie A. S.Moe B." is two people.
    """
    pieces = _split_after_stops(text)
    for mark in _marks(text):
        pieces = [part for piece in pieces for part in mark.split(piece)]
    people = pieces[:1]
    for piece in pieces[1:]:
        if _is_cut_off(piece):
            people[-1] += piece
        else:
            people.append(piece)
    return people


def _split_after_stops(text: str) -> list[str]:
    pieces = []
    start = 0
    for found in _AFTER_STOP.finditer(text):
        pieces.append(text[start : found.start() + 1])
        start = found.end()
    pieces.append(text[start:])
    return pieces


def _marks(text: str) -> Iterator[re.Pattern[str]]:
    """Yield the patterns that may occur, by the form of the text alone."""
    is_ascii = text.isascii()
    shape = text.translate(_SHAPE) if is_ascii else ""
    if not is_ascii or "AAaa" in shape:
        yield _AFTER_INITIALS
    if not is_ascii or "aAA" in shape:
        yield _GLUED_INITIALS
    if not is_ascii or "aaaA" in shape:
        yield _CAMEL


def _is_cut_off(piece: str) -> bool:
    """Return True for initials only."""
    if piece[1:2].isalpha() and piece[0] != " ":
        return False
    return _CUT_OFF.fullmatch(piece.replace(" ", "")) is not None


def _comma_list(text: str) -> list[str]:
    """Return the names of "A, B., C, D." (surname, initials, …), or one name per comma."""
    parts = [part.strip() for part in text.split(",")]
    paired = [_is_initials(part) for part in parts[1::2]]
    if paired and all(paired):
        return [f"{a}, {b}" for a, b in zip(parts[::2], parts[1::2], strict=False)]
    return parts


def _is_initials(text: str) -> bool:
    bare = text.replace(" ", "")
    return 0 < len(bare) <= 8 and _INITIALS.fullmatch(bare) is not None


@lru_cache(maxsize=100_000)
def _surname(name: str) -> str:
    name = name.strip()
    family_end = len(name.rstrip(_ENDS_OF_INITIALS))
    if name[family_end : family_end + 1] not in ("", " ", ".", "-"):
        name = _RUN_ON_INITIALS.sub("", name)
    family, comma, given = name.partition(",")
    if comma and folded_words(family):
        words = folded_words(family).split()
        # "Del, Priore G": a particle was taken for the whole family name.
        if words[-1] in PARTICLES and given.split():
            words.append(letters_of(given.split()[0]))
        return "".join(words)
    return letters_of(_family_words(name))


def _family_words(name: str) -> str:
    """Return the family name of a name without comma.

    It follows leading initials, or is the first word with the particles before it ("van
    der Berg A.", "Hunter Paul R.").
    """
    words = name.split()
    if len(words) > 1 and _initial_word(words[0]):
        return " ".join(word for word in words if not _initial_word(word))
    family: list[str] = []
    for word in words:
        family.append(word)
        if word.lower() not in PARTICLES:
            break
    return " ".join(family)


def _initial_word(word: str) -> bool:
    bare = word.replace(".", "").replace("-", "")
    return (
        bool(bare)
        and len(bare) <= 3
        and (word.endswith(".") or bare.isupper())
        and bare.isalpha()
    )
