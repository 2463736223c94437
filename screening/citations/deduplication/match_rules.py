"""Match rules: agreement for which the answer is at least "same" or "ask".

A rule sets the minimum answer, unless a veto limits it: "same" if all that identifies a
work agrees, "ask" if so much agrees that a person should decide. The rules were found
by reading missed duplicates (docs/methods/duplicate-errors.md).
"""

from __future__ import annotations

from typing import Literal

from rapidfuzz import fuzz

from screening.citations.deduplication.cleaning import Cleaned
from screening.citations.deduplication.evidence import Evidence, PageMatch
from screening.citations.deduplication.match_policy import USUAL, MatchPolicy
from screening.citations.deduplication.pair_checks import only_one_has, same_review

MinimumAnswer = Literal["same", "ask"]
NAMING_TITLE = 40
"""Letters. A title of this length is hardly ever shared by chance."""
LONG_TITLE = 60
"""Letters. Authors hardly ever use a longer title again in the next year."""
ODD_KINDS = ("erratum", "reply", "comment", "protocol")


def minimum_answer(
    a: Cleaned, b: Cleaned, evidence: Evidence, policy: MatchPolicy = USUAL
) -> MinimumAnswer | None:
    """Return the minimum answer for a pair, None if no rule applies."""
    if same_review(a, b) and policy.cochrane_updates == "duplicate":
        return "same" if evidence.title == 100 else "ask"
    if (
        _placed(evidence)
        or _one_number(a, b, evidence)
        or _wanted(a, b, evidence, policy)
    ):
        return "same"
    if not ("generic" in a.flags | b.flags or only_one_has(a, b, *ODD_KINDS)) and (
        _one_stretch(a, b, evidence) or _unplaced(a, b, evidence)
    ):
        return "same"
    if _one_entry(a, b, evidence):
        return "same"
    return "ask" if may_be_same(a, b, evidence) else None


def may_be_same(a: Cleaned, b: Cleaned, evidence: Evidence) -> bool:
    """Return True if a person should decide, even for an abstract and an article.

    That is the case for an equal DOI and title; one title, perhaps with a subtitle, by
    the same authors in one journal, at most a year apart; or one page of one issue and
    a similar title.
    """
    if "generic" in a.flags | b.flags or evidence.pmid is False:
        return False
    if evidence.doi and evidence.title >= 80 and _title_length(a, b) >= NAMING_TITLE:
        return True
    if evidence.first_author is not False and _at_one_page(evidence):
        return evidence.title >= (60 if evidence.first_author else 80)
    titles = _title_length(a, b) >= NAMING_TITLE and (
        a.letters.startswith(b.letters) or b.letters.startswith(a.letters)
    )
    # An erratum counts as its article if both are in one volume.
    is_notice = only_one_has(a, b, "erratum", "reply", "comment") and (
        evidence.volume is False or evidence.title < 100
    )
    return (
        titles
        and _same_authors(evidence)
        and bool(evidence.journal)
        and (evidence.year_gap or 0) <= 1
        and not is_notice
    )


def _at_one_page(evidence: Evidence) -> bool:
    placed = evidence.volume and evidence.issue and evidence.journal
    return bool(placed) and evidence.pages >= PageMatch.START


def _title_length(a: Cleaned, b: Cleaned) -> int:
    return min(len(a.letters), len(b.letters))


def _same_authors(evidence: Evidence) -> bool:
    return bool(evidence.first_author) and evidence.authors >= 0.8


def _wanted(a: Cleaned, b: Cleaned, evidence: Evidence, policy: MatchPolicy) -> bool:
    """Return True if the settings merge the pair and title, authors, abstract agree."""
    preprint = policy.preprints == "duplicate" and only_one_has(a, b, "preprint")
    both = a.flags & b.flags
    congress = policy.congress_abstracts == "duplicate" and "supplement" in both
    return (
        (preprint or congress)
        and evidence.title == 100
        and _title_length(a, b) >= NAMING_TITLE
        and _same_authors(evidence)
        and (evidence.year_gap or 0) <= 1
        and not 0 <= evidence.abstract < 70
    )


