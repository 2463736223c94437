"""Vetoes: evidence that two similar records are different works.

A veto limits the score, whatever the fields add up to. "ask" leaves the decision to a
person, "different" not even that, and "never" also forbids a merge through other
records. The vetoes were found by reading pairs that published tools merge wrongly
(docs/methods/deduplication.md).
"""

from __future__ import annotations

from collections.abc import Callable

from screening.citations.deduplication.cleaning import Cleaned
from screening.citations.deduplication.evidence import (
    Evidence,
    PageMatch,
    has_digit,
)
from screening.citations.deduplication.match_policy import USUAL, MatchPolicy
from screening.citations.deduplication.match_rules import may_be_same
from screening.citations.deduplication.one_page import (
    other_items,
    replaced_word,
    two_dois,
)
from screening.citations.deduplication.pair_checks import (
    Veto,
    one_text_in_one_volume,
    only_one_has,
    same_own_doi,
    same_print_place,
    same_review,
)
from screening.citations.deduplication.related_works import related_veto
from screening.citations.translation import gettext_noop

SHORT_TITLE = 25
"""Letters. Shorter titles are shared by chance."""
SMALL_WORDS = frozenset(
    [
        "the", "and", "for", "with", "from", "into", "among", "between", "its", "their",
        "after", "before", "during", "via", "der", "die", "das", "und", "von", "des",
        "les", "una", "los", "las", "del", "para", "por", "con", "sur", "dans", "study",
        "trial", "review", "report", "article", "letter", "editorial", "comment",
        "abstract", "commentary",
    ]
)  # fmt: skip
"""Words that do not distinguish two titles if one lacks them."""
_STRICTNESS = {"ask": 0, "different": 1, "never": 2}


Rule = Callable[[Cleaned, Cleaned, Evidence], Veto | None]


def find_veto(
    a: Cleaned, b: Cleaned, evidence: Evidence, policy: MatchPolicy = USUAL
) -> Veto | None:
    """Return the strictest veto against a match, None if there is none."""
    found = [refusal for rule in RULES if (refusal := rule(a, b, evidence))]
    strictest = max(found, key=_strictness, default=None)
    if strictest and strictest.doubt == "different" and may_be_same(a, b, evidence):
        strictest = Veto("ask", strictest.words)
    related = related_veto(a, b, evidence, policy)
    if strictest and related:
        return max(strictest, related, key=_strictness)
    return strictest or related


def _strictness(refusal: Veto) -> int:
    return _STRICTNESS[refusal.doubt]


def _other_review(a: Cleaned, b: Cleaned, evidence: Evidence) -> Veto | None:
    """Return a veto for Cochrane reviews with different numbers."""
    if a.cochrane and b.cochrane and a.cochrane != b.cochrane:
        return Veto(
            "never", gettext_noop("two Cochrane reviews with different numbers")
        )
    return None


def _parts(a: Cleaned, b: Cleaned, evidence: Evidence) -> Veto | None:
    """Return a veto for two parts of a series."""
    if a.part == b.part:
        return None
    if a.part is not None and b.part is not None:
        return Veto("never", gettext_noop("different parts of a series"))
    if evidence.title < 100 and not (same_print_place(evidence) or evidence.doi):
        return Veto("ask", gettext_noop("only one of them names a part of a series"))
    return None


def _answers(a: Cleaned, b: Cleaned, evidence: Evidence) -> Veto | None:
    """Return a veto for an article and an erratum, reply or comment."""
    if not only_one_has(a, b, "erratum", "reply", "comment", "notice"):
        return None
    in_doubt = Veto("ask", gettext_noop("one may be an erratum, reply or comment"))
    placed = evidence.pages >= PageMatch.SAME and same_print_place(evidence)
    if only_one_has(a, b, "notice") and (placed or evidence.doi):
        # A program gave the notice the DOI or pages of its article, or lost the word.
        return in_doubt
    if placed and evidence.doi:
        return None
    if placed or evidence.doi:
        return in_doubt if evidence.title < 95 or evidence.doi is False else None
    return Veto("different", gettext_noop("one is an erratum, reply or comment"))


