"""Sources, imported files, skipped entries and column templates."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviewapp.core.codes import new_code


class Arm(models.TextChoices):
    """A column of the PRISMA 2020 flow diagram."""

    DATABASES = "databases", _("Databases and registers")
    OTHER = "other", _("Other methods")


class Source(models.Model):
    """A database or register search, or an other method, with its PRISMA-S fields.

    PRISMA-S items (Rethlefsen 2021): 1 database and platform, 3 registers, 4-7 other
    methods, 8 full strategy, 9 limits, 13 date of search, 15 total records.
    """

    class Kind(models.TextChoices):
        DATABASE = "database", _("Database")
        REGISTER = "register", _("Register")
        REFERENCE_LIST = "reference_list", _("Reference list")
        CITATION_SEARCH = "citation_search", _("Citation search")
        EXPERT = "expert", _("Expert")
        ALERT = "alert", _("Alert or scanning")
        HAND_SEARCH = "hand_search", _("Hand search")
        WEBSITE = "website", _("Website")
        ORGANISATION = "organisation", _("Organisation")

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="sources"
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    name = models.CharField(max_length=200)
    platform = models.CharField(max_length=200, blank=True)
    searched_on = models.DateField(null=True, blank=True)
    strategy = models.TextField(blank=True)
    limits = models.TextField(blank=True)
    hits_reported = models.PositiveIntegerField(null=True, blank=True)
    # Only for other methods: the list, expert, journal or website, and when.
    provenance = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "name"], name="records_source_name"
            ),
            # Records refer to a source together with its review.
            models.UniqueConstraint(
                fields=["id", "review"], name="records_source_of_review"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "database",
                        "register",
                        "reference_list",
                        "citation_search",
                        "expert",
                        "alert",
                        "hand_search",
                        "website",
                        "organisation",
                    ]
                ),
                name="records_source_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def arm(self) -> Arm:
        """Return the column of the flow diagram that this source belongs to."""
        if self.kind in {self.Kind.DATABASE, self.Kind.REGISTER}:
            return Arm.DATABASES
        return Arm.OTHER


def _import_path(batch: Import, name: str) -> str:
    """Return a storage path made of codes; the uploaded name is only shown."""
    return f"imports/{batch.review.code}/{batch.code}"


def _notices_path(batch: Import, name: str) -> str:
    return f"notices/{batch.review.code}/{batch.code}-{batch.revision}"


class Import(models.Model):
    """An uploaded file of a source; the original is kept byte for byte.

    uploaded → (job reads) → read | refused → (member confirms) → committing →
    committed. Its records count only while it is ``committed``. ``discarded``: the
    member left the preview; the file is kept without records. ``undone``: its records
    are stored but do not count; it can be restored.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Being read")
        READ = "read", _("Awaiting confirmation")
        REFUSED = "refused", _("Could not be read")
        COMMITTING = "committing", _("Being imported")
        COMMITTED = "committed", _("Imported")
        DISCARDED = "discarded", _("Discarded")
        UNDONE = "undone", _("Undone")

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="imports")
    file = models.FileField(upload_to=_import_path, max_length=200)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.UPLOADED
    )
    # Found = kept + skipped at any time.
    found = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    format = models.CharField(max_length=40, blank=True)
    platform = models.CharField(max_length=80, blank=True)
    encoding = models.CharField(max_length=40, blank=True)
    # Changed settings: {"encoding", "platform", "columns": [[header, field]]}. Each
    # change increments ``revision``, and the file is read again.
    options = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=0)
    # {"warnings": [{kind, line, message}], "skipped": [{line, reason, raw}],
    #  "preview": [first records]}, with the first of each kind for the page.
    # ``notices`` has all of them, one line of JSON each.
    report = models.JSONField(default=dict)
    notices = models.FileField(upload_to=_notices_path, max_length=200, blank=True)
    refusal = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, related_name="+"
    )
    committed_at = models.DateTimeField(null=True, blank=True)
    # Set when all its titles are in the search index (SearchedTitle).
    titled_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(found=models.F("kept") + models.F("skipped")),
                name="records_import_found_is_kept_and_skipped",
            ),
            # A source can have the same file only once.
            models.UniqueConstraint(
                fields=["source", "sha256"],
                condition=~Q(state__in=["refused", "discarded", "undone"]),
                name="records_import_same_file_once",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
