"""Signs that two records are one work, whatever the trees say.

An accord is the least that is answered unless a veto objects: "same" where all that
names a work agrees, "ask" where so much agrees that a person should look. The kinds
were found by reading what was missed (docs/methods/duplicate-errors.md).
"""

from __future__ import annotations

from typing import Literal

from rapidfuzz import fuzz

from screening.records.rules.cleaning import Cleaned
from screening.records.rules.evidence import Evidence, PageMatch
from screening.records.rules.policy import USUAL, Policy
from screening.records.rules.signs import one_review, one_side

Accord = Literal["same", "ask"]
NAMING_TITLE = 40
"""Letters; a title of this length is shared by chance hardly ever."""
LONG_TITLE = 60
"""Letters; nor is a longer one used again by its authors in the next year."""
ODD_KINDS = ("erratum", "reply", "comment", "protocol")


def accord(
    a: Cleaned, b: Cleaned, seen: Evidence, policy: Policy = USUAL
) -> Accord | None:
    """What two are at least, unless a veto objects."""
    if one_review(a, b) and policy.cochrane_updates == "duplicate":
        return "same" if seen.title == 100 else "ask"
    if _placed(seen) or _one_number(a, b, seen) or _wanted(a, b, seen, policy):
        return "same"
    if not ("generic" in a.flags | b.flags or one_side(a, b, *ODD_KINDS)) and (
        _one_stretch(a, b, seen) or _unplaced(a, b, seen)
    ):
        return "same"
    if _one_entry(a, b, seen):
        return "same"
    return "ask" if perhaps_one(a, b, seen) else None


def perhaps_one(a: Cleaned, b: Cleaned, seen: Evidence) -> bool:
    """Whether a person should look, even at an abstract and an article: an equal DOI
    and title; one title, perhaps with a subtitle, by the same authors in one journal, a
    year apart at most; or one page of one issue and a title that is alike.
    """
    if "generic" in a.flags | b.flags or seen.pmid is False:
        return False
    if seen.doi and seen.title >= 80 and _title_length(a, b) >= NAMING_TITLE:
        return True
    if seen.first_author is not False and _at_one_page(seen):
        return seen.title >= (60 if seen.first_author else 80)
    titles = _title_length(a, b) >= NAMING_TITLE and (
        a.letters.startswith(b.letters) or b.letters.startswith(a.letters)
    )
    # An erratum is taken for its article where both stand in one volume.
    is_notice = one_side(a, b, "erratum", "reply", "comment") and (
        seen.volume is False or seen.title < 100
    )
    return (
        titles
        and _same_authors(seen)
        and bool(seen.journal)
        and (seen.year_gap or 0) <= 1
        and not is_notice
    )


def _at_one_page(seen: Evidence) -> bool:
    placed = seen.volume and seen.issue and seen.journal
    return bool(placed) and seen.pages >= PageMatch.START


def _title_length(a: Cleaned, b: Cleaned) -> int:
    return min(len(a.letters), len(b.letters))


def _same_authors(seen: Evidence) -> bool:
    return bool(seen.first_author) and seen.authors >= 0.8


def _wanted(a: Cleaned, b: Cleaned, seen: Evidence, policy: Policy) -> bool:
    """What a team wants to be one, where title, authors and abstract agree."""
    preprint = policy.preprints == "duplicate" and one_side(a, b, "preprint")
    both = a.flags & b.flags
    congress = policy.congress_abstracts == "duplicate" and "supplement" in both
    return (
        (preprint or congress)
        and seen.title == 100
        and _title_length(a, b) >= NAMING_TITLE
        and _same_authors(seen)
        and (seen.year_gap or 0) <= 1
        and not 0 <= seen.abstract < 70
    )


