"""The number of duplicates by source and import, kept by triggers."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from reviewapp.core.models.tally import NEW_ROWS, OLD_AND_NEW_ROWS, Tally

_MOVES = """
    INSERT INTO records_duplicatetally (review_id, source_id, batch_id, n)
    SELECT r.review_id, r.source_id, r.batch_id, sum(e.n)
    FROM ({moves}) AS e (record_id, n) JOIN records_record r ON r.id = e.record_id
    GROUP BY r.review_id, r.source_id, r.batch_id HAVING sum(e.n) <> 0;
    RETURN NULL;
"""
_CAME = "SELECT record_id, 1 FROM new_rows WHERE undone_at IS NULL"
_WENT = "SELECT record_id, -1 FROM old_rows WHERE undone_at IS NULL"


def duplicate_triggers() -> list[pgtrigger.Trigger]:
    """Return the triggers of ``Duplicate``: active edges are counted as they change."""
    return [
        pgtrigger.Trigger(
            name="count_new",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=NEW_ROWS,
            func=_MOVES.format(moves=_CAME),
        ),
        pgtrigger.Trigger(
            name="count_changed",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            referencing=OLD_AND_NEW_ROWS,
            func=_MOVES.format(moves=f"{_CAME} UNION ALL {_WENT}"),
        ),
    ]


class DuplicateTally(Tally):
    """The number of duplicates of a source, by import (none: added manually)."""

    KEYS: ClassVar = ("source", "batch")

    source = models.ForeignKey(
        "records.Source",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    batch = models.ForeignKey(
        "records.Import",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )

    class Meta(Tally.Meta):
        verbose_name_plural = "duplicate tallies"
