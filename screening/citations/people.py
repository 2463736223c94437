"""Names of people as "Family, Given", from values with one or several people.

Programs print authors in every form: one per line, `Berg, K.; Dahl, N.`,
`Berg, K. and Dahl, N.`, `Berg K, Dahl N`, `Berg, K, Dahl, N`, `['Berg, K', 'Dahl, N']`,
`BergK.DahlN.`. All readers come here, so that one value is never one person with ten
names. What can't be decided stays as printed, and `are_unclear` tells the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from screening.citations.fields import fold
from screening.citations.lists import list_items
from screening.citations.markup import has_markup, plain_name
from screening.citations.placeholders import is_nobody, without_others

INITIALS = r"(?:[A-ZÀ-ÖØ-Þ]\.?[-‐ ]?){1,5}"
FAMILY_INITIALS = re.compile(rf"^([^\s,]*[^\W\d_A-ZÀ-ÖØ-Þ][^\s,]*) ({INITIALS})$")
ENDS_IN_INITIALS = re.compile(rf"^\S[^,;]* {INITIALS}(?:,? (?:Jr|Sr|I{{2,3}}|IV)\.?)?$")
LAST_INITIAL = re.compile(r"(?:^|[ .-])[A-ZÀ-ÖØ-Þ]\.$")
ONLY_INITIALS = re.compile(rf"^{INITIALS}$")
SUFFIX = re.compile(
    r"(?:Jr|Sr|II|III|IV|Sir|Dame|Dr|Prof|Esq|M\.?D|Ph\.?\s?D|R\.?N|MPH|[BM]\.?Sc|[BM]\.?A)\.?",
    re.I,
)
# Names that need no change ("Le Roux, A.-B."), with NUL between them.
_LETTER = "[A-Za-zÀ-ÖØ-öø-ſ]"
_WORD = "[A-Za-zÀ-ÖØ-öø-ſ.'-]++"
# Not "Berg K, Dahl N", which are two people.
_NOT_INITIALS = "(?<! [A-Z])(?<! [A-Z]{2})(?<! [A-Z]{3})"
_NAME = rf"{_WORD}(?: {_WORD})*+{_NOT_INITIALS},(?: {_WORD})++(?:(?<={_LETTER})|(?<=[A-Z]\.))"
PLAIN_NAMES = re.compile(rf"{_NAME}(?:\0{_NAME})*+")
# What values with one person each hardly ever have.
SIGNS = (
    *(";", "|", "&", "<", "[", "{", '"', "\n", "“", "\0(", "\0'"),
    *(" and ", " AND ", " And ", " und ", " og ", " och "),
)
# Both begin with a fixed letter, which makes the search fast.
RUN_TOGETHER_AT = re.compile(r"\.[A-Z][\w'’-]*[a-z]")
INITIALS_AND_MORE = re.compile(r" [A-Z]{1,4}\.?, ?[A-Z]")
GLUED_COMMA = re.compile(r",(?=[^\W\d_])")
# Library catalogues print "Hansen, Kari, 1950-" and "Twain, Mark, 1835-1910.".
LIFE = re.compile(r",?\s+(?:1[4-9]|20)\d\d-(?:\d{4})?\.?$")
AFFILIATION_MARK = re.compile(r"\s*(?:\(\d{5,}\)|\[[^\]]*\])\s*$")
# Groups: their commas and "and" separate no people.
GROUP = re.compile(
    r"\b(?:(?-i:of|for|the|on|in|to)|group|organi[sz]ations?|collaboration|collaborat(?:ors|ive)"
    r"|consortium|universit\w+|institut\w*|ministry|committee|association|societ\w+|team"
    r"|network|agency|department|dept|council|commission|foundation|inc|ltd|llc|gmbh|plc"
    r"|cent(?:er|re)s?|investigators|initiative|task|force|projects?|program(?:me)?|union|bureau"
    r"|office|services?|administration|academ\w+|college|school|hospital|company|press"
    r"|für|und|des|der Universität|ministerium|gesellschaft|comité|ministère|instituto"
    r"|sociedad|health|research|studies|education|medicine|sciences?|trial(?:s|ists)?)\b",
    re.I,
)
# "and" in the languages whose databases write it. "y" and "e" are parts of names.
AND = re.compile(r"\s*[,;]?\s+(?:and|&|und|og|och|et)\s+", re.I)
BARS = re.compile(r"\s*[|\n]\s*(?:and\s+)?")
LEADING_AND = re.compile(r"^(?:and|&|und|et)\s+", re.I)
# "LieA.MoeB.", "Lie A. S.Moe B. R."
RUN_TOGETHER = re.compile(r"(?<=[A-ZÀ-ÖØ-Þ]\.)(?=[A-ZÀ-ÖØ-Þ][\w'’-]*[a-zà-öø-ÿ])")
FAMILY_THEN_INITIALS = re.compile(
    r"([A-ZÀ-ÖØ-Þ][\w'’-]{0,40}[a-zà-öø-ÿ]) ?((?:[A-ZÀ-ÖØ-Þ]\.[- ]?){1,5})"
)
GIVEN = re.compile(r"(?:[^\W\d_][\w.'’-]*)(?: [^\W\d_][\w.'’-]*){0,3}")
CAPITAL = re.compile(r"[A-ZÀ-ÖØ-Þ]")
# No list of authors is longer. The rest is not taken apart.
LIST_LETTERS = 200_000
COMMAS_AT_MOST = 2
FEW = 2


def name_of(text: str) -> str:
    """Return one author as "Family, Given".

    A printed "Family AB" gets its comma. Names of several words without a comma stay as
    printed, because their family name is uncertain.
    """
    return _name(fold(plain_name(text) if has_markup(text) else text))


def _name(folded: str) -> str:
    if folded.endswith((")", "]")):
        folded = AFFILIATION_MARK.sub("", folded)
    name = folded.strip(" ,;")
    # The full stop ends a phrase in "Okafor, Ngozi.", but not in "Smith, J." or "Berg,
    # K., Jr."
    if name.endswith(".") and name[-3:-1].islower() and name[-4:-3].isalpha():
        name = name[:-1]
    if "," in name:
        return LIFE.sub("", GLUED_COMMA.sub(", ", name))
    if " " not in name:
        glued = FAMILY_THEN_INITIALS.fullmatch(name) if name.endswith(".") else None
        return f"{glued[1]}, {glued[2]}" if glued else name
    match = FAMILY_INITIALS.match(name)
    return f"{match.group(1)}, {match.group(2).strip()}" if match else name


def names_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the authors in order. Values with several people are split."""
    return names_of_joined(fold("\0".join(texts)))


