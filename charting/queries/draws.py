"""Samples for double charting: the hash for all, the list not before the time.

While a wave is open, only leads who do not chart in it see the list: reviewers must not
know which of their studies a second person charts. All see the list of a closed wave.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from charting.models import Form, FormDraw
from charting.models.charts import ChartAssignment
from charting.queries import waves
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, can


@dataclass(frozen=True, slots=True)
class FormDrawView:
    """One draw. ``key`` and ``start`` are "" and ``codes`` empty while it is secret."""

    wave: int
    rule: int
    number: int
    share: Decimal
    total: int
    drawn: int
    digest: str
    at: datetime
    key: str
    start: str
    codes: tuple[tuple[str, str], ...]

    @property
    def percent(self) -> str:
        """Return the percentage without trailing zeros, for example "12.5"."""
        return f"{self.share.normalize():f}"


def _sees_open_list(viewer: Member, form: Form) -> bool:
    """Return True for a lead who does not chart in the open wave of the form."""
    wave = waves.open_wave(form)
    if wave is None or not can(viewer, Action.EDIT_FORMS):
        return False
    chosen = form.first_reviewers.filter(pk=viewer.pk).exists()
    chosen = chosen or form.second_reviewers.filter(pk=viewer.pk).exists()
    mine = ChartAssignment.objects.filter(round__wave=wave, member=viewer)
    return not chosen and not mine.exists()


def draws(viewer: Member, form: Form) -> list[FormDrawView]:
    """Return all draws of samples, by wave and number, with their studies if shown.

    A rule that covers every study draws nothing and is left out.
    """
    rows = list(
        FormDraw.objects.filter(wave__form=form, wave__form__review=viewer.review_id)
        .exclude(share=100)
        .select_related("wave")
        .order_by("wave__number", "rule", "number")
    )
    if not rows:
        return []
    sees_open = _sees_open_list(viewer, form)
    shown = {row.pk for row in rows if sees_open or row.wave.closed_at is not None}
    studies: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for draw, code, label in (
        ChartAssignment.objects.filter(draw__in=shown)
        .order_by("round__study__label", "round__study__code")
        .values_list("draw", "round__study__code", "round__study__label")
        .distinct()
    ):
        studies[draw].append((code, label))
    return [_view(row, row.pk in shown, studies[row.pk]) for row in rows]


def _view(
    row: FormDraw, is_shown: bool, studies: list[tuple[str, str]]
) -> FormDrawView:
    return FormDrawView(
        wave=row.wave.number,
        rule=row.rule,
        number=row.number,
        share=row.share,
        total=row.total,
        drawn=row.drawn,
        digest=row.digest,
        at=row.drawn_at,
        key=row.wave.key if is_shown else "",
        start=row.start if is_shown else "",
        codes=tuple(studies),
    )
