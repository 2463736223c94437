"""Exceptions that services raise when they refuse a request."""

from __future__ import annotations

from django.conf import settings
from django.db import DataError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class Refused(Exception):
    """A rule forbids the request; ``sentence`` tells the user why and what to do.

    It comes back on the page of the form with status 409 (``core/refused_pages.py``),
    as an inline notice, or as JSON in the API.
    Services raise it inside their transaction, so nothing has been changed.
    """

    status = 409
    template = "refused.html"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers of the response."""
        return {}


class NotAllowed(Refused):
    """The member's role does not allow the action (status 403)."""

    status = 403


class Missing(Refused):
    """The object of the request does not exist for this member (status 404)."""

    status = 404


class OlderState(Refused):
    """The page shows an older state of the member's own work (status 409).

    Raised for the member's own acts in another tab or on another device only: what
    others did never causes it.
    """


class Unreadable(Refused):
    """The input is text that can't be stored (status 400)."""

    status = 400

    @classmethod
    def of(cls, error: Exception) -> Unreadable | None:
        """Return a refusal if ``error`` is about NUL in text, otherwise None."""
        is_of_text = isinstance(error, ValueError | DataError)
        if is_of_text and "NUL (0x00)" in str(error):
            return cls.nul()
        return None

    @classmethod
    def nul(cls) -> Unreadable:
        """Return the refusal of text with a NUL character."""
        return cls(_("The text contains a NUL character. Nothing was changed."))


class TooLarge(Refused):
    """The form has more data than the server reads (status 413)."""

    status = 413

    def __init__(self) -> None:
        size = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000
        super().__init__(
            _(
                "This form has more than {n} MB of text, so it was not read. Send less "
                "text at a time."
            ).format(n=size)
        )


class SecondFactorNeeded(Refused):
    """The review requires two-factor authentication (status 403)."""

    status = 403
    template = "core/second_factor_needed.html"


class TooMany(Refused):
    """A rate limit is reached (status 429); ``seconds`` until the next try."""

    status = 429
    template = "429.html"

    def __init__(self, seconds: int) -> None:
        minutes = -(-seconds // 60)
        sentence = ngettext(
            "You have made too many requests. Nothing was changed. "
            "Try again in {n} minute.",
            "You have made too many requests. Nothing was changed. "
            "Try again in {n} minutes.",
            minutes,
        )
        super().__init__(sentence.format(n=minutes))
        self.seconds = seconds

    @property
    def headers(self) -> dict[str, str]:
        """Return ``Retry-After`` in seconds."""
        return {"Retry-After": str(self.seconds)}
