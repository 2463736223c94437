"""Export requests: filters from a query string, and the response."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from django.http import StreamingHttpResponse

from reviewapp.core.exported import log_export, state_export
from reviewapp.core.filters import chosen
from reviewapp.core.models import Review
from reviewapp.core.refusals import Unreadable
from screening.flow.exports import presets
from screening.flow.exports.presets import Download
from screening.flow.queries import export_selection
from screening.flow.queries.export_selection import ExportFilters


def parse_filters(review: Review, given: Mapping[str, str]) -> ExportFilters:
    """Return the filters of a query string.

    Raises ``Unreadable`` for NUL characters, and ``UnknownFilter`` for values that the
    review does not have.

    The file is read while it is sent, so the database would refuse NUL too late.
    """
    if any("\0" in value for value in given.values()):
        raise Unreadable.nul()
    chosen(given, "says", ("no", "yes"))
    filters = ExportFilters(
        **{one.name: given.get(one.name) or "" for one in fields(ExportFilters)}
    )
    export_selection.require_known(review, filters)
    return filters


def includes_status(given: Mapping[str, str]) -> bool:
    """Return True if status and reasons are included: unless ``?says=no``."""
    return given.get("says") != "no"


def export_response(review: Review, given: Mapping[str, str]) -> StreamingHttpResponse:
    """Return the requested file: ``?as=`` a preset, and the filters.

    Raises what `presets.download` raises.
    """
    asked = given.get("as") or ""
    return send(
        review,
        presets.download(
            review,
            asked,
            parse_filters(review, given),
            with_status=includes_status(given),
        ),
    )


def send(review: Review, download: Download) -> StreamingHttpResponse:
    """Return a response that browsers save as a file and that states its numbers."""
    response = StreamingHttpResponse(
        download.content, content_type=download.content_type
    )
    response["Content-Length"] = str(download.size)
    state_export(response, download.stated, name=download.name)
    log_export(download.stated, review=review, name=download.name)
    return response
