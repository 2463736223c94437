"""Background jobs. The row has the state of the job; Celery carries only its id."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from reviewapp.core.codes import new_code
from reviewapp.core.models.review import Member, Review


class Job(models.Model):
    """A job that a Celery worker runs for a review (docs/architecture.md, Jobs).

    queued → running → done | failed. ``key`` makes a repeated request the same job.
    ``claim`` and ``heartbeat_at`` let exactly one worker hold it.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    params = models.JSONField(default=dict)
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    # An export is made for one viewer, and no other member may read it.
    is_private = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    note = models.CharField(max_length=200, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    claim = models.UUIDField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "kind", "key"], name="core_job_same_request_once"
            ),
        ]
        indexes = [
            # For the sweep: unfinished jobs, oldest first.
            models.Index(
                fields=["created_at"],
                condition=models.Q(state__in=["queued", "running"]),
                name="core_job_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"
