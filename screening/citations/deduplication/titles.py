"""Titles: wording, labels and warning signs."""

from __future__ import annotations

import re
from functools import lru_cache

from screening.citations.deduplication.folding import folded_words, without_markup
from screening.citations.deduplication.locators import roman_value
from screening.citations.deduplication.notices import CORRECTION, notice_kinds

_LANGUAGES = (
    (
        "afrikaans arabic bulgarian chinese croatian czech danish dutch english finnish french "
        "german greek hebrew hungarian icelandic italian japanese korean lithuanian "
        "multiple languages norwegian persian polish portuguese romanian russian serbian slovak "
        "slovenian spanish swedish turkish ukrainian undetermined"
    )
    .replace(" ", "|")
    .replace("multiple|languages", "multiple languages")
)
_LANGUAGE_TAG = re.compile(
    rf"[\[(]\s*(?:in\s+)?(?:{_LANGUAGES})(?:\s*[,;/&]\s*(?:{_LANGUAGES}))*\s*[\])][\s.]*$",
    re.I,
)
# Embase's form: "Nitrates as antiplatelet agents. German".
_LANGUAGE_TAIL = re.compile(
    rf"(?<=[.?!])\s+(?:{_LANGUAGES})(?:\s*[,;/&]\s*(?:{_LANGUAGES}))*\s*\.?$", re.I
)
_SENTENCE_ENDS = re.compile(r"[.?!]\s")
_REMARK = re.compile(
    r"[\[(]\s*(?:author.?s.? transl(?:ation)?|proceedings|abstract|abstr\.?|review|editorial|"
    r"letter|see comments?|comment|meeting abstract|poster|conference abstract|"
    r"abstract (?:no|number|nr)?\W{0,3}[a-z]{0,3}-?\d{1,5}|"
    r"review article|a review|summary|corrected|updated?|(?:withdrawn|retracted|republished)\b[^\])]*|"
    r"\d+ ref(?:s|erences)?\.?)\s*[\])][\s.]*$",
    re.I,
)
_STATUS = re.compile(
    r"^\s*(?:retracted(?: article)?|withdrawn|removed)\s*[:.—-]\s*", re.I
)
_CORRECTED_PLACE = re.compile(
    r"\s*\((?:vol(?:ume)?\.? ?\d+|reprinted from)[^()]*\)\s*$", re.I
)
_LABEL = re.compile(
    r"^\s*(?:short report|short communication|brief report|brief communication|"
    r"original (?:article|paper|research)|research (?:article|paper|note)|review(?: article)?|"
    r"systematic review|case report|rapid communication|special (?:article|issue)|"
    r"mini-?review|commentary|letter|editorial|invited review|clinical (?:trial|study)|"
    r"article|paper|perspective|viewpoint|opinion)\s*[:.—–-]\s+(?=\w.{15})",
    re.I,
)
_NUMBERING = re.compile(
    r"^\s*(?:[\[(]?[A-Z]?\d{1,4}[\])]?[.:]\s+|P-?\d{1,4}\s+"
    r"|(?:AB|OP|PO|PS|PP|P|THU|FRI|SAT|SUN|LB)-?\d{3,4}[.:]?\s+)(?=\w.{15})"
)
# MEDLINE's remarks on the article itself. "[Comment on: …]" concerns another item.
_NOTICE = re.compile(
    r"[\s.]*[\[(]\s*(?:(?:published )?errat(?:um|a)|corrections?|retraction|comments?|"
    r"summary|republished|reprint(?:ed)?|updated?|original report|see comments?)\s+"
    r"(?:appears? in|in|from|published)\b.*$",
    re.I | re.S,
)
_ORIGINAL = re.compile(r"<\s*original\s*>.*$", re.I | re.S)
_EDITOR = re.compile(
    r"\b(?:editors? (?:s )?(?:comments?|notes?|introduction|choice|page|remarks)|from the editors?|"
    r"editorial (?:notes?|comments?|board)|letters? to the editors?|in this issue|"
    r"meeting abstracts?|book reviews?)\b"
)
_STARS = "*†‡§#"
_STAR = re.compile(rf"[{_STARS}]+\s*$")

