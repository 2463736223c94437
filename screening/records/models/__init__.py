from __future__ import annotations

from screening.records.models.correction import Correction
from screening.records.models.field_choice import FieldChoice
from screening.records.models.record import (
    Duplicate,
    Record,
    has_copies,
    in_review,
    is_duplicate,
)
from screening.records.models.retractions import ListedRetraction
from screening.records.models.source import Arm, Import, Source
from screening.records.models.tallies import DuplicateTally
from screening.records.models.titles import SearchedTitle

__all__ = [
    "Arm",
    "Correction",
    "Duplicate",
    "DuplicateTally",
    "FieldChoice",
    "Import",
    "ListedRetraction",
    "Record",
    "SearchedTitle",
    "Source",
    "has_copies",
    "in_review",
    "is_duplicate",
]
