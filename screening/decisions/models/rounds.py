"""Rounds, assignments and votes: the blinded tables of screening.

Only services and queries of ``screening.decisions`` import this module;
import-linter enforces it. reviewapp/core/blinding.py has the rule.
"""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviewapp.core.blinding import (
    AssignmentBase,
    Contribution,
    CountManager,
    RoundBase,
    contribution_triggers,
)
from reviewapp.core.models import Tally
from screening.decisions.models.stored_state import counter_key


class Verdict(models.TextChoices):
    """A vote. ``withdrawn``: its author undid it, and the assignment is open again."""

    INCLUDE = "include", _("Include")
    EXCLUDE = "exclude", _("Exclude")
    UNSURE = "unsure", _("Unsure")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Round(RoundBase):
    """One record or one report at one stage."""

    stage = models.ForeignKey(
        "decisions.Stage", on_delete=models.PROTECT, related_name="+"
    )
    # A round without a decision whose record or report comes back after its wave has
    # closed (an undone merge) moves to the next wave.
    wave = models.ForeignKey(
        "decisions.Wave", on_delete=models.PROTECT, related_name="+"
    )
    record = models.ForeignKey(
        "records.Record", on_delete=models.PROTECT, null=True, related_name="+"
    )
    report = models.ForeignKey(
        "reports.Report", on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Position in the screening order of the stage: a number drawn from the wave's
    # seed, so that the order does not follow the sources.
    order = models.PositiveIntegerField()
    # Running number of the round in its stage, in the screening order of the rounds
    # that arrived together. An open pool shares out the rounds by it.
    turn = models.PositiveIntegerField(default=0)
    # Kept by triggers (stored_state_sql.py) and public. Set aside: the record is a
    # duplicate, its import is undone, or its conflict at an earlier stage was reopened
    # and it is not included there again. "" without a decision.
    is_aside = models.BooleanField(default=False, db_default=False)
    verdict = models.CharField(max_length=7, blank=True, default="", db_default="")
    how = models.CharField(max_length=12, blank=True, default="", db_default="")
    # When its resolved conflict was last reopened; public.
    reopened_at = models.DateTimeField(null=True, blank=True)

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
            # Lists of conflicts look up rounds that adjudicators can see.
            models.Index(
                fields=["stage", "id"],
                condition=Q(audience=1),
                name="decisions_round_revealed",
            ),
            # The list of assignments is read in this order.
            models.Index(
                fields=["stage", "order", "id"],
                condition=Q(is_aside=False),
                name="decisions_round_reading",
            ),
            # Undecided rounds of closed waves move to the next one.
            models.Index(
                fields=["wave", "id"],
                condition=Q(verdict=""),
                name="decisions_round_undecided",
            ),
            # Rounds of late duplicates.
            models.Index(
                fields=["stage", "id"],
                condition=Q(is_aside=True),
                name="decisions_round_aside",
            ),
            # Few are reopened; each new round of the review looks them up.
            models.Index(
                fields=["review"],
                condition=Q(reopened_at__isnull=False),
                name="decisions_round_reopened",
            ),
        ]
        triggers = [
            *RoundBase.Meta.triggers,
            pgtrigger.Protect(
                name="stays_in_its_wave",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.wave_id <> NEW.wave_id AND OLD.audience = 2"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Round {self.code}"


class Assignment(AssignmentBase):
    """The assignment of a round to a member."""

    stage = models.ForeignKey(
        "decisions.Stage", on_delete=models.PROTECT, related_name="+"
    )
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    # Copied from the round, so that one index serves the queue in this order.
    order = models.PositiveIntegerField()
    # Kept by triggers (stored_state_sql.py). Wave and set aside are those of the round.
    # Done is blinded: the member has a vote that is not withdrawn. Only their own queue
    # and their own progress read it.
    wave = models.ForeignKey(
        "decisions.Wave", on_delete=models.PROTECT, related_name="+", null=True
    )
    is_aside = models.BooleanField(default=False, db_default=False)
    is_done = models.BooleanField(default=False, db_default=False)
    # The draw that made it, also if someone else has taken it over. None in a pool.
    draw = models.ForeignKey(
        "decisions.SampleDraw", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "member"], name="decisions_assignment_member_once"
            ),
            models.UniqueConstraint(
                fields=["round", "no"],
                condition=Q(vacated_at=None),
                name="decisions_assignment_no_once",
            ),
        ]
        indexes = [
            # The queue looks up the next open assignment of a member in a wave.
            models.Index(
                fields=["member", "wave", "order", "id"],
                condition=Q(vacated_at=None, is_aside=False, is_done=False),
                name="decisions_assignment_queue",
            ),
            # Few assignments are removed; the stage page counts them.
            models.Index(
                fields=["wave", "round"],
                condition=Q(vacated_at__isnull=False),
                name="decisions_assignment_vacated",
            ),
        ]

    def __str__(self) -> str:
        return f"Seat {self.no} of {self.round_id}"


class AssignmentTally(Tally):
    """The number of assignments by wave, member and rule, done or not.

    How many exist is public under fixed assignment. How many are done is blinded.
    """

    KEYS: ClassVar = (
        "stage",
        "wave",
        "member",
        "no",
        "is_aside",
        "is_vacated",
        "is_done",
    )

    stage = counter_key("decisions.Stage")
    wave = counter_key("decisions.Wave", null=True)
    member = counter_key("core.Member")
    no = models.PositiveSmallIntegerField()
    is_aside = models.BooleanField()
    is_vacated = models.BooleanField()
    is_done = models.BooleanField()

    objects: ClassVar[Any] = CountManager()

    class Meta(Tally.Meta):
        base_manager_name = "objects"
        verbose_name_plural = "assignment tallies"


class Vote(Contribution):
    """One member's vote in a round; the newest version that is not late counts."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=9, choices=Verdict.choices)
    reason = models.ForeignKey(
        "decisions.Reason", on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.TextField(blank=True)
    # The file of another tool that the vote was imported from. Such a vote was not
    # cast here, so nothing is known about its blinding.
    imported_from = models.ForeignKey(
        "records.Import", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(Contribution.Meta):
        constraints = [
            *Contribution.Meta.constraints,
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="decisions_vote_verdict"
            ),
        ]
        indexes = [
            # The queue continues after the newest vote of a member.
            models.Index(fields=["author", "id"], name="decisions_vote_newest"),
        ]
        triggers = contribution_triggers("decisions_round", "decisions_decision")

    def __str__(self) -> str:
        # Without the verdict, because this text can appear in logs and tracebacks.
        return f"Vote {self.pk}"


class Finished(models.Model):
    """A member's mark that they have screened all their assignments in a wave.

    This mark is the only way for others to learn about a member's progress. Marking
    again after new assignments adds a row; the newest row counts.
    """

    wave = models.ForeignKey(
        "decisions.Wave", on_delete=models.PROTECT, related_name="+"
    )
    member = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, related_name="+"
    )
    assignments = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "finished"

    def __str__(self) -> str:
        return f"{self.member_id} finished {self.wave_id}"
