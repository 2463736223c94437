"""The methods report: a plain text on assignments, blinding, agreement and counts.

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

WIDTH = 79
# Left out, because the line of their sum lists them as its parts.
KINDS_OF_SOURCES = {"database_results", "register_results"}


@dataclass(frozen=True, slots=True)
class ReviewerPair:
    """The agreement of two reviewers; ``kappa`` is None if it cannot be estimated."""

    names: str
    n: int
    observed: float
    kappa: float | None
    pabak: float
    ac1: float


@dataclass(frozen=True, slots=True)
class StageFacts:
    """The public facts of a stage.

    ``subject``: "records" or "reports". ``is_alone``: one reviewer screens each of
    them. ``pairs`` is None until the stage is closed.
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
    pairs: tuple[ReviewerPair, ...] | None = None


@dataclass(frozen=True, slots=True)
class MethodsReport:
    """The values that the text is made of."""

    made_at: datetime
    stages: tuple[StageFacts, ...]
    flow: Flow


def report_as_text(report: MethodsReport) -> str:
    """Return the whole report as text; it ends with a line break."""
    flow = report.flow
    state = _("The flow is final.") if flow.is_final else _draft(flow)
    title = _("Methods report, {date}.").format(date=_day(report.made_at))
    blocks = [
        f"# {_line(flow.title)}",
        _wrapped(f"{title} {state}"),
        f"## {_('Screening')}",
        *[block for stage in report.stages for block in _stage(stage, flow)],
        *([] if report.stages else [_("No stage has been added yet.")]),
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
    is_other = box.kind.arm == "other"
    label = _("{box} (other methods)") if is_other else "{box}"
    parts = "; ".join(f"{part.label}: {part.n}" for part in box.parts)
    line = f"- {label.format(box=box.kind.label)}: {box.n}"
    return line + (f" ({parts})" if parts else "")


def _draft(flow: Flow) -> str:
    pending = [f"{box.kind.label}: {box.n}" for box in flow.pending]
    pending += [note.label for note in flow.notes]
    if not pending:
        return _("The flow is a draft. There are no final decisions yet.")
    return _("The flow is a draft. Pending: {list}.").format(list="; ".join(pending))


def _stage(stage: StageFacts, flow: Flow) -> list[str]:
    heading = f"### {_line(stage.name)}"
    if stage.started_at is None:
        return [heading, _("Not started.")]
    blocks = [
        heading,
        _wrapped(f"{_dates(stage.started_at, stage.closed_at)} {_decided(stage)}"),
        "\n".join(_wrapped(f"- {share}") for share in stage.shares),
        _wrapped(_blinding(stage, flow)),
    ]
    if stage.pairs is not None:
        blocks += _agreement(stage, stage.pairs)
    return blocks


def _dates(started_at: datetime, closed_at: datetime | None) -> str:
    start = _day(started_at)
    if closed_at is None:
        return _("Started on {start} and still open.").format(start=start)
    return _("Started on {start} and closed on {end}.").format(
        start=start, end=_day(closed_at)
    )


def _decided(stage: StageFacts) -> str:
    if stage.subject == "reports":
        text = _(
            "Reports: {total}, of which {included} included and {excluded} excluded."
        )
    else:
        text = _(
            "Records: {total}, of which {included} included and {excluded} excluded."
        )
    return text.format(
        total=stage.total, included=stage.included, excluded=stage.excluded
    )


def _blinding(stage: StageFacts, flow: Flow) -> str:
    if stage.is_alone and stage.subject == "reports":
        return _("Each report was screened by one reviewer only.")
    if stage.is_alone:
        return _("Each record was screened by one reviewer only.")
    promise = _pool_promise() if stage.is_pool else _fixed_promise()
    # Unblinding a whole review adds one line for each of its open stages.
    is_opened = any(one.of == stage.name for one in flow.unblindings)
    exceptions = _("Exceptions are listed under “Early unblinding”.")
    return f"{promise} {exceptions}" if is_opened else promise


def _fixed_promise() -> str:
    return _(
        "Screening was independent. No reviewer could see another reviewer's vote, or "
        "whether it had been cast, before all assigned reviewers had voted."
    )


def _pool_promise() -> str:
    return _(
        "Screening was independent. No reviewer could see another reviewer's vote "
        "before enough reviewers had voted. Reviewers could notice that a record had "
        "enough votes, because it left the queue."
    )


def _agreement(stage: StageFacts, pairs: tuple[ReviewerPair, ...]) -> list[str]:
    if not pairs:
        return [
            _wrapped(
                _(
                    "Nothing was screened by two reviewers, so agreement was not "
                    "measured."
                )
            )
        ]
    if stage.subject == "reports":
        said = _("Reports screened by two or more reviewers: {count}.")
    else:
        said = _("Records screened by two or more reviewers: {count}.")
    how = _(
        "Agreement is measured on first votes, all cast before any vote was shown to "
        "another reviewer. “Unsure” counts as include."
    )
    lines = "\n".join(_wrapped(f"- {_pair(pair)}") for pair in pairs)
    return [_wrapped(f"{said.format(count=stage.double)} {how}"), lines]


def _pair(pair: ReviewerPair) -> str:
    kappa = _("not estimable") if pair.kappa is None else f"{pair.kappa:.3f}"
    return _(
        "{reviewers}: n = {count}, agreement {observed}, Cohen's kappa {kappa}, PABAK "
        "{pabak}, AC1 {ac1}"
    ).format(
        reviewers=pair.names,
        count=pair.n,
        observed=f"{pair.observed:.3f}",
        kappa=kappa,
        pabak=f"{pair.pabak:.3f}",
        ac1=f"{pair.ac1:.3f}",
    )


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