_ERRATUM = re.compile(
    r"\b(?:errat(?:um|a)|corrigend(?:um|a)|addend(?:um|a)|publisher s (?:note|correction)|"
    r"author correction|retraction|expression of concern|reprint(?:ed)? (?:of|from))\b|"
    r"^correct(?:ion|ed|ions)\b(?: to\b| for\b|$)"
)
_REPLY = re.compile(
    r"\b(?:in reply|reply (?:to|by|from)|authors? s? ?(?:reply|response|repl(?:y|ies))|"
    r"response to (?:the )?(?:letter|comment|editor)|(?:the )?authors? respond|"
    r"author response|reply)\b"
)
_REPLY_ONLY = re.compile(r"^(?:reply|response)\b|\b(?:reply|response)$")
_COMMENT = re.compile(
    r"^(?:comments?|commentary|letters?|re|editorial comment|discussion|invited commentary)\b|"
    r"\b(?:comments? on|letter to the editor|commentary on|comment)\b"
)
# Every title with a warning sign contains one of these, so others are skipped quickly.
_SIGNS = (
    "err", "corri", "addend", "publisher", "correct", "retract", "concern", "reprint",
    "repl", "respon", "comment", "letter", "re ", "re:", "discussion", "protocol",
    "vol", "rés", "rejoinder", "withdrawal",
)  # fmt: skip
_PROTOCOL = re.compile(
    r"\b(?:study protocol|protocol for|protocol of|trial protocol|protocol)\b"
)
_PART = re.compile(
    r"\b(?:part|parts|pt|paper|study|chapter|volume|vol|section|report|no|number|session|series|phase)\s+"
    r"(\d{1,2}|[ivx]{1,5}|one|two|three|four|five|six|[a-h])\b"
)
_PART_WORDS = frozenset(
    [
        "part", "parts", "pt", "paper", "study", "chapter", "volume", "vol", "section",
        "report", "no", "number", "session", "series", "phase",
    ]
)  # fmt: skip
_TRAILING_PART = re.compile(r"\b(\d{1,2}|[ivx]{1,5})$")
_WORD_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}

_GENERIC_WORDS = frozenset(
    [
        "a", "abstract", "abstracts", "about", "and", "annual", "author", "authors",
        "award", "awards", "book", "books", "by", "brief", "calendar", "case", "cases",
        "clinical", "column", "comment", "commentary", "comments", "communication",
        "communications", "conference", "contents", "contributors", "correspondence",
        "cover", "current", "discussion", "discussions", "editor", "editorial",
        "editorials", "editors", "events", "erratum", "errata", "foreword", "for", "from",
        "front", "guest", "guidelines", "highlights", "highlight", "in", "index",
        "instructions", "international", "introduction", "introductory", "invited",
        "issue", "issues", "journal", "latest", "letter", "letters", "literature",
        "meeting", "meetings", "message", "minutes", "miscellaneous", "news", "next",
        "note", "notes", "notice", "obituary", "of", "on", "opinion", "our", "overview",
        "page", "pages", "perspective", "perspectives", "poster", "posters", "preface",
        "president", "presidents", "proceedings", "program", "programme", "prologue",
        "quiz", "re", "readers", "reply", "report", "reports", "research", "response",
        "review", "reviews", "reviewer", "reviewers", "s", "section", "series", "session",
        "sessions", "special", "statement", "subject", "summary", "symposium", "table",
        "thanks", "the", "their", "this", "to", "topic", "topics", "update", "updates",
        "volume", "welcome", "with", "workshop", "year", "oral", "presentation",
        "presentations", "scientific", "society", "congress", "papers", "paper", "part",
        "state", "art", "question", "questions", "answer", "answers", "what", "new",
    ]
)  # fmt: skip
_ELEMENTS = frozenset(
    [
        "c", "f", "n", "o", "h", "i", "p", "s", "tc", "ga", "cu", "in", "lu", "y", "zr",
        "rb", "tl", "xe", "cr", "se",
    ]
)  # fmt: skip
_ISOTOPE = re.compile(r"^(\d{1,3}m?)([a-z]{1,2})$")
_SPELLING = re.compile(
    r"(?<=[a-z]{2})(?:is(?=(?:e[drs]?|ing|ations?|able)$)|our(?=(?:s|al|ed|ing)?$))|ae|oe"
)
_DIGIT = re.compile(r"\d")
_SPELLING_OF = {"is": "iz", "our": "or", "ae": "e", "oe": "e"}


