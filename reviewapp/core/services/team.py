"""Members of a review: invitations, roles, removal."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from reviewapp.core import events, hooks
from reviewapp.core.models import Invitation, Member, Review, Role, User, role_name
from reviewapp.core.permissions import ROLES, Action, require
from reviewapp.core.queries.invitations import (
    LINK,
    invitations_to,
    is_emailed,
    link_token,
)
from reviewapp.core.refusals import Missing, Refused

VALID_FOR = timedelta(days=14)


def _token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite_member(
    *, actor: Member, email: str, role: str, now: datetime
) -> tuple[Invitation, str]:
    """Invite ``email`` as ``role`` by email; return the invitation and its token.

    It replaces an earlier open invitation of the same address, so a lost email is
    solved by a new invitation. Only a digest of the token is stored.
    """
    require(actor, Action.MANAGE_TEAM)
    email = email.strip().lower()
    if Member.objects.filter(
        review=actor.review_id, user__email__iexact=email, removed_at=None
    ).exists():
        raise Refused(
            _("{email} is already a member of this review.").format(email=email)
        )
    Invitation.objects.filter(
        review=actor.review_id, email__iexact=email, accepted_at=None, revoked_at=None
    ).update(revoked_at=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        review=actor.review,
        email=email,
        role=Role(role),
        token_digest=_token_digest(token),
        invited_by=actor,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    events.record(
        review=actor.review,
        actor=actor,
        kind="member:invited",
        now=now,
        subject=invitation.code,
        role=role,
    )
    transaction.on_commit(lambda: _email_invitation(invitation, token))
    return invitation, token


def _email_invitation(invitation: Invitation, token: str) -> None:
    path = reverse("core:invitation", args=[token])
    text = render_to_string(
        "core/mail/invitation.txt",
        {
            "invitation": invitation,
            "role": Role(invitation.role).label,
            "url": f"{settings.SITE_URL}{path}",
        },
    )
    send_mail(
        _("You are invited to the review “{title}”").format(
            title=invitation.review.title
        ),
        text,
        None,
        [invitation.email],
    )


def open_invitation(token: str, now: datetime) -> Invitation:
    """Return the invitation of a link; raises ``Refused`` if it is not valid."""
    which = {"token_digest": _token_digest(token)}
    if not is_emailed(token):
        code = token.partition(LINK)[0]
        which = {"code": code if constant_time_compare(token, link_token(code)) else ""}
    invitation = (
        Invitation.objects.select_related("review", "invited_by")
        .filter(accepted_at=None, revoked_at=None, **which)
        .first()
    )
    if invitation is None or invitation.expires_at < now:
        raise Refused(
            _(
                "This invitation has been used or withdrawn, or has expired. "
                "Ask the person who invited you to send a new one."
            )
        )
    return invitation


@transaction.atomic
def accept_own_invitation(*, user: User, code: str, now: datetime) -> Member:
    """Join the review of an invitation to a verified address of the user.

    Raises:
        Missing: there is no such open invitation to an address of the user.
    """
    if not invitations_to(user, now).filter(code=code).exists():
        raise Missing(_("There is no such invitation to your address."))
    return accept_invitation(user=user, token=link_token(code), now=now)


@transaction.atomic
def accept_invitation(*, user: User, token: str, now: datetime) -> Member:
    """Join the review of the link; a removed member becomes active again."""
    invitation = open_invitation(token, now)
    Review.objects.select_for_update(no_key=True).get(pk=invitation.review_id)
    invitation = open_invitation(token, now)
    member, made = Member.objects.get_or_create(
        review=invitation.review,
        user=user,
        defaults={"role": invitation.role, "name": str(user), "joined_at": now},
    )
    if not made and member.is_active:
        raise Refused(
            _(
                "You are already a member of this review. Your role: {role}. "
                "The invited person can still use the invitation."
            ).format(role=role_name(member.role))
        )
    if not made:
        member.role, member.removed_at = invitation.role, None
        member.save(update_fields=["role", "removed_at"])
    invitation.accepted_at, invitation.accepted_by = now, member
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    events.record(
        review=member.review,
        actor=member,
        kind="member:joined",
        now=now,
        subject=member.code,
        role=member.role,
    )
    return member


@transaction.atomic
def withdraw_invitation(
    *, actor: Member, invitation: Invitation, now: datetime
) -> None:
    """Withdraw an invitation that has not been accepted."""
    require(actor, Action.MANAGE_TEAM)
    changed = Invitation.objects.filter(
        pk=invitation.pk, review=actor.review_id, accepted_at=None, revoked_at=None
    ).update(revoked_at=now)
    if changed:
        events.record(
            review=actor.review,
            actor=actor,
            kind="invitation:withdrawn",
            now=now,
            subject=invitation.code,
        )


@transaction.atomic
def change_role(*, actor: Member, member: Member, role: str, now: datetime) -> Member:
    """Give ``member`` another role; the review keeps at least one lead.

    Votes are kept. Open assignments are kept if the new role may screen; otherwise they
    are removed, as when the member is removed.
    """
    require(actor, Action.MANAGE_TEAM)
    member = _lock_member(actor, member)
    before = member.role
    if before == Role.LEAD and role != Role.LEAD:
        _refuse_without_lead(member)
    member.role = Role(role)
    member.save(update_fields=["role"])
    events.record(
        review=actor.review,
        actor=actor,
        kind="member:role_changed",
        now=now,
        subject=member.code,
        before=before,
        after=role,
    )
    if member.role not in ROLES[Action.SCREEN]:
        hooks.member_removed.call(
            review=actor.review, member=member, actor=actor, now=now
        )
    return member


@transaction.atomic
def remove_member(*, actor: Member, member: Member, now: datetime) -> None:
    """End a membership: votes are kept, open assignments are removed."""
    require(actor, Action.MANAGE_TEAM)
    member = _lock_member(actor, member)
    if not member.is_active:
        return
    if member.role == Role.LEAD:
        _refuse_without_lead(member)
    member.removed_at = now
    member.save(update_fields=["removed_at"])
    events.record(
        review=actor.review,
        actor=actor,
        kind="member:removed",
        now=now,
        subject=member.code,
    )
    hooks.member_removed.call(review=actor.review, member=member, actor=actor, now=now)


def _lock_member(actor: Member, member: Member) -> Member:
    Review.objects.select_for_update(no_key=True).get(pk=actor.review_id)
    return Member.objects.get(pk=member.pk, review=actor.review_id)


def _refuse_without_lead(removed_member: Member) -> None:
    others = Member.objects.filter(
        review=removed_member.review_id, role=Role.LEAD, removed_at=None
    ).exclude(pk=removed_member.pk)
    if not others.exists():
        raise Refused(
            _("{name} is the only lead. Make another member a lead first.").format(
                name=removed_member.name
            )
        )
