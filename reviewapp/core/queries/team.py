"""Members and invitations, for the team page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from reviewapp.core.models import Invitation, Member, Role
from reviewapp.core.queries.invitations import link_token


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A present or former member."""

    code: str
    name: str
    email: str
    role: str
    role_label: str
    joined_at: datetime
    removed_at: datetime | None
    is_me: bool


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """A pending invitation."""

    code: str
    email: str
    role_label: str
    invited_by: str
    created_at: datetime
    expires_at: datetime
    is_expired: bool
    link: str


def team_members(viewer: Member) -> list[MemberLine]:
    """Return all members of the viewer's review: present ones first, by name."""
    rows = (
        Member.objects.filter(review=viewer.review_id)
        .select_related("user")
        .order_by("removed_at", "name", "pk")
    )
    lines = [
        MemberLine(
            code=m.code,
            name=m.name,
            email=m.user.email,
            role=m.role,
            role_label=str(Role(m.role).label),
            joined_at=m.joined_at,
            removed_at=m.removed_at,
            is_me=m.pk == viewer.pk,
        )
        for m in rows
    ]
    return sorted(lines, key=lambda line: line.removed_at is not None)


def open_invitations(viewer: Member, now: datetime) -> list[InvitationLine]:
    """Return the open invitations, newest first."""
    rows = (
        Invitation.objects.filter(
            review=viewer.review_id, accepted_at=None, revoked_at=None
        )
        .select_related("invited_by")
        .order_by("-created_at", "code")
    )
    return [
        InvitationLine(
            code=i.code,
            email=i.email,
            role_label=str(Role(i.role).label),
            invited_by=i.invited_by.name,
            created_at=i.created_at,
            expires_at=i.expires_at,
            is_expired=i.expires_at < now,
            link=f"{settings.SITE_URL}{reverse('core:invitation', args=[link_token(i.code)])}",
        )
        for i in rows
    ]
