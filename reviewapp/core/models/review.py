"""The tenant: a review, its members, invitations and protocol."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from reviewapp.core.blinding import Audience
from reviewapp.core.codes import new_code


class Role(models.TextChoices):
    """What a member is in a review (DESIGN.md §1)."""

    LEAD = "lead", _("Lead")
    ADMIN = "admin", _("Admin (resolves conflicts)")
    REVIEWER = "reviewer", _("Reviewer")
    LIBRARIAN = "librarian", _("Librarian (imports)")
    OBSERVER = "observer", _("Observer (read only)")


ROLE_NAMES = {
    Role.LEAD: _("lead"),
    Role.ADMIN: _("admin"),
    Role.REVIEWER: _("reviewer"),
    Role.LIBRARIAN: _("librarian"),
    Role.OBSERVER: _("observer"),
}


def role_name(role: str) -> str:
    """Return the role's short name for use inside a sentence."""
    return str(ROLE_NAMES[Role(role)])


class Review(models.Model):
    """A systematic or scoping review: the tenant that every other row belongs to."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    title = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    # Everybody who opens a page of it must have a second factor (core/web.py).
    needs_second_factor = models.BooleanField(default=False)
    # The data are to be kept until this day; then the leads are told (docs/privacy.md).
    keep_until = models.DateField(null=True, blank=True)
    # A lead has asked for its erasure: nothing in it can be changed until then, and
    # until then a lead may call it back (core/services/erasing.py).
    erase_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class Member(models.Model):
    """A user in a review. Never deleted: votes keep their author (``removed_at``)."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=12, choices=Role.choices)
    name = models.CharField(max_length=120)
    joined_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "user"], name="core_member_once_per_review"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="core_member_role"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        """Whether the member still takes part."""
        return self.removed_at is None

    @property
    def reach(self) -> Audience:
        """The narrowest audience that includes this member (see core/blinding.py)."""
        if self.role in {Role.LEAD, Role.ADMIN}:
            return Audience.ADJUDICATORS
        return Audience.MEMBERS


class Invitation(models.Model):
    """A link sent by e-mail: single use, expires; only the token's digest is kept."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(
        Review, on_delete=models.PROTECT, related_name="invitations"
    )
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role.choices)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # One open invitation per address and review.
            models.UniqueConstraint(
                "review",
                Lower("email"),
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="core_invitation_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"


class Protocol(models.Model):
    """One version of a review's protocol; saving a change makes the next version."""

    review = models.ForeignKey(
        Review, on_delete=models.PROTECT, related_name="protocols"
    )
    version = models.PositiveIntegerField()
    question = models.TextField(blank=True)
    population = models.TextField(blank=True)
    concept = models.TextField(blank=True)
    context = models.TextField(blank=True)
    registration = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "version"], name="core_protocol_version"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return f"Protocol version {self.version}"


class Criterion(models.Model):
    """An eligibility criterion of one protocol version, in the team's order."""

    class Kind(models.TextChoices):
        INCLUDE = "include", _("Include")
        EXCLUDE = "exclude", _("Exclude")

    protocol = models.ForeignKey(
        Protocol, on_delete=models.PROTECT, related_name="criteria"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    position = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["protocol", "kind", "position"], name="core_criterion_order"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return self.text
