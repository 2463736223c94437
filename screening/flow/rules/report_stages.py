"""The part of the methods report about one stage: who screened, conflicts, agreement.

Numbers about people count votes. While votes are hidden the text only tells what is
assigned, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from reviewapp.core.lib.translation import date_text
from reviewapp.core.lib.translation import gettext as _
from screening.decisions.rules.agreement import Agreement, Estimate
from screening.decisions.rules.work import ReviewerWork


@dataclass(frozen=True, slots=True)
class Rules:
    """Assignments in force; ``since`` is None for those at the start of the stage."""

    since: datetime | None
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewerPair:
    """The agreement of two reviewers, and the one that also compares reasons."""

    names: str
    measures: Agreement
    with_reasons: Agreement | None = None


@dataclass(frozen=True, slots=True)
class Screened:
    """What was screened, known when all votes are visible.

    ``double``: with blind votes of two or more reviewers; ``single``: with one vote;
    ``imported``: with a vote from another tool.
    """

    total: int
    double: int
    single: int
    imported: int
    pairs: tuple[ReviewerPair, ...]


@dataclass(frozen=True, slots=True)
class Resolver:
    """A member who resolved conflicts; in ``voted`` of them they had a vote."""

    name: str
    resolved: int
    voted: int


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Resolved conflicts: their results, what they were about, and who resolved them."""

    included: int
    excluded: int
    verdict: int = 0
    reason: int = 0
    unsure: int = 0
    resolvers: tuple[Resolver, ...] = ()

    @property
    def total(self) -> int:
        """Return the number of resolved conflicts."""
        return self.included + self.excluded


@dataclass(frozen=True, slots=True)
class StageFacts:
    """The public facts of a stage.

    ``subject``: "records" or "reports". ``is_alone``: the rules assign one reviewer to
    each. ``agreed``, ``single``: decisions by agreement and by one reviewer.
    ``screened`` and ``conflicts`` are None while all votes are hidden. ``work``: votes
    of members, ``open_work``: assignments whose votes are hidden.
    """

    name: str
    subject: str
    is_pool: bool
    is_alone: bool
    rules: tuple[Rules, ...]
    started_at: datetime | None
    closed_at: datetime | None
    total: int
    included: int
    excluded: int
    agreed: int = 0
    single: int = 0
    # When each wave was opened and closed, and its number of records or reports.
    waves: tuple[tuple[datetime, datetime | None, int], ...] = ()
    work: tuple[ReviewerWork, ...] = ()
    open_work: tuple[ReviewerWork, ...] = ()
    screened: Screened | None = None
    conflicts: Conflicts | None = None
    is_unblinded: bool = False
    progress: str = ""


def stage_blocks(stage: StageFacts) -> list[str]:
    """Return the paragraphs and lists of a stage; list items start with "- "."""
    if stage.started_at is None:
        return [_("Not started.")]
    blocks = [
        f"{_dates(stage.started_at, stage.closed_at)} {_decided(stage)}",
        _list(_waves(stage)),
        _list(_rules(stage)),
        *_work(stage),
        _blinding(stage),
    ]
    if stage.conflicts is not None:
        blocks += _conflicts(stage.conflicts)
    if stage.screened is not None:
        blocks += _agreement(stage, stage.screened)
    return [block for block in blocks if block]


def _list(lines: Iterable[str]) -> str:
    """Return list items as one block; line breaks in people's texts are removed."""
    return "\n".join(f"- {' '.join(line.split())}" for line in lines)


def _is_reports(stage: StageFacts) -> bool:
    return stage.subject == "reports"


def _dates(started_at: datetime, closed_at: datetime | None) -> str:
    start = _day(started_at)
    if closed_at is None:
        return _("Started on {start} and still open.").format(start=start)
    return _("Started on {start} and closed on {end}.").format(
        start=start, end=_day(closed_at)
    )


def _waves(stage: StageFacts) -> list[str]:
    """Describe the waves if there are several; what comes late opens the next one."""
    if len(stage.waves) < 2:
        return []
    return [
        _("Wave {number}, {total}: {dates}").format(
            number=number, total=total, dates=_dates(opened_at, closed_at)
        )
        for number, (opened_at, closed_at, total) in enumerate(stage.waves, 1)
    ]


