"""Widths of texts in Arial, and line breaks by them.

Diagrams are drawn without a browser, so nothing measures their texts. They name Arial
and, for systems without it, Liberation Sans, which has the same widths. The table has
the advance widths of Liberation Sans 2.1 in thousandths of the font size; a letter with
an accent is as wide as the letter. Chinese, Japanese and Korean signs are as wide as
they are high.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
# A browser rounds, and other fonts than these are a little wider.
MARGIN = 1.02
BOLD = 1.08
SPACE = 278
FULL = 1000
# Letters that are not in the table, such as Arabic or Thai.
OTHER = 720

_CHARACTERS = {
    191: "'",
    222: "ijlłſιіј‘’‚‛",
    260: "|¦",
    278: "!,./:;I[\\]ft·ìíîïĩīĭıŧΙІї",
    292: "ľ",
    333: "()-`r¡¨²³´¸¹‐“”„",
    334: "{}ŀ",
    350: "•",
    355: '"',
    365: "ºг",
    370: "ª",
    375: "ť",
    384: "Ί",
    389: "*",
    395: "τ",
    400: "°",
    438: "к",
    441: "ζ",
    444: "ĳ",
    446: "ε",
    448: "ξ",
    458: "зт",
    469: "^",
    482: "ς",
    500: "JcksvxyzĸγκλνЈсухѕ",
    510: "эє",
    521: "чь",
    525: "χ",
    531: "в",
    537: "¶",
    542: "Гпя",
    547: "υ",
    549: "±÷",
    551: "Γ",
    552: "¯нџ‗",
    556: "#$0123456789?L_abdeghnopqu¢£¤¥§«»ðþđħŁŋηθοаеорђћ–†‡",
    557: "δ",
    559: "и",
    569: "ρ",
    573: "бц",
    575: "β",
    576: "μ",
    578: "α",
    583: "Кдл",
    584: "+<=>~¬×",
    604: "ŉЗ",
    611: "FTZ¿ßøŦΖΤТ",
    615: "ď",
    617: "σ",
    618: "Σ",
    625: "ъ",
    635: "У",
    648: "φ",
    650: "Ξ",
    656: "БЛЬ",
    667: "&ABEKPSVXYÞΑΒΕΚΡΥΧЅАВЕРХЧ",
    668: "ΔΛ",
    669: "ж",
    677: "Д",
    688: "м",
    690: "π",
    713: "ψ",
    719: "ЄЏИПЭы",
    722: "CDHNRUwÐĐĦΗΝΠЍНСЯ",
    723: "Ŋ",
    735: "Ĳ",
    737: "©®",
    740: "Ц",
    748: "Ω",
    750: "ю",
    752: "Ώ",
    760: "Ф",
    774: "Ό",
    778: "GOQØΘΟО",
    781: "ω",
    784: "Έ",
    792: "Ъ",
    798: "Φ",
    802: "ш",
    812: "њ",
    823: "фщ",
    833: "MmΜМ",
    834: "¼½¾",
    835: "Ψ",
    838: "Ή",
    854: "Ћ",
    855: "Ύ",
    865: "Ђ",
    885: "Ы",
    889: "%æ",
    906: "љ",
    917: "Ш",
    923: "Ж",
    938: "Щ",
    944: "Wœ",
    1000: "ÆŒ—―…",
    1010: "ЊЮ",
    1015: "@",
    1057: "Љ",
}
WIDTHS = {" ": SPACE, "\u00a0": SPACE} | {
    character: width for width, text in _CHARACTERS.items() for character in text
}
# Lines may break after these without a space. Small signs never begin a line.
_BREAKS = re.compile(r"(?<=[-–—/])(?=\w)")
_NO_BEGINNING = frozenset("、。，．：；！？）」』】》〉・ー々,.;:!?)]}”’%")


def text_width(text: str, size: float = 12, *, is_bold: bool = False) -> float:
    """Return the width of a text at a font size, in the same unit."""
    thousandths = sum(map(_width, text))
    return thousandths / 1000 * size * MARGIN * (BOLD if is_bold else 1)


@lru_cache(maxsize=4096)
def _width(character: str) -> int:
    known = WIDTHS.get(character)
    if known is not None:
        return known
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    base = unicodedata.normalize("NFKD", character)[0]
    if base != character and base in WIDTHS:
        return WIDTHS[base]
    return FULL if _is_wide(character) else OTHER


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def wrap_text(
    text: str, width: float, size: float = 12, *, hanging: float = 0
) -> list[str]:
    """Return the lines of a text; each is at most `width` wide.

    `hanging` is the indent of the second and later lines. It breaks at spaces, after hyphens and slashes, and between Chinese or Japanese
    signs; a longer word is cut. A no-break space is never a break.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        joined = line + piece
        room = width - (hanging if lines else 0)
        if text_width(joined.rstrip(" "), size) <= room:
            line = joined
            continue
        if line:
            lines.append(line.rstrip(" "))
        *full, line = _cut(piece.lstrip(" "), width - hanging, size)
        lines += full
    return [*lines, line.rstrip(" ")] if line.strip(" ") or not lines else lines


def _pieces(text: str) -> list[str]:
    """Return the parts between which a line may break; a part keeps its space."""
    pieces: list[str] = []
    for word in re.findall(r"[^ ]+ *", text):
        for part in _BREAKS.split(word):
            pieces += _signs(part)
    return pieces


def _signs(part: str) -> list[str]:
    """Return a word, or its Chinese and Japanese signs one by one."""
    if not any(map(_is_wide, part)):
        return [part]
    pieces = [""]
    for character in part:
        is_new = _is_wide(character) or (pieces[-1] and _is_wide(pieces[-1][-1]))
        if (
            pieces[-1]
            and is_new
            and character not in _NO_BEGINNING
            and character != " "
        ):
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def _cut(word: str, width: float, size: float) -> list[str]:
    """Return a word in parts that fit; one part if it does."""
    parts, part = [], ""
    for character in word:
        if part and text_width((part + character).rstrip(" "), size) > width:
            parts.append(part)
            part = ""
        part += character
    return [*parts, part]
