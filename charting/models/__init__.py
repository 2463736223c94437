"""Registers all tables; does not export the blinded ones (safeguard 4)."""

from __future__ import annotations

from charting.models import charts  # noqa: F401  (registers the tables)
from charting.models.final_chart import FinalChart, Reconciliation
from charting.models.form import Field, Form, FormVersion
from charting.models.wave import FormDraw, FormWave

__all__ = [
    "Field",
    "FinalChart",
    "Form",
    "FormDraw",
    "FormVersion",
    "FormWave",
    "Reconciliation",
]
