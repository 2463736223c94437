"""Charting forms: versioned lists of fields."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviewapp.core.codes import new_code, new_key


class Form(models.Model):
    """A charting form of a review; its questions are in its versions.

    Studies are charted and closed wave by wave (``FormWave``).
    """

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=120)
    # Percentage of the studies that a second reviewer charts.
    second_share = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    seed = models.PositiveIntegerField()
    # Determines the samples; secret until a wave closes (queries/draws.py).
    key = models.CharField(max_length=32, default=new_key)
    first_reviewers = models.ManyToManyField("core.Member", related_name="+")
    second_reviewers = models.ManyToManyField("core.Member", related_name="+")
    hides_names = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "name"], name="charting_form_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FormVersion(models.Model):
    """One version of a form's fields; a published version never changes."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["form", "number"], name="charting_version_number"
            ),
            models.UniqueConstraint(
                fields=["form"],
                condition=Q(published_at=None),
                name="charting_version_one_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class Field(models.Model):
    """A question of one form version. ``key`` stays the same over versions."""

    class Kind(models.TextChoices):
        SHORT_TEXT = "short_text", _("Short text")
        LONG_TEXT = "long_text", _("Long text")
        NUMBER = "number", _("Number")
        YEAR = "year", _("Year")
        YES_NO = "yes_no", _("Yes or no")
        CHOOSE_ONE = "choose_one", _("Choose one")
        CHOOSE_ALL = "choose_all", _("Choose all that apply")
        COUNTRY = "country", _("Country")

    code = models.CharField(max_length=16, unique=True, default=new_code)
    version = models.ForeignKey(
        FormVersion, on_delete=models.PROTECT, related_name="fields"
    )
    key = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    label = models.CharField(max_length=200)
    help = models.TextField(blank=True)
    section = models.CharField(max_length=120, blank=True)
    # [{"value": "co_design", "label": "Co-design", "help": ""}]
    options = models.JSONField(default=list)
    is_required = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "key"], name="charting_field_key"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_in_drafts",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("published", "timestamptz")],
                func="""
                    SELECT v.published_at INTO published FROM charting_formversion v
                     WHERE v.id = COALESCE(NEW.version_id, OLD.version_id);
                    IF published IS NOT NULL THEN
                        RAISE EXCEPTION 'a published form version never changes'
                            USING ERRCODE = '23514';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.label
