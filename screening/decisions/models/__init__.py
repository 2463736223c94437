"""Register all tables, and export those that are not blinded (safeguard 4)."""

from __future__ import annotations

from screening.decisions.models import rounds  # noqa: F401  (registers the tables)
from screening.decisions.models.decision import Decision
from screening.decisions.models.stage import Policy, PolicyLine, Reason, Stage
from screening.decisions.models.stored_state import (
    RecordState,
    RecordStateTally,
    RoundTally,
)
from screening.decisions.models.wave import SampleDraw, Wave

__all__ = [
    "Decision",
    "Policy",
    "PolicyLine",
    "Reason",
    "RecordState",
    "RecordStateTally",
    "RoundTally",
    "SampleDraw",
    "Stage",
    "Wave",
]
