"""Retractions, errata and expressions of concern, as databases print them.

PubMed has publication types ("Retracted Publication") and links ("Retraction in",
"Erratum in"). Others put words before or after the title ("RETRACTED: …", "(Retracted
article. See vol. 12, 2010)"). A notice is kept with the record and changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from screening.citations.fields import fold

# Kind and text, such as ("retracted", "BMJ. 2010;340:c1"). The text may be "".
Notice = tuple[str, str]

RETRACTED = "retracted"
CONCERN = "concern"
ERRATUM = "erratum"
REPUBLISHED = "republished"
IS_RETRACTION = "is-retraction"
IS_CONCERN = "is-concern"
IS_ERRATUM = "is-erratum"
KINDS = (
    *(RETRACTED, CONCERN, ERRATUM, REPUBLISHED),
    *(IS_RETRACTION, IS_CONCERN, IS_ERRATUM),
)
OF_TYPES = {
    "retracted publication": RETRACTED,
    "retracted article": RETRACTED,
    "retracted paper": RETRACTED,
    "retracted": RETRACTED,
    "withdrawn publication": RETRACTED,
    "withdrawn": RETRACTED,
    "retraction of publication": IS_RETRACTION,
    "retraction notice": IS_RETRACTION,
    "retraction": IS_RETRACTION,
    "tombstone": RETRACTED,
    "expression of concern": IS_CONCERN,
    "published erratum": IS_ERRATUM,
    "erratum": IS_ERRATUM,
    "corrigendum": IS_ERRATUM,
    "correction": IS_ERRATUM,
    "corrected and republished article": REPUBLISHED,
}
# Tags of NBIB and link types of PubMed XML.
OF_LINKS = {
    "RIN": RETRACTED,
    "RRI": RETRACTED,
    "ECI": CONCERN,
    "EIN": ERRATUM,
    "CRI": REPUBLISHED,
    "RPI": REPUBLISHED,
    "ROF": IS_RETRACTION,
    "ECF": IS_CONCERN,
    "EFR": IS_ERRATUM,
    "RetractionIn": RETRACTED,
    "RetractedandRepublishedIn": RETRACTED,
    "ExpressionOfConcernIn": CONCERN,
    "ErratumIn": ERRATUM,
    "CorrectedandRepublishedIn": REPUBLISHED,
    "RepublishedIn": REPUBLISHED,
    "RetractionOf": IS_RETRACTION,
    "ExpressionOfConcernFor": IS_CONCERN,
    "ErratumFor": IS_ERRATUM,
}
NBIB_TAGS = tuple(tag for tag in OF_LINKS if len(tag) == len("RIN"))
_BEFORE = (
    (
        RETRACTED,
        r"(?:retracted|withdrawn)(?:\s+(?:article|paper|publication|chapter))?",
    ),
    (
        IS_RETRACTION,
        r"(?:(?:notice of\s+)?retraction(?:\s+(?:note|notice))?|withdrawal notice)"
        r"(?:\s+(?:to|of|for))?",
    ),
    (
        IS_CONCERN,
        r"(?:editorial\s+)?expression of concern(?:\s+(?:on|for|about|regarding))?",
    ),
    (
        IS_ERRATUM,
        r"(?:author(?:'s|s)?\s+|publisher(?:'s)?\s+)?(?:errat(?:um|a)|corrigend(?:um|a)"
        r"|correction)(?:\s+notice)?(?:\s+(?:to|for))?",
    ),
)
TITLE_BEGINS = re.compile(
    "|".join(rf"(?P<k{n}>{words})" for n, (_, words) in enumerate(_BEFORE)), re.I
)
_MARK = r"[\[(*]?\s*"
BEFORE = re.compile(
    rf"^{_MARK}(?:{TITLE_BEGINS.pattern})\s*[\])*]?\s*[:.\-–—\"'“‘«]", re.I
)
# "[RETRACTED] Tea …" has no colon.
IN_BRACKETS = re.compile(
    r"^[\[(*]\s*(?P<k0>retracted|withdrawn)(?:\s+(?:article|paper))?\s*[\])*]", re.I
)
AFTER = re.compile(
    r"[\[(]\s*(?:(?P<k0>retracted\b|withdrawn\b)|(?P<k1>retraction of\b)"
    r"|(?P<k3>(?:erratum|correction)(?: to| for)\b))[^()\[\]]{0,200}[\])]\.?$",
    re.I,
)
# A title with such a notice begins with one of these, or ends in a bracket.
FIRST_LETTERS = frozenset(
    [
        *("retra", "withd", "notic", "expre", "edito"),
        *("errat", "corri", "corre", "autho", "publi"),
    ]
)
OPENING = frozenset("[(*")


def may_have_notice(title: str) -> bool:
    """Return True if a title may name a notice. Fast; never False if it does."""
    if title[:5].lower() in FIRST_LETTERS:
        return True
    has_bracket = (
        title[:1] in OPENING or title[-1:] in (")", "]") or title[-2:] in (").", "].")
    )
    return has_bracket and _names_notice(title.lower())


def _names_notice(low: str) -> bool:
    """Return True if a part of the words occurs. Many titles only have a bracket."""
    return (
        "retract" in low
        or "thdraw" in low
        or "concern" in low
        or "errat" in low
        or "rrect" in low
        or "gend" in low
    )


def notices_of_types(types: Iterable[str]) -> tuple[Notice, ...]:
    """Return the notices that publication types contain."""
    return _notices_of_types(tuple(types))


# There are few different types, and few records have a notice.
@lru_cache(maxsize=4096)
def _notices_of_types(types: tuple[str, ...]) -> tuple[Notice, ...]:
    found = (OF_TYPES.get(fold(one).rstrip(".").lower()) for one in types)
    return tuple((kind, "") for kind in dict.fromkeys(found) if kind)


def notices_of_title(title: str) -> tuple[Notice, ...]:
    """Return the notice before or after a title, if there is one."""
    for pattern in (BEFORE, IN_BRACKETS, AFTER):
        match = pattern.search(title)
        if match:
            number = int((match.lastgroup or "k0")[1:])
            return ((_BEFORE[number][0], ""),)
    return ()


def joined_notices(*groups: Iterable[Notice]) -> tuple[Notice, ...]:
    """Return the notices in order, each kind without a text only if none has one."""
    every = list(dict.fromkeys(notice for group in groups for notice in group))
    told = {kind for kind, text in every if text}
    return tuple(one for one in every if one[1] or one[0] not in told)
