"""API operations of the kernel: the reviews of the caller."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reviewapp.core import limits
from reviewapp.core.models import User
from reviewapp.core.queries import reviews


class ReviewLineSerializer(serializers.Serializer[reviews.ReviewLine]):
    """A review of the caller."""

    code = serializers.CharField()
    title = serializers.CharField()
    role = serializers.CharField()
    created_at = serializers.DateTimeField()


class ReviewsView(APIView):
    """The reviews of the caller."""

    @extend_schema(operation_id="reviews", responses=ReviewLineSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Return them, newest first."""
        assert isinstance(request.user, User)  # noqa: S101  (IsAuthenticated)
        limits.count_use("api", "member", f"user-{request.user.pk}")
        lines = reviews.reviews_of_user(request.user)
        return Response(ReviewLineSerializer(instance=lines, many=True).data)  # type: ignore[arg-type]
