"""Comparison of the loaded review with the plan."""

from __future__ import annotations

from dataclasses import dataclass

from charting.models import FinalChart
from reviewapp.core.models import Review
from reviewapp.demo import plan
from screening.flow.queries import flow
from screening.flow.rules.flow import Flow


@dataclass(frozen=True, slots=True)
class CountCheck:
    """One count of the review and its planned value."""

    label: str
    found: int
    planned: int

    @property
    def holds(self) -> bool:
        """Return True if both are equal."""
        return self.found == self.planned


@dataclass(frozen=True, slots=True)
class CheckResult:
    """All checks of a review; ``flow`` holds the counts."""

    checks: tuple[CountCheck, ...]
    flow: Flow

    @property
    def faults(self) -> tuple[str, ...]:
        """Return a sentence for each difference from the plan."""
        numbers = [
            f"{c.label}: {c.found:,} instead of {c.planned:,}"
            for c in self.checks
            if not c.holds
        ]
        broken = [
            f"identity {i.code} does not hold: {i.left:,} {i.text}"
            for i in self.flow.identities
            if not i.holds
        ]
        open_ = [f"{box.kind.text}: {box.n}" for box in self.flow.pending]
        return (*numbers, *broken, *open_, *(note.text for note in self.flow.notes))


def check_review(review: Review) -> CheckResult:
    """Compare the flow of the loaded review with the plan and return the result."""
    found, planned = flow.build_flow(review), plan.planned_flow()
    excluded = sum(planned.excluded_at_full_text.values())
    others = sum(planned.included_other.values())
    charted = FinalChart.objects.filter(review=review).count()
    numbers = (
        ("Records screened", found.n("records_screened"), planned.screened),
        ("Reports assessed, databases", found.n("dbr_assessed"), planned.full_text_databases),
        ("Reports assessed, other methods", found.n("other_assessed"), others),
        ("Reports assessed in all", found.n("dbr_assessed") + found.n("other_assessed"), planned.full_text_all),
        ("Reports excluded with a reason", found.n("dbr_excluded") + found.n("other_excluded"), excluded),
        ("Studies included", found.n("new_studies"), planned.included),
        ("Studies charted", charted, planned.included),
    )  # fmt: skip
    reasons = {part.label: part.n for part in found.boxes["dbr_excluded"].parts}
    by_reason = [
        CountCheck(f"Excluded: {reason.value}", reasons.get(reason.value, 0), n)
        for reason, n in planned.excluded_at_full_text.items()
    ]
    return CheckResult((*(CountCheck(*row) for row in numbers), *by_reason), found)
