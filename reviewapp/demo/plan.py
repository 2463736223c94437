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

from reviewapp.demo.generator import all_works, other_works
from reviewapp.demo.seeded_random import share_of
from reviewapp.demo.work import (
    ExclusionReason,
    FoundBy,
    PlannedStatus,
    Work,
    folded_title,
    work_key,
)


class PlannedVerdict(StrEnum):
    INCLUDE = "include"
    EXCLUDE = "exclude"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class PlannedVote:
    """A simulated reviewer's vote; `reason` only for exclusions at full text."""

    verdict: PlannedVerdict
    reason: ExclusionReason | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlannedCounts:
    """The planned counts of the flow."""

    screened: int
    excluded_at_title_abstract: int
    full_text_databases: int
    full_text_all: int
    excluded_at_full_text: dict[ExclusionReason, int]
    included_databases: int
    included_other: dict[FoundBy, int]

    @property
    def included(self) -> int:
        """Return the number of included studies."""
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
def works_by_key() -> dict[str, Work]:
    """Return all 13 189 works (13 178 from databases, 11 from other methods) by key."""
    return {work.key: work for work in all_works()}


@cache
def _by_title() -> dict[str, Work]:
    return {folded_title(work.title): work for work in all_works()}


@cache
def _by_doi() -> dict[str, Work]:
    return {work.doi: work for work in all_works() if work.doi}


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
    name = folded_title(title)
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


def key_of_duplicates(copies: Iterable[tuple[str | None, str]]) -> str | None:
    """Return the key of a merged reference, from DOI and title of all its records."""
    return next((key for copy in copies if (key := find_key(*copy))), None)


def planned_status(key: str) -> PlannedStatus:
    """Return the planned status of a key. Raises KeyError if it is unknown."""
    return works_by_key()[key].planned


def vote_of_a(key: str, *, double: bool) -> PlannedVote:
    """Return the first reviewer's vote; it is wrong only if a second one votes too."""
    return _screening_vote("a", key) if double else PlannedVote(_planned(key))


def vote_of_b(key: str) -> PlannedVote:
    """Return the second reviewer's vote at title and abstract."""
    return _screening_vote("b", key)


def _planned(key: str) -> PlannedVerdict:
    return (
        PlannedVerdict.INCLUDE if planned_status(key).passes else PlannedVerdict.EXCLUDE
    )


def _screening_vote(reader: str, key: str) -> PlannedVote:
    """Return the planned vote or an error; A and B never err on the same record."""
    status = planned_status(key)
    table = _FALSE_ALARMS_NEAR if status.near else _FALSE_ALARMS_FAR
    table = _MISSES if status.passes else table
    wrong = PlannedVerdict.EXCLUDE if status.passes else PlannedVerdict.INCLUDE
    slip = _slip("title-abstract", key, table, reader)
    if slip is None:
        return PlannedVote(_planned(key))
    return (
        PlannedVote(wrong)
        if slip == "wrong"
        else PlannedVote(PlannedVerdict.UNSURE, note=_DOUBT)
    )


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


def full_text_vote_of_a(key: str, *, double: bool) -> PlannedVote:
    """Return the first reviewer's vote at full text, with a reason if excluded."""
    return _full_text_vote("a", key) if double else _planned_full_text(key)


def full_text_vote_of_b(key: str) -> PlannedVote:
    """Return the second reviewer's vote, sometimes with another reason than A's."""
    vote = _full_text_vote("b", key)
    other = share_of("reason", key) < OTHER_REASON_OF_B
    if vote.reason and vote.reason is planned_status(key).reason and other:
        return PlannedVote(PlannedVerdict.EXCLUDE, _neighbour(vote.reason))
    return vote


def _planned_full_text(key: str) -> PlannedVote:
    """Return the planned vote. Raises ValueError if it never reached full text."""
    status = planned_status(key)
    if not status.passes:
        raise ValueError(f"{key} is excluded at title/abstract")
    verdict = PlannedVerdict.INCLUDE if status.included else PlannedVerdict.EXCLUDE
    return PlannedVote(verdict, status.reason)


def _full_text_vote(reader: str, key: str) -> PlannedVote:
    planned = _planned_full_text(key)
    slip = _slip("full-text", key, _FULL_TEXT_ERRS, reader)
    if slip is None or planned_status(key).way:
        return planned
    if slip == "unsure":
        return PlannedVote(
            PlannedVerdict.UNSURE, note="To be discussed: what do the peers do here?"
        )
    if planned.reason:
        return PlannedVote(PlannedVerdict.INCLUDE)
    return PlannedVote(PlannedVerdict.EXCLUDE, ExclusionReason.UNCLEAR)


def _neighbour(reason: ExclusionReason) -> ExclusionReason:
    confused = {
        ExclusionReason.MUTUAL: ExclusionReason.UNCLEAR,
        ExclusionReason.INCOMPLETE: ExclusionReason.UNCLEAR,
        ExclusionReason.EDUCATION: ExclusionReason.COLLEGE,
        ExclusionReason.RESEARCH: ExclusionReason.UNCLEAR,
        ExclusionReason.OPINION: ExclusionReason.INCOMPLETE,
    }
    return confused.get(reason, ExclusionReason.MUTUAL)


def rationale(key: str, *, full_text: bool) -> str:
    """Return the text of the adjudicator for a conflict resolved as planned."""
    status = planned_status(key)
    if not full_text:
        if status.passes:
            return "Peer workers are named in a service; read in full."
        return "No paid peer workers in mental health or substance use services."
    if status.reason:
        return f"Agreed after discussion: {status.reason.value}."
    return "Agreed after discussion: the role of the peer workers is described."


@cache
def planned_flow() -> PlannedCounts:
    """Return the planned flow, counted from the works themselves."""
    found = [w for w in all_works() if w.planned.way is None]
    passed = [w for w in found if w.planned.passes]
    others = other_works()
    return PlannedCounts(
        screened=len(found),
        excluded_at_title_abstract=len(found) - len(passed),
        full_text_databases=len(passed),
        full_text_all=len(passed) + len(others),
        excluded_at_full_text={
            reason: sum(w.planned.reason is reason for w in passed)
            for reason in ExclusionReason
        },
        included_databases=sum(w.planned.included for w in passed),
        included_other={
            way: sum(w.planned.way is way for w in others) for way in FoundBy
        },
    )


__all__ = [
    "PlannedCounts",
    "PlannedVerdict",
    "PlannedVote",
    "find_key",
    "full_text_vote_of_a",
    "full_text_vote_of_b",
    "key_of_duplicates",
    "planned_flow",
    "planned_status",
    "rationale",
    "vote_of_a",
    "vote_of_b",
    "work_key",
    "works_by_key",
]
