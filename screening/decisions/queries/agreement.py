"""Agreement of the reviewers in closed waves of a stage."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from reviewapp.core.models import Member, Role
from screening.decisions.models import Stage
from screening.decisions.models.rounds import Assignment, Verdict
from screening.decisions.queries import policies, waves
from screening.decisions.queries.counted_votes import (
    complete_votes,
    counted_votes,
    imported_votes,
)
from screening.decisions.rules import agreement
from screening.decisions.rules.agreement import Agreement


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two members and their agreement; aliases if names are hidden.

    ``with_reasons``: the same votes, where exclusions for different reasons differ.
    None if the stage does not ask for reasons.
    """

    first: str
    second: str
    measures: Agreement
    with_reasons: Agreement | None = None


@dataclass(frozen=True, slots=True)
class StageAgreement:
    """``double`` of ``total`` rounds have votes of two or more reviewers.

    ``single``: number of rounds with a vote of one reviewer only. ``imported``: number
    of rounds with a vote that was imported from another tool. Nothing is known about
    its blinding, so it is in no pair and not in ``double``.
    """

    double: int
    total: int
    pairs: tuple[PairAgreement, ...]
    single: int = 0
    imported: int = 0


# Fewer double-screened records would say much about single ones.
ENOUGH = 20

# A vote: its verdict and the primary key of its reason.
Said = tuple[str, int | None]
Pairs = dict[tuple[int, int], list[tuple[Said, Said]]]


def stage_agreement(viewer: Member, stage: Stage) -> StageAgreement | None:
    """Return the agreement on votes cast blind, or None while no wave is closed.

    "Unsure" counts as include. While a wave is open its figures would reveal votes.
    All votes are blinded, because the database accepts none after a reveal. Members are
    compared in pairs, so that Cohen's kappa keeps its meaning in a larger team.
    """
    if not waves.has_closed_wave(stage):
        return None
    return _agreement(
        viewer, stage, counted_votes(viewer, stage), imported_votes(viewer, stage)
    )


def open_agreement(viewer: Member, stage: Stage) -> StageAgreement | None:
    """Return the agreement in the open wave, if the review shows it to the viewer.

    The review chose so before the start. It is shown to leads who do not screen there,
    from ``ENOUGH`` double-screened decisions and conflicts on. It uses rounds that are
    decided by agreement or whose votes the viewer can read.
    """
    if not stage.shows_agreement or viewer.role != Role.LEAD:
        return None
    if _screens_there(viewer, stage):
        return None
    found = _agreement(viewer, stage, *complete_votes(viewer, stage))
    return found if found.double >= ENOUGH else None


def _screens_there(viewer: Member, stage: Stage) -> bool:
    """Return True if the viewer has, or ever had, an assignment or is in the pool."""
    had = Assignment.objects.filter(stage=stage, member=viewer)
    return had.exists() or policies.is_in_pool(viewer, stage)


def _agreement(
    viewer: Member, stage: Stage, counted: Any, imported: Any
) -> StageAgreement:
    foreign = set(imported.values_list("round", "author"))
    votes = counted.values_list("round", "author", "verdict", "reason")
    readers: Counter[int] = Counter()
    blind: dict[int, dict[int, Said]] = defaultdict(dict)
    for round_id, author, verdict, reason in votes:
        readers[round_id] += 1
        if (round_id, author) not in foreign:
            said = "exclude" if verdict == Verdict.EXCLUDE else "include"
            blind[round_id][author] = (said, reason if said == "exclude" else None)
    return StageAgreement(
        double=sum(len(said_by) > 1 for said_by in blind.values()),
        total=len(readers),
        pairs=tuple(_measured(viewer, stage, _pairs(blind.values()))),
        single=sum(n == 1 for n in readers.values()),
        imported=len({round_id for round_id, __ in foreign} & readers.keys()),
    )


def _pairs(rounds: Iterable[Mapping[int, Said]]) -> Pairs:
    pairs: Pairs = defaultdict(list)
    for said_by in rounds:
        for one, two in combinations(sorted(said_by), 2):
            pairs[one, two].append((said_by[one], said_by[two]))
    return pairs


def _measured(viewer: Member, stage: Stage, pairs: Pairs) -> list[PairAgreement]:
    readers = _in_unrelated_order(stage, {author for pair in pairs for author in pair})
    names = _names(viewer, stage, readers)
    reasons = _reason_categories(stage)
    found = []
    for one, two in combinations(readers, 2):
        judgements = [
            *pairs.get((one, two), ()),
            *((b, a) for a, b in pairs.get((two, one), ())),
        ]
        measures = agreement.measure_agreement(
            agreement.count_pairs(
                [(a[0], b[0]) for a, b in judgements], ["include", "exclude"]
            )
        )
        if measures:
            with_reasons = (
                agreement.measure_agreement(agreement.count_pairs(judgements, reasons))
                if reasons
                else None
            )
            found.append(PairAgreement(names[one], names[two], measures, with_reasons))
    return found


def _in_unrelated_order(stage: Stage, authors: Iterable[int]) -> list[int]:
    """Return the authors in an order that no other table or list has.

    It is the same for every viewer. Without the secret key of the site, no one can tell
    which label is whose.
    """

    def lot(author: int) -> str:
        return salted_hmac("reviewapp.alias", f"{stage.code}:{author}").hexdigest()

    return sorted(authors, key=lot)


def _reason_categories(stage: Stage) -> list[Said]:
    """Return the votes that a reviewer could choose; [] if reasons are not asked for.

    All reasons of the stage are categories, used or not, because the chance-corrected
    measures depend on how many there are.
    """
    if not stage.needs_reason:
        return []
    reasons = stage.reasons.order_by("position", "pk").values_list("pk", flat=True)
    return [("include", None), *(("exclude", reason) for reason in reasons)]


def _names(viewer: Member, stage: Stage, readers: list[int]) -> dict[int, str]:
    if stage.hides_names:
        return {
            pk: _("Reviewer {number}").format(number=no)
            for no, pk in enumerate(readers, 1)
        }
    people = Member.objects.filter(review=viewer.review_id, pk__in=readers)
    return dict(people.values_list("pk", "name"))