def _meetings(a: Cleaned, b: Cleaned, evidence: Evidence) -> Veto | None:
    """Return a veto for a meeting abstract and an article."""
    if not only_one_has(a, b, "supplement"):
        return None
    if (
        evidence.volume
        and evidence.abstract >= 92
        and evidence.pages != PageMatch.DIFFERENT
    ):
        return None
    if evidence.pages >= PageMatch.START and (
        evidence.volume is not False or evidence.doi
    ):
        return None
    if (
        evidence.doi
        and evidence.volume is not False
        and evidence.pages != PageMatch.DIFFERENT
    ):
        return None
    if evidence.pages == PageMatch.MISSING and _bare(a, b) and evidence.title == 100:
        return None
    if evidence.pages == PageMatch.DIFFERENT or evidence.volume is False:
        return Veto(
            "different", "one is a meeting abstract or supplement, the other an article"
        )
    return (
        Veto("ask", gettext_noop("only one is from a supplement or meeting"))
        if not evidence.doi
        else None
    )


def _bare(a: Cleaned, b: Cleaned) -> bool:
    """Return True if the one outside a supplement has neither pages nor a DOI.

    Citation indexes list meeting abstracts like this. An article would have one of
    them.
    """
    article = b if "supplement" in a.flags else a
    return not article.pages and not article.doi


def _generic(a: Cleaned, b: Cleaned, evidence: Evidence) -> Veto | None:
    """Return a veto for editorials and the like.

    A journal has one in each issue, often on one page.
    """
    if ("generic" not in a.flags and "generic" not in b.flags) or same_review(a, b):
        return None
    if (
        evidence.doi
        or evidence.pmid
        or (same_print_place(evidence) and evidence.issue is not False)
    ):
        return None
    elsewhere = (
        evidence.doi is False
        or evidence.volume is False
        or evidence.issue is False
        or evidence.pages == PageMatch.DIFFERENT
        or (evidence.year_gap or 0) >= 2
    )
    if evidence.abstract >= 92 and not elsewhere:
        return None
    return Veto(
        "never" if elsewhere else "different",
        gettext_noop("the title is too general and neither page nor DOI match"),
    )


def _other_place(a: Cleaned, b: Cleaned, evidence: Evidence) -> Veto | None:
    """Return a veto for two places of publication.

    It is a reprint, a translation, or the next paper.
    """
    if same_review(a, b):
        return None
    if evidence.pages == PageMatch.DIFFERENT and not (
        (same_own_doi(a, b, evidence) and evidence.title >= 88)
        or one_text_in_one_volume(a, b, evidence)
    ):
        return Veto("ask", gettext_noop("different pages"))
    if (
        evidence.volume is False
        and evidence.pages < PageMatch.START
        and not evidence.doi
    ):
        return Veto("ask", gettext_noop("different volumes"))
    if evidence.doi is False and (
        evidence.volume is False or evidence.journal is False
    ):
        return Veto(
            "ask", gettext_noop("different DOIs, and different journals or volumes")
        )
    if (
        evidence.issue is False
        and evidence.pages < PageMatch.START
        and not evidence.doi
    ):
        return Veto("ask", gettext_noop("different issues"))
    # The journal has a name in two languages if volume, issue and title are equal.
    if (
        evidence.journal is False
        and evidence.pages < PageMatch.START
        and not evidence.doi
        and not (evidence.volume and evidence.issue and evidence.title == 100)
    ):
        return Veto("ask", gettext_noop("different journals"))
    return None


def _years(a: Cleaned, b: Cleaned, evidence: Evidence) -> Veto | None:
    """Return a veto for one title years apart: an update, yearly report, reprint."""
    if not evidence.year_gap or same_review(a, b):
        return None
    if evidence.doi or (
        evidence.pages >= PageMatch.SAME and same_print_place(evidence)
    ):
        return None
    if evidence.year_gap >= 2:
        return Veto("ask", gettext_noop("the years differ by two or more"))
    if evidence.journal or evidence.pages >= PageMatch.START:
        return None
    return Veto(
        "ask", gettext_noop("different years, and neither journal, page nor DOI match")
    )


