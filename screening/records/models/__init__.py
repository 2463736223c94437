from __future__ import annotations

from screening.records.models.record import (
    DoubtfulPair,
    Duplicate,
    Record,
    in_review,
    is_duplicate,
)
from screening.records.models.source import (
    Arm,
    ColumnTemplate,
    Import,
    SkippedPiece,
    Source,
)

__all__ = [
    "Arm",
    "ColumnTemplate",
    "DoubtfulPair",
    "Duplicate",
    "Import",
    "Record",
    "SkippedPiece",
    "Source",
    "in_review",
    "is_duplicate",
]
