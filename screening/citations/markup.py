"""HTML, JATS and MathML markup and entities, decoded to plain text.

Databases and reference managers leave them in any field: `Caf&eacute;`, `CO<sub>2</sub>`,
`<jats:p>`, `<mml:math>`, and `&amp;lt;i&amp;gt;` where two programs escaped a text.
Sub- and superscripts are written on the line ("CO2"), as databases print them.
"""

from __future__ import annotations

import html
import re

# An entity needs its semicolon, because "R&D", "?a=1&copy=2" and "AT&T" have none.
ENTITY = re.compile(
    r"&(?:amp;)*(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)
# A text can be escaped more than once. No real one is escaped more often.
ROUNDS = 5
_NAMES = """
    abbr alternatives annotation-xml article-title big blockquote bold break caption center cite
    code dd del disp-formula div dl dt em email emph emphasis ext-link fn font graphic
    h[1-6] hi hr hsp ids? inf inline-formula inline-graphic ins ital italic kbd label li
    list list-item math monospace named-content nobr ol overline para? pre roman
    sans-serif sc scp sec section small smallcaps span speech st[1-3]? strike strong
    styled-content sub subtitle sup supplementary-material table tbody td tex-math th
    thead title tr tt ul underline uri var wbr xref
    menclose merror mfenced mfrac mglyph mi mlabeledtr mmultiscripts mn mo mover mpadded
    mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd
    mtext mtr munder munderover semantics none
"""
_ATTRIBUTE = (
    r"\s+[\w:.-]{1,60}\s?=\s?(?:\"[^\"<>]{0,500}\"|'[^'<>]{0,500}'|[^\s\"'<>=]{1,100})"
)
# Only these tags, because "x<y>z" in a title is not a tag.
TAG = re.compile(
    rf"<(/?)((?:jats|mml|m|o|st1|xhtml|html):[a-z][\w-]{{0,30}}"
    rf"|[abipqsu]|br|{'|'.join(_NAMES.split())})((?:{_ATTRIBUTE}){{0,20}})\s?(/?)>",
    re.I,
)
# These separate words. The others are inside a word or a sentence.
BREAK = re.compile(
    rf"</?(?:br|hr|break|(?:jats:)?(?:p|div|li|list-item|sec|title|h[1-6]|td|th|tr|dd|dt"
    rf"|para?|label))(?:{_ATTRIBUTE}){{0,20}}\s?/?>",
    re.I,
)
# What is not text: comments, and the same formula once more in TeX.
HIDDEN = re.compile(
    r"<!--.{0,5000}?-->"
    r"|<((?:mml:|jats:|m:)?(?:annotation|tex-math)|style|script)\b[^<>]{0,500}>"
    r"[^<]{0,5000}</\1\s?>",
    re.I | re.S,
)
CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
# "x<b>y" can mean a comparison, so these need their end in the same text.
PAIRED = frozenset("abiqsu")
NOTE_MARK = re.compile(r"<sup\b[^<>]{0,200}>[^<]{0,40}</sup\s?>", re.I)


def plain_text(text: str) -> str:
    """Return text without tags and entities. Other text is returned unchanged.

    Only complete tags are removed: "p < 0.05 and q > 1" is not changed.
    """
    if not (("<" in text and ">" in text) or ("&" in text and ";" in text)):
        return text
    for _ in range(ROUNDS):
        before = text
        if "<" in text and ">" in text:
            text = _without_tags(text)
        if "&" in text and ";" in text:
            text = ENTITY.sub(_decoded, text)
        if text == before:
            break
    return text


def plain_name(text: str) -> str:
    """Return the same for names, without the numbers of affiliations (<sup>1,2</sup>)."""
    return plain_text(NOTE_MARK.sub("", text) if "<" in text else text)


def has_markup(text: str) -> bool:
    """Return True if a text may have tags or entities. Fast; never False if it has."""
    return "&" in text or "<" in text


def _decoded(match: re.Match[str]) -> str:
    return html.unescape(match.group())


def _without_tags(text: str) -> str:
    if "<!" in text or "nnotation" in text or "math" in text or _may_be_code(text):
        text = CDATA.sub(r"\1", HIDDEN.sub("", text))
    found = TAG.findall(text)
    if not found:
        return text
    ended = {name.lower() for slash, name, _, _ in found if slash}

    def without(match: re.Match[str]) -> str:
        name = match[2].lower()
        if name in PAIRED and not match[1] and name not in ended:
            return match.group()
        return " " if BREAK.fullmatch(match.group()) else ""

    return TAG.sub(without, text)


def _may_be_code(text: str) -> bool:
    """Return True for <style> and <script>, without a copy in small letters."""
    return "<s" in text or "<S" in text
