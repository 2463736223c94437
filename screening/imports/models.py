"""Skipped entries of imported files and saved column mappings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviewapp.core.codes import new_code


class SkippedEntry(models.Model):
    """A skipped entry: a part of a file that could not be read as a record.

    open → mended (a member fixed it and ``record`` was created) | dropped (a member
    marked it as not a record). ``line`` starts at 1, within ``archive_path`` if the
    file is an archive.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To fix")
        MENDED = "mended", _("Fixed and imported")
        DROPPED = "dropped", _("Not a record")

    code = models.CharField(max_length=16, unique=True, default=new_code)
    batch = models.ForeignKey(
        "records.Import", on_delete=models.PROTECT, related_name="skipped_entries"
    )
    position = models.PositiveIntegerField()
    line = models.PositiveIntegerField(default=0)
    archive_path = models.TextField(blank=True)
    reason = models.TextField()
    raw = models.TextField(blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    record = models.OneToOneField(
        "records.Record", on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            # Also serves the list of an import's entries in file order.
            models.UniqueConstraint(
                fields=["batch", "position"], name="imports_entry_place_in_file"
            ),
            models.CheckConstraint(
                condition=Q(state="mended", record__isnull=False)
                | (~Q(state="mended") & Q(record__isnull=True)),
                name="imports_entry_mended_has_record",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.position}"


class ColumnTemplate(models.Model):
    """A team's mapping of table columns: [[header, field], …]."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=100)
    columns = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "name"], name="imports_template_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name
