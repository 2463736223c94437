"""The flow over the API: the same counts as the page and the files."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from reviewapp.core.api import MemberView
from reviewapp.core.permissions import Action
from screening.flow.queries import flow
from screening.flow.rules.flow import as_json


class FlowView(MemberView):
    """The PRISMA 2020 flow with its identities."""

    action: ClassVar[Action] = Action.EXPORT

    @extend_schema(operation_id="flow", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Return what ``export_flow --format json`` writes."""
        return Response(json.loads(as_json(flow.of(self.member.review))))
