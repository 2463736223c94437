"""The truth of the demo: the final decision for each reference, and all votes.

Keys are `Work.key`: "doi:…" in lower case, else "title:" and the folded title.
Results do not depend on the order of calls.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from reviewapp.demo.generator import other_works, works
from reviewapp.demo.seeded_random import share_of
from reviewapp.demo.work import Fate, Reason, Way, Work, folded, key_of


class Verdict(StrEnum):
    INCLUDE = "include"
    EXCLUDE = "exclude"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Vote:
    """A simulated reviewer's vote; `reason` only for exclusions at full text."""

    verdict: Verdict
    reason: Reason | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """The planned counts of the flow."""

    screened: int
    excluded_at_title_abstract: int
    full_text_databases: int
    full_text_all: int
    excluded_at_full_text: dict[Reason, int]
    included_databases: int
    included_other: dict[Way, int]

    @property
    def included(self) -> int:
        return self.included_databases + sum(self.included_other.values())


# Error rates of a reviewer where two vote: shares of opposite and of unsure votes.
# They give a Cohen's kappa of about 0.8 over a random fifth of the records; see
# docs/published-review.md.
_MISSES = {"a": (0.045, 0.02), "b": (0.09, 0.04)}
_FALSE_ALARMS_NEAR = {"a": (0.004, 0.003), "b": (0.012, 0.007)}
_FALSE_ALARMS_FAR = {"a": (0.0002, 0.0002), "b": (0.0006, 0.0004)}
_FULL_TEXT_ERRS = {"a": (0.015, 0.015), "b": (0.05, 0.025)}
OTHER_REASON_OF_B = 0.07


@cache
def by_key() -> dict[str, Work]:
    """Return all 13 189 works (13 178 from databases, 11 from other methods) by key."""
    return {work.key: work for work in works()}


@cache
def _by_title() -> dict[str, Work]:
    return {folded(work.title): work for work in works()}


@cache
def _by_doi() -> dict[str, Work]:
    return {work.doi: work for work in works() if work.doi}


@cache
def _sorted_titles() -> tuple[str, ...]:
    return tuple(sorted(_by_title()))


def find_key(doi: str | None, title: str) -> str | None:
    """Return the key of the work of a record, found by DOI or title.

    Recognises titles whose case, punctuation or spelling (randomised, randomized) a
    database changed, and titles cut with an ellipsis. Returns None for a record that is
    not part of the demo.
    """
    work = _by_doi().get(doi.lower()) if doi else None
    if work:
        return work.key
    name = folded(title)
    work = _by_title().get(name) or _by_title().get(
        name.replace("andomized", "andomised")
    )
    if work is None and title.rstrip().endswith(("…", "...")):
        work = _only_title_that_starts(name)
    return work.key if work else None


def _only_title_that_starts(beginning: str) -> Work | None:
    titles = _sorted_titles()
    at = bisect_left(titles, beginning)
    fits = [t for t in titles[at : at + 2] if t.startswith(beginning)]
    return _by_title()[fits[0]] if len(fits) == 1 else None


def key_of_copies(copies: Iterable[tuple[str | None, str]]) -> str | None:
    """Return the key of a merged reference, from DOI and title of all its records."""
    return next((key for copy in copies if (key := find_key(*copy))), None)


def fate_of(key: str) -> Fate:
    """Return the planned status of a key. Raises KeyError if it is unknown."""
    return by_key()[key].fate


def vote_of_a(key: str, *, double: bool) -> Vote:
    """Return the first reviewer's vote; it is wrong only if a second one votes too."""
    return _screening_vote("a", key) if double else Vote(_planned(key))


def vote_of_b(key: str) -> Vote:
    """Return the second reviewer's vote at title and abstract."""
    return _screening_vote("b", key)


def _planned(key: str) -> Verdict:
    return Verdict.INCLUDE if fate_of(key).passes else Verdict.EXCLUDE


