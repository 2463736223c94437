"""The logs of the running PostgreSQL and Valkey contain no vote, note or key."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from reviewapp.launcher.postgres import NO_VALUES_IN_THE_LOG
from reviewapp.testing import SERVERS_VARIABLE
from tests.blinding.hidden_actions import CANARY
from tests.blinding.test_safeguards import make_decision, make_round, make_vote
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
HOME = Path(os.environ.get(SERVERS_VARIABLE, "/nonexistent"))
needs_own_servers = pytest.mark.skipif(
    not (HOME / "postgres.log").parent.exists(),
    reason="the servers of this run belong to someone else",
)


def log_after(marker: str) -> str:
    """Return PostgreSQL's log when it contains the marker, or after five seconds."""
    deadline = time.monotonic() + 5
    while marker not in (text := (HOME / "postgres.log").read_text("utf-8", "replace")):
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return text


@needs_own_servers
def test_refused_statements_are_logged_without_their_values(cast: Cast) -> None:
    round_, other = make_round(cast), make_round(cast)
    known = make_vote(round_, cast.ada)
    columns = "round_id, author_id, version, verdict, note, key, created_at, is_late"
    row = f"%s, %s, %s, 'include', '{CANARY}', %s, now(), false"
    insert = f"INSERT INTO decisions_vote ({columns}) VALUES ({row})"  # noqa: S608
    with connection.cursor() as cursor:
        # The key of a vote on another record, and the same version again.
        for values in (
            [other.pk, cast.ada.pk, 1, known.key],
            [round_.pk, cast.ada.pk, 1, "00000000-0000-0000-0000-000000000001"],
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(insert, values)
        make_decision(round_)
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(
                insert,
                [round_.pk, cast.ben.pk, 1, "00000000-0000-0000-0000-000000000002"],
            )
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("SELECT no_such_column, %s", [CANARY])
    text = log_after("no_such_column")
    # The refusals themselves are there: an administrator can see that they happened.
    assert 'violates unique constraint "decisions_vote_key"' in text
    assert "decided or revealed to the author" in text
    assert CANARY not in text
    assert str(known.key) not in text
    assert "INSERT INTO decisions_vote" not in text


@needs_own_servers
def test_valkey_logs_no_values() -> None:
    from django.core.cache import cache

    cache.set("canary", CANARY, 5)
    text = (HOME / "valkey.log").read_text("utf-8", "replace")
    assert text
    assert CANARY not in text


def test_the_server_runs_with_these_settings() -> None:
    with connection.cursor() as cursor:
        for setting in NO_VALUES_IN_THE_LOG:
            name, _, value = setting.partition("=")
            cursor.execute("SELECT setting FROM pg_settings WHERE name = %s", [name])
            assert cursor.fetchone() == (value,), name
