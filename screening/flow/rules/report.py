"""The methods report: a plain text on screening, charting, automation and counts.

Built from public values only. Headings are marked with ``#``, so that the text can be
pasted into a manuscript.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import UTC, datetime

from reviewapp.core.lib.translation import date_text
from reviewapp.core.lib.translation import gettext as _
from screening.flow.rules.flow import Box, Flow
from screening.flow.rules.report_stages import StageFacts, stage_blocks

WIDTH = 79
# Left out, because the line of their sum lists them as its parts.
KINDS_OF_SOURCES = {"database_results", "register_results"}


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A section of the report: its paragraphs and lists, whose items start with "- "."""

    heading: str
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MethodsReport:
    """The values that the text is made of."""

    made_at: datetime
    stages: tuple[StageFacts, ...]
    flow: Flow
    sections: tuple[ReportSection, ...] = ()


def report_as_text(report: MethodsReport) -> str:
    """Return the whole report as text; it ends with a line break."""
    flow = report.flow
    state = _("The flow is final.") if flow.is_final else _draft(flow)
    title = _("Methods report, {date}.").format(date=_day(report.made_at))
    blocks = [
        f"# {_line(flow.title)}",
        _wrapped(f"{title} {state}"),
        f"## {_('Screening')}",
        *[block for stage in report.stages for block in _stage(stage)],
        *([] if report.stages else [_("No stage has been added yet.")]),
        *[block for section in report.sections for block in _section(section)],
        f"## {_('Early unblinding')}",
        *_unblindings(flow),
        f"## {_('Counts (PRISMA 2020)')}",
        "\n".join(
            _wrapped(_count(box))
            for box in flow.boxes.values()
            if box.kind.key not in KINDS_OF_SOURCES and (box.n or not box.kind.is_extra)
        ),
    ]
    return "\n\n".join(blocks) + "\n"


def _count(box: Box) -> str:
    parts = "; ".join(f"{part.label}: {part.n}" for part in box.parts)
    line = f"- {box.kind.full_label}: {box.n}"
    return line + (f" ({parts})" if parts else "")


def _draft(flow: Flow) -> str:
    pending = [f"{box.kind.full_label}: {box.n}" for box in flow.pending]
    pending += [note.label for note in flow.notes]
    pending += [
        _("failed check {check}").format(check=identity.label)
        for identity in flow.failed
    ]
    if not pending:
        return _("The flow is a draft. There are no final decisions yet.")
    return _("The flow is a draft. Pending: {list}.").format(list="; ".join(pending))


def _stage(stage: StageFacts) -> list[str]:
    return [f"### {_line(stage.name)}", *map(_lines, stage_blocks(stage))]


def _section(section: ReportSection) -> list[str]:
    return [f"## {_line(section.heading)}", *map(_lines, section.blocks)]


def _lines(block: str) -> str:
    return "\n".join(map(_wrapped, block.split("\n")))


def _unblindings(flow: Flow) -> list[str]:
    if not flow.unblindings:
        return [_("None.")]
    lines = "\n".join(_wrapped(f"- {one.line}") for one in flow.unblindings)
    effect = _(
        "After an unblinding, leads and admins could read the votes and charts "
        "concerned, and no one could add to them. Agreement uses only votes cast "
        "before."
    )
    return [lines, _wrapped(effect)]


def _day(at: datetime) -> str:
    return date_text(at.astimezone(UTC))


def _line(text: str) -> str:
    return " ".join(text.split())


def _wrapped(text: str) -> str:
    """Return one paragraph or list item; line breaks in people's texts are removed."""
    item = text.startswith("- ")
    return textwrap.fill(
        _line(text),
        WIDTH,
        subsequent_indent="  " if item else "",
        break_long_words=False,
        break_on_hyphens=False,
    )
