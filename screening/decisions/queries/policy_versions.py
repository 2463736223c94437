"""The screening assignments that were in force at a stage, oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from screening.decisions.models import Policy, PolicyLine, Stage
from screening.decisions.queries.names import join_names


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """A rule of a policy: its share, the names of its members and their number."""

    share: Decimal
    names: str
    size: int

    @property
    def percent(self) -> str:
        """Return the percentage without trailing zeros, for example "12.5"."""
        return f"{self.share.normalize():f}"

    @property
    def is_whole(self) -> bool:
        """Return True if the rule covers everything."""
        return self.share == 100


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """Rules that were in force from ``since`` on (None: from the start of the stage)."""

    since: datetime | None
    is_pool: bool
    pool_size: int
    seed: int
    lines: tuple[PolicyRule, ...]

    @property
    def is_alone(self) -> bool:
        """Return True if one reviewer screens each record or report."""
        return self.pool_size < 2 if self.is_pool else len(self.lines) < 2


def versions_in_force(stage: Stage) -> list[PolicyVersion]:
    """Return the rules at the start and each change after it; three queries.

    Before the start, the newest rules only.
    """
    rows = list(
        Policy.objects.filter(stage=stage)
        .prefetch_related("lines__members")
        .order_by("version")
    )
    start = stage.started_at
    before = [row for row in rows if start is None or row.created_at <= start]
    after = [row for row in rows if start is not None and row.created_at > start]
    return [
        *[_version(row, None) for row in before[-1:]],
        *[_version(row, row.created_at) for row in after],
    ]


def _version(policy: Policy, since: datetime | None) -> PolicyVersion:
    return PolicyVersion(
        since=since,
        is_pool=policy.mode == Policy.Mode.POOL,
        pool_size=policy.pool_size,
        seed=policy.seed,
        lines=tuple(map(_rule, sorted(policy.lines.all(), key=lambda line: line.no))),
    )


def _rule(line: PolicyLine) -> PolicyRule:
    members = sorted(line.members.all(), key=lambda member: member.pk)
    return PolicyRule(
        line.share, join_names([member.name for member in members]), len(members)
    )