def _decided(stage: StageFacts) -> str:
    if _is_reports(stage):
        text = _(
            "Reports: {total}, of which {included} included and {excluded} excluded."
        )
    else:
        text = _(
            "Records: {total}, of which {included} included and {excluded} excluded."
        )
    how = _(
        "Decided by agreement of two or more reviewers: {agreed}; by one reviewer: "
        "{single}; by resolving a conflict: {resolved}."
    )
    return "{} {}".format(
        text.format(
            total=stage.total, included=stage.included, excluded=stage.excluded
        ),
        how.format(
            agreed=stage.agreed,
            single=stage.single,
            resolved=stage.included + stage.excluded - stage.agreed - stage.single,
        ),
    )


def _rules(stage: StageFacts) -> list[str]:
    found = []
    for rules in stage.rules:
        if rules.since is None:
            heading = _("Assignments set before the start:")
        else:
            heading = _("Assignments changed on {day}:").format(day=_day(rules.since))
        found.append(" ".join([heading, *rules.sentences]))
    return found


def _work(stage: StageFacts) -> list[str]:
    blocks = []
    if stage.work:
        lines = [_screened_line(one, stage.is_pool) for one in stage.work]
        blocks += [_("Votes of each member:"), _list(lines)]
    if stage.open_work:
        lines = [_assigned_line(one) for one in stage.open_work]
        blocks += [
            _(
                "Assigned at present. How many of these each member has screened is "
                "reported after the closing:"
            ),
            _list(lines),
        ]
    return blocks


def _screened_line(one: ReviewerWork, is_pool: bool) -> str:
    if is_pool:
        parts = [_("{name} screened {n}.").format(name=one.name, n=one.total)]
    else:
        parts = []
        if one.assigned or not one.taken_over:
            parts.append(
                _("{name} screened {n} of {assigned} assigned.").format(
                    name=one.name, n=one.screened, assigned=one.assigned
                )
            )
        parts += [
            _("{name} screened {n} of {assigned} reassigned from {other}.").format(
                name=one.name,
                n=other.screened,
                assigned=other.assigned,
                other=other.name,
            )
            for other in one.taken_over
        ]
    if one.imported:
        parts.append(
            _("Of these votes, {n} were imported from another tool.").format(
                n=one.imported
            )
        )
    return " ".join([*parts, *_given_up(one)])


def _assigned_line(one: ReviewerWork) -> str:
    parts = []
    if one.assigned or not one.taken_over:
        parts.append(
            _("{name}: {assigned} assigned.").format(
                name=one.name, assigned=one.assigned
            )
        )
    parts += [
        _("{name}: {assigned} reassigned from {other}.").format(
            name=one.name, assigned=other.assigned, other=other.name
        )
        for other in one.taken_over
    ]
    return " ".join([*parts, *_given_up(one)])


def _given_up(one: ReviewerWork) -> list[str]:
    parts = []
    if one.reassigned:
        parts.append(
            _("Unscreened and reassigned to others: {n}.").format(n=one.reassigned)
        )
    if one.left:
        parts.append(
            _("Unscreened and not reassigned to anyone: {n}.").format(n=one.left)
        )
    return parts


def _blinding(stage: StageFacts) -> str:
    screened = stage.screened
    parts = []
    if screened is None:
        if stage.is_alone:
            parts.append(_alone_by_rule(stage))
        else:
            parts.append(_promise(stage))
    else:
        if screened.double:
            parts.append(_promise(stage))
        parts.append(_depth(stage, screened))
        if screened.imported:
            parts.append(
                _(
                    "Votes imported from another tool: on {n} of them. It is not known "
                    "whether these votes were blinded."
                ).format(n=screened.imported)
            )
    if stage.is_unblinded:
        parts.append(_("Exceptions are listed under “Early unblinding”."))
    if stage.progress:
        parts.append(stage.progress)
    return " ".join(parts)


def _alone_by_rule(stage: StageFacts) -> str:
    if _is_reports(stage):
        return _("Each report is assigned to one reviewer only.")
    return _("Each record is assigned to one reviewer only.")


