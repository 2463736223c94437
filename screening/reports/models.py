"""Reports to retrieve and screen in full text, and the studies they belong to."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviewapp.core.codes import new_code


class Study(models.Model):
    """An investigation with one or more reports; the unit of inclusion and charting."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    # For example "Åkerblom 2021". Members can change it.
    label = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "studies"

    def __str__(self) -> str:
        return self.label


class Report(models.Model):
    """A document to retrieve: one for each unique record that was included.

    "Not retrieved" needs a reason (PRISMA boxes 7 and 13). A member marks a report as
    retrieved, with or without a file (there are paper copies).
    """

    class Retrieval(models.TextChoices):
        SOUGHT = "sought", _("Awaiting retrieval")
        RETRIEVED = "retrieved", _("Retrieved")
        NOT_RETRIEVED = "not_retrieved", _("Not retrieved")

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    record = models.OneToOneField(
        "records.Record", on_delete=models.PROTECT, related_name="report"
    )
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="reports")
    retrieval = models.CharField(
        max_length=13, choices=Retrieval.choices, default=Retrieval.SOUGHT
    )
    not_retrieved_reason = models.CharField(max_length=300, blank=True)
    # Kept by triggers of screening (stored_state_sql.py): a conflict about the record
    # was reopened, and it is not included again. The report is kept and counts nowhere.
    is_aside = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()
    retrieval_at = models.DateTimeField(null=True, blank=True)
    retrieval_by = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(retrieval="not_retrieved") ^ Q(not_retrieved_reason=""),
                name="reports_report_reason_iff_not_retrieved",
            ),
        ]
        indexes = [
            models.Index(fields=["review", "retrieval", "id"], name="reports_list"),
        ]

    def __str__(self) -> str:
        return f"Report {self.code}"


def _file_path(report_file: ReportFile, name: str) -> str:
    return f"reports/{report_file.review.code}/{report_file.code}"


class ReportFile(models.Model):
    """A PDF of a report, stored under a generated name; the newest one is shown."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    file = models.FileField(upload_to=_file_path, max_length=200)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "sha256"],
                condition=Q(removed_at=None),
                name="reports_file_once",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class NotSought(models.Model):
    """A decision not to retrieve a record from other methods (PRISMA identity I7)."""

    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    record = models.ForeignKey(
        "records.Record", on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(undone_at=None),
                name="reports_not_sought_once",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.reason
