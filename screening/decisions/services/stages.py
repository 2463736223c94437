"""Stages: adding, changing and starting them, and marks of finished members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from reviewapp.core import events
from reviewapp.core.models import Member, Review
from reviewapp.core.permissions import Action, require
from reviewapp.core.queries.lookup import get_by_code
from reviewapp.core.refusals import Refused
from screening.decisions.models import Decision, Reason, Stage
from screening.decisions.models.rounds import Finished
from screening.decisions.queries import policies, queue, waves
from screening.decisions.services import rounds
from screening.reports.models import Report

STARTER_REASONS = (
    gettext_noop("Wrong population"),
    gettext_noop("Wrong concept"),
    gettext_noop("Wrong context"),
    gettext_noop("Wrong study design"),
    gettext_noop("Wrong publication type"),
)
NAME_LENGTH = 80
REASON_LENGTH = 200


@transaction.atomic
def create_default_stages(
    *, review: Review, actor: Member, now: datetime
) -> list[Stage]:
    """Create the two stages of a new review: title and abstract, full text."""
    title = Stage.objects.create(
        review=review,
        kind=Stage.Kind.TITLE_ABSTRACT,
        subject=Stage.Subject.RECORD,
        position=1,
        name=_("Title and abstract"),
        created_at=now,
    )
    full = Stage.objects.create(
        review=review,
        kind=Stage.Kind.FULL_TEXT,
        subject=Stage.Subject.REPORT,
        position=2,
        name=_("Full text"),
        needs_reason=True,
        created_at=now,
    )
    _write_reasons(full, [_(text) for text in STARTER_REASONS], now)
    return [title, full]


@transaction.atomic
def add_stage(
    *,
    actor: Member,
    name: str,
    subject: str,
    needs_reason: bool = False,
    hides_names: bool = True,
    reasons: Sequence[str] = (),
    now: datetime,
) -> Stage:
    """Add a further stage after the last one of its subject and return it.

    Raises:
        Refused: the name is missing or taken, or the stage before it has already
            included something, which would skip the new stage.
    """
    require(actor, Action.SET_POLICY)
    name = " ".join(name.split())[:NAME_LENGTH]
    Review.objects.select_for_update(no_key=True).get(pk=actor.review_id)
    stages = list(Stage.objects.filter(review=actor.review_id).order_by("position"))
    if not name or any(stage.name == name for stage in stages):
        raise Refused(_("Give the stage a name that no other stage has."))
    if subject not in Stage.Subject.values:
        raise Refused(_("Choose whether the stage screens records or reports."))
    last = [stage for stage in stages if stage.subject == subject][-1:]
    included = Decision.objects.filter(stage__in=last, verdict="include")
    # A report that is set aside comes back without the new stage.
    aside = Report.objects.filter(review=actor.review_id, is_aside=True)
    if included.exists() or (subject == Stage.Subject.RECORD and aside.exists()):
        raise Refused(
            _(
                "You can't add a stage after {stage}, because {stage} has already "
                "included something that would skip the new stage."
            ).format(stage=last[0].name)
        )
    position = last[0].position + 1 if last else len(stages) + 1
    for stage in reversed([one for one in stages if one.position >= position]):
        Stage.objects.filter(pk=stage.pk).update(position=stage.position + 1)
    made = Stage.objects.create(
        review=actor.review,
        kind=Stage.Kind.FURTHER,
        subject=subject,
        position=position,
        name=name,
        needs_reason=needs_reason or subject == Stage.Subject.REPORT,
        hides_names=hides_names,
        created_at=now,
    )
    _write_reasons(made, reasons, now)
    _record(actor, made, "stage:added", now)
    return made


@transaction.atomic
def set_hides_names(
    *, actor: Member, stage_code: str, hides_names: bool, now: datetime
) -> None:
    """Set whether adjudicators see names or "Reviewer 1", "Reviewer 2".

    Raises ``Refused`` if screening has started with hidden names.
    """
    require(actor, Action.SET_POLICY)
    stage = _locked(actor, stage_code)
    if stage.started_at is not None and not hides_names and stage.hides_names:
        raise Refused(
            _("Screening has started with hidden names, so names stay hidden.")
        )
    if stage.hides_names != hides_names:
        Stage.objects.filter(pk=stage.pk).update(hides_names=hides_names)
        _record(
            actor,
            stage,
            "stage:changed",
            now,
            before={"hides_names": not hides_names},
            after={"hides_names": hides_names},
        )


@transaction.atomic
def set_shows_agreement(
    *, actor: Member, stage_code: str, shows_agreement: bool, now: datetime
) -> None:
    """Set whether leads who do not screen there see agreement while the stage is open.

    Raises ``Refused`` if it is to be shown and screening has started.
    """
    require(actor, Action.SET_POLICY)
    stage = _locked(actor, stage_code)
    if stage.shows_agreement == shows_agreement:
        return
    if shows_agreement and stage.started_at is not None:
        raise Refused(
            _("Screening has started, so agreement stays hidden until the closing.")
        )
    Stage.objects.filter(pk=stage.pk).update(shows_agreement=shows_agreement)
    _record(
        actor,
        stage,
        "stage:changed",
        now,
        before={"shows_agreement": not shows_agreement},
        after={"shows_agreement": shows_agreement},
    )


@transaction.atomic
def set_reasons(
    *, actor: Member, stage_code: str, texts: Sequence[str], now: datetime
) -> list[Reason]:
    """Set the ordered list of reasons for exclusion; return the offered reasons.

    A reason that is left out is no longer offered. Votes with this reason keep it.

    Raises:
        Refused: the stage needs reasons and none is given.
    """
    require(actor, Action.SET_POLICY)
    stage = _locked(actor, stage_code)
    wanted = list(dict.fromkeys(" ".join(text.split()) for text in texts))
    wanted = [text for text in wanted if text]
    if stage.needs_reason and not wanted:
        raise Refused(
            _("{stage} needs reasons for exclusion. Enter at least one.").format(
                stage=stage.name
            )
        )
    if any(len(text) > REASON_LENGTH for text in wanted):
        raise Refused(
            _("A reason can have at most {n} characters.").format(n=REASON_LENGTH)
        )
    offered = stage.reasons.filter(retired_at=None).order_by("position")
    before = list(offered.values_list("text", flat=True))
    if wanted != before:
        _write_reasons(stage, wanted, now)
        _record(actor, stage, "stage:reasons_set", now, before=before, after=wanted)
    return list(offered.all())


def _write_reasons(stage: Stage, texts: Sequence[str], now: datetime) -> None:
    stage.reasons.filter(retired_at=None).exclude(text__in=texts).update(retired_at=now)
    for position, text in enumerate(texts, 1):
        Reason.objects.update_or_create(
            stage=stage,
            text=text,
            defaults={"position": position, "retired_at": None},
        )


@transaction.atomic
def start_stage(*, actor: Member, stage_code: str, now: datetime) -> Stage:
    """Start a stage: make its rounds and assignments. Returns the stage.

    Raises:
        Refused: there is no policy, or the list of reasons is missing.
    """
    require(actor, Action.SET_POLICY)
    stage = _locked(actor, stage_code)
    if stage.started_at is not None:
        return stage
    policy = policies.policy_in_force(stage)
    if policy is None:
        raise Refused(
            _("Set the screening assignments of {stage} first.").format(
                stage=stage.name
            )
        )
    if stage.needs_reason and not stage.reasons.filter(retired_at=None).exists():
        raise Refused(
            _("{stage} needs reasons for exclusion. Enter them first.").format(
                stage=stage.name
            )
        )
    stage.started_at = now
    stage.save(update_fields=["started_at"])
    _record(actor, stage, "stage:started", now)
    rounds.open_next_wave(stage=stage, policy=policy, now=now)
    rounds.open_rounds(stage=stage, actor=actor, now=now)
    return stage


@transaction.atomic
def mark_finished(*, actor: Member, stage_code: str, now: datetime) -> None:
    """Mark the actor's screening as finished, which the team can see.

    Raises:
        Refused: some of the actor's assignments are open, or they have none.
    """
    require(actor, Action.SCREEN)
    stage = get_by_code(Stage.objects.all(), actor, stage_code)
    progress = queue.own_progress(actor, stage)
    if progress.total == 0:
        raise Refused(
            _("Nothing is assigned to you at {stage}.").format(stage=stage.name)
        )
    if progress.pending:
        sentence = ngettext(
            "You still have {n} to screen at {stage}. After that you can mark your "
            "screening as finished.",
            "You still have {n} to screen at {stage}. After that you can mark your "
            "screening as finished.",
            progress.pending,
        )
        raise Refused(sentence.format(n=f"{progress.pending:,}", stage=stage.name))
    wave = waves.open_wave(stage)
    if wave is None or queue.has_finished(actor, stage, progress.total):
        return
    Finished.objects.create(wave=wave, member=actor, assignments=progress.total, at=now)
    _record(actor, stage, "stage:finished", now, wave=wave.number, n=progress.total)


def _locked(actor: Member, stage_code: str) -> Stage:
    return get_by_code(Stage.objects.select_for_update(no_key=True), actor, stage_code)


def _record(actor: Member, stage: Stage, kind: str, now: datetime, **data: Any) -> None:
    events.record(
        review=actor.review,
        actor=actor,
        kind=kind,
        now=now,
        subject=stage.code,
        stage=stage.name,
        **data,
    )
