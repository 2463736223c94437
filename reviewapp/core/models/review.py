"""A review with its members, invitations and protocol."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from reviewapp.core.blinding import Audience
from reviewapp.core.codes import new_code


class Role(models.TextChoices):
    """A member's role in a review."""

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


class ProgressFor(models.TextChoices):
    """Who sees how many records each member has screened; never which or how."""

    NOBODY = "nobody", _("No one")
    LEADS = "leads", _("Leads")
    TEAM = "team", _("All members")


class Review(models.Model):
    """A systematic or scoping review; every other row belongs to one."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    title = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    # Members must have two-factor authentication to open a page (core/web.py).
    needs_second_factor = models.BooleanField(default=False)
    # From this date the leads are reminded to delete the review (docs/privacy.md).
    keep_until = models.DateField(null=True, blank=True)
    # Who sees the number of records that each member has screened.
    progress_for = models.CharField(
        max_length=6, choices=ProgressFor.choices, default=ProgressFor.LEADS
    )
    # When the review will be deleted. Until then it is read-only, and a lead can cancel
    # the deletion (core/services/deletion.py).
    erase_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class Member(models.Model):
    """A user in a review. Never deleted, because votes keep their author."""

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
        """Return True if the member has not been removed."""
        return self.removed_at is None

    @property
    def reach(self) -> Audience:
        """Return the narrowest audience with this member (core/blinding.py)."""
        if self.role in {Role.LEAD, Role.ADMIN}:
            return Audience.ADJUDICATORS
        return Audience.MEMBERS


class Invitation(models.Model):
    """An invitation. Its link works once and expires; only a digest is stored."""

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
            # At most one open invitation for each address and review.
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
    """One version of a review's protocol; every change creates a new version."""

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
    """An eligibility criterion of a protocol version, in the team's order."""

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
