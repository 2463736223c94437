"""The next step of a member at a stage, or what they wait for.

It depends on the member's own work and on public state: assignments, marks of finished
members, decisions. Open conflicts are known to adjudicators only, so other members wait
for the closing meanwhile. docs/overview-states.md lists all states.
"""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewapp.core.models import Member
from reviewapp.core.nav import Todo
from reviewapp.core.permissions import Action, can
from screening.decisions.models import Policy, Stage
from screening.decisions.queries import (
    closing,
    conflicts,
    freed_places,
    policies,
    queue,
    stage_items,
    waves,
)
from screening.decisions.queries.names import join_names

# Order among the tasks of all apps: own screening, work of former members, setting up,
# conflicts (conflicts/queries), closing, retrieval (reports/queries).
SCREEN, REASSIGN, SET_UP, CLOSE, WAIT = 10, 12, 12, 14, 80


def steps_before_start(viewer: Member, stage: Stage) -> list[Todo]:
    """Return the steps of a lead until the stage starts; others wait for them."""
    if not stage_items.eligible_subjects(stage).exists():
        return []
    is_set = Policy.objects.filter(stage=stage).exists()
    if not can(viewer, Action.SET_POLICY):
        text = (
            _("Waiting for a lead to start {stage}.")
            if is_set
            else _("Waiting for a lead to set the screening assignments of {stage}.")
        )
        return [_wait(viewer, stage, text.format(stage=stage.name))]
    if is_set:
        text, button, page = (
            _("{stage} is ready to start."),
            _("Start stage"),
            "decisions:start",
        )
    else:
        text, button, page = (
            _("Set the screening assignments of {stage}."),
            _("Set screening assignments"),
            "decisions:policy",
        )
    return [
        Todo(
            text=text.format(stage=stage.name),
            url=_url(page, viewer, stage),
            button=button,
            order=SET_UP,
        )
    ]


def steps_under_way(viewer: Member, stage: Stage) -> list[Todo]:
    """Return the viewer's own work, the steps of a lead, or whom they wait for."""
    name = _name(stage)
    found = _reassigning(viewer, stage, name)
    own = _own_work(viewer, stage, name)
    if own:
        return [*found, *own]
    missing = _missing(viewer, stage)
    if missing is not None:
        text = (
            _("Waiting for {names} to finish {stage}.").format(
                names=missing, stage=name
            )
            if missing
            else _("Waiting for other reviewers at {stage}.").format(stage=name)
        )
        return [*found, _wait(viewer, stage, text)]
    if can(viewer, Action.SET_POLICY):
        return found or _closing(viewer, stage, name)
    text = _("All reviewers have finished {stage}. Waiting for a lead to close it.")
    return [_wait(viewer, stage, text.format(stage=name))]


def _name(stage: Stage) -> str:
    """Return the name of the stage, with the wave from the second one on."""
    wave = waves.open_wave(stage)
    if wave is None or wave.number == 1:
        return stage.name
    return _("{stage}, wave {number}").format(stage=stage.name, number=wave.number)


def _missing(viewer: Member, stage: Stage) -> str | None:
    """Return who has not finished, "" if it is not named, or None if all have."""
    places = policies.pool_size_of(stage)
    if places:
        return "" if queue.needing_votes(viewer, stage, places).exists() else None
    names = [m.name for m in queue.finished_marks(stage) if not m.has_finished]
    return join_names(names) if names else None


def _own_work(viewer: Member, stage: Stage, name: str) -> list[Todo]:
    if not can(viewer, Action.SCREEN):
        return []
    progress = queue.own_progress(viewer, stage)
    url = _url("decisions:screen", viewer, stage)
    if progress.pending:
        if stage.subject == Stage.Subject.RECORD:
            button = _("Screen records")
            sentence = ngettext(
                "{n} record to screen at {stage}.",
                "{n} records to screen at {stage}.",
                progress.pending,
            )
        else:
            button = _("Screen reports")
            sentence = ngettext(
                "{n} report to screen at {stage}.",
                "{n} reports to screen at {stage}.",
                progress.pending,
            )
        text = sentence.format(n=f"{progress.pending:,}", stage=name)
        return [Todo(text, url, n=progress.pending, button=button, order=SCREEN)]
    if not progress.total or policies.pool_size_of(stage) is not None:
        return []
    if queue.has_finished(viewer, stage, progress.total):
        return []
    text = _("You have screened everything assigned to you at {stage}.")
    text = text.format(stage=name)
    return [Todo(text, url, button=_("Mark as finished"), order=SCREEN)]


def _reassigning(viewer: Member, stage: Stage, name: str) -> list[Todo]:
    if not can(viewer, Action.SET_POLICY):
        return []
    n = sum(one.places for one in freed_places.freed_places(stage))
    if not n:
        return []
    text = ngettext(
        "{n} assignment of a former member is open at {stage}.",
        "{n} assignments of former members are open at {stage}.",
        n,
    ).format(n=f"{n:,}", stage=name)
    url = _url("decisions:stage", viewer, stage)
    return [Todo(text, url, n=n, button=_("Reassign work"), order=REASSIGN)]


def _closing(viewer: Member, stage: Stage, name: str) -> list[Todo]:
    """Return the last steps of a lead. Conflicts have a task of their own."""
    if conflicts.conflicts_by_stage(viewer).get(stage.pk):
        return []
    unassigned = closing.unassigned_rounds(viewer, stage)
    if unassigned:
        text = ngettext(
            "{n} at {stage} is assigned to no one.",
            "{n} at {stage} are assigned to no one.",
            unassigned,
        ).format(n=f"{unassigned:,}", stage=name)
        url = _url("decisions:policy", viewer, stage)
        button = _("Change assignments")
        return [Todo(text, url, n=unassigned, button=button, order=SET_UP)]
    wave = waves.open_wave(stage)
    text = _("All reviewers have finished {stage}. Close it to go on.")
    button = _("Close stage") if wave is None or wave.number == 1 else _("Close wave")
    url = _url("decisions:close", viewer, stage)
    return [Todo(text.format(stage=name), url, button=button, order=CLOSE)]


def _wait(viewer: Member, stage: Stage, text: str) -> Todo:
    url = _url("decisions:stage", viewer, stage)
    return Todo(text, url, button=_("View the stage"), order=WAIT, is_waiting=True)


def _url(page: str, viewer: Member, stage: Stage) -> str:
    return reverse(page, args=[viewer.review.code, stage.code])
