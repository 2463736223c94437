"""Folding of text to comparable letters: markup, scripts, accents, damage."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

_GREEK_NAMES = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "omicron",
    "pi",
    "rho",
    "sigma",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "chi",
    "psi",
    "omega",
]
# U+03B1 alpha … U+03C9 omega; both forms of sigma have a code point.
_GREEK = {0x3B1 + i: f" {name} " for i, name in enumerate(_GREEK_NAMES)}
_GREEK |= {0x391 + i: f" {name} " for i, name in enumerate(_GREEK_NAMES)}
_GREEK |= {0xB5: " mu ", 0x3D1: " theta ", 0x3D5: " phi ", 0x3F5: " epsilon "}
# Letters that Unicode does not decompose into a base letter and an accent.
_LETTERS = {
    ord(letter): plain
    for letter, plain in {
        "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
        "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ł": "l",
        "Ł": "L", "ı": "i", "ħ": "h", "ŋ": "n", "ĸ": "k", "ŧ": "t",
    }.items()
}  # fmt: skip
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,80}>")
_SPACING_TAG = re.compile(r"</?(?:p|br|div|title|sec|li|ul|ol|h\d)\b[^<>]{0,80}>", re.I)
_TEX = re.compile(r"\\(?:text(?:it|bf|sc|rm)|emph|mathrm|[\"'`^~=.uvHcdbr])\s*|[{}$]")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_NOT_WORD = re.compile(r"[\W_]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’‘ʼ`´](?=s\b)", re.I)
_MOJIBAKE = re.compile("[ÃÂâÄÅ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ ]")


# ASCII text uses one table, which is several times faster than a pattern.
_ASCII_WORDS = {i: chr(i).lower() if chr(i).isalnum() else " " for i in range(128)}
_ASCII_LETTERS = {i: chr(i).lower() if chr(i).isalnum() else None for i in range(128)}


def without_markup(text: str) -> str:
    """Return the text without HTML/XML tags, entities, TeX commands and wrong decoding."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub("", _SPACING_TAG.sub(" ", text))
    if "\\" in text or "{" in text or "$" in text:
        text = _TEX.sub("", text)
    if not text.isascii() and _MOJIBAKE.search(text):
        text = _remade(text)
    return text


def _remade(text: str) -> str:
    """Decode UTF-8 that was read as Windows-1252. Other text is unchanged."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def plain_letters(text: str) -> str:
    """Return lower-case text with Greek letters spelled out and without accents."""
    if not text.isascii():
        text = _FOREIGN.sub(_plain, text)
    return text.lower()


def _plain(found: re.Match[str]) -> str:
    return _plain_run(found[0])


# Most texts that are not ASCII have only a dash, a quote or an accent.
@lru_cache(maxsize=20_000)
def _plain_run(text: str) -> str:
    text = text.translate(_GREEK).translate(_LETTERS)
    decomposed = unicodedata.normalize("NFKD", text)
    # A decomposed letter such as ά shows its Greek base only now.
    decomposed = decomposed.translate(_GREEK)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def folded_words(text: str) -> str:
    """Return the words of the text in plain lower-case letters, with single spaces."""
    text = without_markup(text)
    if "'" in text or not text.isascii():
        text = _APOSTROPHE.sub("", text)
    if not text.isascii():
        text = plain_letters(text)
    if text.isascii():
        return " ".join(text.translate(_ASCII_WORDS).split())
    return _NOT_WORD.sub(" ", text).strip()


def letters_of(text: str) -> str:
    """Return only letters and digits, so that spacing and hyphenation do not matter."""
    if not text.isascii():
        text = plain_letters(text)
    if text.isascii():
        return text.translate(_ASCII_LETTERS)
    return _NOT_WORD.sub("", text)


def without_spaces(words: str) -> str:
    """Return folded words without the spaces between them."""
    return words.replace(" ", "")
