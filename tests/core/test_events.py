"""The audit log: append-only, with hash chains that reveal every change."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils.html import escape

from reviewapp.core import events
from reviewapp.core.models import Event, EventLink, Member
from reviewapp.core.queries import hash_chains
from reviewapp.core.services import team
from tests.conftest import Cast
from tests.factories import NOW

ClientOf = Callable[[Member | None], Client]


def note(cast: Cast, n: int = 1, **extra: Any) -> Event:
    """Record ``n`` public events of Dora; return the last."""
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
    """Run the deferred triggers that make the links at the end of a transaction."""
    connection.check_constraints()


def sql(statement: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def tamper(statement: str, *params: Any) -> None:
    """Change the database without triggers, like someone with access to it."""
    with pgtrigger.ignore("core.Event:append_only", "core.EventLink:append_only"):
        sql(statement, *params)


@pytest.mark.parametrize("table", ["core_event", "core_eventlink"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET review_id = review_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"],
)
def test_the_database_refuses_to_change_or_empty_the_audit_log(
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
    found = hash_chains.verify_audit_log(cast.review)
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
        (
            "UPDATE core_event SET data = '{}' WHERE id = %s",
            "differs from what was recorded",
        ),
        (
            "UPDATE core_event SET at = now() WHERE id = %s",
            "differs from what was recorded",
        ),
        (
            "UPDATE core_event SET actor_id = NULL WHERE id = %s",
            "differs from what was recorded",
        ),
        (
            "UPDATE core_event SET digest = repeat('0', 64) WHERE id = %s",
            "differs from what was recorded",
        ),
        (
            "UPDATE core_eventlink SET hash = repeat('0', 64) WHERE event_id = %s",
            "does not follow the previous event",
        ),
        (
            "DELETE FROM core_eventlink WHERE event_id = %s",
            "the event is missing; the next",
        ),
    ],
)
def test_the_first_broken_link_is_reported_with_its_position(
    cast: Cast, statement: str, says: str
) -> None:
    note(cast, 4)
    commit()
    second = EventLink.objects.get(review=cast.review, position=2)
    tamper(statement, second.event_id)
    with pytest.raises(CommandError, match="differs from what was recorded") as failed:
        call_command("verify_events", cast.review.code, stderr=(err := io.StringIO()))
    assert failed.value.returncode == 1
    told = err.getvalue()
    assert f"BROKEN {cast.review.code}, the chain, position 2: " in told
    assert says in told


def test_a_hash_kept_elsewhere_reveals_a_cut_off_chain(cast: Cast) -> None:
    event = note(cast, 3)
    commit()
    kept = event.link.hash
    assert hash_chains.verify_audit_log(cast.review, expect=kept).broken == ""
    tamper("DELETE FROM core_eventlink WHERE event_id = %s", event.pk)
    assert "is in no chain" in hash_chains.verify_audit_log(cast.review).broken
    tamper("DELETE FROM core_event WHERE id = %s", event.pk)
    assert hash_chains.verify_audit_log(cast.review).broken == ""
    assert (
        "no event has the hash"
        in hash_chains.verify_audit_log(cast.review, expect=kept).broken
    )


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
    found = hash_chains.verify_audit_log(cast.review)
    assert (found.events, found.chains, found.broken) == (80, 5, "")


@pytest.mark.django_db(transaction=True)
def test_recording_takes_no_lock_before_the_end(cast: Cast) -> None:
    """Otherwise a service that records and then locks rows could block another."""
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
    assert hash_chains.verify_audit_log(cast.review).events == 2


# ── What members see ─────────────────────────────────────────────────────────
def lines(client: Client, cast: Cast) -> list[str]:
    answer = client.get(f"/r/{cast.review.code}/audit-log.jsonl")
    return b"".join(answer).decode().splitlines()  # type: ignore[arg-type]


def script_of_the_docs() -> str:
    page = (Path(__file__).resolve().parents[2] / "docs" / "security.md").read_text()
    return page.split("```python\n")[1].split("```")[0]


def test_the_script_of_the_docs_verifies_a_downloaded_chain(
    cast: Cast, client_of: ClientOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(cast, 3, text="é \u2028 “quoted”")
    vote(cast.ada)
    commit()
    file = tmp_path / "audit-log.jsonl"
    found = lines(client_of(cast.ada), cast)
    monkeypatch.setattr("sys.argv", ["verify", str(file)])
    file.write_text("\n".join(found), encoding="utf-8")
    exec(script_of_the_docs(), {})  # noqa: S102
    whole = "\n".join(found)
    without = "\n".join([found[0], *found[2:]])
    for changed in (without, whole.replace("note:made", "note:kept", 1)):
        file.write_text(changed, encoding="utf-8")
        with pytest.raises(AssertionError):
            exec(script_of_the_docs(), {})  # noqa: S102


def test_a_member_downloads_the_public_chain_and_their_private_one(
    cast: Cast, client_of: ClientOf
) -> None:
    note(cast, 2)
    for member in (cast.ada, cast.ben, cast.ben):
        vote(member)
    commit()

    def chains_of(member: Member) -> list[str]:
        return [json.loads(line)["chain"] for line in lines(client_of(member), cast)]

    here = cast.review.code
    assert chains_of(cast.olaf) == [here] * 2
    assert chains_of(cast.ada) == [here] * 2 + [f"{here}/{cast.ada.code}"]
    assert chains_of(cast.ben) == [here] * 2 + [f"{here}/{cast.ben.code}"] * 2
    assert chains_of(cast.dora) == [here] * 2
    common = [lines(client_of(m), cast)[:2] for m in (cast.ada, cast.ben, cast.dora)]
    assert common[0] == common[1] == common[2]


def test_hidden_votes_change_no_hash_that_others_see(
    cast: Cast, client_of: ClientOf
) -> None:
    seen = []
    for votes in (0, 3):
        with pytest.MonkeyPatch.context() as patch:
            codes = iter(f"code-{i}" for i in range(9))
            patch.setattr(events, "new_code", lambda codes=codes: next(codes))
            with suppress(ZeroDivisionError), transaction.atomic():
                note(cast)
                for i in range(votes):
                    patch.setattr(events, "new_code", lambda i=i: f"hidden-{i}")
                    vote(cast.ben)
                patch.setattr(events, "new_code", lambda codes=codes: next(codes))
                note(cast)
                commit()
                seen.append(lines(client_of(cast.ada), cast))
                raise ZeroDivisionError  # roll back this world
    assert seen[0] == seen[1]
    assert len(seen[0]) == 2


def shown(client: Client, cast: Cast, query: str) -> str:
    return client.get(f"/r/{cast.review.code}/audit-log/?{query}").content.decode()


def test_the_audit_log_is_filtered_by_kind_member_day_and_subject(
    cast: Cast, client_of: ClientOf
) -> None:
    for i, (member, kind) in enumerate(
        [(cast.dora, "note:made"), (cast.cleo, "note:made"), (cast.dora, "idea:had")]
    ):
        events.record(
            review=cast.review,
            actor=member,
            kind=kind,
            now=NOW + timedelta(days=i),
            subject=f"subject{i}",
            word=f"word{i}",
        )
    client = client_of(cast.ada)

    def words(query: str) -> str:
        page = shown(client, cast, query)
        found = "".join(str(i) for i in range(3) if f"word{i}" in page)
        # The file takes the same filters, and the page links to it with these filters.
        asked = urlencode(parse_qsl(query))
        url = f"/r/{cast.review.code}/audit-log.csv" + (f"?{asked}" if asked else "")
        assert escape(url) in page
        table = b"".join(client.get(url).streaming_content).decode()  # type: ignore[attr-defined]
        assert "".join(str(i) for i in range(3) if f"word{i}" in table) == found
        return found

    assert words("") == "012"
    assert words("kind=note:made") == "01"
    assert words(f"person={cast.dora.code}") == "02"
    assert words("since=2026-01-03") == "12"
    assert words("until=2026-01-03") == "01"
    assert words("since=2026-01-03&until=2026-01-03") == "1"
    assert words("subject=subject2") == "2"
    assert words(f"kind=note:made&person={cast.dora.code}") == "0"
    # The page names the invalid field and uses the valid ones.
    wrong = shown(client, cast, "since=tomorrow&kind=idea:had")
    assert "Enter a valid date" in wrong
    assert "word2" in wrong
    assert "word0" not in wrong


def test_older_pages_go_on_where_the_last_one_ended(
    cast: Cast, client_of: ClientOf
) -> None:
    for i in range(60):
        events.record(
            review=cast.review,
            actor=cast.dora,
            kind="note:made",
            now=NOW,
            word=f"word{i:02}x",
        )
    client = client_of(cast.ada)
    first = shown(client, cast, "kind=note:made")
    cursor = first.split("after=")[1].split('"')[0].split("&")[0]
    second = shown(client, cast, f"kind=note:made&after={cursor}")
    both = [
        {f"word{i:02}x" for i in range(60) if f"word{i:02}x" in page}
        for page in (first, second)
    ]
    assert (len(both[0]), len(both[1])) == (50, 10)
    assert not both[0] & both[1]


def test_events_hold_no_names_or_addresses_but_the_audit_log_shows_them(
    cast: Cast, client_of: ClientOf
) -> None:
    invitation, _ = team.invite_member(
        actor=cast.dora, email="nora@example.org", role="reviewer", now=NOW
    )
    team.withdraw_invitation(actor=cast.dora, invitation=invitation, now=NOW)
    team.remove_member(actor=cast.dora, member=cast.ben, now=NOW)
    kept = str(list(Event.objects.values_list("data", flat=True)))
    assert "example.org" not in kept
    assert "Ben" not in kept
    page = shown(client_of(cast.ada), cast, "")
    assert page.count("nora@example.org") == 2
    assert "Ben" in page