def _placed(seen: Evidence) -> bool:
    """Title, first author, volume and page; or place, author, number and abstract."""
    placed = bool(seen.volume) and seen.journal is not False and seen.issue is not False
    if not (placed and seen.pages >= PageMatch.START and seen.first_author):
        return False
    if seen.title == 100 and seen.doi is not False and seen.pmid is not False:
        return (seen.year_gap or 0) <= 1
    return bool(seen.doi or seen.pmid) and seen.abstract >= 92


def _one_number(a: Cleaned, b: Cleaned, seen: Evidence) -> bool:
    """One DOI that is the item's own: the titles are equal, or all authors are."""
    if not seen.doi or False in (seen.pmid, seen.volume):
        return False
    # Two names of a journal need not look alike: the volume and the author tell.
    if not seen.journal and not (seen.volume and seen.first_author):
        return False
    if one_side(a, b, "supplement", *ODD_KINDS) or "generic" in a.flags | b.flags:
        return False
    is_supplement = "supplement" in a.flags & b.flags
    apart = seen.pages in (PageMatch.DIFFERENT, PageMatch.OVERLAP)
    if seen.title >= 90 and seen.volume and seen.pages >= PageMatch.START:
        return a.part == b.part
    if seen.title == 100 and _title_length(a, b) >= NAMING_TITLE:
        # Pages are mistyped more often than one DOI is given to two papers.
        return not apart or (bool(seen.volume) and not is_supplement)
    return (
        not is_supplement
        and not apart
        and a.part == b.part
        and seen.title >= 60
        and fuzz.token_sort_ratio(a.title, b.title) >= 85
        and min(len(a.surnames), len(b.surnames)) >= 2
        and _same_authors(seen)
        and (seen.year_gap or 0) <= 1
    )


def _one_stretch(a: Cleaned, b: Cleaned, seen: Evidence) -> bool:
    """The same three pages or more of one volume by one author, in any language."""
    pages = a.pages
    return (
        pages is not None
        and seen.pages == PageMatch.SAME
        and pages.first > 1
        and pages.last - pages.first >= 2
        and bool(seen.volume)
        and seen.journal is not False
        and False not in (seen.issue, seen.doi, seen.pmid)
        and _hardly_other_authors(seen)
        and (seen.year_gap or 0) <= 1
        and "supplement" not in a.flags | b.flags
    )


def _hardly_other_authors(seen: Evidence) -> bool:
    if seen.first_author is None:
        return seen.title >= 75
    return seen.first_author and seen.authors >= 0.6


def _unplaced(a: Cleaned, b: Cleaned, seen: Evidence) -> bool:
    """One title, all authors and the journal, and nothing that differs: one of the two
    has no pages yet.
    """
    if seen.title < 100 or not _same_authors(seen) or not seen.journal:
        return False
    if False in (seen.volume, seen.issue, seen.doi, seen.pmid):
        return False
    if seen.pages in (PageMatch.DIFFERENT, PageMatch.OVERLAP):
        return False
    if seen.pages == PageMatch.FORMS and not (
        seen.year_gap == 0 and (_ahead_of_print(a) or _ahead_of_print(b))
    ):
        return False
    if one_side(a, b, "supplement") or 0 <= seen.abstract < 70:
        return False
    least = LONG_TITLE if seen.year_gap else NAMING_TITLE
    return seen.year_gap in (0, 1) and _title_length(a, b) >= least


def _ahead_of_print(r: Cleaned) -> bool:
    """Whether the pages are those of an article that has no volume yet: 1 and on."""
    return r.pages is not None and r.pages.first == 1 and not (r.volumes or r.issues)


def _one_entry(a: Cleaned, b: Cleaned, seen: Evidence) -> bool:
    """Two exports of one entry without authors: title, issue and abstract agree."""
    return (
        seen.title == 100
        and bool(seen.volume and seen.issue and seen.journal)
        and seen.abstract >= 95
        and seen.year_gap == 0
        and seen.first_author is not False
        and False not in (seen.doi, seen.pmid)
        and seen.pages not in (PageMatch.DIFFERENT, PageMatch.OVERLAP)
    )
