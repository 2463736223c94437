"""Counters that are kept beside the rows that they count (docs/performance.md).

A counter is a sum of rows that are only ever added: +1 for a row that came, −1 for one
that changed. So no two transactions wait for each other, and none can lose a count.
Database triggers add them in the transaction of the change; a sweep adds them up.
"""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

# The names of all changed rows in a trigger that runs once for a statement.
NEW_ROWS: Any = pgtrigger.Referencing(new="new_rows")  # type: ignore[no-untyped-call]
OLD_AND_NEW_ROWS: Any = pgtrigger.Referencing(  # type: ignore[no-untyped-call]
    old="old_rows", new="new_rows"
)


class Tally(models.Model):
    """A part of a counter: ``n`` more or fewer of what ``KEYS`` describe.

    The value of a counter is the sum of all its rows. ``is_folded`` marks rows into
    which the sweep has added up others.
    """

    KEYS: ClassVar[tuple[str, ...]]

    # Neither is checked by the database: triggers copy them from rows that are.
    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    n = models.IntegerField()
    is_folded = models.BooleanField(default=False, db_default=False)

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["review"],
                condition=Q(is_folded=False),
                name="%(app_label)s_%(class)s_new",
            ),
        ]

    def __str__(self) -> str:
        # Without the keys, because a counter of votes may be blinded.
        return f"{self.n:+}"