def names_of_joined(folded: str) -> tuple[str, ...]:
    """Return the same for values that are joined with NUL and were folded together."""
    if not folded:
        return ()
    is_plain = PLAIN_NAMES.fullmatch(folded)
    if not is_plain and (folded[0] == " " or "\0 " in folded or " \0" in folded):
        folded = folded.strip().replace("\0 ", "\0").replace(" \0", "\0")
        is_plain = PLAIN_NAMES.fullmatch(folded)
    if is_plain and not _is_suspect(folded):
        return tuple(folded.split("\0"))
    if not _may_have_several(folded):
        # One person in each value. "et al." in other languages is at the end.
        names = [_name(value) for value in without_others(folded).split("\0")]
        return tuple(name for name in names if "," in name or not is_nobody(name))
    found: list[str] = []
    for value in folded.split("\0"):
        found += names_of_list(value)
    return tuple(found)


def _is_suspect(folded: str) -> bool:
    """Return True if plain names may be "et al.", "Author, Unknown" or several people."""
    # Two tests answer for three, because names hardly ever have such small words.
    has_small_word = " a" in folded or " e" in folded
    if has_small_word and (" and " in folded or " al" in folded or " et " in folded):
        return True
    # Nobody is among three people or more.
    return folded.count("\0") < FEW and (
        "nonym" in folded
        or "uthor" in folded
        or "thers" in folded
        or "nknown" in folded
        or "ndicated" in folded
    )


def _may_have_several(folded: str) -> bool:
    """Return False if every one of the joined values is certainly one person."""
    return (
        folded[0] in "('"
        or any(map(folded.__contains__, SIGNS))
        or _is_suspect(folded)
        or folded.count(",") > folded.count("\0") + 1
        or RUN_TOGETHER_AT.search(folded) is not None
        or INITIALS_AND_MORE.search(folded) is not None
    )


def names_of_list(text: str) -> tuple[str, ...]:
    """Return the authors of one value, whatever separates them.

    A single "Berg, Kari" is one person, and so is a group such as "Centre for Care,
    Health and Work".
    """
    if has_markup(text):
        text = plain_name(text)
    names = (_name(fold(person)) for person in _people(text[:LIST_LETTERS]))
    return tuple(name for name in names if not is_nobody(name))


def are_unclear(names: Iterable[str]) -> bool:
    """Return True if a name may be several people that could not be told apart."""
    return any(map(_is_unclear, names))


def _is_unclear(name: str) -> bool:
    if name.count(",") < COMMAS_AT_MOST and not (", " in name and AND.search(name)):
        return False
    parts = name.split(", ")
    if len(parts) <= COMMAS_AT_MOST + 1 and any(map(SUFFIX.fullmatch, parts[1:])):
        return False
    return not GROUP.search(name)


