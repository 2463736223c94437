"""Late duplicates: records with decisions or votes that became duplicates.

The rule (docs/duplicates.md): the rounds of the kept record count; those of its
duplicates do not. No vote moves from one to the other. Two things may be shown:
final decisions on duplicates, to leads, and a member's own vote on a duplicate.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from screening.decisions.models import Decision, Stage
from screening.decisions.models.rounds import Round, Verdict
from screening.decisions.queries import queue, stored_counts
from screening.records.models import Duplicate, Import, Record
from screening.records.queries import clusters
from screening.records.queries.records import RecordView
from screening.records.queries.records import record_view as record_view


@dataclass(frozen=True, slots=True)
class StageResult:
    """The decisions on a duplicate and its kept record ("" if there is none yet)."""

    stage_name: str
    stage_code: str
    verdict: str
    reason: str
    kept_verdict: str
    kept_reason: str

    @property
    def agrees(self) -> bool:
        """Return True if both have the same decision."""
        return (self.verdict, self.reason) == (self.kept_verdict, self.kept_reason)


@dataclass(frozen=True, slots=True)
class LateDuplicate:
    """A duplicate with a decision that its kept record does not have."""

    merge_code: str
    copy: RecordView
    kept: RecordView
    results: tuple[StageResult, ...]
    merged_at: datetime


@dataclass(frozen=True, slots=True)
class VoteOnDuplicate:
    """The viewer's own vote on a duplicate of what they screen now."""

    record_code: str
    verdict: str
    reason_code: str
    reason: str
    at: datetime


def late_duplicates(viewer: Member) -> list[LateDuplicate]:
    """Return duplicates whose decisions differ from their kept record, newest first.

    Uses final decisions only, never votes. Six queries.
    """
    edges = list(_judged_edges(viewer))
    kept_of = clusters.kept_of([edge.record_id for edge in edges])
    kept_pks = set(kept_of.values())
    results = _results([*kept_of, *kept_pks])
    kept = {
        record.pk: record
        for record in Record.objects.select_related("source")
        .filter(pk__in=kept_pks)
        .defer("raw", "abstract")
    }
    found = []
    for edge in edges:
        root = kept_of[edge.record_id]
        lines = _beside(results[edge.record_id], results[root])
        if any(not line.agrees for line in lines):
            found.append(
                LateDuplicate(
                    merge_code=edge.code,
                    copy=record_view(edge.record),
                    kept=record_view(kept[root]),
                    results=lines,
                    merged_at=edge.created_at,
                )
            )
    return found


def count_late_duplicates(viewer: Member) -> int:
    """Return the number of ``late_duplicates``; one query, or four if there are any."""
    if not stored_counts.has_decided_aside(viewer.review_id):
        return 0
    copies = list(_judged(viewer).values_list("record", flat=True))
    kept_of = clusters.kept_of(copies)
    verdicts = _verdicts([*kept_of, *kept_of.values()])
    return sum(
        _differs(verdicts[record], verdicts[kept_of[record]]) for record in copies
    )


def _differs(
    copy: dict[int, tuple[Any, ...]], kept: dict[int, tuple[Any, ...]]
) -> bool:
    """Return True as ``StageResult.agrees`` is False at any stage of the copy."""
    return any(kept.get(stage) != verdict for stage, verdict in copy.items())


def _verdicts(pks: Iterable[int]) -> dict[int, dict[int, tuple[Any, ...]]]:
    """Return verdict and reason by record and stage (primary keys)."""
    wanted = set(pks)
    found: dict[int, dict[int, tuple[Any, ...]]] = defaultdict(dict)
    for record, stage, *verdict in Decision.objects.filter(
        Q(record__in=wanted) | Q(report__record__in=wanted)
    ).values_list(
        Coalesce("record", "report__record"), "stage", "verdict", "reason__text"
    ):
        found[record][stage] = tuple(verdict)
    return found


def _judged(viewer: Member) -> QuerySet[Duplicate]:
    # Starts from the few rounds that are set aside, not from all duplicates.
    decided = Decision.objects.filter(round__is_aside=True, review=viewer.review_id)
    return Duplicate.objects.filter(
        record__in=decided.values(pk_=Coalesce("record", "report__record")),
        review=viewer.review_id,
        undone_at=None,
    ).exclude(record__batch__state=Import.State.UNDONE)


