"""Discussing and resolving conflicts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pgtrigger
from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Missing, Refused
from screening.conflicts.models import Adjudication, Comment, Reopening
from screening.decisions.queries import conflicts
from screening.decisions.services import decisions, reopening

TEXT_LENGTH = 5000


@transaction.atomic
def post_comment(
    *, actor: Member, round_code: str, text: str, key: UUID, now: datetime
) -> Comment:
    """Post a comment on a conflict and return it; adjudicators can read it.

    ``key`` comes from the page: a repeated request is one comment.

    Raises:
        Missing: the actor cannot see the round. Refused: no text, or resolved already.
    """
    require(actor, Action.ADJUDICATE)
    round_id = _open(actor, round_code)
    if not text.strip():
        raise Refused(_("Enter a comment first."))
    made, is_new = Comment.objects.get_or_create(
        author=actor,
        key=key,
        defaults={
            "review": actor.review,
            "round_id": round_id,
            "text": text.strip()[:TEXT_LENGTH],
            "created_at": now,
        },
    )
    if is_new:
        # Private, because only adjudicators may know that a round is in conflict.
        events.record(
            review=actor.review,
            actor=actor,
            kind="conflict:commented",
            now=now,
            subject=made.code,
            private=True,
        )
    return made


@transaction.atomic
def resolve(
    *,
    actor: Member,
    round_code: str,
    verdict: str,
    rationale: str,
    reason_code: str = "",
    now: datetime,
) -> Adjudication:
    """Resolve a conflict. The votes do not change; the rationale is stored with them.

    Raises:
        Missing: the actor cannot see the round. Refused: no rationale, resolved
        already, or the reason does not fit.
    """
    require(actor, Action.ADJUDICATE)
    if not rationale.strip():
        raise Refused(_("Enter a rationale. The team can read it later."))
    repeated = _repeated(actor, round_code, verdict, reason_code, rationale)
    if repeated is not None:
        return repeated
    decision = decisions.resolve_conflict(
        actor=actor,
        round_code=round_code,
        verdict=verdict,
        reason_code=reason_code,
        now=now,
    )
    made = Adjudication.objects.create(
        review=actor.review,
        round_id=decision.round_id,
        decision=decision,
        by=actor,
        rationale=rationale.strip()[:TEXT_LENGTH],
        created_at=now,
    )
    events.record(
        review=actor.review,
        actor=actor,
        kind="conflict:settled",
        now=now,
        subject=made.code,
        verdict=verdict,
        reason=decision.reason.text if decision.reason else "",
    )
    return made


@transaction.atomic
def reopen(*, actor: Member, round_code: str, why: str, now: datetime) -> Reopening:
    """Reopen a resolved conflict with a reason; its resolution is kept in the log.

    Raises:
        Missing: the actor cannot see the round.
        Refused: no reason, not resolved by an adjudicator, its wave is closed, or the
        record has moved on.
    """
    require(actor, Action.ADJUDICATE)
    if not why.strip():
        raise Refused(_("Enter a reason for reopening. The team can read it later."))
    round_ = reopening.lock_resolved(actor, round_code)
    made = Adjudication.objects.select_related("by", "decision").get(round=round_)
    kept = Reopening.objects.create(
        review=actor.review,
        round=round_,
        verdict=made.decision.verdict,
        reason_id=made.decision.reason_id,
        rationale=made.rationale,
        resolved_by=made.by,
        resolved_at=made.created_at,
        by=actor,
        why=why.strip()[:TEXT_LENGTH],
        created_at=now,
    )
    with pgtrigger.ignore("conflicts.Adjudication:append_only"):
        made.delete()
    reopening.take_back_resolution(actor=actor, round_code=round_code, now=now)
    events.record(
        review=actor.review,
        actor=actor,
        kind="conflict:reopened",
        now=now,
        subject=kept.code,
        verdict=kept.verdict,
        why=kept.why,
    )
    return kept


def _repeated(
    actor: Member, round_code: str, verdict: str, reason_code: str, rationale: str
) -> Adjudication | None:
    """Return the same resolution by the same member, whose answer the page has lost."""
    made = Adjudication.objects.filter(
        review=actor.review_id,
        round__code=round_code,
        by=actor,
        rationale=rationale.strip()[:TEXT_LENGTH],
        decision__verdict=verdict,
    ).select_related("decision__reason")
    found = made.first()
    reason = found.decision.reason if found else None
    return found if (reason.code if reason else "") == reason_code else None


def _open(actor: Member, round_code: str) -> int:
    found = conflicts.find_conflict(actor, round_code)
    if found is None:
        raise Missing(_("You can't open this conflict."))
    if found.decision is not None:
        raise Refused(_("This conflict is resolved and its discussion is closed."))
    return found.round_id
