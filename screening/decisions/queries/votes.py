"""Votes that the viewer can see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from screening.decisions.models.rounds import Verdict, Vote


@dataclass(frozen=True, slots=True)
class VoteView:
    """The current vote of a member. ``author`` is an alias if names are hidden.

    ``changes``: the author's earlier votes, oldest first (all of them blinded).
    ``at`` is None if names are hidden, because times would reveal the author.
    """

    author: str
    is_own: bool
    verdict: str
    reason: str
    note: str
    at: datetime | None
    changes: tuple[str, ...]

    @property
    def label(self) -> str:
        """Return the vote as a word."""
        return str(Verdict(self.verdict).label)


def visible_votes(viewer: Member, round_code: str) -> tuple[VoteView, ...]:
    """Return the votes of a round that the viewer can see; at least their own."""
    rows = list(
        Vote.objects.visible_to(viewer)
        .filter(round__code=round_code)
        .select_related("author", "reason", "round__stage")
        .order_by("author", "version")
    )
    by_author: dict[int, list[Vote]] = {}
    for vote in rows:
        by_author.setdefault(vote.author_id, []).append(vote)
    standing = {
        author: versions
        for author, versions in by_author.items()
        if versions[-1].verdict != Verdict.WITHDRAWN
    }
    # This order is unrelated to assignments and times, and the same for every viewer.
    order = sorted(standing, key=lambda author: _lot(round_code, author))
    return tuple(
        _view(viewer, standing[author], number)
        for number, author in enumerate(order, 1)
    )


def _lot(round_code: str, author: int) -> str:
    return salted_hmac("reviewapp.alias", f"{round_code}:{author}").hexdigest()


def _view(viewer: Member, versions: list[Vote], number: int) -> VoteView:
    vote = versions[-1]
    is_own = vote.author_id == viewer.pk
    hides = vote.round.stage.hides_names and not is_own
    return VoteView(
        author=_("Reviewer {number}").format(number=number)
        if hides
        else vote.author.name,
        is_own=is_own,
        verdict=vote.verdict,
        reason=vote.reason.text if vote.reason else "",
        note=vote.note,
        at=None if hides else vote.created_at,
        changes=tuple(str(Verdict(v.verdict).label) for v in versions[:-1]),
    )
