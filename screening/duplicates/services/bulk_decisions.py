"""One decision on many possible duplicates with the same evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Refused
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.services import duplicates, merge_graph

MOST = 500


@dataclass(frozen=True, slots=True)
class BulkDecision:
    """The number of decided pairs, and titles of skipped pairs with reasons."""

    done: int
    left: tuple[tuple[str, str], ...]


@transaction.atomic
def decide_pairs(
    *, actor: Member, codes: Sequence[str], answer: str, now: datetime
) -> BulkDecision:
    """Decide on the open pairs with these codes, each as ``duplicates.decide_pair`` would.

    Pairs that another member has decided, or that would merge records marked as
    different, are skipped and returned.

    Raises:
        Refused: the decision is unknown, there are no pairs, or more than ``MOST``.
    """
    require(actor, Action.DECIDE_DUPLICATES)
    if not codes or len(codes) > MOST:
        raise Refused(
            _("Select between 1 and {most} pairs. Nothing was changed.").format(
                most=MOST
            )
        )
    if answer not in {
        PossibleDuplicate.Answer.SAME,
        PossibleDuplicate.Answer.DIFFERENT,
    }:
        raise Refused(_("Choose “Same” or “Different”. Nothing was changed."))
    merge_graph.lock_edges(actor.review)
    pairs = list(
        PossibleDuplicate.objects.filter(review=actor.review, code__in=codes)
        .select_related("first")
        .defer("first__raw", "first__abstract")
        .order_by("-score", "pk")
    )
    standing = merge_graph.active_edges(actor.review)
    done, left = 0, []
    for pair in pairs:
        try:
            duplicates.decide_locked_pair(
                actor=actor, pair=pair, answer=answer, standing=standing, now=now
            )
            done += 1
        except Refused as refusal:
            left.append((pair.first.title, refusal.sentence))
    if done:
        events.record(
            review=actor.review,
            actor=actor,
            kind="pairs:answered",
            now=now,
            answer=answer,
            n=done,
        )
    return BulkDecision(done, tuple(left))
