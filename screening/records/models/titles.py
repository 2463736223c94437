"""Titles apart from their records, so that an import does not wait for their index."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models


class SearchedTitle(models.Model):
    """The title of a record, with the index that finds any part of a word in it.

    Written after an import, in a job of its own: the index costs as much as all the
    rest of a record (docs/adr/0012). ``Import.titled_at`` says when its titles were
    all here; until then a search reads the records themselves.
    """

    record = models.OneToOneField(
        "records.Record",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="searched",
    )
    title = models.TextField()

    class Meta:
        indexes = [
            # The search box of the list, "already here?" and related records.
            GinIndex(
                fields=["title"],
                opclasses=["gin_trgm_ops"],
                name="records_searched_title",
            ),
        ]

    def __str__(self) -> str:
        return self.title
