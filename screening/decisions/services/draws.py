"""Store the draws of samples: of a stage's waves and of a charting form's waves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from screening.decisions.rules import drawing, sampling
from screening.decisions.rules.drawing import Window


def windows_of(wave: Any) -> dict[int, Window]:
    """Return the window of each rule after its latest draw in the wave."""
    rows = wave.draws.order_by("rule", "number").values_list("rule", "share", "start")
    return {rule: Window(share, int(start, 16)) for rule, share, start in rows}


def store_draws(
    wave: Any,
    lines: Sequence[sampling.SamplingLine],
    windows: dict[int, Window],
    made: Sequence[sampling.NewAssignment],
    total: int,
    now: datetime,
) -> dict[int, Any]:
    """Store one draw for each rule that has new assignments or another window.

    Return the draws by rule: rows of the table that ``wave.draws`` refers to.
    """
    before = windows_of(wave)
    last = dict(wave.draws.order_by("number").values_list("rule", "number"))
    drawn: dict[int, list[str]] = defaultdict(list)
    for one in made:
        drawn[one.no].append(one.subject)
    table = wave.draws.model
    rows = [
        table(
            wave=wave,
            rule=line.no,
            number=last.get(line.no, 0) + 1,
            share=line.share,
            start=f"{windows[line.no].start:016x}",
            total=total,
            drawn=len(drawn[line.no]),
            digest=drawing.digest_of(wave.key, drawn[line.no]),
            drawn_at=now,
        )
        for line in lines
        if drawn[line.no] or before.get(line.no) != windows[line.no]
    ]
    return {row.rule: row for row in table.objects.bulk_create(rows)}


def draw_in_numbers(one: Any) -> str:
    """Return a draw as the audit log has it: rule, draw, number drawn and hash."""
    return f"{one.rule}.{one.number}: {one.drawn}, {one.digest}"
