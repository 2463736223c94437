"""The flow and the exports over the API: the same data as the pages and files."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from reviewapp.core.api_base import MemberView
from reviewapp.core.permissions import Action
from screening.flow.exports import export_request, presets
from screening.flow.queries import export_selection, flow
from screening.flow.rules.flow import flow_as_data

ASKED = [
    OpenApiParameter("as", str, required=True, enum=list(presets.BY_KEY)),
    OpenApiParameter("stage", str, description="code of a stage"),
    OpenApiParameter("outcome", str, enum=list(export_selection.OUTCOME_FILTERS)),
    OpenApiParameter("reason", str, description="code of a reason for exclusion"),
    OpenApiParameter("source", str, description="code of a source"),
    OpenApiParameter("arm", str, enum=list(export_selection.ARMS)),
    OpenApiParameter(
        "duplicates", str, enum=[key for key in export_selection.DUPLICATES if key]
    ),
    OpenApiParameter(
        "says", str, enum=["no"], description="leaves out status and reasons"
    ),
]

ITEMS = {"type": "array", "items": {"type": "object"}}


def _files() -> dict[tuple[int, str], Any]:
    """Return the response type of each content type: a list for JSON, else bytes."""
    kinds = {p.content_type.partition(";")[0] for p in presets.BY_KEY.values()}
    return {
        (200, kind): ITEMS if kind.endswith("json") else OpenApiTypes.BINARY
        for kind in sorted(kinds)
    }


FILES = _files()


class FlowView(MemberView):
    """The PRISMA 2020 flow with its consistency checks."""

    action: ClassVar[Action] = Action.EXPORT

    @extend_schema(operation_id="flow", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Return what ``export_flow --format json`` writes."""
        return Response(flow_as_data(flow.build_flow(self.member.review)))


class ExportView(MemberView):
    """Records with their screening status, as a file in the format of a preset."""

    action: ClassVar[Action] = Action.EXPORT

    @extend_schema(
        operation_id="export",
        parameters=ASKED,
        responses=FILES,
    )
    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        """Return the file that the export page would send."""
        return export_request.export_response(self.member.review, request._request.GET)
