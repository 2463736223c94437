"""API of screening, with the services and queries of the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reviewapp.core.api_base import MemberView
from reviewapp.core.permissions import Action
from screening.decisions.models import Stage
from screening.decisions.queries import screen
from screening.decisions.queries import stages as stage_queries
from screening.decisions.queries.screen import OwnVote, Screening
from screening.decisions.services import votes

NEXT = inline_serializer(
    "NextToScreen",
    {
        "round": serializers.CharField(allow_null=True),
        "record": serializers.DictField(allow_null=True),
        "report": serializers.DictField(allow_null=True),
        "reasons": serializers.ListField(child=serializers.DictField()),
        "own": serializers.DictField(allow_null=True),
        "progress": serializers.DictField(allow_null=True),
    },
)
# The answer if there is nothing to screen: the same fields, all empty.
NOTHING: dict[str, Any] = {
    "round": None,
    "record": None,
    "report": None,
    "reasons": [],
    "own": None,
    "progress": None,
}
MINE = inline_serializer(
    "OwnVotes",
    {
        "votes": serializers.ListField(child=serializers.DictField()),
        "after": serializers.CharField(allow_blank=True),
    },
)
CAST = inline_serializer(
    "CastVote",
    {"round": serializers.CharField(), "verdict": serializers.CharField()},
)


class VoteSerializer(serializers.Serializer[Any]):
    """A vote. A request with the same ``key`` is the same vote."""

    verdict = serializers.ChoiceField(["include", "exclude", "unsure"])
    reason = serializers.CharField(required=False, allow_blank=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    key = serializers.UUIDField()


class StageApiView(MemberView):
    """Base class of operations at one stage."""

    action: ClassVar[Action] = Action.SCREEN

    def stage(self, code: str) -> Stage:
        """Return the stage of the URL, or raise 404."""
        found = stage_queries.find_stage(self.member, code)
        if found is None:
            raise Http404("No such stage.")
        return found


class NextView(StageApiView):
    """The member's next record or report at a stage."""

    @extend_schema(operation_id="next_to_screen", responses=NEXT)
    def get(self, request: Request, review: str, stage: str) -> Response:
        """Return the member's next record or report, with reasons and own progress."""
        found = screen.next_item(self.member, self.stage(stage))
        return Response(_screening(found) if found else NOTHING)


class OwnVotesView(StageApiView):
    """The member's own votes at a stage."""

    @extend_schema(operation_id="own_votes", responses=MINE)
    def get(self, request: Request, review: str, stage: str) -> Response:
        """Return own votes, newest first; ``after`` is the cursor of the next page."""
        lines, after = screen.own_vote_page(
            self.member, self.stage(stage), request.query_params.get("after", "")
        )
        rows = [
            {"round": line.round_code, "record": line.record_code, **_own(line.vote)}
            for line in lines
        ]
        return Response({"votes": rows, "after": after})


class CastVoteView(MemberView):
    """A member's vote in one round."""

    action: ClassVar[Action] = Action.SCREEN

    @extend_schema(operation_id="cast_vote", request=VoteSerializer, responses=CAST)
    def post(self, request: Request, review: str, round: str) -> Response:  # noqa: A002
        """Cast or change the member's vote."""
        sent = VoteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        data = sent.validated_data
        result = votes.cast_vote(
            actor=self.member,
            round_code=round,
            verdict=data["verdict"],
            reason_code=data.get("reason", ""),
            note=data.get("note", ""),
            key=data["key"],
            now=timezone.now(),
        )
        return Response({"round": result.round_code, "verdict": result.verdict})


def _own(vote: OwnVote) -> dict[str, Any]:
    return {
        "verdict": vote.verdict,
        "reason": vote.reason_code,
        "note": vote.note,
        "at": vote.at.isoformat(),
    }


def _screening(found: Screening) -> dict[str, Any]:
    record = found.paper.record
    report = {"code": found.paper.report_code, "file": found.paper.file_code}
    return {
        "round": found.round_code,
        "record": {
            "code": record.code,
            "title": record.title,
            "authors": list(record.authors),
            "year": record.year,
            "journal": record.journal,
            "doi": record.doi,
            "abstract": record.abstract,
            "source": record.source_name,
        },
        "report": report if found.paper.report_code else None,
        "reasons": [{"code": r.code, "text": r.text} for r in found.reasons],
        "own": _own(found.own) if found.own else None,
        "progress": {"done": found.progress.done, "total": found.progress.total},
    }
