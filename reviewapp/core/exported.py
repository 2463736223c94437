"""Statement of an export: how many items were selected, and how many were written.

The response says it in two headers, in the file name and, for the Export page, in a
cookie; the log (logger ``reviewapp.exports``) has one line, except for a member's own
blinded work. A file with another number
of items than were selected is never sent.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from reviewapp.core.models import Review

log = logging.getLogger("reviewapp.exports")
T = TypeVar("T")

SELECTED, WRITTEN = "X-Records-Selected", "X-Records-Written"
# A page that waits for its file makes up a key and finds it as a cookie.
KEY = re.compile(r"[a-z0-9]{8,32}")
COOKIE_SECONDS = 60


class IncompleteExport(RuntimeError):
    """A writer wrote another number of items than were selected: (selected, written)."""


@dataclass(frozen=True, slots=True)
class Statement:
    """The numbers of one export."""

    selected: int
    written: int

    def __post_init__(self) -> None:
        """Raise IncompleteExport if the numbers differ."""
        if self.selected != self.written:
            raise IncompleteExport(self.selected, self.written)


@dataclass(slots=True)
class Counter:
    """Counts items on their way to a writer."""

    n: int = 0

    def count(self, items: Iterable[T]) -> Iterator[T]:
        """Yield the items."""
        for item in items:
            self.n += 1
            yield item


def state_export(response: HttpResponseBase, stated: Statement, *, name: str) -> None:
    """Write the name of the file and the numbers to the headers of the response."""
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response[SELECTED] = str(stated.selected)
    response[WRITTEN] = str(stated.written)


def log_export(stated: Statement, *, review: Review, name: str) -> None:
    """Write the numbers to the log."""
    log.info(
        "review %s: selected %d, written %d, file %s",
        review.code,
        stated.selected,
        stated.written,
        name,
    )


def tell_page(request: HttpRequest, response: HttpResponseBase) -> None:
    """Set the cookie by which the page learns that its file is complete.

    It is set only if the page asks with ``?told=KEY``, and holds the two numbers.
    """
    key = request.GET.get("told", "")
    if KEY.fullmatch(key) and SELECTED in response:
        response.set_cookie(
            f"exported-{key}",
            f"{response[SELECTED]}.{response[WRITTEN]}",
            max_age=COOKIE_SECONDS,
            path=request.path.rpartition("/export/")[0] + "/export/",
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Strict",
        )