def bare_title(title: str) -> str:
    """Return the title without brackets around it, language tags, labels and remarks."""
    text = without_markup(_ORIGINAL.sub("", title) if "<" in title else title)
    if "(" in text or "[" in text:
        text = _unbracketed(text)
    if text.rstrip()[-1:] in _STARS:
        text = _STAR.sub("", text)
    if _SENTENCE_ENDS.search(text):
        text = _LANGUAGE_TAIL.sub("", text)
    text = CORRECTION.sub("", _STATUS.sub("", text))
    text = _LABEL.sub("", text)
    return _NUMBERING.sub("", text) or title


def _unbracketed(title: str) -> str:
    """Return the title without remarks in brackets at its end."""
    text = _NOTICE.sub("", title).strip()
    for _ in range(3):
        shorter = _REMARK.sub("", _LANGUAGE_TAG.sub("", text)).strip()
        if shorter == text or len(shorter) < 8:
            break
        text = shorter
    return _CORRECTED_PLACE.sub("", text)


def title_words(title: str) -> tuple[str, ...]:
    """Return folded words, isotopes in one form ("11C" = "C-11"), spelling unified."""
    words = folded_words(title).split()
    if _DIGIT.search(title):
        words = _isotopes(words)
    return tuple(map(_evened, words))


@lru_cache(maxsize=100_000)
def _evened(word: str) -> str:
    if len(word) < 5 or not (
        "is" in word or "our" in word or "ae" in word or "oe" in word
    ):
        return word
    return _SPELLING.sub(lambda m: _SPELLING_OF[m[0]], word)


def _isotopes(words: list[str]) -> list[str]:
    """Return the words with mass number and element joined, the element first."""
    result: list[str] = []
    skip = False
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if skip:
            skip = False
        elif (
            (match := _ISOTOPE.match(word))
            and match[2] in _ELEMENTS
            and match[1] != "1"
        ):
            result.append(match[2] + match[1])
        elif _mass(word) and following in _ELEMENTS:
            result.append(following + word)
            skip = True
        elif word in _ELEMENTS and _mass(following):
            result.append(word + following)
            skip = True
        else:
            result.append(word)
    return result


def _mass(word: str) -> bool:
    bare = word.removesuffix("m")
    return bare.isdecimal() and 10 < int(bare[:4]) < 250


def title_flags(title: str, wording: str) -> frozenset[str]:
    """Return warning signs in a title: what the item is other than an article.

    ``wording`` is the folded bare title. Notices on the article do not count.
    """
    found = {"generic"} if is_generic(wording) else set()
    found |= notice_kinds(title)
    low = title.lower()
    for sign in _SIGNS:
        if sign in low:
            break
    else:
        return frozenset(found)
    has_bracket = "(" in title or "[" in title
    raw = _NOTICE.sub("", title) if has_bracket else title
    title = folded_words(raw)
    if _ERRATUM.search(title):
        found.add("erratum")
    if (_REPLY.search(title) and not title.startswith("reply time")) or (
        _REPLY_ONLY.search(title) and len(title) < 40
    ):
        found.add("reply")
    if _COMMENT.search(title):
        found.add("comment")
    if _PROTOCOL.search(title):
        found.add("protocol")
    if has_bracket and _CORRECTED_PLACE.search(raw):
        # Web of Science names the place of the other item: "(vol 45, pg 27, 2012)".
        found |= {"erratum"} if found & {"reply", "comment"} else {"erratum", "notice"}
    return frozenset(found)


def is_generic(wording: str) -> bool:
    """Return True for titles of many items: "Editorial", "Reply to the authors".

    A title of one word is generic too.
    """
    words = wording.split()
    if len(words) <= 10 and _EDITOR.search(wording):
        return True
    others = 0
    for word in words:
        if word not in _GENERIC_WORDS and not word.isdecimal():
            others += 1
            if others > 1:
                return False
    return not others or sum(not word.isdecimal() for word in words) == 1


def part_number(words: tuple[str, ...]) -> int | None:
    """Return the number of a part or volume ("Part II", "… 2"), None without one."""
    text = " ".join(words)
    if not _PART_WORDS.isdisjoint(words) and (match := _PART.search(text)):
        return _value(match[1])
    if (
        len(words) > 3
        and len(words[-1]) <= 5
        and (match := _TRAILING_PART.search(text))
    ):
        return _value(match[1])
    return None


def _value(text: str) -> int | None:
    if text.isdecimal():
        return int(text)
    if text in _WORD_NUMBERS:
        return _WORD_NUMBERS[text]
    if (value := roman_value(text)) is not None and value < 40:
        return value
    return ord(text) - 96 if len(text) == 1 else None
