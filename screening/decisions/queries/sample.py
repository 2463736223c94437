"""Samples and the list of assignments: the hash for all, the list not before the time.

While a wave is open, only leads who do not screen in it see its list: reviewers must
not know which of their records a second person screens. All see the list of a closed
wave, and the hash of each draw from the moment it was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from reviewapp.core.lib.load_once import load_once
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, can
from screening.decisions.models import SampleDraw, Stage
from screening.decisions.models.rounds import Assignment, Round
from screening.decisions.queries import policies, screening_items, stage_items, waves

PAGE = 50


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """A record or report of the stage with its reviewers by line of the policy.

    ``readers`` is None if the viewer may not see them yet.
    """

    round_code: str
    record_code: str
    subject_code: str
    title: str
    year: int | None
    readers: tuple[tuple[int, str], ...] | None


@dataclass(frozen=True, slots=True)
class DrawView:
    """One draw. ``key`` and ``start`` are "" while its list is secret."""

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

    @property
    def percent(self) -> str:
        """Return the percentage without trailing zeros, for example "12.5"."""
        return f"{self.share.normalize():f}"


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """A row of the file. ``reviewer`` is "" if the assignment was removed."""

    code: str
    title: str
    wave: int
    rule: int
    draw: int
    reviewer: str


@load_once
def sees_open_list(viewer: Member, stage: Stage) -> bool:
    """Return True for a lead who has no assignment in the open wave of the stage."""
    wave = waves.open_wave(stage)
    if wave is None or not can(viewer, Action.SET_POLICY):
        return False
    in_policy = wave.policy.lines.filter(members=viewer)
    mine = Assignment.objects.filter(round__wave=wave, member=viewer)
    return not in_policy.exists() and not mine.exists()


def draws(viewer: Member, stage: Stage) -> list[DrawView]:
    """Return all draws of samples at the stage, by wave, rule and number.

    Rules that cover everything draw nothing and are left out.
    """
    sees_open = sees_open_list(viewer, stage)
    rows = (
        SampleDraw.objects.filter(wave__stage=stage, wave__stage__review=viewer.review)
        .exclude(share=100)
        .select_related("wave")
        .order_by("wave__number", "rule", "number")
    )
    return [
        _draw_view(row, sees_open or row.wave.closed_at is not None) for row in rows
    ]


def _draw_view(row: SampleDraw, is_shown: bool) -> DrawView:
    return DrawView(
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
    )


def assignment_page(
    viewer: Member, stage: Stage, *, line: int = 0, after: str = ""
) -> tuple[list[AssignmentLine], str]:
    """Return one page in screening order and the cursor of the next page.

    ``line``: only what this line of the policy has drawn. Empty for an open pool,
    where an assignment would show that its member has voted. Of an open wave, a lead
    who screens in it sees the records without their reviewers, others see nothing.
    """
    if policies.pool_size_of(stage):
        return [], ""
    rows = Round.objects.seen_by(viewer).filter(
        stage_items.subject_in_review(), stage=stage
    )
    sees_open = sees_open_list(viewer, stage)
    if not sees_open and (line or not can(viewer, Action.SET_POLICY)):
        rows = rows.filter(wave__closed_at__isnull=False)
    if line:
        drawn = Assignment.objects.filter(stage=stage, no=line, vacated_at=None)
        rows = rows.filter(pk__in=drawn.values("round"))
    last = rows.filter(code=after).values_list("order", "pk").first() if after else None
    if last:
        rows = rows.filter(Q(order__gt=last[0]) | Q(order=last[0], pk__gt=last[1]))
    found = list(
        rows.order_by("order", "pk").values(
            "pk",
            "code",
            "record",
            "report",
            report_record=F("report__record"),
            closed_at=F("wave__closed_at"),
        )[: PAGE + 1]
    )
    lines = _lines(viewer, found[:PAGE], sees_open)
    return lines, lines[-1].round_code if len(found) > PAGE else ""


def _lines(
    viewer: Member, rows: list[dict[str, Any]], sees_open: bool
) -> list[AssignmentLine]:
    shown_of = {row["pk"] for row in rows if sees_open or row["closed_at"]}
    readers: dict[int, list[tuple[int, str]]] = {}
    for pk, no, name in (
        Assignment.objects.filter(round__in=shown_of, vacated_at=None)
        .order_by("no")
        .values_list("round", "no", "member__name")
    ):
        readers.setdefault(pk, []).append((no, name))
    shown = screening_items.listed_records(
        viewer, [row["record"] or row["report_record"] for row in rows]
    )
    return [
        AssignmentLine(
            round_code=str(row["code"]),
            record_code=record.code,
            subject_code=record.code,
            title=record.title or _("(no title)"),
            year=record.year,
            readers=tuple(readers.get(row["pk"], ()))
            if row["pk"] in shown_of
            else None,
        )
        for row in rows
        for record in [shown[row["record"] or row["report_record"]]]
    ]


def assignment_rows(viewer: Member, stage: Stage) -> Iterator[AssignmentRow]:
    """Yield all assignments that the viewer may see, for a file.

    Each place that was drawn has one row, also if its member was removed. So the draws
    can be checked against their hashes.
    """
    if policies.pool_size_of(stage):
        return
    places = _places(stage)
    if not sees_open_list(viewer, stage):
        places = places.filter(round__wave__closed_at__isnull=False)
    title = Coalesce(F("round__record__title"), F("round__report__record__title"))
    code = Coalesce(F("round__record__code"), F("round__report__code"))
    for row in (
        places.filter(stage__review=viewer.review_id)
        .order_by("round__wave__number", "order", "round", "no")
        .values_list(
            *(code, title, "round__wave__number", "no", "draw__number"),
            *("member__name", "vacated_at"),
        )
        .iterator(chunk_size=2000)
    ):
        code_, title_, wave, rule, draw, name, vacated_at = row
        reviewer = name if vacated_at is None else ""
        yield AssignmentRow(code_, title_, wave, rule, draw, reviewer)


def _places(stage: Stage) -> QuerySet[Assignment]:
    """Return the active assignment of each place, or the latest one of an empty place."""
    same = Assignment.objects.filter(round=OuterRef("round"), no=OuterRef("no"))
    later = same.filter(
        Q(vacated_at=None)
        | Q(vacated_at__gt=OuterRef("vacated_at"))
        | Q(vacated_at=OuterRef("vacated_at"), pk__gt=OuterRef("pk"))
    )
    return Assignment.objects.filter(
        Q(vacated_at=None) | ~Q(Exists(later)),
        stage_items.subject_in_review("round__"),
        stage=stage,
    )


def item_of_round(
    viewer: Member, stage: Stage, round_code: str
) -> screening_items.ScreeningItem | None:
    """Return the text of one round of the stage, or None."""
    row = (
        Round.objects.seen_by(viewer)
        .filter(code=round_code, stage=stage)
        .values_list("record__code", "report__code")
        .first()
    )
    if row is None:
        return None
    if row[1]:
        return screening_items.report_item(viewer, row[1])
    return screening_items.record_item(viewer, row[0])
