"""Resolution of discrepancies between charts, by question. The charts are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from charting.models import FinalChart, Reconciliation
from charting.models.charts import ChartRound
from charting.queries.forms import field_specs
from charting.rules.compare import ChartComparison
from charting.rules.schema import (
    FieldSpec,
    InvalidAnswer,
    answer_text,
    clean_answer,
    merge_versions,
)
from charting.services import finalising
from reviewapp.core import events
from reviewapp.core.blinding import Audience
from reviewapp.core.lib.times import clock_time
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import OlderState, Refused


@dataclass(frozen=True, slots=True)
class Resolution:
    """The resolution of one discrepancy (value None: no answer), and its reason."""

    field_key: str
    value: Any
    rationale: str = ""


@dataclass(frozen=True, slots=True)
class ResolutionResult:
    """The result of saving resolutions.

    ``left``: keys of unresolved discrepancies; the study is finalised if it is empty.
    ``errors``: sentences by field key; these answers were not saved.
    """

    left: tuple[str, ...]
    errors: dict[str, str]

    @property
    def is_finalised(self) -> bool:
        """Return True if the study is finalised."""
        return not self.left


@transaction.atomic
def resolve_discrepancies(
    *,
    actor: Member,
    round_code: str,
    answers: Sequence[Resolution],
    seen_version: int | None = None,
    now: datetime,
) -> ResolutionResult:
    """Resolve discrepancies and return the result.

    The last resolution finalises the study. Until then a later resolution of the same
    question replaces an earlier one. ``seen_version``: the number of resolutions that
    the page showed, or None. Raises Refused if the study has no open discrepancies, or
    if an answer is not about a discrepancy, and OlderState if the question was resolved
    differently in the meantime.
    """
    require(actor, Action.ADJUDICATE)
    one = _open_differences(actor, round_code)
    fields = field_specs({chart.form_version_id for chart in one.charts})
    found = finalising.compare_round(one, fields)
    specs = _specs(one, fields)
    errors: dict[str, str] = {}
    rows = []
    for answer in answers:
        if answer.field_key not in found.differing:
            raise Refused(_("One of these answers is not a discrepancy."))
        try:
            value = clean_answer(answer.value, specs[answer.field_key])
        except InvalidAnswer as invalid:
            errors[answer.field_key] = str(invalid)
            continue
        rows.append(_row(actor, one.round, answer, value, now))
    rows = _new_rows(rows, specs, seen_version)
    Reconciliation.objects.bulk_create(rows)
    _record(actor, one.round, rows, now)
    return ResolutionResult(_settle_when_done(one, found, now), errors)


def _open_differences(actor: Member, round_code: str) -> finalising.RoundCharts:
    pk = (
        ChartRound.objects.revealed_to(actor)
        .filter(code=round_code, audience=Audience.ADJUDICATORS)
        .values_list("pk", flat=True)
        .first()
    )
    if pk is None:
        raise Refused(_("This study has no discrepancies to resolve."))
    [one] = finalising.rounds_with_charts([pk])
    if FinalChart.objects.filter(round_id=pk).exists():
        raise Refused(_("All discrepancies of this study are already resolved."))
    return one


def _specs(
    one: finalising.RoundCharts, fields: dict[int, tuple[FieldSpec, ...]]
) -> dict[str, FieldSpec]:
    """Return the questions by key, in the wording of the newest version."""
    versions = sorted({chart.form_version_id for chart in one.charts}, reverse=True)
    return {spec.key: spec for spec in merge_versions(fields[pk] for pk in versions)}


def _row(
    actor: Member, round_: ChartRound, answer: Resolution, value: Any, now: datetime
) -> Reconciliation:
    return Reconciliation(
        review_id=round_.review_id,
        round=round_,
        field_key=answer.field_key,
        value=value,
        rationale=answer.rationale.strip(),
        by=actor,
        created_at=now,
    )


def _new_rows(
    rows: list[Reconciliation], specs: dict[str, FieldSpec], seen_version: int | None
) -> list[Reconciliation]:
    """Return the rows without those that are saved already. Raises OlderState."""
    if not rows:
        return rows
    saved = list(Reconciliation.objects.filter(round=rows[0].round_id).order_by("id"))
    newest = {row.field_key: row for row in saved}
    unseen = {row.field_key for row in saved[seen_version or 0 :]}
    new = [row for row in rows if not _is_saved(row, newest.get(row.field_key))]
    for row in new:
        if seen_version is not None and row.field_key in unseen:
            spec, before = specs[row.field_key], newest[row.field_key]
            sentence = _(
                "“{question}” was resolved as “{saved}” at {time} in the meantime. This "
                "page says “{here}”."
            )
            raise OlderState(
                sentence.format(
                    question=spec.label,
                    saved=answer_text(before.value, spec) or _("No answer"),
                    time=clock_time(before.created_at),
                    here=answer_text(row.value, spec) or _("No answer"),
                )
            )
    return new


def _is_saved(row: Reconciliation, before: Reconciliation | None) -> bool:
    """Return True if the same member has saved the same: the page repeats itself."""
    return before is not None and (row.value, row.rationale, row.by_id) == (
        before.value,
        before.rationale,
        before.by_id,
    )


def _record(
    actor: Member, round_: ChartRound, rows: list[Reconciliation], now: datetime
) -> None:
    if rows:
        events.record(
            review=actor.review,
            actor=actor,
            kind="difference:settled",
            now=now,
            subject=round_.code,
            private=True,
            fields=[row.field_key for row in rows],
        )


def _settle_when_done(
    one: finalising.RoundCharts, found: ChartComparison, now: datetime
) -> tuple[str, ...]:
    """Save the final chart if all is resolved; return the unresolved keys."""
    answered = {
        row.field_key: row.value
        for row in Reconciliation.objects.filter(round=one.round).order_by("id")
    }
    left = tuple(key for key in found.differing if key not in answered)
    if left:
        return left
    agreed = {key: v for key, v in answered.items() if key in found.differing}
    values = {k: v for k, v in {**found.agreed, **agreed}.items() if v is not None}
    row = finalising.make_final_chart(one, values, FinalChart.How.RECONCILED, now)
    finalising.save_final_charts([row], now)
    return ()
