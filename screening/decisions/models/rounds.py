"""Rounds, seats, votes: the blinded core of screening.

Only ``screening.decisions`` services and queries import this module (held by
import-linter); see reviewapp/core/blinding.py for the rule.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviewapp.core.blinding import (
    Contribution,
    RoundBase,
    SeatBase,
    contribution_triggers,
)


class Verdict(models.TextChoices):
    """What a vote says. ``withdrawn``: undone by its author, the seat is open again."""

    INCLUDE = "include", _("Include")
    EXCLUDE = "exclude", _("Exclude")
    UNSURE = "unsure", _("Unsure")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Round(RoundBase):
    """One record or one report at one stage."""

    stage = models.ForeignKey(
        "decisions.Stage", on_delete=models.PROTECT, related_name="+"
    )
    record = models.ForeignKey(
        "records.Record", on_delete=models.PROTECT, null=True, related_name="+"
    )
    report = models.ForeignKey(
        "reports.Report", on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Place in the stage's order of reading: a number drawn from the policy's seed,
    # so that nobody reads source by source.
    order = models.PositiveIntegerField()

    class Meta(RoundBase.Meta):
        constraints = [
            *RoundBase.Meta.constraints,
            models.UniqueConstraint(
                fields=["stage", "record"],
                condition=Q(record__isnull=False),
                name="decisions_round_record_once",
            ),
            models.UniqueConstraint(
                fields=["stage", "report"],
                condition=Q(report__isnull=False),
                name="decisions_round_report_once",
            ),
            models.CheckConstraint(
                condition=Q(record__isnull=False) ^ Q(report__isnull=False),
                name="decisions_round_one_subject",
            ),
        ]
        indexes = [
            # The conflict desk: rounds open to adjudicators, not yet settled.
            models.Index(
                fields=["stage", "id"],
                condition=Q(audience=1),
                name="decisions_round_revealed",
            ),
        ]

    def __str__(self) -> str:
        return f"Round {self.code}"


class Seat(SeatBase):
    """Who is to judge a round."""

    stage = models.ForeignKey(
        "decisions.Stage", on_delete=models.PROTECT, related_name="+"
    )
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    # Copied from the round: the queue is read in this order from one index.
    order = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "member"], name="decisions_seat_member_once"
            ),
            models.UniqueConstraint(
                fields=["round", "no"],
                condition=Q(vacated_at=None),
                name="decisions_seat_no_once",
            ),
        ]
        indexes = [
            # The queue: my next seat at this stage.
            models.Index(
                fields=["stage", "member", "order", "id"],
                condition=Q(vacated_at=None),
                name="decisions_seat_queue",
            ),
        ]

    def __str__(self) -> str:
        return f"Seat {self.no} of {self.round_id}"


class Vote(Contribution):
    """One member's judgement of a round; the newest version stands."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=9, choices=Verdict.choices)
    reason = models.ForeignKey(
        "decisions.Reason", on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.TextField(blank=True)

    class Meta(Contribution.Meta):
        constraints = [
            *Contribution.Meta.constraints,
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="decisions_vote_verdict"
            ),
        ]
        triggers = contribution_triggers("decisions_round")

    def __str__(self) -> str:
        # Never the verdict: this text ends in logs and tracebacks.
        return f"Vote {self.pk}"


class Finished(models.Model):
    """A member says that they have read all their records of a stage.

    The only way others learn how far somebody is: the member's own, open word.
    Saying it again after a top-up adds a row; the newest counts.
    """

    stage = models.ForeignKey(
        "decisions.Stage", on_delete=models.PROTECT, related_name="+"
    )
    member = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, related_name="+"
    )
    seats = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "finished"

    def __str__(self) -> str:
        return f"{self.member_id} finished {self.stage_id}"