def _placed(evidence: Evidence) -> bool:
    """Return True if title, first author and place agree, or number and abstract."""
    placed = (
        bool(evidence.volume)
        and evidence.journal is not False
        and evidence.issue is not False
    )
    if not (placed and evidence.pages >= PageMatch.START and evidence.first_author):
        return False
    if (
        evidence.title == 100
        and evidence.doi is not False
        and evidence.pmid is not False
    ):
        return (evidence.year_gap or 0) <= 1
    return bool(evidence.doi or evidence.pmid) and evidence.abstract >= 92


def _one_number(a: Cleaned, b: Cleaned, evidence: Evidence) -> bool:
    """Return True for one DOI of the item itself, with one title or all authors."""
    if not evidence.doi or False in (evidence.pmid, evidence.volume):
        return False
    # Two names of one journal need not be similar: the volume and the author are
    # enough.
    if not evidence.journal and not (evidence.volume and evidence.first_author):
        return False
    if only_one_has(a, b, "supplement", *ODD_KINDS) or "generic" in a.flags | b.flags:
        return False
    is_supplement = "supplement" in a.flags & b.flags
    apart = evidence.pages in (PageMatch.DIFFERENT, PageMatch.OVERLAP)
    if evidence.title >= 90 and evidence.volume and evidence.pages >= PageMatch.START:
        return a.part == b.part
    if evidence.title == 100 and _title_length(a, b) >= NAMING_TITLE:
        # Pages are mistyped more often than one DOI is given to two papers.
        return not apart or (bool(evidence.volume) and not is_supplement)
    return (
        not is_supplement
        and not apart
        and a.part == b.part
        and evidence.title >= 60
        and fuzz.token_sort_ratio(a.title, b.title) >= 85
        and min(len(a.surnames), len(b.surnames)) >= 2
        and _same_authors(evidence)
        and (evidence.year_gap or 0) <= 1
    )


def _one_stretch(a: Cleaned, b: Cleaned, evidence: Evidence) -> bool:
    """Return True for three or more equal pages of one volume by one author."""
    pages = a.pages
    return (
        pages is not None
        and evidence.pages == PageMatch.SAME
        and pages.first > 1
        and pages.last - pages.first >= 2
        and bool(evidence.volume)
        and evidence.journal is not False
        and False not in (evidence.issue, evidence.doi, evidence.pmid)
        and _hardly_other_authors(evidence)
        and (evidence.year_gap or 0) <= 1
        and "supplement" not in a.flags | b.flags
    )


def _hardly_other_authors(evidence: Evidence) -> bool:
    if evidence.first_author is None:
        return evidence.title >= 75
    return evidence.first_author and evidence.authors >= 0.6


def _unplaced(a: Cleaned, b: Cleaned, evidence: Evidence) -> bool:
    """Return True for one title, the same authors and journal, and no contradiction.

    One of the two has no pages yet.
    """
    if evidence.title < 100 or not _same_authors(evidence) or not evidence.journal:
        return False
    if False in (evidence.volume, evidence.issue, evidence.doi, evidence.pmid):
        return False
    if evidence.pages in (PageMatch.DIFFERENT, PageMatch.OVERLAP):
        return False
    if evidence.pages == PageMatch.FORMS and not (
        evidence.year_gap == 0 and (_ahead_of_print(a) or _ahead_of_print(b))
    ):
        return False
    if only_one_has(a, b, "supplement") or 0 <= evidence.abstract < 70:
        return False
    least = LONG_TITLE if evidence.year_gap else NAMING_TITLE
    return evidence.year_gap in (0, 1) and _title_length(a, b) >= least


def _ahead_of_print(r: Cleaned) -> bool:
    """Return True if the pages are those of an article without a volume: from 1."""
    return r.pages is not None and r.pages.first == 1 and not (r.volumes or r.issues)


def _one_entry(a: Cleaned, b: Cleaned, evidence: Evidence) -> bool:
    """Return True for two exports of one entry without authors.

    Title, issue and abstract agree.
    """
    return (
        evidence.title == 100
        and bool(evidence.volume and evidence.issue and evidence.journal)
        and evidence.abstract >= 95
        and evidence.year_gap == 0
        and evidence.first_author is not False
        and False not in (evidence.doi, evidence.pmid)
        and evidence.pages not in (PageMatch.DIFFERENT, PageMatch.OVERLAP)
    )
