"""Base class of API operations, and refusals as JSON."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from reviewapp.core import limits, security_log
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Refused, Unreadable
from reviewapp.core.web import member_of, refuse_change


class MemberView(APIView):
    """A base of API views inside a review; ``self.member`` is the caller's membership.

    Non-members get 404. A role that does not allow ``action`` gets 403. Above the rate
    limit of the API the answer is 429 with ``Retry-After``.
    """

    action: ClassVar[Action] = Action.READ
    member: Member

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Authenticate, then load the member from the review code in the URL."""
        super().initial(request, *args, **kwargs)
        self.member = member_of(request._request, kwargs["review"])
        require(self.member, self.action)
        refuse_change(request._request, self.member.review)
        limits.count_request(request._request, self.member, self.action)


# Statuses that every operation inside a review can return, with their meaning.
ANYWHERE = {
    "400": "The request can't be read, or a field is not valid.",
    "403": "The caller is not logged in, or their role does not allow this.",
    "404": "Not found, or the caller has no access to it.",
    "409": "A rule of the review does not allow this; `detail` says why.",
    "429": "Too many requests; `Retry-After` says when to try again.",
}


def describe_refusals(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """Add the possible refusals to every operation (drf-spectacular hook)."""
    for operations in result["paths"].values():
        for operation in operations.values():
            for status, words in ANYWHERE.items():
                operation["responses"].setdefault(status, {"description": words})
    return result


def refusals_as_json(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Return a ``Refused`` as JSON with its status (DRF exception handler)."""
    refusal = exc if isinstance(exc, Refused) else Unreadable.of(exc)
    if refusal:
        security_log.log_refusal(context["request"], refusal)
        return Response(
            {"detail": refusal.sentence}, status=refusal.status, headers=refusal.headers
        )
    return exception_handler(exc, context)
