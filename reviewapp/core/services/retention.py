"""Deletion of expired data: sessions, invitations, results of exports."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import ProtectedError, Q

from reviewapp.core.models import Invitation, Job


def delete_expired_data(*, now: datetime) -> dict[str, int]:
    """Delete expired data (``settings.KEEP_DAYS``); return the number of each kind.

    It deletes invitations that were not accepted, ended sessions, and private jobs
    (exports) with their results. The counts of a review depend on none of these.
    """
    days = {name: timedelta(days=n) for name, n in settings.KEEP_DAYS.items()}
    return {
        "invitations": _invitations(now - days["invitations"]),
        "sessions": _sessions(now),
        "jobs": _jobs(now - days["job_results"]),
    }


def _invitations(before: datetime) -> int:
    over = Q(expires_at__lt=before) | Q(revoked_at__lt=before)
    return Invitation.objects.filter(over, accepted_at=None).delete()[0]


def _sessions(now: datetime) -> int:
    deleted = Session.objects.filter(expire_date__lt=now).delete()[0]
    UserSession.objects.exclude(
        session_key__in=Session.objects.values("session_key")
    ).delete()
    return deleted


def _jobs(before: datetime) -> int:
    deleted = 0
    for job in Job.objects.filter(is_private=True, finished_at__lt=before):
        try:
            with transaction.atomic():
                deleted += job.delete()[0]
        except ProtectedError:
            continue  # a row that is kept refers to this job
    return deleted
