"""The screening as a text to cite: who read what, how blind, and how well it went.

Pure: what is settled and public comes in, plain text goes out. Headings are marked
with ``#`` so that it can be pasted into a manuscript or read as it is.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import UTC, datetime

from screening.flow.rules.flow import Box, Flow

WIDTH = 79
FIXED = (
    "Screening was independent: nobody was shown another reviewer's judgement, nor "
    "whether it had been made, before all who were assigned had judged."
)
POOL = (
    "Screening was independent: nobody was shown another reviewer's judgement before "
    "enough had judged. That somebody had read a record could be seen, because it "
    "left the queue."
)
ALONE = "Each was judged by one person only."
OPENED_HERE = "But for what is listed below as opened before its time."
FIRST_VOTES = (
    "measured on first votes, all cast before any was shown to another; “unsure” "
    "counts as include"
)
NOTHING_OPENED = "None."
# Their sum is a line of its own, with the sources as its parts.
KINDS_OF_SOURCES = {"database_results", "register_results"}
OPENED = (
    "What was open could be read by leads and admins from then on; nobody could vote "
    "on it any more, and agreement uses the votes cast before only."
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two readers and how they agreed; ``kappa`` None where it cannot be estimated."""

    names: str
    n: int
    observed: float
    kappa: float | None
    pabak: float
    ac1: float


@dataclass(frozen=True, slots=True)
class StageTold:
    """A stage in public words. ``pairs`` None: not measured before it is closed.

    ``is_alone``: its policy gives each record or report to one person.
    """

    name: str
    subject: str
    is_pool: bool
    is_alone: bool
    shares: tuple[str, ...]
    started_at: datetime | None
    closed_at: datetime | None
    total: int
    included: int
    excluded: int
    double: int = 0
    pairs: tuple[Pair, ...] | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What the text is made of."""

    made_at: datetime
    stages: tuple[StageTold, ...]
    flow: Flow


def as_text(report: Report) -> str:
    """The whole report; ends with a line break."""
    flow = report.flow
    state = "The flow is final." if flow.is_final else _draft(flow)
    blocks = [
        f"# {_line(flow.title)}",
        _wrapped(f"Report of the screening, {_day(report.made_at)}. {state}"),
        "## Screening",
        *[block for stage in report.stages for block in _stage(stage, flow)],
        *([] if report.stages else ["No stage is set up yet."]),
        "## Judgements opened before their time",
        *_openings(flow),
        "## Numbers (PRISMA 2020)",
        "\n".join(
            _wrapped(_number(box))
            for box in flow.boxes.values()
            if box.kind.key not in KINDS_OF_SOURCES and (box.n or not box.kind.is_extra)
        ),
    ]
    return "\n\n".join(blocks) + "\n"


def _number(box: Box) -> str:
    arm = " (other methods)" if box.kind.arm == "other" else ""
    parts = "; ".join(f"{part.label}: {part.n}" for part in box.parts)
    return f"- {box.kind.label}{arm}: {box.n}" + (f" ({parts})" if parts else "")


def _draft(flow: Flow) -> str:
    waits = [f"{box.kind.label}: {box.n}" for box in flow.pending]
    return f"A draft: {'; '.join([*waits, *flow.notes]) or 'nothing is settled yet'}."


def _stage(stage: StageTold, flow: Flow) -> list[str]:
    heading = f"### {_line(stage.name)}"
    if stage.started_at is None:
        return [heading, "Not started."]
    until = f"closed {_day(stage.closed_at)}" if stage.closed_at else "under way"
    blocks = [
        heading,
        _wrapped(
            f"Begun {_day(stage.started_at)}, {until}. Of {stage.total} "
            f"{stage.subject} {stage.included} included, {stage.excluded} excluded."
        ),
        "\n".join(_wrapped(f"- {share}") for share in stage.shares),
        _wrapped(_blinding(stage, flow)),
    ]
    if stage.pairs is not None:
        blocks += _agreement(stage)
    return blocks


def _blinding(stage: StageTold, flow: Flow) -> str:
    if stage.is_alone:
        return ALONE
    # A review that was opened names each of its stages under way on a line of its own.
    is_opened = any(one.of == stage.name for one in flow.openings)
    promise = POOL if stage.is_pool else FIXED
    return f"{promise} {OPENED_HERE}" if is_opened else promise


def _agreement(stage: StageTold) -> list[str]:
    if not stage.pairs:
        return ["Nothing was read by two, so there is no agreement to measure."]
    lines = [
        f"- {pair.names}: n = {pair.n}, agreed {pair.observed:.3f}, Cohen's kappa "
        f"{'not estimable' if pair.kappa is None else f'{pair.kappa:.3f}'}, PABAK "
        f"{pair.pabak:.3f}, AC1 {pair.ac1:.3f}"
        for pair in stage.pairs
    ]
    said = f"Agreement on the {stage.double} that two or more had read, {FIRST_VOTES}:"
    return [_wrapped(said), "\n".join(map(_wrapped, lines))]


def _openings(flow: Flow) -> list[str]:
    if not flow.openings:
        return [NOTHING_OPENED]
    told = "\n".join(_wrapped(f"- {one.told}") for one in flow.openings)
    return [told, _wrapped(OPENED)]


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC).day} {at.astimezone(UTC):%B %Y}"


def _line(text: str) -> str:
    return " ".join(text.split())


def _wrapped(text: str) -> str:
    """One paragraph or item; what people wrote stays within it."""
    item = text.startswith("- ")
    return textwrap.fill(
        _line(text),
        WIDTH,
        subsequent_indent="  " if item else "",
        break_long_words=False,
        break_on_hyphens=False,
    )
