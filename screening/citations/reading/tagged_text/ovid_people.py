"""Authors and titles as Ovid prints them, without additions."""

from __future__ import annotations

import re
from collections.abc import Iterable

from screening.citations.fields import LIST_STARTS, fold
from screening.citations.lists import list_items
from screening.citations.markup import has_markup, plain_name
from screening.citations.people import names_of

# "[Inventor, Reprint Author; E-mail: a@b.com]"
ROLE = re.compile(r"\s*\[[^\[\]]*\](?=[\s,;.]*$)")
# "Zhang, Weijia 1,2,+": marks that point into the list of affiliations.
MARKS = re.compile(
    r"(?:\s+(?:\(?\d{1,2}\)?|[*+#†‡§¶^a-z])|(?<=[a-z.])\d{1,2})"
    r"(?:\s?,\s?(?:\d{1,2}|[*+#†‡§¶^a-z])){0,20}\s*$"
)
MARK_SIGNS = re.compile(r"[\s*+#†‡§¶^]+$")
DEGREE = (
    r"(?:M\.?D\.?|Ph\.?\s?D\.?|R\.?N\.?|D\.?O\.?|M\.?P\.?H\.?|[BM]\.?Sc\.?|[BM]\.?A\.?"
    r"|[BM]\.?S\.?|M\.?B\.?|B\.?Ch\.?|Ch\.?B\.?|MBBS|MBChB|DDS|DMD|DVM|Dr\.?PH|Dr\.?Med"
    r"|Ed\.?D\.?|Pharm\.?D\.?|Psy\.?D\.?|D\.?Phil\.?|Sc\.?D\.?|MBA|MHS|MHA|MPA|MSW|MSN"
    r"|BSN|CRNP|A?NP|DNP|DPT|PT|OTR|RD|LCSW|CNM|CNS|FA[A-Z]{1,4}|FRC[A-Z]{1,5}|MRC[A-Z]{1,4}"
    r"|F[A-Z]{3,5})"
)
DEGREES = re.compile(rf"(?:[\s,]+{DEGREE})+$")
ONLY_DEGREES = re.compile(rf"\s*{DEGREE}(?:[\s,;]+{DEGREE})*[\s\d,*+#]*")
LABELS = (
    r"(?:original |research |review |brief |short )?(?:articles?|reports?|papers?)"
    r"|reviews?|systematic review|miscellaneous|editorials?|letters?|references"
    r"|comments?|commentar(?:y|ies)|news|errat(?:um|a)|abstracts?|case reports?"
    r"|journal article|book reviews?|correspondence|announcements?|features?"
    r"|\d+ refs?|see comments?\.?|erratum appears[^\]]*|retract(?:ed|ion)[^\]]*"
    r"|summary for patients[^\]]*|(?:in )?(?:english|french|german|spanish|italian"
    r"|portuguese|russian|chinese|japanese|korean|polish|dutch|turkish|danish|swedish"
    r"|norwegian|finnish|czech|hungarian|persian|arabic|hebrew|ukrainian|croatian)"
)
# Additions to a title are short. The limit keeps hostile titles cheap.
LABEL_WITHIN = 200
# No author list has more people. The rest is not read.
PEOPLE_AT_MOST = 20_000
NAME_CHARS = 500
LABEL = re.compile(rf"(?<=\S)\s*\[(?:{LABELS})\]\s*\.?$", re.I)


def title_of(text: str) -> str:
    """Return a title without "[Article]", "[Review] [33 refs]" and the like at its end."""
    title = fold(text)
    for _ in range(4):
        begin = max(0, len(title) - LABEL_WITHIN)
        if title[-1:] not in ("]", ".") or not (label := LABEL.search(title, begin)):
            break
        title = title[: label.start()]
    return title.strip()


def authors_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the authors of values that each have one or several authors.

    Several authors are on separate lines or separated by semicolons. Older exports
    separate them by two spaces ("Smith J.  Jones AB."). Degrees are not people.
    """
    people: list[str] = []
    for text in texts:
        for line in text.split("\n"):
            people += _people_of_line(line)
    del people[PEOPLE_AT_MOST:]
    return names_of(person for person in map(_bare, people) if person)


def _people_of_line(line: str) -> list[str]:
    line = line.strip()
    if has_markup(line):
        line = plain_name(line)
    if line.startswith(LIST_STARTS):
        return list(list_items(line) or (line,))
    if line.endswith("]") and line.count("[") == 1:
        # A role can contain a semicolon: "[Author; E-mail: a@b.com]".
        line = line[: line.index("[")]
    parts = line.split(";") if ";" in line else line.split("  ")
    return [part for part in parts if part.strip() and not ONLY_DEGREES.fullmatch(part)]


def _bare(person: str) -> str:
    """Return one name without role, affiliation marks and degrees."""
    if len(person) > NAME_CHARS:
        return fold(person)
    name = fold(ROLE.sub("", person)).strip(" ,;")
    name = MARK_SIGNS.sub("", name).rstrip(" ,")
    name = MARKS.sub("", name).rstrip(" ,")
    name = MARK_SIGNS.sub("", name).rstrip(" ,")
    family, comma, given = name.partition(",")
    if comma and " " in given.strip():
        shorter = DEGREES.sub("", given)
        given = shorter if shorter.strip() else given
    return f"{family}{comma}{given}".strip(" ,;")