def _depth(stage: StageFacts, screened: Screened) -> str:
    """Say how many reviewers screened each record or report."""
    if not screened.total:
        return _("No one has screened anything at this stage.")
    if screened.single == screened.total:
        if _is_reports(stage):
            return _("Each report was screened by one reviewer only.")
        return _("Each record was screened by one reviewer only.")
    if _is_reports(stage):
        text = _(
            "Reports screened by two or more reviewers: {many}; by one reviewer only: "
            "{single}."
        )
    else:
        text = _(
            "Records screened by two or more reviewers: {many}; by one reviewer only: "
            "{single}."
        )
    return text.format(many=screened.total - screened.single, single=screened.single)


def _promise(stage: StageFacts) -> str:
    if stage.is_pool:
        return _(
            "Screening by two or more reviewers was independent. No reviewer could see "
            "another reviewer's vote before enough reviewers had voted. Reviewers could "
            "notice that a record had enough votes, because it left the queue."
        )
    return _(
        "Screening by two or more reviewers was independent. No reviewer could see "
        "another reviewer's vote, or whether it had been cast, before all assigned "
        "reviewers had voted."
    )


def _conflicts(conflicts: Conflicts) -> list[str]:
    if not conflicts.total:
        return [_("There were no conflicts.")]
    text = _(
        "Conflicts: {total}, all resolved: {included} included and {excluded} excluded."
    ).format(
        total=conflicts.total,
        included=conflicts.included,
        excluded=conflicts.excluded,
    )
    about = _(
        "Reviewers disagreed on inclusion: {verdict}; on the reason for exclusion: "
        "{reason}; a reviewer was unsure: {unsure}."
    ).format(
        verdict=conflicts.verdict, reason=conflicts.reason, unsure=conflicts.unsure
    )
    return [f"{text} {about}", _list(map(_resolver, conflicts.resolvers))]


def _resolver(one: Resolver) -> str:
    text = _("{name} resolved {n}.").format(name=one.name, n=one.resolved)
    if not one.voted:
        return text
    also = _(
        "{name} also screened at this stage and had voted on {n} of them before."
    ).format(name=one.name, n=one.voted)
    return f"{text} {also}"


def _agreement(stage: StageFacts, screened: Screened) -> list[str]:
    if not screened.pairs:
        return [
            _(
                "Nothing was screened blind by two reviewers, so agreement was not "
                "measured."
            )
        ]
    if _is_reports(stage):
        said = _("Agreement is measured on {count} reports.")
    else:
        said = _("Agreement is measured on {count} records.")
    how = _(
        "It compares the votes that stood when the last assigned reviewer had voted, "
        "all cast before any vote was shown to another reviewer. A correction before "
        "that is no disagreement. “Unsure” counts as include. Brackets contain 95 % "
        "confidence intervals."
    )
    lines = []
    for pair in screened.pairs:
        lines.append(_pair(pair.names, pair.measures))
        if pair.with_reasons:
            names = _("{reviewers}, with the reason for exclusion").format(
                reviewers=pair.names
            )
            lines.append(_pair(names, pair.with_reasons))
    return [f"{said.format(count=screened.double)} {how}", _list(lines)]


def _pair(names: str, found: Agreement) -> str:
    return _(
        "{reviewers}: n = {count}, agreement {observed}, Cohen's kappa {kappa}, PABAK "
        "{pabak}, AC1 {ac1}"
    ).format(
        reviewers=names,
        count=found.n,
        observed=_estimate(found.observed),
        kappa=_estimate(found.kappa) if found.kappa else _("not estimable"),
        pabak=_estimate(found.pabak),
        ac1=_estimate(found.ac1),
    )


def _estimate(found: Estimate) -> str:
    """Return a value with its interval, for example "0.771 (0.635 to 0.907)"."""
    if found.interval is None:
        interval = _("interval not estimable")
    else:
        low, high = found.interval
        interval = _("{low} to {high}").format(low=f"{low:.3f}", high=f"{high:.3f}")
    return f"{found.value:.3f} ({interval})"


def _day(at: datetime) -> str:
    return date_text(at.astimezone(UTC))
