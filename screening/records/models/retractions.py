"""Retraction notices of a public list, loaded by the operator for all reviews."""

from __future__ import annotations

from django.db import models


class ListedRetraction(models.Model):
    """A line of the Retraction Watch list: a retraction, correction or concern.

    It belongs to no review. Records are matched by DOI or PMID only.
    """

    number = models.CharField(max_length=32, primary_key=True)
    kind = models.CharField(max_length=16)
    doi = models.TextField(blank=True)
    pmid = models.CharField(max_length=8, blank=True)
    notice_doi = models.TextField(blank=True)
    reasons = models.TextField(blank=True)
    noticed_on = models.DateField(null=True)
    # Lines that are no longer in the list are deleted after a load.
    loaded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["doi"],
                condition=~models.Q(doi=""),
                name="records_retracted_doi",
            ),
            models.Index(
                fields=["pmid"],
                condition=~models.Q(pmid=""),
                name="records_retracted_pmid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.doi or self.pmid}"
