from __future__ import annotations

from screening.records.models.matching import ComparedRecords, Custom, FieldChoice
from screening.records.models.record import (
    DoubtfulPair,
    Duplicate,
    Record,
    has_copies,
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
from screening.records.models.titles import SearchedTitle

__all__ = [
    "Arm",
    "ColumnTemplate",
    "ComparedRecords",
    "Custom",
    "DoubtfulPair",
    "Duplicate",
    "FieldChoice",
    "Import",
    "Record",
    "SearchedTitle",
    "SkippedPiece",
    "Source",
    "has_copies",
    "in_review",
    "is_duplicate",
]
