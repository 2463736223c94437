"""Registers all tables; does not export the blinded ones (safeguard 4)."""

from __future__ import annotations

from charting.models import charts  # noqa: F401  (registers the tables)
from charting.models.form import Field, Form, FormVersion
from charting.models.settled import Reconciliation, SettledChart

__all__ = ["Field", "Form", "FormVersion", "Reconciliation", "SettledChart"]
