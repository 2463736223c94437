"""Names in BibTeX: "First von Last", "von Last, Jr, First", {A Group}.

The rules are those of BibTeX (`btxdoc`). " and " outside braces separates people,
commas outside braces separate the parts of a name, and braces keep words together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from screening.citations.markup import has_markup, plain_name
from screening.citations.people import ONLY_INITIALS, name_of, names_of_list
from screening.citations.placeholders import is_nobody, without_others
from screening.citations.reading.bibtex_files.bibtex_latex import text_of

BRACES_OR_AND = re.compile(r"[{}]| and (?:and )*", re.I)
BRACES_OR_COMMA = re.compile(r"[{},]")
BRACES_OR_SPACE = re.compile(r"[{} ~]")
# No author list has more people. The rest is not read.
PEOPLE_AT_MOST = 20_000
NAME_CHARS = 1000
SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
AND = re.compile(r"(?:^| )and(?= |$)", re.I)
# No program writes more pairs of braces around a list.
OUTER_AT_MOST = 5
# Groups without braces: their last word is not a family name.
GROUP = re.compile(
    r"\b(?:of|for|the|on|and|group|organi[sz]ation|collaboration|collaborators"
    r"|consortium|universit\w+|institut\w*|ministry|committee|association|society|team"
    r"|network|agency|department|council|commission|foundation|inc|ltd|center|centre"
    r"|investigators|initiative|task force|project|program(?:me)?|union|bureau|office)\b",
    re.I,
)


def names_of(value: str) -> tuple[str, ...]:
    """Return the people of an author field, "Family, Given" where that is certain."""
    value = " ".join(value.split())
    if has_markup(value):
        value = plain_name(value)
    value = _without_outer_braces(value)
    people = _parted(value, BRACES_OR_AND) if "{" in value else AND.split(value)
    found: list[str] = []
    for person in people[:PEOPLE_AT_MOST]:
        found += _people(person.strip())
    return tuple(name for name in found if not is_nobody(name))


def _without_outer_braces(value: str) -> str:
    """Return a list of people without one pair of braces around all of them.

    "{Berg, K. and Dahl, N.}" are people, "{Barnes and Noble}" is a group.
    """
    for _ in range(OUTER_AT_MOST):
        if not (value.startswith("{") and _is_one_group(value)):
            break
        inner = value[1:-1].strip()
        if len(names_of_list(text_of(inner))) < 2:
            break
        value = inner
    return value


def _people(person: str) -> Iterable[str]:
    """Return the people between two "and": one, unless other signs separate several."""
    whole = person.startswith("{") and _is_one_group(person)
    parts = person.split(",")
    is_list = ";" in person or "&" in person or person[:1] in "['\"("
    is_list = is_list or len(parts) > 3
    if len(parts) == 3:
        is_list = is_list or parts[1].strip().lower() not in SUFFIXES
    if not whole and is_list and "family=" not in person:
        several = names_of_list(text_of(person))
        if len(several) > 1:
            return several
    if "{" not in person and "," not in person and "." in person:
        several = names_of_list(text_of(person))
        if len(several) > 1:
            return several
    return (_name(without_others(person)),)


def _parted(value: str, pattern: re.Pattern[str]) -> list[str]:
    """Split the value where the pattern matches outside braces."""
    parts, begin, depth = [], 0, 0
    for match in pattern.finditer(value):
        sign = match.group()
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth = max(0, depth - 1)
        elif not depth:
            parts.append(value[begin : match.start()])
            begin = match.end()
    parts.append(value[begin:])
    return parts


def _name(person: str) -> str:
    """Return one name. A name that is completely in braces is not changed."""
    if len(person) > NAME_CHARS:
        return text_of(person)
    if person.startswith("{") and _is_one_group(person):
        return text_of(person)
    if "=" in person and "family=" in person:
        return _extended(person)
    parts = person.split(",") if "{" not in person else _parted(person, BRACES_OR_COMMA)
    texts = [text for text in map(text_of, parts) if text]
    if len(texts) >= 3 and texts[1].lower() in SUFFIXES:
        # "von Last, Jr, First"
        return f"{texts[0]}, {', '.join(texts[2:])}, {texts[1]}"
    if len(texts) >= 2:
        return f"{texts[0]}, {', '.join(texts[1:])}"
    return _without_comma(person, texts[0] if texts else "")


def _is_one_group(person: str) -> bool:
    """Return True if the first brace is closed at the very end, unlike in "{A} {B}"."""
    depth = 0
    for place, sign in enumerate(person):
        depth += (sign == "{") - (sign == "}")
        if not depth:
            # "{\"O}" is an accent, not a group.
            return place == len(person) - 1 and not person.startswith("{\\")
    return False


def _without_comma(person: str, text: str) -> str:
    """Return "First von Last" with the family name first, if it is certain."""
    if " " not in text or "&" in text or GROUP.search(text):
        return text
    words = [text_of(word) for word in _parted(person, BRACES_OR_SPACE)]
    words = [word for word in words if word]
    suffix = words.pop() if len(words) > 2 and words[-1].lower() in SUFFIXES else ""
    if len(words) < 2:
        return text
    if ONLY_INITIALS.match(words[-1]) and not all(map(ONLY_INITIALS.match, words)):
        return name_of(text)
    # The particles before the last name start with a lower-case letter.
    family = len(words) - 1
    while family > 1 and words[family - 1][:1].islower():
        family -= 1
    if words[0][:1].islower() and family == 1:
        family = 0
    given = " ".join(words[:family])
    name = f"{' '.join(words[family:])}, {given}" if given else " ".join(words)
    return f"{name}, {suffix}" if suffix else name


def _extended(person: str) -> str:
    """Return the name of "family=Berg, given=Kari, prefix=von, useprefix=true"."""
    parts = {}
    for part in _parted(person, BRACES_OR_COMMA):
        name, _, value = part.partition("=")
        parts[name.strip().lower()] = text_of(value)
    family = " ".join(filter(None, (parts.get("prefix"), parts.get("family"))))
    pieces = (family, parts.get("given"), parts.get("suffix"))
    return ", ".join(piece for piece in pieces if piece)
