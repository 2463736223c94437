"""Rows for tests. Only services create blinded rows, so that their triggers apply."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from reviewapp.core.models import Member, Review, Role, User
from screening.decisions.models import Policy, Stage, Wave
from screening.records.models import Record, SearchedTitle, Source

NOW = datetime(2026, 1, 2, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


def make_user(name: str) -> User:
    """Create a user called ``name`` who logs in with ``<name>@example.org``."""
    user, made = User.objects.get_or_create(
        email=f"{name.lower()}@example.org", defaults={"name": name}
    )
    if made:
        user.set_password(PASSWORD)
        user.save()
    return user


def make_review(title: str) -> Review:
    """Create a review without stages and sources."""
    return Review.objects.create(
        title=title, created_at=NOW, created_by=make_user("Dora")
    )


def make_member(review: Review, name: str, role: Role, **extra: Any) -> Member:
    """Create a member of ``review`` whose user has the same name."""
    return Member.objects.create(
        review=review,
        user=make_user(name),
        role=role,
        name=name,
        joined_at=NOW,
        **extra,
    )


def make_source(
    actor: Member,
    name: str = "Medline",
    kind: str = Source.Kind.DATABASE,
    **extra: Any,
) -> Source:
    """Create a source of the actor's review."""
    return Source.objects.create(
        review=actor.review,
        name=name,
        kind=kind,
        created_at=NOW,
        created_by=actor,
        **extra,
    )


def make_records(
    actor: Member, n: int = 3, source: Source | None = None, **extra: Any
) -> Sequence[Record]:
    """Create ``n`` different records in ``source``, as if added manually."""
    source = source or make_source(actor)
    start = Record.objects.count()
    records = Record.objects.bulk_create(
        Record(
            **{
                "review": actor.review,
                "source": source,
                "arm": source.arm,
                "title": f"Record number {start + i} about peer support",
                "authors": [f"Family{start + i}, Given"],
                "year": 2015 + i % 6,
                "abstract": f"Abstract of record {start + i}.",
                "added_at": NOW,
                "added_by": actor,
                **extra,
            }
        )
        for i in range(n)
    )
    SearchedTitle.objects.bulk_create(
        SearchedTitle(record=record, title=record.title) for record in records
    )
    return records


def make_wave(actor: Member, stage: Stage) -> Wave:
    """Return the open wave of a stage; make it, with a policy, if there is none."""
    wave = Wave.objects.filter(stage=stage, closed_at=None).first()
    if wave is not None:
        return wave
    policy, _ = Policy.objects.get_or_create(
        stage=stage,
        version=1,
        defaults={"mode": "fixed", "seed": 1, "created_at": NOW, "created_by": actor},
    )
    return Wave.objects.create(
        stage=stage,
        number=stage.waves.count() + 1,
        policy=policy,
        seed=1,
        key="k",
        opened_at=NOW,
    )
