"""The screening page: the next record or report, its reasons and one's own votes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from reviewapp.core.queries import protocol
from reviewapp.core.queries.protocol import ProtocolView
from screening.decisions.models import Decision, Reason, Stage
from screening.decisions.models.rounds import Assignment, Round, Verdict
from screening.decisions.queries import late, policies, queue, screening_items
from screening.decisions.queries.late import VoteOnDuplicate
from screening.decisions.queries.queue import OwnProgress, QueuePlace
from screening.decisions.queries.screening_items import ScreeningItem
from screening.records.queries.corrections import correction_times
from screening.records.rules.best_fields import FIELDS

PAGE = 50


@dataclass(frozen=True, slots=True)
class ReasonView:
    """A reason for exclusion that the stage offers."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class OwnVote:
    """The viewer's own newest vote in a round."""

    verdict: str
    reason_code: str
    reason: str
    note: str
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Screening:
    """A round as its reviewer sees it. ``own`` is None if they have not voted.

    ``on_duplicate``: their own vote on a duplicate that was merged in the meantime.
    ``own_version``: the version of their newest vote, also if it is withdrawn; 0: none.
    """

    round_code: str
    paper: ScreeningItem
    protocol: ProtocolView | None
    reasons: tuple[ReasonView, ...]
    own: OwnVote | None
    progress: OwnProgress
    own_version: int = 0
    on_duplicate: VoteOnDuplicate | None = None


@dataclass(frozen=True, slots=True)
class OwnVoteLine:
    """A line of "My votes". ``is_final``: decided, or its wave is closed.

    ``changed``: fields of the record that a member corrected after the vote. Corrections
    are public, and the line is about the viewer's own vote.
    """

    round_code: str
    record_code: str
    title: str
    year: int | None
    vote: OwnVote
    is_final: bool
    changed: tuple[str, ...] = ()


def next_item(viewer: Member, stage: Stage) -> Screening | None:
    """Return the viewer's next item in the open wave, or None.

    Takes seven queries, and one more for a record with a DOI or PMID.
    """
    place = queue.next_place(viewer, stage)
    return _screening(viewer, stage, place, None) if place else None


def find_item(viewer: Member, stage: Stage, round_code: str) -> Screening | None:
    """Return a round that the viewer is assigned to, has a vote in or can vote in."""
    rounds = Round.objects.seen_by(viewer).filter(code=round_code, stage=stage)
    row = rounds.values_list("code", "record__code", "report__code").first()
    if row is None:
        return None
    newest = _newest_own(viewer, round_code)
    own = _standing(newest)
    assignments = Assignment.objects.filter(
        round__code=round_code, member=viewer, vacated_at=None
    )
    if (
        own is None
        and not assignments.exists()
        and not policies.is_in_pool(viewer, stage)
    ):
        return None
    version = newest.version if newest else 0
    place = QueuePlace(row[0], row[1], row[2], version)
    return _screening(viewer, stage, place, own)


def own_vote(viewer: Member, round_code: str) -> OwnVote | None:
    """Return the viewer's current vote in a round, or None."""
    return _standing(_newest_own(viewer, round_code))


def _newest_own(viewer: Member, round_code: str) -> Any:
    return (
        queue.own_votes(viewer)
        .filter(round__code=round_code)
        .select_related("reason")
        .order_by("-version")
        .first()
    )


def _standing(newest: Any) -> OwnVote | None:
    if newest is None or newest.verdict == Verdict.WITHDRAWN:
        return None
    return _own(newest)


def _own(vote: Any) -> OwnVote:
    return OwnVote(
        verdict=vote.verdict,
        reason_code=vote.reason.code if vote.reason else "",
        reason=vote.reason.text if vote.reason else "",
        note=vote.note,
        at=vote.created_at,
        version=vote.version,
    )


