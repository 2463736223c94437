"""Charting of a study: save drafts, submit, reopen one's own chart."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charting.models import FinalChart, FormVersion
from charting.models.charts import Chart, ChartAssignment, ChartRound
from charting.queries.forms import field_specs, version_in_use
from charting.rules.schema import FieldSpec, validate_answers
from charting.services import finalising
from reviewapp.core import events
from reviewapp.core.lib.times import clock_time
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import OlderState, Refused

CHUNK = 500
FINALISED = gettext_lazy(
    "This study is finalised, so your chart can't change any more."
)
READABLE = gettext_lazy(
    "You can see the charts of others on this study, so you can't change yours any more."
)


@dataclass(frozen=True, slots=True)
class SavedChart:
    """The result of a save. ``is_complete``: submitted. ``errors``: by field key."""

    version: int
    is_complete: bool
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChartToSubmit:
    """A complete chart to be saved in bulk."""

    round_code: str
    values: Mapping[str, Any]


@transaction.atomic
def save_chart(
    *,
    actor: Member,
    round_code: str,
    values: Mapping[str, Any],
    complete: bool,
    key: uuid.UUID,
    seen_version: int | None = None,
    now: datetime,
) -> SavedChart:
    """Save the next version of the actor's chart; ``complete`` submits it.

    Valid answers are always saved. A chart with errors becomes a draft, and the errors
    are returned. Unchanged values make no new version. ``seen_version``: the version of
    the actor's chart that the page showed (0: none), or None if the caller does not
    say. A change after all reviewers have submitted is stored as late
    (``Contribution.is_late``), and the answer to its author is the same as before. Raises
    Refused if the study is not assigned to the actor, finalised or closed, and
    OlderState if the actor has saved other answers in another tab.
    """
    round_, version = _open_round(actor, round_code)
    result = validate_answers(
        values, field_specs([version.pk])[version.pk], complete=complete
    )
    is_complete = complete and not result.errors
    before = _newest(actor, round_)
    if before and _is_repeat(before, version, result.values, is_complete):
        return SavedChart(before.version, before.is_complete, result.errors)
    if before and before.is_complete and not complete:
        # A late autosave must not turn a submitted chart into a draft.
        raise Refused(_("This chart is submitted. Reopen it to change it."))
    _check_seen_version(before, seen_version, key, result.values)
    chart = Chart.objects.unblinded(reason="store one's own chart").create(
        round=round_,
        author=actor,
        form_version=version,
        version=before.version + 1 if before else 1,
        values=result.values,
        is_complete=is_complete,
        key=_unused(actor, key),
        is_late=_is_late(actor, round_),
        created_at=now,
    )
    _record(actor, round_, before, chart, now)
    if is_complete:
        finalising.finalise_rounds(round_ids=[round_.pk], now=now)
    return SavedChart(chart.version, is_complete, result.errors)


def _open_round(actor: Member, round_code: str) -> tuple[ChartRound, FormVersion]:
    """Return the locked round and the form version in use. Raises Refused.

    The checks read, in this order, the review, the assignment and public state, or
    what the actor can read: whether all have submitted is none of these.
    """
    require(actor, Action.CHART)
    round_ = (
        ChartRound.objects.unblinded(reason="lock a round to chart in it")
        .select_related("form", "wave", "review")
        .select_for_update(of=("self",))
        .filter(code=round_code, review=actor.review_id)
        .first()
    )
    if round_ is None or not _has_assignment(actor, round_):
        raise Refused(_("This study is not assigned to you."))
    if round_.wave.closed_at:
        raise Refused(
            _("Charting with this form is closed. Charts can no longer change.")
        )
    if FinalChart.objects.filter(round=round_).exists():
        raise Refused(str(FINALISED))
    if round_.audience >= actor.reach:
        raise Refused(str(READABLE))
    return round_, version_in_use(round_.form)


def _has_assignment(actor: Member, round_: ChartRound) -> bool:
    """Return True if the study is assigned, or was until its final chart."""
    return (
        ChartAssignment.objects.filter(round=round_, member=actor)
        .filter(finalising.assigned_or_finalised())
        .exists()
    )


def _is_late(actor: Member, round_: ChartRound) -> bool:
    """Return True if the next chart of the actor can't change the result.

    All assigned reviewers have submitted, the actor too. The first chart of a reviewer
    who was assigned later counts, because its author has read no other.
    """
    if round_.sealed_at is None:
        return False
    own = Chart.objects.visible_to(actor).filter(
        round=round_, author=actor, is_late=False
    )
    counted = own.order_by("-version").first()
    return counted is not None and counted.is_complete


def _newest(actor: Member, round_: ChartRound) -> Chart | None:
    own = Chart.objects.visible_to(actor).filter(round=round_, author=actor)
    newest: Chart | None = own.order_by("-version").first()
    return newest


def _is_repeat(
    before: Chart, version: FormVersion, values: dict[str, Any], done: bool
) -> bool:
    """Return True if the newest chart is the same (a double click, an autosave)."""
    return (
        before.form_version_id == version.pk
        and before.values == values
        and before.is_complete == done
    )


def _check_seen_version(
    before: Chart | None, seen: int | None, key: uuid.UUID, values: dict[str, Any]
) -> None:
    """Raise OlderState if another page of the author has saved other answers.

    A page whose answer was lost sends the key of its own newest version again.
    """
    if before is None or seen is None or before.version == seen or before.key == key:
        return
    if before.values != values:
        sentence = _(
            "You changed this chart in another tab at {time}. This page has other "
            "answers."
        )
        raise OlderState(sentence.format(time=clock_time(before.created_at)))


def _unused(actor: Member, key: uuid.UUID) -> uuid.UUID:
    """Return the client's key, or a new one if an earlier version has it.

    A page that never got its answer sends its key again, with newer values.
    """
    own = Chart.objects.visible_to(actor).filter(author=actor, key=key)
    return uuid.uuid4() if own.exists() else key


def _record(
    actor: Member, round_: ChartRound, before: Chart | None, chart: Chart, now: datetime
) -> None:
    """Record one private event when a chart is started, submitted or reopened.

    Other versions are kept as charts only: one event each would flood the audit log.
    """
    was = before.is_complete if before else None
    if was == chart.is_complete and not chart.is_complete:
        return
    if chart.is_complete:
        kind = "chart:handed_in"
    else:
        kind = "chart:begun" if was is None else "chart:reopened"
    events.record(
        review=actor.review,
        actor=actor,
        kind=kind,
        now=now,
        subject=round_.code,
        private=True,
        version=chart.version,
    )


@transaction.atomic
def reopen_chart(
    *, actor: Member, round_code: str, key: uuid.UUID, now: datetime
) -> SavedChart:
    """Make the actor's chart a draft again. Raises Refused as ``save_chart`` does."""
    round_, version = _open_round(actor, round_code)
    before = _newest(actor, round_)
    if before is None or not before.is_complete:
        raise Refused(_("This chart is not submitted."))
    chart = Chart.objects.unblinded(reason="store one's own chart").create(
        round=round_,
        author=actor,
        form_version=version,
        version=before.version + 1,
        values=before.values,
        is_complete=False,
        key=_unused(actor, key),
        is_late=_is_late(actor, round_),
        created_at=now,
    )
    _record(actor, round_, before, chart, now)
    return SavedChart(chart.version, False)


