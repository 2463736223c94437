"""Reports that depend on an import (records/queries/holds.py)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from screening.records.models import Import
from screening.records.queries.holds import Dealt, Holds
from screening.reports.queries.reports import standing


def of_import(viewer: Member, batch: Import) -> Holds:
    """Return the number of reports of the import's records, which leave with it."""
    n = standing(viewer.review).filter(record__batch=batch).count()
    return Holds(dealt=(Dealt(n, _("Full texts")),))
