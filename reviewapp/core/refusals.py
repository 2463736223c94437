"""What a service says when it will not do what it was asked."""

from __future__ import annotations


class Refused(Exception):
    """A rule forbids the request; ``sentence`` tells the person why and what to do.

    Becomes a page (or an inline notice) with status 409, or JSON in the API.
    Nothing has been changed when it is raised: services raise it inside their
    transaction.
    """

    status = 409

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotAllowed(Refused):
    """The member's role does not allow the action (status 403)."""

    status = 403


class Missing(Refused):
    """What the request names is not there for this member (status 404)."""

    status = 404