def _wording(a: Cleaned, b: Cleaned, evidence: Evidence) -> Veto | None:
    """Return a veto for a changed or added content word: two papers of one group."""
    if evidence.title >= 100 or evidence.title < 60:
        return None
    if same_own_doi(a, b, evidence) or (
        evidence.pages >= PageMatch.START and same_print_place(evidence)
    ):
        return None
    if has_digit(evidence.only_a + evidence.only_b):
        return Veto("ask", gettext_noop("a number in the titles differs"))
    if evidence.only_a and evidence.only_b and not evidence.contained:
        return Veto("ask", gettext_noop("a word in the titles differs"))
    added = [
        w
        for w in evidence.only_a + evidence.only_b
        if len(w) > 2 and w not in SMALL_WORDS
    ]
    # More than two words are a subtitle that one export leaves out.
    if 1 <= len(added) <= 2 and evidence.abstract < 70:
        return Veto(
            "ask", gettext_noop("one title has a word that the other does not have")
        )
    return None


def _pubmed(a: Cleaned, b: Cleaned, evidence: Evidence) -> Veto | None:
    """Return a veto for different PMIDs."""
    if evidence.pmid is not False:
        return None
    if (
        evidence.title == 100
        and evidence.pages >= PageMatch.SAME
        and same_print_place(evidence)
    ):
        return Veto("ask", gettext_noop("different PubMed IDs"))
    return Veto("different", gettext_noop("different PubMed IDs"))


def _short_title(a: Cleaned, b: Cleaned, evidence: Evidence) -> Veto | None:
    """Return a veto for a short title without other agreement."""
    if (
        min(len(a.letters), len(b.letters)) >= SHORT_TITLE
        or not a.letters
        or not b.letters
        or same_review(a, b)
    ):
        return None
    named = evidence.first_author or evidence.doi or evidence.pages >= PageMatch.START
    return (
        None
        if named or evidence.abstract >= 92
        else Veto(
            "ask",
            gettext_noop("the title is short and neither author, page nor DOI match"),
        )
    )


def _other_title(a: Cleaned, b: Cleaned, evidence: Evidence) -> Veto | None:
    """Return a veto for one place with different titles.

    It is a translated title, or two short items on one page.
    """
    if evidence.title >= 60 or evidence.title < 0 or evidence.contained:
        return None
    if evidence.doi is False:
        return Veto("different", gettext_noop("different titles and DOIs"))
    long = (
        a.pages is not None and a.pages.last - a.pages.first >= 2 and a.pages.first > 1
    )
    undecided = (
        evidence.issue is False
        or 0 <= evidence.abstract < 70
        or "supplement" in a.flags & b.flags
    )
    if long and not undecided and evidence.pages == PageMatch.SAME:
        return None
    return Veto("ask", gettext_noop("different titles"))


def _two_trials(a: Cleaned, b: Cleaned, evidence: Evidence) -> Veto | None:
    """Return a veto for two numbers of trial registers."""
    if not a.trial or not b.trial or a.trial == b.trial:
        return None
    if (
        evidence.doi
        or evidence.pmid
        or (evidence.title == 100 and same_print_place(evidence))
    ):
        return Veto("ask", gettext_noop("different trial numbers"))
    return Veto("never", gettext_noop("different trial numbers"))


def _bare_title(a: Cleaned, b: Cleaned, evidence: Evidence) -> Veto | None:
    """Return a veto for a title without any other field.

    Somebody typed it, or the source had no more. A title alone does not identify a
    work.
    """
    for one in (a, b):
        known = (one.surnames, one.year, one.journal, one.pages, one.volumes, one.doi,
                 one.pmid, one.trial, one.abstract)  # fmt: skip
        if not any(known):
            return Veto("ask", gettext_noop("one of them has only a title"))
    return None


RULES: tuple[Rule, ...] = (
    _bare_title,
    _other_review, _two_trials, _parts, _answers, _meetings, _generic, _other_place,
    _years, other_items, replaced_word, two_dois, _wording, _pubmed, _short_title, _other_title,
)  # fmt: skip
