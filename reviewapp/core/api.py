"""What every API operation shares: who is looking, and refusals as JSON."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from reviewapp.core import limits, security_log
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Refused
from reviewapp.core.web import member_of


class MemberView(APIView):
    """Base of API views inside a review; ``self.member`` is who is looking.

    Strangers get 404; a role that does not allow ``action`` gets 403; over the rate
    limit of the API it is 429 with ``Retry-After``.
    """

    action: ClassVar[Action] = Action.READ
    member: Member

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Authenticate, then resolve the member from the URL's review code."""
        super().initial(request, *args, **kwargs)
        self.member = member_of(request._request, kwargs["review"])
        require(self.member, self.action)
        limits.count_request(request._request, self.member, self.action)


def refusals_as_json(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF exception handler: ``Refused`` as its status with one sentence."""
    if isinstance(exc, Refused):
        security_log.refused(context["request"], exc)
        return Response(
            {"detail": exc.sentence}, status=exc.status, headers=exc.headers
        )
    return exception_handler(exc, context)
