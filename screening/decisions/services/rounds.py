"""Making rounds for what has come to a stage, and seats by its policy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Coalesce

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import ROLES, Action
from screening.decisions.models import Policy, Stage
from screening.decisions.models.rounds import Round, Seat
from screening.decisions.queries import policies, subjects
from screening.decisions.rules import sampling

BATCH = 2000


@transaction.atomic
def open_rounds(*, stage: Stage, actor: Member, now: datetime) -> int:
    """Make what is missing: a round for each subject of the stage, seats by policy.

    Idempotent; returns how many rounds were made. Does nothing before the stage has
    started and after it has closed. Seats are only ever added, and only to rounds
    that are not sealed; each line is topped up to its share of all subjects.
    """
    stage = Stage.objects.select_for_update(no_key=True).get(pk=stage.pk)
    policy = policies.in_force(stage)
    if stage.started_at is None or stage.closed_at is not None or policy is None:
        return 0
    made = _make_rounds(stage, _first_seed(stage), actor, now)
    seats = 0
    if policy.mode == Policy.Mode.FIXED:
        seats = _make_seats(stage, policy, now)
    if made or seats:
        events.record(
            review=actor.review,
            actor=actor,
            kind="rounds:opened",
            now=now,
            subject=stage.code,
            rounds=made,
            seats=seats,
        )
    return made


def _first_seed(stage: Stage) -> int:
    """The seed that orders the reading: it stays when the policy changes."""
    seed: int = stage.policies.order_by("version").values_list("seed", flat=True)[0]
    return seed


def _make_rounds(stage: Stage, seed: int, actor: Member, now: datetime) -> int:
    field = stage.subject
    new = subjects.eligible(stage).filter(
        ~Exists(
            Round.objects.seen_by(actor).filter(stage=stage, **{field: OuterRef("pk")})
        )
    )
    # The database's order tells of the import; the seed's order tells nothing.
    lots = sorted(
        (sampling.reading_order(seed, code), code, pk)
        for pk, code in new.values_list("pk", "code")
    )
    Round.objects.unblinded(reason="new rounds").bulk_create(
        (
            Round(
                review_id=stage.review_id,
                stage=stage,
                order=order,
                created_at=now,
                **{f"{field}_id": pk},
            )
            for order, _, pk in lots
        ),
        batch_size=BATCH,
    )
    return len(lots)


def lines_of(policy: Policy) -> list[sampling.Line]:
    """The policy's lines, each with those of its members who can screen now."""
    return [
        sampling.Line(
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


def _make_seats(stage: Stage, policy: Policy, now: datetime) -> int:
    found = {row["subject_code"]: row for row in _subjects(stage)}
    codes = {row["pk"]: code for code, row in found.items()}
    standing: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for pk, no, member in Seat.objects.filter(stage=stage).values_list(
        "round", "no", "member"
    ):
        if pk in codes:
            standing[codes[pk]].append((no, member))
    places = sampling.places(
        [line for line in lines_of(policy) if line.members],
        seed=policy.seed,
        total=len(found),
        free=[code for code, row in found.items() if row["sealed_at"] is None],
        standing=standing,
    )
    still_open = _locked({found[place.subject]["pk"] for place in places})
    seats = [
        Seat(
            stage=stage,
            round_id=found[place.subject]["pk"],
            order=found[place.subject]["order"],
            no=place.no,
            member_id=place.member,
            created_at=now,
        )
        for place in places
        if found[place.subject]["pk"] in still_open
    ]
    Seat.objects.bulk_create(seats, batch_size=BATCH)
    return len(seats)


def _subjects(stage: Stage) -> Any:
    """The stage's rounds with the code of their record or report."""
    return (
        Round.objects.unblinded(reason="seats are added to unsealed rounds only")
        .filter(subjects.not_duplicate(), stage=stage)
        .values(
            "pk",
            "order",
            "sealed_at",
            subject_code=Coalesce(F("record__code"), F("report__code")),
        )
    )


def _locked(pks: Collection[int]) -> set[int]:
    """Lock those of the rounds that are not sealed (a vote may seal one meanwhile)."""
    return set(
        Round.objects.unblinded(reason="seats are added to unsealed rounds only")
        .filter(pk__in=pks, sealed_at=None)
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