@transaction.atomic
def submit_charts(
    *, actor: Member, charts: Iterable[ChartToSubmit], now: datetime
) -> int:
    """Submit many charts of the actor at once; return the number of new versions.

    The rules of ``save_chart`` apply. Raises Refused, and saves nothing, if one study is
    not assigned to the actor, is finalised or has an error. Unchanged charts are skipped.
    """
    require(actor, Action.CHART)
    given = {chart.round_code: chart.values for chart in charts}
    rounds = _own_open_rounds(actor, list(given))
    versions = {r.form_id: version_in_use(r.form) for r in rounds.values()}
    fields = field_specs([version.pk for version in versions.values()])
    newest = _own_newest(actor, [r.pk for r in rounds.values()])
    rows = []
    for code, values in given.items():
        version = versions[rounds[code].form_id]
        clean = _valid(code, values, fields[version.pk])
        before = newest.get(rounds[code].pk)
        if not (before and _is_repeat(before, version, clean, True)):
            number = before.version + 1 if before else 1
            rows.append(_handed_in(actor, rounds[code], version, number, clean, now))
    Chart.objects.unblinded(reason="store one's own charts").bulk_create(
        rows, batch_size=CHUNK
    )
    finalising.finalise_rounds(round_ids=[row.round_id for row in rows], now=now)
    if rows:
        events.record(
            review=actor.review,
            actor=actor,
            kind="charts:handed_in",
            now=now,
            private=True,
            n=len(rows),
        )
    return len(rows)


def _own_open_rounds(actor: Member, codes: list[str]) -> dict[str, ChartRound]:
    own = ChartAssignment.objects.filter(
        finalising.assigned_or_finalised(), member=actor
    ).values("round_id")
    rounds = {
        found.code: found
        for found in ChartRound.objects.unblinded(reason="lock rounds to chart in them")
        .select_related("form", "wave")
        .select_for_update(of=("self",))
        .filter(code__in=codes, review=actor.review_id, pk__in=own)
        .order_by("pk")
    }
    if len(rounds) < len(codes):
        raise Refused(_("Not all of these studies are assigned to you."))
    final = FinalChart.objects.filter(round__in=[one.pk for one in rounds.values()])
    if final.exists() or any(found.wave.closed_at for found in rounds.values()):
        raise Refused(_("Some of these studies are already finalised."))
    if any(found.audience >= actor.reach for found in rounds.values()):
        raise Refused(str(READABLE))
    return rounds


def _own_newest(actor: Member, round_ids: list[int]) -> dict[int, Chart]:
    own = Chart.objects.visible_to(actor).filter(author=actor, round_id__in=round_ids)
    rows = own.order_by("round_id", "-version").distinct("round_id")
    return {chart.round_id: chart for chart in rows}


def _valid(
    code: str, values: Mapping[str, Any], fields: tuple[FieldSpec, ...]
) -> dict[str, Any]:
    result = validate_answers(values, fields, complete=True)
    for key, sentence in result.errors.items():
        raise Refused(
            _("Chart of {code}, {key}: {problem}").format(
                code=code, key=key, problem=sentence
            )
        )
    return result.values


def _handed_in(
    actor: Member,
    round_: ChartRound,
    version: FormVersion,
    number: int,
    values: dict[str, Any],
    now: datetime,
) -> Chart:
    return Chart(
        round=round_,
        author=actor,
        form_version=version,
        version=number,
        values=values,
        is_complete=True,
        key=uuid.uuid4(),
        is_late=_is_late(actor, round_),
        created_at=now,
    )