def _screening(
    viewer: Member, stage: Stage, place: QueuePlace, own: OwnVote | None
) -> Screening | None:
    if place.report_code:
        paper = screening_items.report_item(viewer, place.report_code)
    else:
        paper = screening_items.record_item(viewer, place.record_code or "")
    if paper is None:
        return None
    return Screening(
        round_code=place.round_code,
        paper=paper,
        protocol=protocol.latest_protocol(viewer),
        reasons=offered_reasons(stage),
        own=own,
        progress=queue.own_progress(viewer, stage),
        own_version=place.own_version,
        on_duplicate=None
        if own
        else late.own_vote_on_duplicate(viewer, stage, paper.copies),
    )


def offered_reasons(stage: Stage) -> tuple[ReasonView, ...]:
    """Return the reasons that a stage offers, in order."""
    offered = Reason.objects.filter(stage=stage, retired_at=None).order_by("position")
    return tuple(ReasonView(reason.code, reason.text) for reason in offered)


def own_vote_page(
    viewer: Member, stage: Stage, after: str = "", verdict: str = ""
) -> tuple[list[OwnVoteLine], str]:
    """Return the viewer's own votes, newest first, and the cursor of the next page.

    The cursor is the code of the last round on the page. Nothing shows whether a round
    is in conflict, because that would reveal another member's vote.
    """
    votes = queue.own_votes(viewer).filter(round__stage=stage)
    newer = votes.filter(round=OuterRef("round"), version__gt=OuterRef("version"))
    standing = votes.filter(~Exists(newer)).exclude(verdict=Verdict.WITHDRAWN)
    if verdict in Verdict.values:
        standing = standing.filter(verdict=verdict)
    last = votes.filter(round__code=after).order_by("-pk").first() if after else None
    if last:
        standing = standing.filter(
            Q(created_at__lt=last.created_at)
            | Q(created_at=last.created_at, pk__lt=last.pk)
        )
    rows = list(
        standing.select_related("reason")
        .annotate(
            is_final=Exists(Decision.objects.filter(round=OuterRef("round")))
            | Q(round__wave__closed_at__isnull=False)
        )
        .order_by("-created_at", "-pk")[: PAGE + 1]
    )
    lines = _lines(viewer, rows[:PAGE])
    return lines, lines[-1].round_code if len(rows) > PAGE else ""


def last_own_vote(viewer: Member, stage: Stage) -> OwnVoteLine | None:
    """Return the viewer's latest vote at a stage, which can be undone, or None."""
    newest = (
        queue.own_votes(viewer)
        .filter(round__stage=stage)
        .select_related("reason")
        .order_by("-pk")
        .first()
    )
    if newest is None or newest.verdict == Verdict.WITHDRAWN:
        return None
    newest.is_final = False
    return _lines(viewer, [newest])[0]


def _lines(viewer: Member, votes: list[Any]) -> list[OwnVoteLine]:
    rounds = {
        row["pk"]: row
        for row in Round.objects.seen_by(viewer)
        .filter(pk__in=[vote.round_id for vote in votes])
        .values("pk", "code", "record", "report", "record__code", "report__record")
    }
    shown = screening_items.items_of(
        viewer,
        [(row["record"] or row["report__record"], None) for row in rounds.values()],
    )
    papers = {
        row["pk"]: (row["record"] or row["report__record"]) for row in rounds.values()
    }
    every = {pk for pk, _report in shown if pk}.union(
        *(item.copies for item in shown.values())
    )
    times = correction_times(every)
    lines = []
    for vote in votes:
        row = rounds[vote.round_id]
        pk = papers[vote.round_id]
        paper = shown[pk, None]
        changed = {
            field
            for one in (pk, *paper.copies)
            for field, at in times.get(one, ())
            if at > vote.created_at
        }
        lines.append(
            OwnVoteLine(
                round_code=row["code"],
                record_code=paper.record_code,
                title=paper.title,
                year=paper.record.year,
                vote=_own(vote),
                is_final=vote.is_final,
                changed=tuple(
                    _(label) for name, label in FIELDS.items() if name in changed
                ),
            )
        )
    return lines
