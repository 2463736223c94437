"""Finalising of studies: charts are compared when all reviewers have submitted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from charting.models import FinalChart
from charting.models.charts import Chart, ChartAssignment, ChartRound
from charting.queries.forms import field_specs
from charting.rules.compare import ChartAnswers, ChartComparison, compare_charts
from charting.rules.schema import FieldSpec
from reviewapp.core import events
from reviewapp.core.blinding import Audience


@dataclass(frozen=True, slots=True)
class RoundCharts:
    """A round with the submitted charts that count, by assignment number.

    The newest chart of an author counts that is not late. ``assigned`` and
    ``submitted`` count active assignments. ``charts`` also has those of former
    reviewers: in a sealed round they stay part of the comparison.
    """

    round: ChartRound
    assigned: int
    submitted: int
    charts: tuple[Chart, ...]

    @property
    def is_submitted(self) -> bool:
        """Return True if every assigned reviewer has submitted a chart."""
        return 0 < self.assigned == self.submitted

    @property
    def version_id(self) -> int:
        """Return the primary key of the newest form version among the charts."""
        return max(chart.form_version_id for chart in self.charts)


def rounds_with_charts(round_ids: Collection[int]) -> list[RoundCharts]:
    """Return rounds with their submitted charts that count.

    Locks the rounds: a chart that is being saved waits for the lock.
    """
    rounds = list(
        ChartRound.objects.unblinded(
            reason="finalise rounds whose charts are all submitted"
        )
        .select_for_update()
        .filter(pk__in=round_ids)
        .order_by("pk")
    )
    seats: dict[int, list[ChartAssignment]] = defaultdict(list)
    rows = ChartAssignment.objects.filter(round_id__in=round_ids)
    for seat in rows.order_by("no", "pk"):
        seats[seat.round_id].append(seat)
    counted = _counted_charts(round_ids)
    return [_with_charts(found, seats[found.pk], counted) for found in rounds]


def _counted_charts(round_ids: Collection[int]) -> dict[tuple[int, int], Chart]:
    """Return the charts that count and are submitted, by round and author."""
    newest = (
        Chart.objects.unblinded(reason="compare the charts of a round")
        .filter(round_id__in=round_ids, is_late=False)
        .order_by("round_id", "author_id", "-version")
        .distinct("round_id", "author_id")
    )
    return {
        (chart.round_id, chart.author_id): chart
        for chart in newest
        if chart.is_complete
    }


def _with_charts(
    found: ChartRound,
    seats: list[ChartAssignment],
    counted: dict[tuple[int, int], Chart],
) -> RoundCharts:
    active = [seat for seat in seats if seat.vacated_at is None]
    taking_part = seats if found.sealed_at else active
    return RoundCharts(
        round=found,
        assigned=len(active),
        submitted=sum((found.pk, seat.member_id) in counted for seat in active),
        charts=tuple(
            counted[found.pk, seat.member_id]
            for seat in taking_part
            if (found.pk, seat.member_id) in counted
        ),
    )


def assigned_or_finalised() -> Q:
    """Return SQL for assignments: active, or withdrawn by the final chart or before.

    A final chart is public, so its answer may differ from that to other members.
    """
    final = FinalChart.objects.filter(round=OuterRef("round"))
    return Q(vacated_at=None) | Q(Exists(final))


def field_keys(fields: Collection[FieldSpec]) -> frozenset[str]:
    """Return the keys of the questions."""
    return frozenset(field.key for field in fields)


def compare_round(
    one: RoundCharts, fields: dict[int, tuple[FieldSpec, ...]]
) -> ChartComparison:
    """Compare the charts of a round and return the result.

    Compares the questions of the newest version, and those of earlier versions only.
    """
    charts = [
        ChartAnswers(chart.values, field_keys(fields[chart.form_version_id]))
        for chart in one.charts
    ]
    specs = list(fields[one.version_id])
    known = field_keys(specs)
    for chart in one.charts:
        earlier = [f for f in fields[chart.form_version_id] if f.key not in known]
        specs += earlier
        known |= field_keys(earlier)
    return compare_charts(charts, specs)


def finalise_rounds(*, round_ids: Collection[int], now: datetime) -> int:
    """Finalise the rounds whose charts agree; return how many were finalised.

    A round takes part if it has two or more assigned reviewers, all have submitted,
    and it is not sealed. If the charts differ, the round is sealed and visible to the
    adjudicators. A round with one chart waits until the form is closed, because a
    second reviewer may still be assigned.
    """
    ready = [
        one
        for one in rounds_with_charts(round_ids)
        if one.assigned > 1 and one.is_submitted and one.round.sealed_at is None
    ]
    fields = field_specs({c.form_version_id for one in ready for c in one.charts})
    results = [(one, compare_round(one, fields)) for one in ready]
    agreed = [(one, found) for one, found in results if not found.differing]
    differing = [one.round.pk for one, found in results if found.differing]
    _seal([one.round.pk for one, _ in agreed], now)
    rounds = ChartRound.objects.unblinded(reason="reveal discrepancies to adjudicators")
    rounds.filter(pk__in=differing).update(
        sealed_at=now, audience=Audience.ADJUDICATORS, revealed_at=now
    )
    save_final_charts(
        [
            make_final_chart(one, found.agreed, FinalChart.How.AGREEMENT, now)
            for one, found in agreed
        ],
        now,
    )
    return len(agreed)


def _seal(round_ids: list[int], now: datetime) -> None:
    rounds = ChartRound.objects.unblinded(reason="seal rounds that agree")
    rounds.filter(pk__in=round_ids, sealed_at=None).update(sealed_at=now)


def make_final_chart(
    one: RoundCharts, values: dict[str, object], how: str, now: datetime
) -> FinalChart:
    """Return an unsaved final chart of a round."""
    return FinalChart(
        review_id=one.round.review_id,
        form_id=one.round.form_id,
        form_version_id=one.version_id,
        round=one.round,
        study_id=one.round.study_id,
        values=values,
        how=how,
        finalised_at=now,
    )


def save_final_charts(rows: list[FinalChart], now: datetime) -> None:
    """Save final charts and record one event. From then on they are public.

    A final chart withdraws the assignments that are still open.
    """
    if not rows:
        return
    FinalChart.objects.bulk_create(rows)
    _withdraw_open_assignments([row.round_id for row in rows], now)
    # No actor: the name of the last reviewer would reveal when others submitted.
    events.record(
        review=rows[0].review,
        actor=None,
        kind="charts:settled",
        now=now,
        subject=rows[0].code if len(rows) == 1 else rows[0].form.code,
        n=len(rows),
        how=rows[0].how,
    )


def _withdraw_open_assignments(round_ids: list[int], now: datetime) -> None:
    """Withdraw assignments without a submitted chart that counts.

    Late changes do not matter here: others may not learn of them.
    """
    counted = _counted_charts(round_ids)
    active = ChartAssignment.objects.filter(round_id__in=round_ids, vacated_at=None)
    pending = [
        seat.pk for seat in active if (seat.round_id, seat.member_id) not in counted
    ]
    ChartAssignment.objects.filter(pk__in=pending).update(vacated_at=now)
