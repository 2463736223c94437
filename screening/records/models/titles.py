"""A separate table of titles, so that an import does not wait for the search index."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models


class SearchedTitle(models.Model):
    """The title of a record with an index that finds any part of a word.

    Filled after an import by a job of its own, because the index costs as much as
    everything else about a record (docs/adr/0012). ``Import.titled_at`` is set when all
    its titles are here; until then a search reads the records themselves.
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
            # For the search box, the duplicate check and related records.
            GinIndex(
                fields=["title"],
                opclasses=["gin_trgm_ops"],
                name="records_searched_title",
            ),
        ]

    def __str__(self) -> str:
        return self.title
