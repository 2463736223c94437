"""Stages as pages show them: who screens what, how far, what is settled.

Everything here is public or the team's own word: settled outcomes, the drawn
sample, "I have finished". Nothing tells how far others have come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from reviewapp.core.permissions import ROLES, Action
from screening.decisions.models import Policy, Stage
from screening.decisions.models.rounds import Round, Seat
from screening.decisions.queries import outcomes, policies, queue, screen, subjects
from screening.decisions.queries.outcomes import Settled
from screening.decisions.queries.queue import Word
from screening.decisions.queries.screen import ReasonView
from screening.decisions.rules import sampling


@dataclass(frozen=True, slots=True)
class Person:
    """A member in a policy."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of a policy; ``drawn``: how many places it has made so far."""

    no: int
    share: Decimal
    members: tuple[Person, ...]
    drawn: int

    @property
    def percent(self) -> str:
        """ "20" or "12.5", without trailing zeros."""
        return f"{self.share.normalize():f}"

    @property
    def is_whole(self) -> bool:
        """Whether the line covers everything."""
        return self.share == 100

    @property
    def names(self) -> str:
        """ "Ada", "Ada and Ben", "Ada, Ben and Cleo"."""
        return joined([person.name for person in self.members])


@dataclass(frozen=True, slots=True)
class PolicyView:
    """The policy in force at a stage."""

    version: int
    is_pool: bool
    pool_size: int
    seed: int
    lines: tuple[LineView, ...]
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage. ``total``: records or reports that have come to it."""

    code: str
    name: str
    subject: str
    needs_reason: bool
    hides_names: bool
    started_at: datetime | None
    closed_at: datetime | None
    total: int
    settled: Settled
    policy: PolicyView | None
    words: tuple[Word, ...]
    reasons: tuple[ReasonView, ...]

    @property
    def state(self) -> str:
        """ "setup", "open" or "closed"."""
        if self.closed_at:
            return "closed"
        return "open" if self.started_at else "setup"

    @property
    def waiting(self) -> int:
        """How many are not settled yet."""
        return self.total - self.settled.total

    @property
    def all_finished(self) -> bool:
        """Whether everybody with places says that they have finished."""
        return all(word.has_finished for word in self.words)


@dataclass(frozen=True, slots=True)
class Leaver:
    """A member who can no longer screen and has left places open."""

    code: str
    name: str
    places: int


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """What a line would draw: ``target`` of ``total``, ``drawn`` of them already."""

    no: int
    names: str
    target: int
    drawn: int
    total: int

    @property
    def new(self) -> int:
        """How many places would be added."""
        return max(0, self.target - self.drawn)


def joined(names: Sequence[str]) -> str:
    """Names in a sentence."""
    if len(names) > 1:
        return _("{names} and {last_name}").format(
            names=", ".join(names[:-1]), last_name=names[-1]
        )
    return names[0] if names else _("no one")


def find(viewer: Member, code: str) -> Stage | None:
    """The stage called ``code`` of the viewer's review."""
    return Stage.objects.filter(review=viewer.review_id, code=code).first()


def overview(viewer: Member) -> list[StageView]:
    """All stages in order; the number of queries depends on their number only."""
    rows = Stage.objects.filter(review=viewer.review_id).order_by("position")
    settled = outcomes.counts(viewer.review)
    return [_view(viewer, stage, settled) for stage in rows]


def detail(viewer: Member, stage: Stage) -> StageView:
    """One stage."""
    return _view(viewer, stage, outcomes.counts(viewer.review))


def _view(viewer: Member, stage: Stage, settled: dict[int, Settled]) -> StageView:
    came = Round.objects.seen_by(viewer).filter(
        subjects.in_review("", stage.subject), stage=stage
    )
    return StageView(
        code=stage.code,
        name=stage.name,
        subject="records" if stage.subject == Stage.Subject.RECORD else "reports",
        needs_reason=stage.needs_reason,
        hides_names=stage.hides_names,
        started_at=stage.started_at,
        closed_at=stage.closed_at,
        total=came.count() if stage.started_at else subjects.eligible(stage).count(),
        settled=settled.get(stage.pk, Settled(0, 0)),
        policy=_policy(stage),
        words=tuple(queue.words(stage)) if stage.started_at else (),
        reasons=screen.reasons(stage),
    )


def _policy(stage: Stage) -> PolicyView | None:
    policy = policies.in_force(stage)
    if policy is None:
        return None
    is_pool = policy.mode == Policy.Mode.POOL
    drawn = {} if is_pool else drawn_by_line(stage)
    return PolicyView(
        version=policy.version,
        is_pool=is_pool,
        pool_size=policy.pool_size,
        seed=policy.seed,
        lines=tuple(
            LineView(
                no=line.no,
                share=line.share,
                members=tuple(
                    Person(member.code, member.name)
                    for member in sorted(line.members.all(), key=lambda m: m.pk)
                ),
                drawn=drawn.get(line.no, 0),
            )
            for line in policy.lines.prefetch_related("members").order_by("no")
        ),
        created_at=policy.created_at,
        created_by=policy.created_by.name,
    )


def drawn_by_line(stage: Stage) -> dict[int, int]:
    """How many records or reports each line has drawn, given-up places included."""
    rows = (
        Seat.objects.filter(subjects.in_review("round__", stage.subject), stage=stage)
        .order_by()
        .values("no")
        .annotate(n=Count("round", distinct=True))
    )
    return {row["no"]: row["n"] for row in rows}


def leavers(stage: Stage) -> list[Leaver]:
    """Members who left places that nobody has taken over."""
    taken = Seat.objects.filter(
        round=OuterRef("round"), no=OuterRef("no"), vacated_at=None
    )
    rows = (
        Seat.objects.filter(
            ~Exists(taken),
            subjects.in_review("round__", stage.subject),
            stage=stage,
            vacated_at__isnull=False,
        )
        .exclude(member__removed_at=None, member__role__in=ROLES[Action.SCREEN])
        .order_by()
        .values("member__code", "member__name")
        .annotate(n=Count("pk"))
        .order_by("member__name")
    )
    return [Leaver(r["member__code"], r["member__name"], r["n"]) for r in rows]


def late(stage: Stage, viewer: Member) -> int:
    """How many came after the stage was closed and were not screened."""
    rounds = Round.objects.seen_by(viewer).filter(
        stage=stage, **{stage.subject: OuterRef("pk")}
    )
    return int(subjects.eligible(stage).filter(~Exists(rounds)).count())


def screeners(viewer: Member) -> list[Member]:
    """Active members who can screen, in the order they joined."""
    return list(
        Member.objects.filter(
            review=viewer.review_id, removed_at=None, role__in=ROLES[Action.SCREEN]
        ).order_by("pk")
    )


def preview(
    viewer: Member, stage: Stage, lines: Sequence[tuple[Decimal, Sequence[Member]]]
) -> list[PreviewLine]:
    """What a policy of fixed assignment would draw from what is there now."""
    if stage.started_at:
        came = Round.objects.seen_by(viewer).filter(
            subjects.in_review("", stage.subject), stage=stage
        )
    else:
        came = subjects.eligible(stage)
    total, drawn = came.count(), drawn_by_line(stage)
    return [
        PreviewLine(
            no=no,
            names=joined([member.name for member in members]),
            target=sampling.target(share, total),
            drawn=drawn.get(no, 0),
            total=total,
        )
        for no, (share, members) in enumerate(lines, 1)
    ]
