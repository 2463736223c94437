"""What a service says when it will not do what it was asked."""

from __future__ import annotations

from django.db import DataError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class Refused(Exception):
    """A rule forbids the request; ``sentence`` tells the person why and what to do.

    Becomes a page (or an inline notice) with status 409, or JSON in the API.
    Nothing has been changed when it is raised: services raise it inside their
    transaction.
    """

    status = 409
    template = "refused.html"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    @property
    def headers(self) -> dict[str, str]:
        """Headers that the answer gets."""
        return {}


class NotAllowed(Refused):
    """The member's role does not allow the action (status 403)."""

    status = 403


class Missing(Refused):
    """What the request names is not there for this member (status 404)."""

    status = 404


class Unreadable(Refused):
    """What was sent is no text that can be kept (status 400)."""

    status = 400

    @classmethod
    def of(cls, error: Exception) -> Unreadable | None:
        """The refusal behind the database's own of NUL in text; None for others."""
        is_of_text = isinstance(error, ValueError | DataError)
        if is_of_text and "NUL (0x00)" in str(error):
            return cls.nul()
        return None

    @classmethod
    def nul(cls) -> Unreadable:
        """The refusal of text with NUL in it."""
        return cls(_("The text contains a NUL character. Nothing was changed."))


class SecondFactorNeeded(Refused):
    """The review wants a second factor, and the member has none yet (status 403)."""

    status = 403
    template = "core/second_factor_needed.html"


class TooMany(Refused):
    """Over a rate limit (status 429); ``seconds`` until the next try is counted."""

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
        """``Retry-After``, in seconds."""
        return {"Retry-After": str(self.seconds)}
