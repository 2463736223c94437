"""A work: one publication of the demo, invented or cited."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

MARK = "Invented record for demonstration"
PUBLISHER = "Invented Press (demonstration)"


class WorkKind(StrEnum):
    ARTICLE = "article"
    BOOK = "book"
    CHAPTER = "chapter"
    THESIS = "thesis"


class ExclusionReason(StrEnum):
    """Primary reasons for exclusion at full text, in the published review's order.

    The values are the texts of `numbers.json`, which paraphrase Åkerblom & Ness 2022,
    Methods, Stage 3.
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


class FoundBy(StrEnum):
    """The method by which a report outside the databases was found."""

    REFERENCE_LIST = "reference lists"
    EXPERT = "experts"
    SCANNING = "systematic scanning (2021)"


@dataclass(frozen=True, slots=True)
class PlannedStatus:
    """The planned status of a work.

    `passes`: it is included at title and abstract. `reason` is set if and only if it is
    excluded at full text. `way` is set for other methods, whose works are in no
    database export. `near`: similar enough to the topic that a reviewer may err.
    """

    passes: bool
    reason: ExclusionReason | None = None
    way: FoundBy | None = None
    near: bool = False

    @property
    def included(self) -> bool:
        """Return True if it is included at full text."""
        return self.passes and self.reason is None


@dataclass(frozen=True, slots=True)
class Traits:
    """The charted values of an included work."""

    country: str
    focus: str
    role: str
    design: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """One publication as it really is; each database prints it differently.

    Authors are "Family, Given"; pages are full numbers. An article number is in
    `first_page`, with an empty `last_page`.
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
    kind: WorkKind
    publisher: str
    domain: str
    invented: bool
    planned: PlannedStatus
    traits: Traits | None = None

    @property
    def key(self) -> str:
        """Return the stable key of the work, which any complete record of it shows."""
        return work_key(self.doi, self.title)


_NOT_WORD = re.compile(r"[^a-z0-9]+")


def folded_title(title: str) -> str:
    """Return a title without case, accents, punctuation and spaces."""
    plain = unicodedata.normalize("NFKD", title.casefold())
    plain = plain.replace("ø", "o").replace("ł", "l").replace("ı", "i")
    plain = plain.replace("æ", "ae").replace("ß", "ss").replace("đ", "d")
    return _NOT_WORD.sub("", plain)


def work_key(doi: str | None, title: str) -> str:
    """Return "doi:…" in lower case, or "title:" and the folded title without a DOI."""
    return f"doi:{doi.lower()}" if doi else f"title:{folded_title(title)}"
