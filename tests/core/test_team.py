"""Invitations, roles, removal."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from reviewapp.core.models import Event, Invitation, Member, Role, User
from reviewapp.core.refusals import NotAllowed, Refused
from reviewapp.core.services import reviews, team
from tests import factories
from tests.conftest import Cast

NOW = factories.NOW
ClientOf = Callable[[Member | None], Client]


def test_the_creator_of_a_review_is_its_lead(db: None) -> None:
    lead = reviews.create_review(
        user=factories.make_user("Nora"), title="  A   title ", now=NOW
    )
    assert (lead.role, lead.review.title) == (Role.LEAD, "A title")
    assert Event.objects.filter(review=lead.review, kind="review:created").count() == 1


def test_an_invitation_is_emailed_and_works_once(
    cast: Cast, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        team.invite_member(
            actor=cast.dora, email="Nora@Example.org ", role="admin", now=NOW
        )
    [message] = mail.outbox
    assert message.to == ["nora@example.org"]
    found = re.search(r"/invitations/([^/]+)/", message.body)
    assert found
    nora = factories.make_user("Nora")
    member = team.accept_invitation(user=nora, token=found[1], now=NOW)
    assert (member.role, member.review) == ("admin", cast.review)
    with pytest.raises(Refused, match="used or withdrawn"):
        team.accept_invitation(
            user=factories.make_user("Mallory"), token=found[1], now=NOW
        )


def test_only_the_digest_of_a_token_is_stored(cast: Cast) -> None:
    invitation, token = team.invite_member(
        actor=cast.dora, email="n@example.org", role="reviewer", now=NOW
    )
    assert token not in str(Invitation.objects.values().get(pk=invitation.pk))


def test_an_invitation_expires_can_be_withdrawn_and_replaced(cast: Cast) -> None:
    nora = factories.make_user("Nora")
    _, first = team.invite_member(
        actor=cast.dora, email="n@example.org", role="reviewer", now=NOW
    )
    second, token = team.invite_member(
        actor=cast.dora, email="N@example.org", role="observer", now=NOW
    )
    with pytest.raises(Refused):
        team.accept_invitation(user=nora, token=first, now=NOW)
    with pytest.raises(Refused):
        team.accept_invitation(user=nora, token=token, now=NOW + timedelta(days=15))
    team.withdraw_invitation(actor=cast.dora, invitation=second, now=NOW)
    with pytest.raises(Refused):
        team.accept_invitation(user=nora, token=token, now=NOW)


def test_only_a_lead_manages_the_team(cast: Cast) -> None:
    for actor in (cast.ada, cast.cleo, cast.lena, cast.olaf, cast.rex):
        with pytest.raises(NotAllowed):
            team.invite_member(actor=actor, email="x@example.org", role="lead", now=NOW)


def test_the_last_lead_cannot_be_removed(cast: Cast) -> None:
    with pytest.raises(Refused, match="only lead"):
        team.remove_member(actor=cast.dora, member=cast.dora, now=NOW)
    with pytest.raises(Refused, match="only lead"):
        team.change_role(actor=cast.dora, member=cast.dora, role="observer", now=NOW)
    team.change_role(actor=cast.dora, member=cast.cleo, role="lead", now=NOW)
    team.change_role(actor=cast.dora, member=cast.dora, role="observer", now=NOW)
    assert Member.objects.get(pk=cast.dora.pk).role == Role.OBSERVER


def test_a_removed_member_has_no_access_at_once_and_can_come_back(
    cast: Cast, client_of: ClientOf
) -> None:
    client, url = client_of(cast.ada), f"/r/{cast.review.code}/"
    assert client.get(url).status_code == 200
    team.remove_member(actor=cast.dora, member=cast.ada, now=NOW)
    assert client.get(url).status_code == 404
    _, token = team.invite_member(
        actor=cast.dora, email="ada@example.org", role="observer", now=NOW
    )
    again = team.accept_invitation(user=cast.ada.user, token=token, now=NOW)
    assert again.pk == cast.ada.pk
    assert client.get(url).status_code == 200


def test_an_invitation_through_the_browser(cast: Cast, client_of: ClientOf) -> None:
    _, token = team.invite_member(
        actor=cast.dora,
        email="nora@example.org",
        role="reviewer",
        now=NOW + timedelta(3650),
    )
    stranger = client_of(None)
    page = stranger.get(f"/invitations/{token}/")
    assert page.status_code == 200
    assert cast.review.title in page.content.decode()
    signup = stranger.post(
        "/accounts/signup/",
        {
            "name": "Nora",
            "email": "nora@example.org",
            "password1": factories.PASSWORD,
        },
    )
    assert signup.status_code == 302
    assert signup["Location"] == f"/invitations/{token}/"
    joined = stranger.post(f"/invitations/{token}/")
    assert joined["Location"] == f"/r/{cast.review.code}/"
    assert Member.objects.filter(review=cast.review, name="Nora").exists()


def verified(user: User) -> User:
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


def test_an_invited_person_finds_the_invitation_after_logging_in(
    cast: Cast, client_of: ClientOf
) -> None:
    team.invite_member(
        actor=cast.dora, email="Eve@example.org", role=Role.REVIEWER, now=timezone.now()
    )
    eve = client_of(cast.eve)
    assert "invites you" not in eve.get("/").content.decode(), "not verified yet"
    verified(cast.eve.user)
    page = eve.get("/").content.decode()
    assert "Dora invites you to the review" in page
    assert "invites you" not in client_of(cast.ada).get("/").content.decode()
    code = Invitation.objects.get().code
    joined = eve.post(f"/invitations/{code}/accept/")
    assert joined["Location"] == f"/r/{cast.review.code}/"
    assert "invites you" not in eve.get("/").content.decode()


def test_nobody_accepts_an_invitation_to_another_address_by_its_code(
    cast: Cast, client_of: ClientOf
) -> None:
    invitation, _ = team.invite_member(
        actor=cast.dora, email="nora@example.org", role=Role.LEAD, now=timezone.now()
    )
    verified(cast.eve.user)
    answer = client_of(cast.eve).post(f"/invitations/{invitation.code}/accept/")
    assert answer.status_code in {404, 422}
    assert not cast.review.members.filter(user=cast.eve.user).exists()


def test_a_lead_copies_a_link_that_does_not_verify_the_address(
    cast: Cast, client_of: ClientOf
) -> None:
    invitation, _ = team.invite_member(
        actor=cast.dora,
        email="nora@example.org",
        role=Role.REVIEWER,
        now=timezone.now(),
    )
    page = client_of(cast.dora).get(f"/r/{cast.review.code}/team/").content.decode()
    found = re.search(r'value="[^"]*(/invitations/[^"]+/)"', page)
    assert found
    other = client_of(cast.cleo).get(f"/r/{cast.review.code}/team/").content.decode()
    assert found[1] not in other
    stranger = client_of(None)
    assert "You are invited" in stranger.get(found[1]).content.decode()
    assert "account_verified_email" not in stranger.session
    forged = found[1].replace(invitation.code, "a" * len(invitation.code))
    assert "You are invited" not in stranger.get(forged).content.decode()
    nora = factories.make_user("Nora")
    joined = Client()
    joined.force_login(nora)
    assert joined.post(found[1]).status_code == 302
    assert cast.review.members.filter(user=nora).exists()
    assert "You are invited" not in stranger.get(found[1]).content.decode(), "used"
