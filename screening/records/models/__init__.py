from __future__ import annotations

from screening.records.models.record import (
    DoubtfulPair,
    Duplicate,
    Record,
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
    "is_duplicate",
]
