"""What this app hangs into the frame: stages in the navigation, things to do."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.urls import reverse

from reviewapp.core.models import Member, Role
from reviewapp.core.nav import Entry, Panel, Todo
from reviewapp.core.permissions import Action, can
from screening.decisions.models import Policy, PolicyLine, Stage
from screening.decisions.queries import (
    late,
    outcomes,
    policies,
    prior,
    queue,
    subjects,
)


def entries(viewer: Member) -> list[Entry]:
    """One entry per stage: one's own screening page, or the stage's for the others."""
    mine = PolicyLine.objects.filter(policy__stage=OuterRef("pk"), members=viewer)
    stages = (
        Stage.objects.filter(review=viewer.review_id)
        .annotate(is_mine=Exists(mine))
        .order_by("position")
    )
    may_screen = bool(can(viewer, Action.SCREEN))
    return [
        Entry(
            label=stage.name,
            url_name="decisions:screen"
            if may_screen and (stage.is_mine or viewer.role == Role.REVIEWER)
            else "decisions:stage",
            icon="screen" if stage.subject == Stage.Subject.RECORD else "eye",
            # Full texts are retrieved (45) between the record and report stages.
            group="Screen",
            order=40 if stage.subject == Stage.Subject.RECORD else 46,
            args=(stage.code,),
        )
        for stage in stages
    ]


def todos(viewer: Member) -> list[Todo]:
    """What waits for the viewer: their own places only, and a lead's next step."""
    found: list[Todo] = []
    for stage in Stage.objects.filter(review=viewer.review_id, closed_at=None).order_by(
        "position"
    ):
        if stage.started_at is not None:
            found += _own(viewer, stage)
        elif can(viewer, Action.SET_POLICY):
            found += _setting_up(viewer, stage)
    return found + _received(viewer) + _late(viewer)


def _late(viewer: Member) -> list[Todo]:
    """Copies that were settled otherwise than what is kept of them: leads look."""
    if not can(viewer, Action.SET_POLICY):
        return []
    n = len(late.late_duplicates(viewer))
    if not n:
        return []
    words = "late duplicate was" if n == 1 else "late duplicates were"
    return [
        Todo(
            text=f"{n:,} {words} settled otherwise than the record that is kept.",
            url=reverse("decisions:late", args=[viewer.review.code]),
            n=n,
            button="Look at them",
            order=34,
        )
    ]


def _received(viewer: Member) -> list[Todo]:
    """Votes that a lead took over in the viewer's name: theirs to change."""
    return [
        Todo(
            text=f"{one.by} took over {one.n:,} of your decisions from "
            f"{one.file_name} at {one.stage.name}. Look through them; you can change "
            "each as long as it is not settled.",
            url=reverse("decisions:mine", args=[viewer.review.code, one.stage.code]),
            n=one.n,
            button="Look through them",
            order=8,
        )
        for one in prior.received(viewer)
    ]


def _own(viewer: Member, stage: Stage) -> list[Todo]:
    if not can(viewer, Action.SCREEN):
        return []
    progress = queue.progress(viewer, stage)
    if progress.waiting:
        words = "waits" if progress.waiting == 1 else "wait"
        kind = "record" if stage.subject == Stage.Subject.RECORD else "report"
        plural = "" if progress.waiting == 1 else "s"
        return [
            Todo(
                text=f"{progress.waiting:,} {kind}{plural} {words} for you at "
                f"{stage.name}.",
                url=reverse("decisions:screen", args=[viewer.review.code, stage.code]),
                n=progress.waiting,
                button="Screen",
                is_primary=True,
                order=10,
            )
        ]
    is_pool = policies.places(stage) is not None
    has_said = is_pool or queue.has_finished(viewer, stage, progress.total)
    if progress.total and not has_said:
        return [
            Todo(
                text=f"You have read all that is yours at {stage.name}.",
                url=reverse("decisions:screen", args=[viewer.review.code, stage.code]),
                button="Tell the team",
                order=20,
            )
        ]
    return []


def _setting_up(viewer: Member, stage: Stage) -> list[Todo]:
    if not subjects.eligible(stage).exists():
        return []
    code = viewer.review.code
    if Policy.objects.filter(stage=stage).exists():
        return [
            Todo(
                text=f"{stage.name} is ready to start.",
                url=reverse("decisions:start", args=[code, stage.code]),
                button="Start",
                order=12,
            )
        ]
    return [
        Todo(
            text=f"Decide who screens what at {stage.name}.",
            url=reverse("decisions:policy", args=[code, stage.code]),
            button="Decide",
            order=12,
        )
    ]


def panels(viewer: Member) -> list[Panel]:
    """The overview's numbers: what is settled at each stage that has begun."""
    settled = outcomes.counts(viewer.review)
    return [
        Panel(
            label=f"Settled at {stage.name}",
            n=settled[stage.pk].total if stage.pk in settled else 0,
            url=reverse("decisions:outcomes", args=[viewer.review.code, stage.code]),
            order=30 + stage.position,
        )
        for stage in Stage.objects.filter(
            review=viewer.review_id, started_at__isnull=False
        ).order_by("position")
    ]
