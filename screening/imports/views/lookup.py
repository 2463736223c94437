"""Look-up of imports for views: 404 outside the viewer's review."""

from __future__ import annotations

from reviewapp.core.web import MemberRequest, found
from screening.imports.queries import imports
from screening.records.models import Import


def import_of(request: MemberRequest, code: str) -> Import:
    """Return the import of the review, or raise 404."""
    return found(imports.find_import(request.member, code))