def _people(text: str) -> list[str]:
    text = without_others(text.strip())
    listed = list_items(text)
    if listed is not None:
        return [one for item in listed for one in _people_of_part(item)]
    if ";" in text:
        return [one for part in text.split(";") for one in _people_of_part(part)]
    if "|" in text or "\n" in text:
        return [one for part in BARS.split(text) for one in _people_of_part(part)]
    return _people_of_part(text)


def _people_of_part(text: str) -> list[str]:
    """Return the people of a text without lists, semicolons and bars."""
    text = LEADING_AND.sub("", without_others(text.strip()))
    if " " not in text and "," not in text:
        return _apart(text)
    if AND.search(text):
        return _people_with_and(text) or [text]
    return _people_with_commas(text) if "," in text else _apart(text)


def _apart(text: str) -> list[str]:
    """Return people whose names run together without a separator."""
    parts = RUN_TOGETHER.split(text) if "." in text else [text]
    if len(parts) > 1 and all(map(FAMILY_THEN_INITIALS.fullmatch, parts)):
        return parts
    return [text]


def _people_with_and(text: str) -> list[str]:
    """Return people separated by "and", [] if "and" separates no people."""
    parts = AND.split(text)
    people = [one for part in parts for one in _people_with_commas(part)]
    if all(map(_is_person, people)):
        return people
    # "Berg, K. and Dahl, N. and WHO".
    given = [one.partition(",")[2].strip() for one in people if "," in one]
    has_initials = bool(given) and all(map(ONLY_INITIALS.match, given))
    return parts if has_initials and len(people) == len(parts) else []


def _is_person(text: str) -> bool:
    """Return True for "Berg, Kari", "Berg K" and "Kari Berg", False for groups."""
    text = text.strip()
    if ENDS_IN_INITIALS.match(text):
        return True
    if GROUP.search(text):
        return False
    family, comma, given = text.partition(",")
    if comma:
        given = given.strip()
        return bool(GIVEN.fullmatch(given.partition(",")[0]) and family.strip())
    words = text.split()
    return 1 < len(words) <= 4 and all(map(CAPITAL.match, (words[0], words[-1])))


def _people_with_commas(text: str) -> list[str]:
    """Return people separated by commas; one text if they are one person or a group."""
    parts = [part.strip() for part in text.strip(" ,").split(",")]
    if len(parts) == 1:
        return _apart(parts[0])
    if _ends_the_list(parts):
        parts[-1] = parts[-1].rstrip(".")
    parts = [part for part in parts if part] or [""]
    if all(map(ENDS_IN_INITIALS.match, parts)):
        return parts
    paired = _pairs(parts) if len(parts) > COMMAS_AT_MOST else []
    if paired:
        return paired
    if len(parts) > COMMAS_AT_MOST and all(" " in part for part in parts):
        return parts if not GROUP.search(text) else [", ".join(parts)]
    return [", ".join(parts)]


def _ends_the_list(parts: list[str]) -> bool:
    """Return True if the last full stop belongs to the list, not to an initial."""
    last = parts[-1]
    if not last.endswith(".") or any(part.endswith(".") for part in parts[:-1]):
        return False
    if not ONLY_INITIALS.match(last):
        return bool(ENDS_IN_INITIALS.match(parts[0])) or not LAST_INITIAL.search(last)
    # The full stop of one "Berg, KA." is kept.
    is_list = len(parts) > 2 or ENDS_IN_INITIALS.match(parts[0])
    return bool(is_list and re.search(r"[A-Z]{2,3}\.$", last))


def _pairs(parts: list[str]) -> list[str]:
    """Return "Family, Given" of alternating parts, [] if they do not alternate."""
    people: list[str] = []
    place = 0
    while place < len(parts):
        given = parts[place + 1 : place + 2]
        if not given or not ONLY_INITIALS.match(given[0]):
            break
        if ONLY_INITIALS.match(parts[place]) and len(parts[place].strip(".")) == 1:
            break
        person = f"{parts[place]}, {given[0]}"
        place += 2
        if place < len(parts) and SUFFIX.fullmatch(parts[place]):
            person, place = f"{person}, {parts[place]}", place + 1
        people.append(person)
    if place >= len(parts):
        return people if len(people) > 1 else []
    # "Vestad, Runa, Olk, Pim": full names in turn.
    is_even = len(parts) % 2 == 0 and not GROUP.search(", ".join(parts))
    if is_even and all(map(_is_single_name, parts)):
        return [f"{a}, {b}" for a, b in zip(parts[::2], parts[1::2], strict=True)]
    return []


def _is_single_name(text: str) -> bool:
    return bool(CAPITAL.match(text) and GIVEN.fullmatch(text) and text.count(" ") < 2)
