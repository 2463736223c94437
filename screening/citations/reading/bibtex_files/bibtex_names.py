"""Names in BibTeX: "First von Last", "von Last, Jr, First", {A Group}.

The rules are those of BibTeX (`btxdoc`). " and " outside braces separates people,
commas outside braces separate the parts of a name, and braces keep words together.
"""

from __future__ import annotations

import re

from screening.citations.fields import ONLY_INITIALS, name_of
from screening.citations.reading.bibtex_files.bibtex_latex import text_of

BRACES_OR_AND = re.compile(r"[{}]| and (?:and )*", re.I)
BRACES_OR_COMMA = re.compile(r"[{},]")
BRACES_OR_SPACE = re.compile(r"[{} ~]")
# No author list has more people. The rest is not read.
PEOPLE_AT_MOST = 20_000
NAME_CHARS = 1000
SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
NOBODY = frozenset({"", "others", "et al", "et al.", "…", "...", "al.", "al"})
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
    if "{" not in value:
        people = re.split(r"(?:^| )and(?= |$)", value, flags=re.I)
        if len(people) == 1 and ";" in value and "\\" not in value:
            people = value.split(";")
    else:
        people = _parted(value, BRACES_OR_AND)
    names = (_name(person.strip()) for person in people[:PEOPLE_AT_MOST])
    return tuple(name for name in names if name.lower() not in NOBODY)


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
    if " " not in text or GROUP.search(text):
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
