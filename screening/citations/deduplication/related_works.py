"""Related works that the settings of a team keep apart or merge."""

from __future__ import annotations

from screening.citations.deduplication.cleaning import Cleaned
from screening.citations.deduplication.evidence import (
    Evidence,
    PageMatch,
    compare_references,
)
from screening.citations.deduplication.match_policy import USUAL, MatchPolicy
from screening.citations.deduplication.pair_checks import (
    Veto,
    only_one_has,
    same_review,
)
from screening.citations.translation import gettext_noop

VERSIONS = gettext_noop("related: two versions of one review")
PREPRINT = gettext_noop("related: a preprint and an article")
MEETINGS = gettext_noop("related: possibly one abstract at two meetings")
RELATIONS = {
    VERSIONS: gettext_noop("two versions of one review"),
    PREPRINT: gettext_noop("a preprint and an article"),
    MEETINGS: gettext_noop("possibly one abstract at two meetings"),
}
"""The relation of two works by the reason of the veto that keeps them apart."""


def eased_evidence(
    a: Cleaned, b: Cleaned, evidence: Evidence, policy: MatchPolicy
) -> Evidence:
    """Return the evidence without fields that differ by nature in a merged pair.

    A preprint has no volume and another DOI than its article. One abstract is in
    another supplement at each meeting.
    """
    if evidence.title < 95 or not (
        (policy.preprints == "duplicate" and only_one_has(a, b, "preprint"))
        or (policy.congress_abstracts == "duplicate" and _two_meetings(a, b, evidence))
    ):
        return evidence
    return evidence._replace(
        year_gap=None if (evidence.year_gap or 0) <= 3 else evidence.year_gap,
        volume=None, issue=None, pages=PageMatch.MISSING, doi=None, pmid=None,
        journal=None,
    )  # fmt: skip


def relation_of_works(a: Cleaned, b: Cleaned, policy: MatchPolicy = USUAL) -> str:
    """Return how two related works belong together that a team keeps apart.

    "a preprint and an article", for example; "" for unrelated works.
    """
    found = related_veto(a, b, compare_references(a, b), policy)
    return RELATIONS[found.words] if found else ""


def related_veto(
    a: Cleaned, b: Cleaned, evidence: Evidence, policy: MatchPolicy
) -> Veto | None:
    """Return the veto for related works that the settings keep apart, else None."""
    if same_review(a, b) and policy.cochrane_updates == "related":
        is_other = a.doi != b.doi or evidence.year_gap
        return Veto("never", VERSIONS) if is_other else None
    if evidence.title < 75:
        return None
    is_preprint = only_one_has(a, b, "preprint") and not (
        evidence.doi or _printed_once(evidence)
    )
    if is_preprint and policy.preprints == "related":
        return Veto("different", PREPRINT)
    if _two_meetings(a, b, evidence) and policy.congress_abstracts == "related":
        return Veto("ask", MEETINGS)
    return None


def _printed_once(evidence: Evidence) -> bool:
    """Return True if both name the same pages of the same journal, whatever their DOIs."""
    return bool(evidence.pages == PageMatch.SAME and evidence.journal)


def _two_meetings(a: Cleaned, b: Cleaned, evidence: Evidence) -> bool:
    """Return True if both are meeting abstracts, in different places."""
    if "supplement" not in a.flags & b.flags or evidence.doi:
        return False
    apart = evidence.volume is False or evidence.pages == PageMatch.DIFFERENT
    return (apart or evidence.journal is False) and evidence.pages < PageMatch.START
