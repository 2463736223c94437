"""Records: entries as the sources provided them, never changed or deleted."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from reviewapp.core.codes import new_code
from screening.records.models.source import Arm, Import, Source
from screening.records.models.tallies import duplicate_triggers


class RecordQuerySet(models.QuerySet["Record"]):
    """A query set of records; each count in the interface is the length of a list."""

    def identified(self) -> RecordQuerySet:
        """Return the records that count: added manually, or from a committed import."""
        return self.filter(Q(batch=None) | Q(batch__state=Import.State.COMMITTED))

    def duplicates(self) -> RecordQuerySet:
        """Return the records that are duplicates, late duplicates included."""
        return self.filter(is_duplicate())

    def unique(self) -> RecordQuerySet:
        """Return the records that are not duplicates."""
        return self.filter(~is_duplicate())


def is_duplicate(path: str = "pk") -> Exists:
    """Return a condition: the record at ``path`` is a duplicate of another record."""
    return Exists(Duplicate.objects.filter(record=OuterRef(path), undone_at=None))


def has_copies(path: str = "pk") -> Exists:
    """Return a condition: the record at ``path`` is the kept record of others."""
    return Exists(Duplicate.objects.filter(of=OuterRef(path), undone_at=None))


def in_review(path: str = "pk") -> Q:
    """Return a condition: the record at ``path`` takes part in the review.

    A record leaves all queues, lists and counts when it becomes a duplicate or its
    import is undone; its votes stay stored. Use this for objects that depend on a
    record (reports, rounds, decisions). Lists of records start from ``identified``.
    """
    undone = Record.objects.filter(pk=OuterRef(path), batch__state=Import.State.UNDONE)
    # Two separate negations, because the planner turns each into an anti-join.
    return Q(~is_duplicate(path)) & Q(~Exists(undone))


class Record(models.Model):
    """A bibliographic entry as it came from one source.

    ``batch`` and ``position`` give its place in the imported file, so that a resumed
    import adds nothing twice. Records added manually have no batch.
    """

    code = models.CharField(max_length=16, unique=True, default=new_code)
    # Foreign keys without an index are the first column of an index in Meta, or are
    # never used for look-ups. Each index and each checked key makes imports slower. The
    # database checks source and review together (docs/adr/0012), so a record is always
    # in the review of its source.
    review = models.ForeignKey(
        "core.Review",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="records",
        db_constraint=False,
    )
    arm = models.CharField(max_length=9, choices=Arm.choices)
    batch = models.ForeignKey(
        Import,
        on_delete=models.PROTECT,
        null=True,
        related_name="records",
        db_index=False,
    )
    position = models.PositiveIntegerField(default=0)
    line = models.PositiveIntegerField(default=0)
    # Path within the archive; "" if the file is not an archive.
    archive_path = models.TextField(blank=True)
    raw = models.TextField(blank=True)
    title = models.TextField(blank=True)
    authors = ArrayField(models.TextField(), default=list)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    journal = models.TextField(blank=True)
    volume = models.TextField(blank=True)
    issue = models.TextField(blank=True)
    pages = models.TextField(blank=True)
    doi = models.TextField(blank=True)
    pmid = models.TextField(blank=True)
    accession = models.TextField(blank=True)
    abstract = models.TextField(blank=True)
    keywords = ArrayField(models.TextField(), default=list)
    type = models.TextField(blank=True)
    url = models.TextField(blank=True)
    language = models.TextField(blank=True)
    issn = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    # Another screening tool's decisions; {} for nearly every record:
    # {"decisions": [[person, word]], "labels": [...], "reasons": [...]}. Reviewers must
    # never see it, because it contains colleagues' decisions.
    prior = models.JSONField(default=dict, blank=True)
    # Retractions, errata and expressions of concern that the source names, as pairs of
    # kind and text; [] for nearly every record. See citations/notices.py.
    notices = models.JSONField(default=list, blank=True)
    added_at = models.DateTimeField()
    # No constraint: the event and the job of the record already protect the member.
    added_by = models.ForeignKey(
        "core.Member",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )

    objects: ClassVar[models.Manager[Record]] = models.Manager.from_queryset(
        RecordQuerySet
    )()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "position"],
                condition=Q(batch__isnull=False),
                name="records_record_place_in_file",
            ),
        ]
        indexes = [
            # For lists and exports: keyset pages by id within a review.
            models.Index(fields=["review", "id"], name="records_record_list"),
            # Few records are added manually or come from other methods; both are
            # counted.
            models.Index(
                fields=["source", "id"],
                condition=Q(batch=None),
                name="records_record_manual",
            ),
            models.Index(
                fields=["review", "id"],
                condition=Q(arm="other"),
                name="records_record_other",
            ),
            # For the duplicate check of records added manually.
            models.Index(
                fields=["review", "doi"],
                condition=~Q(doi=""),
                name="records_record_doi",
            ),
        ]
        triggers = [
            # Records are never changed or deleted (docs/architecture.md).
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return self.title or "(no title)"


class Duplicate(models.Model):
    """A merge edge: ``record`` is a duplicate of ``of``.

    It is undone by setting ``undone_at``, never deleted.

    Edges form a forest. A record has at most one active edge, and following ``of``
    leads to the kept record of its cluster. So undoing one edge separates exactly the
    records behind it. No active edge has a record of an undone import: ``aside_for``
    marks edges that are suspended with the import and restored with it;
    ``stands_in_for`` marks edges that connect the rest of the cluster in the meantime.
    ``undone_with`` is the run whose merges were all undone together. ``parted_by`` is
    the run that withdrew an earlier automatic merge, because a later record certainly
    matches one side and certainly differs from the other.
    """

    class How(models.TextChoices):
        CERTAIN = "certain", _("Merged automatically")
        PERSON = "person", _("Merged manually")

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    of = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=8, choices=How.choices)
    score = models.FloatField(null=True)
    reasons = models.JSONField(default=list)
    job = models.ForeignKey(
        "core.Job", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, null=True, related_name="+"
    )
    undone_with = models.ForeignKey(
        "core.Job", on_delete=models.PROTECT, null=True, related_name="+"
    )
    parted_by = models.ForeignKey(
        "core.Job",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    aside_for = models.ForeignKey(
        Import, on_delete=models.PROTECT, null=True, related_name="+"
    )
    stands_in_for = models.ForeignKey(
        Import, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            # A record has at most one kept record (also serves ``is_duplicate``).
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(undone_at=None),
                name="records_duplicate_one_standing",
            ),
            models.CheckConstraint(
                condition=~Q(record=models.F("of")), name="records_duplicate_not_self"
            ),
        ]
        indexes = [
            # For the duplicates of a kept record.
            models.Index(
                fields=["of"],
                condition=Q(undone_at=None),
                name="records_duplicate_copies",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            *duplicate_triggers(),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} repeats {self.of_id}"
