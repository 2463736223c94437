"""The audit trail: append-only, in hash chains that show what was touched."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import Any

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from reviewapp.core import events
from reviewapp.core.models import Event, EventLink, Member
from reviewapp.core.queries import chains
from tests.conftest import Cast
from tests.factories import NOW

ClientOf = Callable[[Member | None], Client]


def note(cast: Cast, n: int = 1, **extra: Any) -> Event:
    """``n`` public events of Dora; the last."""
    for i in range(n):
        event = events.record(
            review=cast.review, actor=cast.dora, kind="note:made", now=NOW, i=i, **extra
        )
    return event


def vote(member: Member) -> Event:
    return events.record(
        review=member.review, actor=member, kind="vote:cast", now=NOW, private=True
    )


def commit() -> None:
    """What the end of a transaction does: deferred triggers make the links."""
    connection.check_constraints()


def sql(statement: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def tamper(statement: str, *params: Any) -> None:
    """As somebody who has the database: past the triggers."""
    with pgtrigger.ignore("core.Event:append_only", "core.EventLink:append_only"):
        sql(statement, *params)


@pytest.mark.parametrize("table", ["core_event", "core_eventlink"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET review_id = review_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"],
)
def test_the_database_refuses_to_change_or_empty_the_trail(
    cast: Cast, table: str, statement: str
) -> None:
    note(cast)
    commit()
    with pytest.raises(DatabaseError), transaction.atomic():
        sql(statement.format(table))


def test_every_event_is_linked_and_verified(cast: Cast) -> None:
    note(cast, 3, whole=2.0, half=0.5, tiny=1e-7, big=1e22, text="é‐\u2028", none=None)
    note(cast, nested={"b": [1, 2.0, {"z": True}], "a": "x"}, keyed={1: "one"})
    vote(cast.ada)
    commit()
    found = chains.verify(cast.review)
    assert (found.events, found.chains, found.broken) == (5, 2, "")
    last = EventLink.objects.filter(review=cast.review, owner=0).latest("position")
    assert (last.position, last.hash) == (4, found.end)


def test_private_events_leave_no_gap_in_the_chain_of_the_others(cast: Cast) -> None:
    note(cast)
    vote(cast.ben)
    vote(cast.ada)
    vote(cast.ben)
    note(cast)
    commit()
    rows = EventLink.objects.filter(review=cast.review).order_by("owner", "position")
    places = [(row.owner, row.position) for row in rows]
    ada, ben = cast.ada.pk, cast.ben.pk
    assert places == [(0, 1), (0, 2), (ada, 1), (ben, 1), (ben, 2)]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE core_event SET data = '{}' WHERE id = %s", "is not what was recorded"),
        ("UPDATE core_event SET at = now() WHERE id = %s", "is not what was recorded"),
        (
            "UPDATE core_event SET actor_id = NULL WHERE id = %s",
            "is not what was recorded",
        ),
        (
            "UPDATE core_event SET digest = repeat('0', 64) WHERE id = %s",
            "is not what was recorded",
        ),
        (
            "UPDATE core_eventlink SET hash = repeat('0', 64) WHERE event_id = %s",
            "does not follow what stands before it",
        ),
        ("DELETE FROM core_eventlink WHERE event_id = %s", "no event; the next"),
    ],
)
def test_the_first_broken_link_is_told_with_its_place(
    cast: Cast, statement: str, says: str
) -> None:
    note(cast, 4)
    commit()
    second = EventLink.objects.get(review=cast.review, position=2)
    tamper(statement, second.event_id)
    with pytest.raises(CommandError, match="not what was recorded") as failed:
        call_command("verify_events", cast.review.code, stderr=(err := io.StringIO()))
    assert failed.value.returncode == 1
    told = err.getvalue()
    assert f"BROKEN {cast.review.code}, the chain, place 2: " in told
    assert says in told


def test_an_end_that_was_cut_off_is_told_by_a_hash_kept_elsewhere(cast: Cast) -> None:
    event = note(cast, 3)
    commit()
    kept = event.link.hash
    assert chains.verify(cast.review, expect=kept).broken == ""
    tamper("DELETE FROM core_eventlink WHERE event_id = %s", event.pk)
    assert "is in no chain" in chains.verify(cast.review).broken
    tamper("DELETE FROM core_event WHERE id = %s", event.pk)
    assert chains.verify(cast.review).broken == ""
    assert "no event has the hash" in chains.verify(cast.review, expect=kept).broken


def test_the_command_verifies_all_reviews_and_says_how_many(cast: Cast) -> None:
    note(cast, 2)
    commit()
    call_command("verify_events", stdout=(out := io.StringIO()))
    assert f"{cast.review.code}: 2 events verified in 1 chains" in out.getvalue()
    assert f"{cast.eve.review.code}: 0 events verified" in out.getvalue()
    with pytest.raises(CommandError, match="no review"):
        call_command("verify_events", "nothing")


@pytest.mark.django_db(transaction=True)
def test_events_of_many_at_once_make_one_chain(cast: Cast) -> None:
    def work(member: Member) -> None:
        try:
            for _ in range(10):
                with transaction.atomic():
                    vote(member)
                    note(cast)
        finally:
            connection.close()

    people = [cast.ada, cast.ben, cast.cleo, cast.dora]
    threads = [threading.Thread(target=work, args=[member]) for member in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    found = chains.verify(cast.review)
    assert (found.events, found.chains, found.broken) == (80, 5, "")


@pytest.mark.django_db(transaction=True)
def test_recording_takes_no_lock_before_the_end(cast: Cast) -> None:
    """Else a service that records and goes on to lock rows could block another."""
    done = threading.Event()

    def other() -> None:
        try:
            note(cast)
            done.set()
        finally:
            connection.close()

    with transaction.atomic():
        note(cast)
        thread = threading.Thread(target=other)
        thread.start()
        assert done.wait(10), "the other waited for this transaction"
        thread.join(10)
    assert chains.verify(cast.review).events == 2
