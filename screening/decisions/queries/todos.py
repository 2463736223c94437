"""Navigation entries, to-dos and panels of this app."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewapp.core.models import Member, Role
from reviewapp.core.nav import NavEntry, Panel, Todo
from reviewapp.core.permissions import Action, can
from screening.decisions.models import PolicyLine, Stage
from screening.decisions.queries import (
    decisions,
    late,
    next_steps,
    prior,
    stage_items,
)


def entries(viewer: Member) -> list[NavEntry]:
    """Return one entry per stage: the viewer's screening page, or the stage's page."""
    mine = PolicyLine.objects.filter(policy__stage=OuterRef("pk"), members=viewer)
    stages = (
        Stage.objects.filter(review=viewer.review_id)
        .annotate(is_mine=Exists(mine))
        .order_by("position")
    )
    may_screen = bool(can(viewer, Action.SCREEN))
    return [
        NavEntry(
            label=stage.name,
            url_name="decisions:screen"
            if may_screen and (stage.is_mine or viewer.role == Role.REVIEWER)
            else "decisions:stage",
            icon="screen" if stage.subject == Stage.Subject.RECORD else "eye",
            # Full-text retrieval (45) comes between the record and the report stages.
            group=_("Screen"),
            order=40 if stage.subject == Stage.Subject.RECORD else 46,
            args=(stage.code,),
        )
        for stage in stages
    ]


def todos(viewer: Member) -> list[Todo]:
    """Return the viewer's own work, and the next step of a lead."""
    found: list[Todo] = []
    for stage in stage_items.review_stages(viewer.review_id):
        if getattr(stage, "is_open", False):
            found += next_steps.steps_under_way(viewer, stage)
        elif stage.started_at is None:
            found += next_steps.steps_before_start(viewer, stage)
    return found + _received(viewer) + _late(viewer)


def _late(viewer: Member) -> list[Todo]:
    """Return the to-do of a lead about late duplicates."""
    if not can(viewer, Action.SET_POLICY):
        return []
    n = late.count_late_duplicates(viewer)
    if not n:
        return []
    sentence = ngettext(
        "{n} late duplicate has a different final decision from the kept record.",
        "{n} late duplicates have a different final decision from the kept record.",
        n,
    )
    return [
        Todo(
            text=sentence.format(n=f"{n:,}"),
            url=reverse("decisions:late", args=[viewer.review.code]),
            n=n,
            button=_("Check late duplicates"),
            order=34,
        )
    ]


def _received(viewer: Member) -> list[Todo]:
    """Return to-dos about imported votes of the viewer, who can change them."""
    return [
        Todo(
            text=ngettext(
                "{name} imported {n} of your decisions from {file} at {stage}. Check "
                "it. You can change it until the decision is final.",
                "{name} imported {n} of your decisions from {file} at {stage}. Check "
                "them. You can change each one until its decision is final.",
                one.n,
            ).format(
                name=one.by, n=f"{one.n:,}", file=one.file_name, stage=one.stage.name
            ),
            url=reverse("decisions:mine", args=[viewer.review.code, one.stage.code]),
            n=one.n,
            button=_("Check my votes"),
            order=8,
        )
        for one in prior.received_votes(viewer)
    ]


def panels(viewer: Member) -> list[Panel]:
    """Return the number of final decisions at each stage that has started."""
    counts = decisions.decision_counts(viewer.review)
    return [
        Panel(
            label=_("Final decisions at {stage}").format(stage=stage.name),
            n=counts[stage.pk].total if stage.pk in counts else 0,
            url=reverse("decisions:decisions", args=[viewer.review.code, stage.code]),
            order=30 + stage.position,
        )
        for stage in stage_items.review_stages(viewer.review_id)
        if stage.started_at is not None
    ]