def _judged_edges(viewer: Member) -> Iterable[Duplicate]:
    return (
        _judged(viewer)
        .select_related("record__source")
        .defer("record__raw", "record__abstract")
        .order_by("-pk")
    )


def _results(pks: Iterable[int]) -> dict[int, dict[int, Decision]]:
    """Return decisions by record and stage (primary keys), in the order of stages."""
    wanted = set(pks)
    found: dict[int, dict[int, Decision]] = defaultdict(dict)
    for one in (
        Decision.objects.filter(Q(record__in=wanted) | Q(report__record__in=wanted))
        .select_related("stage", "reason", "report")
        .order_by("stage__position", "pk")
    ):
        record = one.report.record_id if one.report else one.record_id
        if record is not None:
            found[record][one.stage_id] = one
    return found


def _beside(
    copy: dict[int, Decision], kept: dict[int, Decision]
) -> tuple[StageResult, ...]:
    lines = []
    for stage, one in copy.items():
        other = kept.get(stage)
        lines.append(
            StageResult(
                stage_name=one.stage.name,
                stage_code=one.stage.code,
                verdict=one.verdict,
                reason=one.reason.text if one.reason else "",
                kept_verdict=other.verdict if other else "",
                kept_reason=other.reason.text if other and other.reason else "",
            )
        )
    return tuple(lines)


def own_vote_on_duplicate(
    viewer: Member, stage: Stage, copies: tuple[int, ...]
) -> VoteOnDuplicate | None:
    """Return the viewer's newest vote at a stage on one of these records, or None.

    Votes of others are not read, and nothing is copied: the viewer can repeat the vote.
    No query if there are no duplicates.
    """
    if not copies:
        return None
    path = "record" if stage.subject == Stage.Subject.RECORD else "report__record"
    rounds = dict(
        Round.objects.seen_by(viewer)
        .filter(stage=stage, **{f"{path}__in": copies})
        .values_list("pk", f"{path}__code")
    )
    votes = queue.own_votes(viewer).filter(round__in=list(rounds))
    newer = votes.filter(round=OuterRef("round"), version__gt=OuterRef("version"))
    vote = (
        votes.filter(~Exists(newer))
        .exclude(verdict=Verdict.WITHDRAWN)
        .select_related("reason")
        .order_by("-created_at", "-pk")
        .first()
    )
    if vote is None:
        return None
    offered = vote.reason is not None and vote.reason.retired_at is None
    return VoteOnDuplicate(
        record_code=rounds[vote.round_id],
        verdict=vote.verdict,
        reason_code=vote.reason.code if vote.reason and offered else "",
        reason=vote.reason.text if vote.reason else "",
        at=vote.created_at,
    )


def decided_ranks(pks: Collection[int]) -> dict[int, int]:
    """Return how far records came by final decisions; two queries.

    The later the last decided stage the higher, at one stage an inclusion above an
    exclusion. Steps are of ten, so that other apps can decide between equal ones.
    """
    found: dict[int, int] = {}
    for path in ("record", "report__record"):
        rows = Decision.objects.filter(**{f"{path}__in": pks}).order_by()
        for pk, position, verdict in rows.values_list(
            path, "stage__position", "verdict"
        ):
            is_included = verdict == Decision.Verdict.INCLUDE
            rank = 10 * (2 * position + 1 + is_included)
            found[pk] = max(found.get(pk, 0), rank)
    return found


def decided_statuses(viewer: Member, pks: Collection[int]) -> dict[int, str]:
    """Return the last final decision on each record as text; one query."""
    sentences = {
        "include": _("included at {stage} ({day})"),
        "exclude": _("excluded at {stage} ({day})"),
    }
    found = {}
    for pk, decided in _results(pks).items():
        last = list(decided.values())[-1]
        if last.review_id == viewer.review_id:
            found[pk] = sentences[last.verdict].format(
                stage=last.stage.name, day=date_format(last.decided_at, "j F Y")
            )
    return found
