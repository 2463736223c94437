"""Making rounds for new records and reports of a stage, and their assignments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, Max, Model, OuterRef, Q
from django.db.models.functions import Coalesce
from psycopg import sql

from reviewapp.core import events
from reviewapp.core.blinding import Audience
from reviewapp.core.codes import new_code
from reviewapp.core.models import Member
from reviewapp.core.permissions import ROLES, Action
from screening.decisions.models import Decision, Policy, SampleDraw, Stage, Wave
from screening.decisions.models.rounds import Assignment, Round
from screening.decisions.queries import policies, stage_items, waves
from screening.decisions.rules import drawing, sampling
from screening.decisions.services.draws import (
    draw_in_numbers,
    store_draws,
    windows_of,
)

# With more new rows than this, statistics are updated immediately.
MANY = 500


@transaction.atomic
def open_rounds(
    *, stage: Stage, actor: Member, is_named: bool = True, now: datetime
) -> int:
    """Make missing rounds and assignments of a stage; return the number of new rounds.

    Idempotent. Does nothing before the stage has started. What has arrived after the
    last wave has closed opens the next one. Assignments are only added, in all rounds
    of the open wave without a final decision: whether a round is complete or in
    conflict is not public. Each line takes its percentage of the records or reports of
    the wave (rules/drawing.py). With ``is_named`` False the
    event does not name the actor, who may be the last to vote.
    """
    stage = Stage.objects.select_for_update(no_key=True).get(pk=stage.pk)
    policy = policies.policy_in_force(stage)
    if stage.started_at is None or policy is None:
        return 0
    new = _new_subjects(stage, actor)
    back = _returned_rounds(stage)
    wave = waves.open_wave(stage)
    if wave is None:
        if not new and not back:
            return 0
        wave = open_next_wave(stage=stage, policy=policy, now=now)
    _move(back, wave)
    _make_rounds(wave, new, actor, now)
    made = len(new) + len(back)
    assignments, draws = 0, list[SampleDraw]()
    if policy.mode == Policy.Mode.FIXED:
        assignments, draws = _make_assignments(wave, policy, now)
    if made or assignments:
        events.record(
            review=actor.review,
            actor=actor if is_named else None,
            kind="rounds:opened",
            now=now,
            subject=stage.code,
            wave=wave.number,
            rounds=made,
            seats=assignments,
            samples=[draw_in_numbers(one) for one in draws],
        )
    return made


def open_next_wave(*, stage: Stage, policy: Policy, now: datetime) -> Wave:
    """Open the next wave of a locked stage that has no open one, and return it."""
    last = waves.latest_wave(stage)
    number = last.number + 1 if last else 1
    return Wave.objects.create(
        stage=stage,
        number=number,
        policy=policy,
        seed=sampling.wave_seed(policy.seed, number),
        key=drawing.wave_key(policy.key, number),
        opened_at=now,
    )


def _new_subjects(stage: Stage, actor: Member) -> list[tuple[int, str]]:
    """Return primary key and code of the records or reports without a round."""
    rounds = Round.objects.seen_by(actor).filter(
        stage=stage, **{f"{stage.subject}_id": OuterRef("pk")}
    )
    eligible = stage_items.eligible_subjects(stage)
    return list(eligible.filter(~Exists(rounds)).values_list("pk", "code"))


def _returned_rounds(stage: Stage) -> list[int]:
    """Return rounds of closed waves without a decision that count again.

    When their wave closed, their record was a duplicate or its import was undone.
    """
    rounds = Round.objects.unblinded(reason="undecided rounds move to the next wave")
    return list(
        rounds.filter(
            stage_items.subject_in_review(),
            verdict="",
            stage=stage,
            wave__closed_at__isnull=False,
        ).values_list("pk", flat=True)
    )


def _move(pks: Collection[int], wave: Wave) -> None:
    if pks:
        rounds = Round.objects.unblinded(reason="undecided rounds join the open wave")
        rounds.filter(pk__in=pks).update(wave=wave)


def _make_rounds(
    wave: Wave, new: Iterable[tuple[int, str]], actor: Member, now: datetime
) -> None:
    stage = wave.stage
    # The order in the database would follow the import; the seed's order does not.
    lots = sorted(
        (sampling.reading_order(wave.seed, code), code, pk) for pk, code in new
    )
    here = Round.objects.seen_by(actor).filter(stage=stage)
    last = here.aggregate(last=Max("turn"))["last"] or 0
    _copy(
        Round,
        (
            *("code", "review_id", "stage_id", "wave_id", "audience"),
            *("order", "created_at", f"{stage.subject}_id", "turn"),
        ),
        (
            (
                *(new_code(), stage.review_id, stage.pk, wave.pk, Audience.AUTHOR),
                *(order, now, pk, turn),
            )
            for turn, (order, _, pk) in enumerate(lots, last + 1)
        ),
    )


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


def _make_assignments(
    wave: Wave, policy: Policy, now: datetime
) -> tuple[int, list[SampleDraw]]:
    """Make the assignments that the rules need; return their number and the draws."""
    found = {row["subject_code"]: row for row in _subjects(wave)}
    codes = {row["pk"]: code for code, row in found.items()}
    standing: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for pk, no, member in Assignment.objects.filter(round__wave=wave).values_list(
        "round", "no", "member"
    ):
        if pk in codes:
            standing[codes[pk]].append((no, member))
    lines = [line for line in lines_of(policy) if line.members]
    undecided = [code for code, row in found.items() if not row["is_decided"]]
    result = drawing.draw(
        lines,
        key=wave.key,
        undecided=undecided,
        standing=standing,
        windows=windows_of(wave),
    )
    still_open = lock_undecided(
        {found[one.subject]["pk"] for one in result.assignments}
    )
    made = [one for one in result.assignments if found[one.subject]["pk"] in still_open]
    draws = store_draws(wave, lines, result.windows, made, len(undecided), now)
    columns = ("stage_id", "round_id", "order", "no", "member_id", "created_at")
    _copy(
        Assignment,
        (*columns, "draw_id"),
        [
            (
                *(wave.stage_id, found[one.subject]["pk"]),
                *(found[one.subject]["order"], one.no, one.member, now),
                draws[one.no].pk,
            )
            for one in made
        ],
    )
    return len(made), list(draws.values())


def _subjects(wave: Wave) -> Any:
    """Return the rounds of the wave with the code of their record or report."""
    return (
        Round.objects.unblinded(reason="assignments of a wave are made")
        .filter(stage_items.subject_in_review(), wave=wave)
        .values(
            "pk",
            "order",
            is_decided=~Q(verdict=""),
            subject_code=Coalesce(F("record__code"), F("report__code")),
        )
    )


def lock_undecided(pks: Collection[int]) -> set[int]:
    """Lock those of the rounds that have no decision and return their primary keys.

    A vote can decide a round in the meantime, so decisions are read after the lock.
    """
    locked = set(
        Round.objects.unblinded(reason="assignments change in undecided rounds only")
        .filter(pk__in=pks)
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    decided = Decision.objects.filter(round__in=pks).values_list("round", flat=True)
    return locked - set(decided)


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
