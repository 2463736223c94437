"""Importing decisions made in another tool as votes of the members who made them.

A lead requests it and a job does it. The audit log tells everyone, and each voter is
told. The effect on a round is that of the members' own votes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping as MappingOf
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.core import events, jobs
from reviewapp.core.jobs import RunningJob
from reviewapp.core.models import Event, Job, Member
from reviewapp.core.permissions import Action, can, require
from reviewapp.core.refusals import Refused
from screening.decisions.models import Reason, Stage
from screening.decisions.models.rounds import Verdict, Vote
from screening.decisions.queries import policies, prior, waves
from screening.decisions.queries.prior import JOB, MemberShare, PriorMapping
from screening.decisions.services.bulk_votes import NewVote, cast_many
from screening.records.models import Import

CHUNK = 500
VERDICTS = {Verdict.INCLUDE.value, Verdict.EXCLUDE.value, Verdict.UNSURE.value}


@transaction.atomic
def request_import(
    *, actor: Member, batch: Import, mapping: PriorMapping, now: datetime
) -> Job:
    """Queue the import of earlier decisions; the same mapping twice is one job.

    Raises:
        Refused: the import does not count, the stage is not open or is an open pool,
            no member is named, or a named member can't screen.
    """
    require(actor, Action.SET_POLICY)
    check_mapping(actor, batch, mapping)
    params = {
        "import": batch.code,
        "stage": mapping.stage.code,
        "people": {who: member.code for who, member in mapping.people.items()},
        "words": dict(mapping.words),
        "reasons": {text: reason.code for text, reason in mapping.reasons.items()},
        "other_reason": mapping.other_reason.code if mapping.other_reason else "",
    }
    written = json.dumps(params, sort_keys=True).encode()
    key = f"{batch.code}-{hashlib.sha256(written).hexdigest()[:16]}"
    is_new = not Job.objects.filter(review=actor.review, kind=JOB, key=key).exists()
    job = jobs.enqueue(actor=actor, kind=JOB, key=key, now=now, params=params)
    if is_new:
        events.record(
            review=actor.review,
            actor=actor,
            kind="prior:requested",
            now=now,
            subject=batch.code,
            file_name=batch.file_name,
            stage=mapping.stage.name,
            people={who: member.name for who, member in mapping.people.items()},
        )
    return job


def check_mapping(actor: Member, batch: Import, mapping: PriorMapping) -> None:
    """Raise ``Refused`` unless these votes can be imported now."""
    stage = mapping.stage
    if batch.review_id != actor.review_id or stage.review_id != actor.review_id:
        raise Refused(_("This import or stage belongs to another review."))
    if batch.state != Import.State.COMMITTED:
        raise Refused(
            _("{file} is not imported yet. Import it first.").format(
                file=batch.file_name
            )
        )
    if stage.subject != Stage.Subject.RECORD:
        raise Refused(
            _("You can only import decisions at a stage that screens records.")
        )
    if waves.open_wave(stage) is None:
        raise Refused(
            _("{stage} is not open. Choose a stage that is under way.").format(
                stage=stage.name
            )
        )
    if policies.pool_size_of(stage):
        raise Refused(
            _(
                "{stage} is an open pool. You can only import decisions at a stage "
                "with fixed assignment."
            ).format(stage=stage.name)
        )
    if not mapping.people or not mapping.words:
        raise Refused(_("Match at least one name to a member and one word to a vote."))
    if not set(mapping.words.values()) <= VERDICTS:
        raise Refused(_("A word can only mean include, exclude or unsure."))
    for member in mapping.people.values():
        if member.review_id != actor.review_id or not can(member, Action.SCREEN):
            raise Refused(
                _("{name} can't screen in this review.").format(name=member.name)
            )


def import_votes(*, running: RunningJob, now: datetime) -> dict[str, Any]:
    """Cast the votes; it can run twice and can be stopped at any point.

    The result and the progress count decisions of the file and never new votes, which
    would reveal who had voted already.
    """
    job = running.job
    batch = Import.objects.select_related("review").get(
        review=job.review_id, code=running.params["import"]
    )
    mapping = _mapping(job)
    check_mapping(job.created_by, batch, mapping)
    found = prior.member_shares(batch, mapping)
    total, done = sum(share.n for share in found), 0
    for share in found:
        votes = [
            NewVote(
                place.round_code,
                place.verdict,
                place.reason,
                note_of(batch),
                imported_from=batch.pk,
            )
            for place in share.places
        ]
        for start in range(0, len(votes), CHUNK):
            chunk = votes[start : start + CHUNK]
            cast_many(
                actor=share.member, stage_code=mapping.stage.code, votes=chunk, now=now
            )
            done += len(chunk)
            running.advance(done, total, _("decisions imported"))
    _tell(job, batch, mapping.stage, found, now)
    return {"decisions": total}


def note_of(batch: Import) -> str:
    """Return the note of an imported vote, which names its file."""
    return f"Imported from {batch.file_name}."


def _mapping(job: Job) -> PriorMapping:
    params = job.params
    members = {
        member.code: member
        for member in Member.objects.select_related("review").filter(
            review=job.review_id, code__in=params["people"].values()
        )
    }
    stage = Stage.objects.get(review=job.review_id, code=params["stage"])
    reasons = {reason.code: reason for reason in Reason.objects.filter(stage=stage)}
    return PriorMapping(
        stage=stage,
        people={who: members[code] for who, code in params["people"].items()},
        words=params["words"],
        reasons={text: reasons[code] for text, code in params["reasons"].items()},
        other_reason=reasons.get(params["other_reason"]),
    )


@transaction.atomic
def _tell(
    job: Job, batch: Import, stage: Stage, found: list[MemberShare], now: datetime
) -> None:
    """Record one event for all members, and one for each voter with their number."""
    told = Event.objects.filter(
        review=job.review_id, kind="prior:taken_over", data__job=job.code
    )
    if told.exists():
        return
    shared: MappingOf[str, Any] = {
        "file_name": batch.file_name,
        "by": job.created_by.name,
        "job": job.code,
    }
    events.record(
        review=job.review,
        actor=job.created_by,
        kind="prior:taken_over",
        now=now,
        subject=batch.code,
        stage=stage.name,
        people={", ".join(s.names): f"{s.member.name}: {s.n}" for s in found},
        **shared,
    )
    for share in found:
        n = _taken_over(share.member, stage, batch)
        if n:
            events.record(
                review=job.review,
                actor=share.member,
                kind="prior:received",
                now=now,
                subject=stage.code,
                private=True,
                n=n,
                **shared,
            )


def _taken_over(member: Member, stage: Stage, batch: Import) -> int:
    """Return the number of the member's own votes from the file, for them only."""
    own = Vote.objects.visible_to(member).filter(
        author=member, round__stage=stage, imported_from=batch
    )
    return int(own.values("round").distinct().count())
