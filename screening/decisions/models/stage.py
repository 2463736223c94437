"""Stages, their screening assignments (policies) and reasons for exclusion."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviewapp.core.codes import new_code


class Stage(models.Model):
    """Title and abstract, full text or a further stage, in the order of the team.

    A stage screens *records* (before retrieval) or *reports* (after it). What one
    stage includes goes to the next; what the last report stage includes is in the
    review. It is screened and closed wave by wave (``Wave``).
    """

    class Kind(models.TextChoices):
        TITLE_ABSTRACT = "title_abstract", _("Title and abstract")
        FULL_TEXT = "full_text", _("Full text")
        FURTHER = "further", _("Further stage")

    class Subject(models.TextChoices):
        RECORD = "record", _("Records")
        REPORT = "report", _("Reports")

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="stages"
    )
    kind = models.CharField(max_length=14, choices=Kind.choices)
    subject = models.CharField(max_length=6, choices=Subject.choices)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    # At a report stage an exclusion has exactly one primary reason (PRISMA box 9).
    needs_reason = models.BooleanField(default=False)
    # Adjudicators see "Reviewer 1" instead of names.
    hides_names = models.BooleanField(default=True)
    # Leads who do not screen here see agreement while the stage is open. Chosen before
    # the start only.
    shows_agreement = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "position"], name="decisions_stage_order"
            ),
            models.CheckConstraint(
                condition=Q(subject="record") | Q(needs_reason=True),
                name="decisions_stage_reports_need_reasons",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Reason(models.Model):
    """A reason for exclusion at a stage; all reviewers share the ordered list."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="reasons")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    # Set when the reason is no longer offered. Votes with this reason keep it.
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "text"], name="decisions_reason_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Policy(models.Model):
    """One version of the screening assignments of a stage; the newest is in force.

    ``fixed`` (the default): rules make assignments (see ``PolicyLine``). ``pool``: any
    ``pool_size`` of the listed members. A record that leaves the queue of a pool
    shows that someone voted, so a pool hides only how members voted.
    """

    class Mode(models.TextChoices):
        FIXED = "fixed", _("Fixed assignment")
        POOL = "pool", _("Open pool")

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="policies")
    version = models.PositiveIntegerField()
    mode = models.CharField(max_length=5, choices=Mode.choices)
    pool_size = models.PositiveSmallIntegerField(default=2)
    # Determines the screening order. It is shown.
    seed = models.PositiveIntegerField()
    # Determines the samples (rules/drawing.py). It is secret while they are.
    key = models.CharField(max_length=32)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "version"], name="decisions_policy_version"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return f"Policy version {self.version} of {self.stage_id}"


class PolicyLine(models.Model):
    """One rule of a policy: a percentage that is divided evenly among its members.

    "A screens 100 %, B a random 20 %" is two rules: 100 with A and 20 with B. "One
    each" is one rule of 100 with everyone. In a pool, the members of the rule are
    those who can screen.
    """

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="lines")
    no = models.PositiveSmallIntegerField()
    # Percentage of the stage's records or reports, 0 < share ≤ 100.
    share = models.DecimalField(max_digits=5, decimal_places=2)
    members = models.ManyToManyField("core.Member", related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "no"], name="decisions_policy_line"
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=100), name="decisions_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.share} %"
