"""The unit of the demonstration: one publication, invented or cited."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

MARK = "Invented record for demonstration"
PUBLISHER = "Invented Press (demonstration)"


class Kind(StrEnum):
    ARTICLE = "article"
    BOOK = "book"
    CHAPTER = "chapter"
    THESIS = "thesis"


class Reason(StrEnum):
    """Primary reasons for exclusion at full text, in the published review's order.

    The values are the texts of `numbers.json`, which paraphrase Åkerblom & Ness
    2022, Methods, Stage 3.
    """

    MUTUAL = "mutual peer support, self-help group, consumer-driven service, peer-led education or peer counselling programme"
    OPINION = "discussion paper, commentary, review: not a research paper"
    INCOMPLETE = (
        "incomplete description of research methods or of included participants"
    )
    UNCLEAR = "roles or contributions of peer workers cannot be determined, or unclear whether paid"
    RESEARCH = "peer workers involved in doing research, not in service delivery"
    EDUCATION = "peer workers engaged in education, not in service delivery"
    COLLEGE = "recovery college"
    YOUTH = "youth services (outside adults 18-65)"
    LANGUAGE = "not English, not peer reviewed"


class Way(StrEnum):
    """How a report outside the databases was found."""

    REFERENCE_LIST = "reference lists"
    EXPERT = "experts"
    SCANNING = "systematic scanning (2021)"


@dataclass(frozen=True, slots=True)
class Fate:
    """What finally happens to a work in the demonstration.

    `passes`: goes from title/abstract to full text. `reason` is set if and only
    if it is excluded there. `way` is set for the other-methods arm, whose works
    are in no database export. `near`: close enough to the topic that a screener
    may err on it.
    """

    passes: bool
    reason: Reason | None = None
    way: Way | None = None
    near: bool = False

    @property
    def included(self) -> bool:
        return self.passes and self.reason is None


@dataclass(frozen=True, slots=True)
class Traits:
    """What the charting of an included work says about it."""

    country: str
    focus: str
    role: str
    design: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """One publication as it really is; every database shows it its own way.

    Authors are "Family, Given"; pages are full numbers; an article number
    stands in `first_page` with an empty `last_page`.
    """

    number: int
    title: str
    authors: tuple[str, ...]
    year: int
    journal: str
    abbreviation: str
    issn: str
    volume: str
    issue: str
    first_page: str
    last_page: str
    doi: str
    pmid: str
    abstract: str
    keywords: tuple[str, ...]
    kind: Kind
    publisher: str
    domain: str
    invented: bool
    fate: Fate
    traits: Traits | None = None

    @property
    def key(self) -> str:
        """The stable name of the work, to be read off any full record of it."""
        return key_of(self.doi, self.title)


_NOT_WORD = re.compile(r"[^a-z0-9]+")


def folded(title: str) -> str:
    """A title without case, accents, punctuation and spaces."""
    plain = unicodedata.normalize("NFKD", title.casefold())
    plain = plain.replace("ø", "o").replace("ł", "l").replace("ı", "i")
    plain = plain.replace("æ", "ae").replace("ß", "ss").replace("đ", "d")
    return _NOT_WORD.sub("", plain)


def key_of(doi: str | None, title: str) -> str:
    """ "doi:…" in lower case where there is a DOI, else "title:" and the folded title."""
    return f"doi:{doi.lower()}" if doi else f"title:{folded(title)}"