def _screening_vote(reader: str, key: str) -> Vote:
    """Return the planned vote or an error; A and B never err on the same record."""
    fate = fate_of(key)
    table = _FALSE_ALARMS_NEAR if fate.near else _FALSE_ALARMS_FAR
    table = _MISSES if fate.passes else table
    wrong = Verdict.EXCLUDE if fate.passes else Verdict.INCLUDE
    slip = _slip("title-abstract", key, table, reader)
    if slip is None:
        return Vote(_planned(key))
    return Vote(wrong) if slip == "wrong" else Vote(Verdict.UNSURE, note=_DOUBT)


_DOUBT = "Not clear from the abstract whether the peer workers are employed."


def _slip(
    stage: str, key: str, table: dict[str, tuple[float, float]], reader: str
) -> str | None:
    """Return the kind of error, from one draw divided into A's and B's errors."""
    at = share_of("slip", stage, key)
    for name in ("a", "b"):
        wrong, unsure = table[name]
        for kind, share in (("wrong", wrong), ("unsure", unsure)):
            if at < share:
                return kind if name == reader else None
            at -= share
    return None


def full_text_vote_of_a(key: str, *, double: bool) -> Vote:
    """Return the first reviewer's vote at full text, with a reason if excluded."""
    return _full_text_vote("a", key) if double else _planned_full_text(key)


def full_text_vote_of_b(key: str) -> Vote:
    """Return the second reviewer's vote, sometimes with another reason than A's."""
    vote = _full_text_vote("b", key)
    other = share_of("reason", key) < OTHER_REASON_OF_B
    if vote.reason and vote.reason is fate_of(key).reason and other:
        return Vote(Verdict.EXCLUDE, _neighbour(vote.reason))
    return vote


def _planned_full_text(key: str) -> Vote:
    """Return the planned vote. Raises ValueError if it never reached full text."""
    fate = fate_of(key)
    if not fate.passes:
        raise ValueError(f"{key} is excluded at title/abstract")
    verdict = Verdict.INCLUDE if fate.included else Verdict.EXCLUDE
    return Vote(verdict, fate.reason)


def _full_text_vote(reader: str, key: str) -> Vote:
    planned = _planned_full_text(key)
    slip = _slip("full-text", key, _FULL_TEXT_ERRS, reader)
    if slip is None or fate_of(key).way:
        return planned
    if slip == "unsure":
        return Vote(Verdict.UNSURE, note="To be discussed: what do the peers do here?")
    if planned.reason:
        return Vote(Verdict.INCLUDE)
    return Vote(Verdict.EXCLUDE, Reason.UNCLEAR)


def _neighbour(reason: Reason) -> Reason:
    confused = {
        Reason.MUTUAL: Reason.UNCLEAR,
        Reason.INCOMPLETE: Reason.UNCLEAR,
        Reason.EDUCATION: Reason.COLLEGE,
        Reason.RESEARCH: Reason.UNCLEAR,
        Reason.OPINION: Reason.INCOMPLETE,
    }
    return confused.get(reason, Reason.MUTUAL)


def rationale(key: str, *, full_text: bool) -> str:
    """Return the text of the adjudicator for a conflict resolved as planned."""
    fate = fate_of(key)
    if not full_text:
        if fate.passes:
            return "Peer workers are named in a service; read in full."
        return "No paid peer workers in mental health or substance use services."
    if fate.reason:
        return f"Agreed after discussion: {fate.reason.value}."
    return "Agreed after discussion: the role of the peer workers is described."


@cache
def counts() -> Counts:
    """Return the planned flow, counted from the works themselves."""
    found = [w for w in works() if w.fate.way is None]
    passed = [w for w in found if w.fate.passes]
    others = other_works()
    return Counts(
        screened=len(found),
        excluded_at_title_abstract=len(found) - len(passed),
        full_text_databases=len(passed),
        full_text_all=len(passed) + len(others),
        excluded_at_full_text={
            reason: sum(w.fate.reason is reason for w in passed) for reason in Reason
        },
        included_databases=sum(w.fate.included for w in passed),
        included_other={way: sum(w.fate.way is way for w in others) for way in Way},
    )


__all__ = [
    "Counts",
    "Verdict",
    "Vote",
    "by_key",
    "counts",
    "fate_of",
    "find_key",
    "full_text_vote_of_a",
    "full_text_vote_of_b",
    "key_of",
    "key_of_copies",
    "rationale",
    "vote_of_a",
    "vote_of_b",
]
