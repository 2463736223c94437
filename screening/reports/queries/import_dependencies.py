"""Reports that depend on an import: a provider of its hook."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from screening.imports.queries.import_dependencies import ImportDependencies, InProgress
from screening.records.models import Import
from screening.reports.queries.reports import active_reports


def report_dependencies(viewer: Member, batch: Import) -> ImportDependencies:
    """Return the number of reports of the import's records, which leave with it."""
    n = active_reports(viewer.review).filter(record__batch=batch).count()
    return ImportDependencies(dealt=(InProgress(n, _("Full texts")),))
