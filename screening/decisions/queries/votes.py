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
    ``later``: their late changes, which have no effect. A vote that only exists late
    (after early unblinding) is ``is_late``.
    ``at`` is None if names are hidden, because times would reveal the author.
    """

    author: str
    is_own: bool
    verdict: str
    reason: str
    note: str
    at: datetime | None
    changes: tuple[str, ...]
    later: tuple[str, ...] = ()
    is_late: bool = False

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
        if _split(versions)[0][-1].verdict != Verdict.WITHDRAWN
    }
    # This order is unrelated to assignments and times, and the same for every viewer.
    order = sorted(standing, key=lambda author: _lot(round_code, author))
    return tuple(
        _view(viewer, standing[author], number)
        for number, author in enumerate(order, 1)
    )


def _lot(round_code: str, author: int) -> str:
    return salted_hmac("reviewapp.alias", f"{round_code}:{author}").hexdigest()


def _split(versions: list[Vote]) -> tuple[list[Vote], list[Vote]]:
    """Return the votes that count and the late ones; if all are late, all and none."""
    counted = [vote for vote in versions if not vote.is_late]
    if not counted:
        return versions, []
    return counted, [vote for vote in versions if vote.is_late]


def _view(viewer: Member, versions: list[Vote], number: int) -> VoteView:
    counted, late = _split(versions)
    vote = counted[-1]
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
        changes=tuple(str(Verdict(v.verdict).label) for v in counted[:-1]),
        later=tuple(str(Verdict(v.verdict).label) for v in late),
        is_late=vote.is_late,
    )
