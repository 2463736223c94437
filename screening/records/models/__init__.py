from __future__ import annotations

from screening.records.models.record import (
    DoubtfulPair,
    Duplicate,
    Record,
    is_duplicate,
)
from screening.records.models.source import Arm, Import, Source

__all__ = [
    "Arm",
    "DoubtfulPair",
    "Duplicate",
    "Import",
    "Record",
    "Source",
    "is_duplicate",
]
