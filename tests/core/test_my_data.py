"""Export and deletion of a user's data, and deletion of expired data."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from reviewapp.accounts import privacy
from reviewapp.accounts.hooks import account_data
from reviewapp.accounts.services import accounts
from reviewapp.core import events
from reviewapp.core.models import Event, Invitation, Member, Review, Role, User
from reviewapp.core.queries import hash_chains
from reviewapp.core.refusals import Refused
from reviewapp.core.services import retention, team
from screening.decisions.models.rounds import Vote
from tests import factories
from tests.blinding.world import build, make_cast
from tests.conftest import Cast
from tests.core.test_accounts import is_in, log_in
from tests.factories import NOW, PASSWORD

ClientOf = Callable[[Member | None], Client]


# ── My data ──────────────────────────────────────────────────────────────────
def test_the_data_export_has_the_users_data_and_actions(cast: Cast) -> None:
    for member, word in ((cast.ada, "mine"), (cast.ben, "theirs")):
        events.record(
            review=cast.review,
            actor=member,
            kind="vote:cast",
            now=NOW,
            private=True,
            word=word,
        )
    answer = log_in("ada").get("/accounts/data.json")
    assert "attachment" in answer["Content-Disposition"]
    found = json.loads(answer.content)
    assert found["account"]["email"] == "ada@example.org"
    assert [m["review__title"] for m in found["memberships"]] == [cast.review.title]
    assert found["acts"][0]["data"] == {"word": "mine"}
    assert len(found["devices"]) == 1
    assert "theirs" not in answer.content.decode()
    assert "password" not in answer.content.decode()


def test_apps_add_their_sections(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_data, "providers", [])
    account_data.register(lambda user: {"votes": [user.email]})
    assert privacy.export_user_data(cast.ada.user, now=NOW)["votes"] == [
        "ada@example.org"
    ]
    account_data.register(lambda user: {"votes": []})
    with pytest.raises(ValueError, match="Two providers"):
        privacy.export_user_data(cast.ada.user, now=NOW)


def test_deleting_an_account_needs_the_password(cast: Cast) -> None:
    client = log_in("ada")
    assert client.get("/accounts/delete/").status_code == 200
    answer = client.post("/accounts/delete/", {"password": "wrong"})
    assert "password is not correct" in answer.content.decode()
    assert User.objects.get(pk=cast.ada.user_id).is_active


def everything() -> str:
    """Return all rows of all tables as text."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" AS t')  # noqa: S608
            found += [f"{table}: {row[0]}" for row in cursor.fetchall()]
    return "\n".join(found)


def test_after_deletion_nothing_in_the_database_identifies_the_user(cast: Cast) -> None:
    user = factories.make_user("Zebediah")
    client = log_in("zebediah")
    _, token = team.invite_member(
        actor=cast.dora, email="zebediah@example.org", role="reviewer", now=NOW
    )
    member = team.accept_invitation(user=user, token=token, now=NOW)
    team.invite_member(
        actor=cast.eve, email="zebediah@example.org", role="lead", now=NOW
    )
    RecoveryCodes.activate(user)
    assert "zebediah" in everything().lower()
    answer = client.post("/accounts/delete/", {"password": PASSWORD})
    assert answer["Location"] == "/accounts/login/"
    assert not is_in(client)
    left = [line for line in everything().splitlines() if "zebediah" in line.lower()]
    assert left == []
    member.refresh_from_db()
    assert member.name == f"Former member {member.code[-4:]}"
    assert not member.is_active
    assert Event.objects.filter(kind="member:left", actor=member).count() == 1
    assert not Authenticator.objects.filter(user=user).exists()
    assert Invitation.objects.filter(email__endswith="@deleted.invalid").count() == 2
    connection.check_constraints()
    assert hash_chains.verify_audit_log(cast.review).broken == ""


