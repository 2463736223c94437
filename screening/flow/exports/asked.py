"""What an address asks for, and the answer: for pages and API operations alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from django.http import StreamingHttpResponse

from reviewapp.core.models import Review
from reviewapp.core.refusals import Unreadable
from screening.flow.exports import presets
from screening.flow.exports.presets import Download
from screening.flow.queries.chosen import Wanted


def wanted(given: Mapping[str, str]) -> Wanted:
    """The filters of an address. Raises ``Unreadable`` for NUL, which no code has.

    (A file is read while it is sent: the database would refuse it too late.)
    """
    if any("\0" in value for value in given.values()):
        raise Unreadable.nul()
    return Wanted(**{one.name: given.get(one.name) or "" for one in fields(Wanted)})


def says(given: Mapping[str, str]) -> bool:
    """Whether outcomes and reasons go along: unless ``?says=no``."""
    return given.get("says") != "no"


def file(review: Review, given: Mapping[str, str]) -> StreamingHttpResponse:
    """The file that is asked for: ``?as=`` a preset, and the filters.

    Raises what `presets.download` raises.
    """
    asked = given.get("as") or ""
    return sent(presets.download(review, asked, wanted(given), says=says(given)))


def sent(download: Download) -> StreamingHttpResponse:
    """A file as it is made, to be saved."""
    response = StreamingHttpResponse(
        download.content, content_type=download.content_type
    )
    response["Content-Disposition"] = f'attachment; filename="{download.name}"'
    return response
