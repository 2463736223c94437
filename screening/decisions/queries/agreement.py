"""Agreement of the reviewers in closed waves of a stage."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from screening.decisions.models import Stage, Wave
from screening.decisions.models.rounds import Verdict, Vote
from screening.decisions.queries import stage_items
from screening.decisions.rules import agreement
from screening.decisions.rules.agreement import Agreement


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two members and their agreement; aliases if names are hidden."""

    first: str
    second: str
    measures: Agreement


@dataclass(frozen=True, slots=True)
class StageAgreement:
    """``double`` of ``total`` rounds have votes of two or more reviewers."""

    double: int
    total: int
    pairs: tuple[PairAgreement, ...]


def stage_agreement(viewer: Member, stage: Stage) -> StageAgreement | None:
    """Return the agreement on first votes, or None while no wave is closed.

    "Unsure" counts as include. While a wave is open its figures would reveal votes.
    All votes are blinded, because the database accepts none after a reveal. Members are
    compared in pairs, so that Cohen's kappa keeps its meaning in a larger team.
    """
    if not Wave.objects.filter(stage=stage, closed_at__isnull=False).exists():
        return None
    first: dict[int, dict[int, str]] = defaultdict(dict)
    votes = (
        Vote.objects.visible_to(viewer)
        .filter(
            stage_items.subject_in_review("round__", stage.subject),
            round__stage=stage,
            round__wave__closed_at__isnull=False,
        )
        .exclude(verdict=Verdict.WITHDRAWN)
        .order_by("version")
        .values_list("round", "author", "verdict")
    )
    for round_id, author, verdict in votes:
        said = "exclude" if verdict == Verdict.EXCLUDE else "include"
        first[round_id].setdefault(author, said)
    pairs: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    for said_by in first.values():
        authors = sorted(said_by)
        for i, one in enumerate(authors):
            for two in authors[i + 1 :]:
                pairs[one, two].append((said_by[one], said_by[two]))
    return StageAgreement(
        double=sum(len(said_by) > 1 for said_by in first.values()),
        total=len(first),
        pairs=tuple(_measured(viewer, stage, pairs)),
    )


def _measured(
    viewer: Member, stage: Stage, pairs: dict[tuple[int, int], list[tuple[str, str]]]
) -> list[PairAgreement]:
    readers = sorted({author for pair in pairs for author in pair})
    names = _names(viewer, stage, readers)
    found = []
    for (one, two), judgements in sorted(pairs.items()):
        counts = agreement.count_pairs(judgements, ["include", "exclude"])
        measures = agreement.measure_agreement(counts)
        if measures:
            found.append(PairAgreement(names[one], names[two], measures))
    return found


def _names(viewer: Member, stage: Stage, readers: list[int]) -> dict[int, str]:
    if stage.hides_names:
        return {
            pk: _("Reviewer {number}").format(number=no)
            for no, pk in enumerate(readers, 1)
        }
    people = Member.objects.filter(review=viewer.review_id, pk__in=readers)
    return dict(people.values_list("pk", "name"))
