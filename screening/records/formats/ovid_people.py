"""Authors and titles as Ovid prints them, without what it hangs on to them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .fields import fold, names_of

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
LABEL = re.compile(rf"(?<=\S)\s*\[(?:{LABELS})\]\s*\.?$", re.I)


def title_of(text: str) -> str:
    """A title without "[Article]", "[Review] [33 refs]" and the like at its end."""
    title = fold(text)
    for _ in range(4):
        shorter = LABEL.sub("", title, count=1)
        if shorter == title:
            break
        title = shorter
    return title.strip()


def authors_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The authors of values that each hold one or several.

    Several stand in lines of their own or behind semicolons; older exports part
    them by two spaces ("Smith J.  Jones AB."). Degrees are not people.
    """
    people: list[str] = []
    for text in texts:
        bare = ROLE.sub("", text) if text.rstrip().endswith("]") else text
        for line in bare.split("\n"):
            people += _people_of_line(line)
    return names_of(person for person in map(_bare, people) if person)


def _people_of_line(line: str) -> list[str]:
    line = line.strip()
    parts = line.split(";") if ";" in line else line.split("  ")
    return [part for part in parts if part.strip() and not ONLY_DEGREES.fullmatch(part)]


def _bare(person: str) -> str:
    """One name without role, affiliation marks and degrees."""
    name = fold(ROLE.sub("", person)).strip(" ,;")
    name = MARK_SIGNS.sub("", name).rstrip(" ,")
    name = MARKS.sub("", name).rstrip(" ,")
    name = MARK_SIGNS.sub("", name).rstrip(" ,")
    family, comma, given = name.partition(",")
    if comma and " " in given.strip():
        shorter = DEGREES.sub("", given)
        given = shorter if shorter.strip() else given
    return f"{family}{comma}{given}".strip(" ,;")