def test_in_an_active_review_votes_are_kept_and_open_assignments_removed(
    db: None,
) -> None:
    world = build(make_cast())
    ben, lead = world.cast.ben, Client()
    lead.force_login(world.cast.dora.user)
    mine = Vote.objects.visible_to(ben).filter(author=ben).count()
    assert mine > 0
    accounts.delete_account(user=ben.user, now=NOW)
    assert Vote.objects.visible_to(ben).filter(author=ben).count() == mine
    assert Event.objects.filter(kind="seats:freed", subject=ben.code).exists()
    name = f"Former member {ben.code[-4:]}"
    for path in (
        "",
        "team/",
        "audit-log/",
        "stages/",
        "conflicts/",
        "flow/",
        "charting/",
    ):
        answer = lead.get(f"/r/{world.cast.review.code}/{path}")
        assert answer.status_code == 200, path
        assert "ben@example.org" not in answer.content.decode(), path
    assert name in lead.get(f"/r/{world.cast.review.code}/team/").content.decode()
    connection.check_constraints()
    assert hash_chains.verify_audit_log(world.cast.review).broken == ""


def test_the_address_is_free_again(cast: Cast) -> None:
    accounts.delete_account(user=cast.ada.user, now=NOW)
    form = {"name": "Ada", "email": "ada@example.org", "password1": PASSWORD}
    assert Client().post("/accounts/signup/", form).status_code == 302
    assert User.objects.filter(email="ada@example.org").count() == 1


def test_an_only_lead_makes_another_member_lead_first(cast: Cast) -> None:
    with pytest.raises(Refused, match="only lead of “Peer workers"):
        accounts.delete_account(user=cast.dora.user, now=NOW)
    assert User.objects.get(pk=cast.dora.user_id).email == "dora@example.org"
    team.change_role(actor=cast.dora, member=cast.cleo, role="lead", now=NOW)
    accounts.delete_account(user=cast.dora.user, now=NOW)
    assert not Member.objects.get(pk=cast.dora.pk).is_active


def test_a_review_without_other_members_is_archived(cast: Cast) -> None:
    accounts.delete_account(user=cast.eve.user, now=NOW)
    assert Review.objects.get(pk=cast.eve.review_id).archived_at == NOW


# ── Expired data ─────────────────────────────────────────────────────────────
def test_the_sweep_deletes_expired_data(cast: Cast) -> None:
    old, _ = team.invite_member(
        actor=cast.dora, email="a@x.org", role="reviewer", now=NOW
    )
    new, _ = team.invite_member(
        actor=cast.dora, email="b@x.org", role="reviewer", now=NOW + timedelta(days=40)
    )
    _, token = team.invite_member(
        actor=cast.dora, email="c@x.org", role="observer", now=NOW
    )
    team.accept_invitation(user=factories.make_user("Cy"), token=token, now=NOW)
    client = log_in("ada")
    Session.objects.update(expire_date=NOW)
    found = retention.delete_expired_data(now=NOW + timedelta(days=45))
    assert (found["invitations"], found["sessions"]) == (1, 1)
    assert not Invitation.objects.filter(pk=old.pk).exists()
    assert Invitation.objects.filter(pk=new.pk).exists()
    assert Invitation.objects.filter(email="c@x.org").exists()
    assert not UserSession.objects.exists()
    assert not is_in(client)


def test_the_sweep_deletes_results_of_exports_and_no_other_jobs(cast: Cast) -> None:
    from reviewapp.core import jobs
    from reviewapp.core.models import Job

    made = {
        name: jobs.enqueue(
            actor=cast.ada, kind="x", key=name, now=NOW, is_private=name != "public"
        )
        for name in ("old", "fresh", "public")
    }
    Job.objects.update(state="done", finished_at=NOW)
    Job.objects.filter(pk=made["fresh"].pk).update(finished_at=NOW + timedelta(99))
    assert retention.delete_expired_data(now=NOW + timedelta(days=100))["jobs"] == 1
    left = set(Job.objects.values_list("key", flat=True))
    assert left == {"fresh", "public"}


def test_leads_are_reminded_when_the_data_have_been_kept_long_enough(
    cast: Cast, client_of: ClientOf
) -> None:
    Review.objects.filter(pk=cast.review.pk).update(keep_until=NOW.date())
    page = f"/r/{cast.review.code}/"
    assert "were to be kept until" in client_of(cast.dora).get(page).content.decode()
    assert "were to be kept" not in client_of(cast.ada).get(page).content.decode()
    assert cast.dora.role == Role.LEAD
