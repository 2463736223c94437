"""The list of assignments, which all members can see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from reviewapp.core.models import Member
from screening.decisions.models import Stage
from screening.decisions.models.rounds import Assignment, Round
from screening.decisions.queries import policies, screening_items, stage_items

PAGE = 100


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """A record or report of the stage with its reviewers by line of the policy."""

    round_code: str
    record_code: str
    subject_code: str
    title: str
    year: int | None
    readers: tuple[tuple[int, str], ...]


def assignment_page(
    viewer: Member, stage: Stage, *, line: int = 0, after: str = ""
) -> tuple[list[AssignmentLine], str]:
    """Return one page in screening order and the cursor of the next page.

    ``line``: only what this line of the policy has drawn. Empty for an open pool,
    where an assignment would show that its member has voted.
    """
    if policies.pool_size_of(stage):
        return [], ""
    rows = Round.objects.seen_by(viewer).filter(
        stage_items.subject_in_review(), stage=stage
    )
    if line:
        drawn = Assignment.objects.filter(stage=stage, no=line, vacated_at=None)
        rows = rows.filter(pk__in=drawn.values("round"))
    last = rows.filter(code=after).values_list("order", "pk").first() if after else None
    if last:
        rows = rows.filter(Q(order__gt=last[0]) | Q(order=last[0], pk__gt=last[1]))
    found = list(
        rows.order_by("order", "pk").values(
            "pk", "code", "record", "report", report_record=F("report__record")
        )[: PAGE + 1]
    )
    lines = _lines(viewer, found[:PAGE])
    return lines, lines[-1].round_code if len(found) > PAGE else ""


def _lines(viewer: Member, rows: list[dict[str, int | None]]) -> list[AssignmentLine]:
    readers: dict[int, list[tuple[int, str]]] = {}
    for pk, no, name in (
        Assignment.objects.filter(
            round__in=[row["pk"] for row in rows], vacated_at=None
        )
        .order_by("no")
        .values_list("round", "no", "member__name")
    ):
        readers.setdefault(pk, []).append((no, name))
    shown = screening_items.items_of(
        viewer, [(row["record"] or row["report_record"], None) for row in rows]
    )
    return [
        AssignmentLine(
            round_code=str(row["code"]),
            record_code=paper.record_code,
            subject_code=paper.record_code,
            title=paper.title,
            year=paper.record.year,
            readers=tuple(readers.get(row["pk"] or 0, ())),
        )
        for row in rows
        for paper in [shown[row["record"] or row["report_record"], None]]
    ]


def assignment_rows(
    viewer: Member, stage: Stage
) -> Iterator[tuple[str, str, int, str]]:
    """Yield all assignments for a file: code, title, number of the line, reviewer."""
    if policies.pool_size_of(stage):
        return
    title = Coalesce(F("round__record__title"), F("round__report__record__title"))
    code = Coalesce(F("round__record__code"), F("round__report__code"))
    yield from (
        Assignment.objects.filter(
            stage_items.subject_in_review("round__"),
            stage=stage,
            stage__review=viewer.review_id,
            vacated_at=None,
        )
        .order_by("order", "round", "no")
        .values_list(code, title, "no", "member__name")
        .iterator(chunk_size=2000)
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
