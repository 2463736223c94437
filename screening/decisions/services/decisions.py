"""Final decisions of rounds, and moving included records and reports on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviewapp.core import events
from reviewapp.core.blinding import Audience
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Missing, Refused
from screening.decisions.models import Decision, Reason, Stage
from screening.decisions.models.rounds import Assignment, Round
from screening.decisions.queries import policies, reopening
from screening.decisions.rules import consensus
from screening.decisions.rules.consensus import Agreed, Ballot, Disagreement, SingleVote
from screening.decisions.services import round_votes, rounds
from screening.records.models import Record
from screening.reports import hooks
from screening.reports.services import retrieval

NO_SUCH_REASON = gettext_lazy("This stage has no such reason. Choose one of its own.")


@dataclass(frozen=True, slots=True)
class RoundResult:
    """The result of a round; primary keys of the round, record, report and reason."""

    round_id: int
    record_id: int | None
    report_id: int | None
    verdict: str
    reason_id: int | None


def round_result(round_: Round, verdict: str, reason_id: int | None) -> RoundResult:
    """Return the result of ``round_``; only exclusions keep their reason."""
    kept = reason_id if verdict == consensus.EXCLUDE else None
    return RoundResult(round_.pk, round_.record_id, round_.report_id, verdict, kept)


@transaction.atomic
def decide_round(
    *,
    round: Round,  # noqa: A002  (the word of the domain)
    verdict: str,
    reason: Reason | None,
    how: str,
    actor: Member,
    now: datetime,
) -> Decision:
    """Store the decision of one locked round and move its record or report on."""
    made = decide_rounds(
        stage=round.stage,
        results=[round_result(round, verdict, reason.pk if reason else None)],
        how=how,
        actor=actor,
        now=now,
    )
    return made[0]


def decide_rounds(
    *,
    stage: Stage,
    results: Sequence[RoundResult],
    how: str,
    actor: Member,
    now: datetime,
) -> list[Decision]:
    """Store decisions of rounds of one stage, which the caller has locked and sealed.

    A decision is public, so it withdraws the assignments that are still open. Included
    records and reports move on: to the next stage of their kind, to retrieval
    after the last record stage, into the review after the last report stage. The event
    names the actor only for an adjudication, because no one may learn who voted last.
    """
    made = Decision.objects.bulk_create(
        (
            Decision(
                review_id=stage.review_id,
                stage=stage,
                round_id=one.round_id,
                record_id=one.record_id,
                report_id=one.report_id,
                verdict=one.verdict,
                reason_id=one.reason_id,
                how=how,
                decided_at=now,
            )
            for one in results
        ),
        batch_size=2000,
    )
    if not made:
        return made
    _withdraw_open_assignments([one.round_id for one in results], now)
    is_named = how == Decision.How.ADJUDICATION
    events.record(
        review=actor.review,
        actor=actor if is_named else None,
        kind="rounds:settled",
        now=now,
        subject=made[0].code if len(made) == 1 else "",
        stage=stage.name,
        how=how,
        n=len(made),
    )
    passed = [one for one in results if one.verdict == Decision.Verdict.INCLUDE]
    if passed:
        _go_on(stage=stage, passed=passed, actor=actor, is_named=is_named, now=now)
        _bring_back(stage=stage, passed=passed, actor=actor, is_named=is_named, now=now)
    return made


def _withdraw_open_assignments(pks: Sequence[int], now: datetime) -> None:
    active = Assignment.objects.filter(round__in=list(pks), vacated_at=None)
    pending = list(round_votes.open_to_author(active).values_list("pk", flat=True))
    Assignment.objects.filter(pk__in=pending).update(vacated_at=now)


def _go_on(
    *,
    stage: Stage,
    passed: Sequence[RoundResult],
    actor: Member,
    is_named: bool,
    now: datetime,
) -> None:
    """Move included records or reports on.

    These events name no actor either if that would reveal who voted last.
    """
    following = (
        Stage.objects.filter(review=stage.review_id, position__gt=stage.position)
        .order_by("position")
        .first()
    )
    if following and following.subject == stage.subject:
        rounds.open_rounds(stage=following, actor=actor, is_named=is_named, now=now)
    elif stage.subject == Stage.Subject.RECORD:
        records = Record.objects.filter(pk__in=[one.record_id for one in passed])
        retrieval.send_to_retrieval(
            actor=actor, records=records, is_named=is_named, now=now
        )
    else:
        by = actor if is_named else None
        hooks.studies_changed.call(review=actor.review, actor=by, now=now)


def _bring_back(
    *,
    stage: Stage,
    passed: Sequence[RoundResult],
    actor: Member,
    is_named: bool,
    now: datetime,
) -> None:
    """Bring later stages up to date where a reopened conflict is included again.

    Triggers have put the rounds and reports back. In the meantime their wave may have
    closed, a stage may have started, or the last open assignment may have been removed.
    """
    every = Round.objects.unblinded(reason="reopened rounds are public")
    back = every.filter(
        pk__in=[one.round_id for one in passed], reopened_at__isnull=False
    ).select_related("stage", "report")
    for round_ in back:
        later = reopening.later_rounds(round_)
        for after in Stage.objects.filter(
            review=stage.review_id,
            position__gt=stage.position,
            started_at__isnull=False,
        ).order_by("position"):
            rounds.open_rounds(stage=after, actor=actor, is_named=is_named, now=now)
        pks = list(later.values_list("pk", flat=True))
        conclude_rounds(pks=pks, actor=actor, now=now)


def conclude(
    *,
    stage: Stage,
    found: Sequence[tuple[Round, Sequence[Ballot]]],
    actor: Member,
    now: datetime,
) -> None:
    """Store the result of those locked, unsealed rounds that are complete.

    Agreement becomes a decision. Disagreement and "unsure" become visible to the
    adjudicators. Two or more votes seal the round: later changes have no effect. A
    round with one reviewer stays open until its decision, also after an "unsure".
    """
    agreed: list[RoundResult] = []
    conflicts: list[int] = []
    unsure: list[int] = []
    for round_, votes in found:
        came_to = consensus.consensus_of(votes, needs_reason=stage.needs_reason)
        if isinstance(came_to, Agreed):
            agreed.append(round_result(round_, came_to.verdict, came_to.reason))
        elif isinstance(came_to, Disagreement):
            (conflicts if len(votes) > 1 else unsure).append(round_.pk)
    every = Round.objects.unblinded(reason="a complete round is sealed")
    sealed = [*(one.round_id for one in agreed), *conflicts]
    every.filter(pk__in=sealed).update(sealed_at=now)
    if agreed:
        decide_rounds(
            stage=stage,
            results=agreed,
            how=Decision.How.AGREEMENT,
            actor=actor,
            now=now,
        )
    # A single reviewer who was unsure before has been revealed already.
    every.filter(pk__in=[*conflicts, *unsure], audience=Audience.AUTHOR).update(
        audience=Audience.ADJUDICATORS, revealed_at=now
    )


def conclude_rounds(*, pks: Sequence[int], actor: Member, now: datetime) -> None:
    """Conclude those of the rounds (primary keys) that are complete now."""
    locked = (
        Round.objects.unblinded(
            reason="assignments were removed: rounds may be complete"
        )
        .filter(~reopening.waits_for_resolution(), pk__in=pks, sealed_at=None)
        .select_for_update(of=("self",), no_key=True)
        .select_related("stage")
        .order_by("stage__position", "pk")
    )
    for stage, group in groupby(locked, key=lambda round_: round_.stage):
        some = list(group)
        votes = round_votes.ballots_of_rounds(
            [round_.pk for round_ in some], places=policies.pool_size_of(stage)
        )
        conclude(
            stage=stage,
            found=[(round_, votes[round_.pk]) for round_ in some if votes[round_.pk]],
            actor=actor,
            now=now,
        )


@transaction.atomic
def resolve_conflict(
    *,
    actor: Member,
    round_code: str,
    verdict: str,
    reason_code: str = "",
    now: datetime,
) -> Decision:
    """Resolve a conflict that the adjudicators can see; the votes do not change.

    Raises:
        Missing: the actor can see no such round.
        Refused: it is resolved already, or a reason is missing or of another stage.
    """
    require(actor, Action.ADJUDICATE)
    round_ = (
        Round.objects.revealed_to(actor)
        .filter(code=round_code)
        .select_for_update(of=("self",), no_key=True)
        .select_related("stage")
        .annotate(is_waiting=reopening.waits_for_resolution())
        .first()
    )
    if round_ is None:
        raise Missing(_("You can't open this conflict."))
    if Decision.objects.filter(round_id=round_.pk).exists():
        raise Refused(_("This conflict is already resolved. Nothing was changed."))
    if round_.is_waiting:
        raise Refused(
            _(
                "This conflict is set aside, because a conflict about the same record "
                "was reopened at an earlier stage. Resolve that one first."
            )
        )
    if verdict not in Decision.Verdict.values:
        raise Refused(_("Choose include or exclude."))
    reason = find_reason(round_.stage, reason_code)
    check_reason(round_.stage, verdict, reason)
    return decide_round(
        round=round_,
        verdict=verdict,
        reason=reason,
        how=Decision.How.ADJUDICATION,
        actor=actor,
        now=now,
    )


def find_reason(stage: Stage, code: str) -> Reason | None:
    """Return the reason ``code`` of this stage; None if the code is empty.

    Raises ``Refused`` if the stage has no such reason.
    """
    if not code:
        return None
    reason = Reason.objects.filter(stage=stage, code=code).first()
    if reason is None:
        raise Refused(str(NO_SUCH_REASON))
    return reason


def check_reason(stage: Stage, verdict: str, reason: Reason | None) -> None:
    """Raise ``Refused`` unless the reason fits the verdict at this stage."""
    if reason is not None and reason.stage_id != stage.pk:
        raise Refused(str(NO_SUCH_REASON))
    if stage.needs_reason and verdict == consensus.EXCLUDE and reason is None:
        raise Refused(
            _("Exclusions at {stage} need a reason. Choose one.").format(
                stage=stage.name
            )
        )


def single_vote_results(
    stage: Stage, found: Sequence[tuple[Round, Sequence[Ballot]]]
) -> list[RoundResult]:
    """Return the results of rounds with one vote by the only reviewer."""
    came_to = (
        (round_, consensus.consensus_of(votes, needs_reason=stage.needs_reason))
        for round_, votes in found
    )
    return [
        round_result(round_, one.verdict, one.reason)
        for round_, one in came_to
        if isinstance(one, SingleVote)
    ]
