"""Tasks of the kernel on the overview."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewapp.core.models import Invitation, Member, Protocol, Role
from reviewapp.core.nav import Todo


def reminder_todos(viewer: Member) -> list[Todo]:
    """Return a task for leads when the data were to be kept until today or earlier."""
    until = viewer.review.keep_until
    if viewer.role != Role.LEAD or until is None or until > timezone.now().date():
        return []
    return [
        Todo(
            _(
                "The data of this review were to be kept until {date}. Export the "
                "data and delete the review, or choose a later date."
            ).format(date=date_format(until, "j F Y")),
            reverse("review:configure", args=[viewer.review.code]),
            button=_("Open settings"),
            order=5,
        )
    ]


def setup_todos(viewer: Member) -> list[Todo]:
    """Return what a lead does before the first records: protocol and team.

    Both can be put off: later tasks that others wait for come before them.
    """
    if viewer.role != Role.LEAD:
        return []
    found = []
    code = viewer.review.code
    if not Protocol.objects.filter(review=viewer.review_id).exists():
        found.append(
            Todo(
                _("Write the protocol: the question and the eligibility criteria."),
                reverse("review:edit_protocol", args=[code]),
                button=_("Write the protocol"),
                order=3,
                is_setup=True,
            )
        )
    invited = Invitation.objects.filter(
        review=viewer.review_id,
        accepted_at=None,
        revoked_at=None,
        expires_at__gt=timezone.now(),
    ).count()
    team = Member.objects.filter(review=viewer.review_id, removed_at=None)
    if not invited and not team.exclude(pk=viewer.pk).exists():
        found.append(
            Todo(
                _("Invite the members of your team. You can also work alone."),
                reverse("review:invite", args=[code]),
                button=_("Invite members"),
                order=4,
                is_setup=True,
            )
        )
    if invited:
        found.append(_invited(code, invited))
    return found


def _invited(code: str, n: int) -> Todo:
    return Todo(
        ngettext(
            "Waiting for {n} invited person to join.",
            "Waiting for {n} invited people to join.",
            n,
        ).format(n=n),
        reverse("review:team", args=[code]),
        n=n,
        button=_("View the team"),
        order=90,
        is_waiting=True,
    )
