"""Making rounds for new records and reports of a stage, and their assignments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, Max, Model, OuterRef
from django.db.models.functions import Coalesce
from psycopg import sql

from reviewapp.core import events
from reviewapp.core.blinding import Audience
from reviewapp.core.codes import new_code
from reviewapp.core.models import Member
from reviewapp.core.permissions import ROLES, Action
from screening.decisions.models import Policy, Stage
from screening.decisions.models.rounds import Assignment, Round
from screening.decisions.queries import policies, stage_items
from screening.decisions.rules import sampling

# With more new rows than this, statistics are updated immediately.
MANY = 500


@transaction.atomic
def open_rounds(
    *, stage: Stage, actor: Member, is_named: bool = True, now: datetime
) -> int:
    """Make missing rounds and assignments of a stage; return the number of new rounds.

    Idempotent. Does nothing before the stage has started and after it has closed.
    Assignments are only added, and only to rounds that are not sealed. Each line is
    extended to its percentage of all records or reports. With ``is_named`` False the
    event does not name the actor, who may be the last to vote.
    """
    stage = Stage.objects.select_for_update(no_key=True).get(pk=stage.pk)
    policy = policies.policy_in_force(stage)
    if stage.started_at is None or stage.closed_at is not None or policy is None:
        return 0
    made = _make_rounds(stage, _first_seed(stage), actor, now)
    assignments = 0
    if policy.mode == Policy.Mode.FIXED:
        assignments = _make_assignments(stage, policy, now)
    if made or assignments:
        events.record(
            review=actor.review,
            actor=actor if is_named else None,
            kind="rounds:opened",
            now=now,
            subject=stage.code,
            rounds=made,
            seats=assignments,
        )
    return made


def _first_seed(stage: Stage) -> int:
    """Return the seed of the screening order, which stays when the policy changes."""
    seed: int = stage.policies.order_by("version").values_list("seed", flat=True)[0]
    return seed


def _make_rounds(stage: Stage, seed: int, actor: Member, now: datetime) -> int:
    field = f"{stage.subject}_id"
    new = stage_items.eligible_subjects(stage).filter(
        ~Exists(
            Round.objects.seen_by(actor).filter(stage=stage, **{field: OuterRef("pk")})
        )
    )
    # The order in the database would follow the import; the seed's order does not.
    lots = sorted(
        (sampling.reading_order(seed, code), code, pk)
        for pk, code in new.values_list("pk", "code")
    )
    here = Round.objects.seen_by(actor).filter(stage=stage)
    last = here.aggregate(last=Max("turn"))["last"] or 0
    _copy(
        Round,
        (
            *("code", "review_id", "stage_id", "audience", "order"),
            *("created_at", field, "turn"),
        ),
        (
            (
                *(new_code(), stage.review_id, stage.pk, Audience.AUTHOR, order),
                *(now, pk, turn),
            )
            for turn, (order, _, pk) in enumerate(lots, last + 1)
        ),
    )
    return len(lots)


def lines_of(policy: Policy) -> list[sampling.SamplingLine]:
    """Return the policy's lines, each with those members who can screen now."""
    return [
        sampling.SamplingLine(
            no=line.no,
            share=line.share,
            members=tuple(
                member.pk
                for member in sorted(line.members.all(), key=lambda m: m.pk)
                if member.is_active and member.role in ROLES[Action.SCREEN]
            ),
        )
        for line in policy.lines.prefetch_related("members").order_by("no")
    ]


def _make_assignments(stage: Stage, policy: Policy, now: datetime) -> int:
    found = {row["subject_code"]: row for row in _subjects(stage)}
    codes = {row["pk"]: code for code, row in found.items()}
    standing: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for pk, no, member in Assignment.objects.filter(stage=stage).values_list(
        "round", "no", "member"
    ):
        if pk in codes:
            standing[codes[pk]].append((no, member))
    places = sampling.assignments_to_add(
        [line for line in lines_of(policy) if line.members],
        seed=policy.seed,
        total=len(found),
        free=[code for code, row in found.items() if row["sealed_at"] is None],
        standing=standing,
    )
    still_open = _locked({found[place.subject]["pk"] for place in places})
    assignments = [
        (
            stage.pk,
            found[place.subject]["pk"],
            found[place.subject]["order"],
            place.no,
            place.member,
            now,
        )
        for place in places
        if found[place.subject]["pk"] in still_open
    ]
    _copy(
        Assignment,
        ("stage_id", "round_id", "order", "no", "member_id", "created_at"),
        assignments,
    )
    return len(assignments)


def _subjects(stage: Stage) -> Any:
    """Return the stage's rounds with the code of their record or report."""
    return (
        Round.objects.unblinded(reason="assignments are added in unsealed rounds only")
        .filter(stage_items.subject_in_review(), stage=stage)
        .values(
            "pk",
            "order",
            "sealed_at",
            subject_code=Coalesce(F("record__code"), F("report__code")),
        )
    )


def _locked(pks: Collection[int]) -> set[int]:
    """Lock those of the rounds that are not sealed and return their primary keys.

    A vote can seal a round in the meantime.
    """
    return set(
        Round.objects.unblinded(reason="assignments are added in unsealed rounds only")
        .filter(pk__in=pks, sealed_at=None)
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _copy(
    model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Insert many rows with COPY, which is about ten times faster than INSERT."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
    )
    n = 0
    with connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            for n, row in enumerate(rows, 1):  # noqa: B007
                copy.write_row(row)
        if n > MANY:
            # Without statistics the planner assumes an empty table, and each vote
            # would read all rounds to find its own.
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
