"""Hooks of the flow, for apps above it."""

from __future__ import annotations

from reviewapp.core.hooks import hook
from reviewapp.core.models import Member
from screening.flow.rules.report import ReportSection


@hook("report:sections")
def report_sections(viewer: Member) -> list[ReportSection]:
    """Return sections of the methods report: public values, equal for all members."""
    raise NotImplementedError
