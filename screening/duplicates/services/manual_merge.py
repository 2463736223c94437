"""Merging two records that a member found to be the same.

The merge is a decision on a pair, as on the page of possible duplicates: the same undo,
the same rules for votes (docs/duplicates.md, "Late duplicates").
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Missing, Refused
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.queries import manual_merge
from screening.duplicates.services import duplicates, merge_graph
from screening.records.models import Import, Record


@transaction.atomic
def merge_records(
    *, actor: Member, record_code: str, other_code: str, now: datetime
) -> str:
    """Merge the clusters of two records; return the code of the kept record.

    A second time changes nothing.

    Raises:
        Refused: it is one record, one of them does not count, or records of the two
            clusters were marked as different.
    """
    require(actor, Action.DECIDE_DUPLICATES)
    merge_graph.lock_edges(actor.review)
    first, second = _two_records(actor, record_code, other_code)
    standing = merge_graph.active_edges(actor.review)
    if not standing.together(first.pk, second.pk):
        duplicates.decide_locked_pair(
            actor=actor,
            pair=_pair(actor, first, second, now),
            answer=PossibleDuplicate.Answer.SAME,
            standing=standing,
            now=now,
        )
    return Record.objects.get(pk=standing.root(first.pk)).code


def _two_records(actor: Member, one: str, other: str) -> tuple[Record, Record]:
    """Return the two records, the earlier one first."""
    rows = Record.objects.filter(review=actor.review, code__in=[one, other])
    found = list(rows.select_related("batch").defer("raw").order_by("pk"))
    if one == other:
        raise Refused(_("Choose another record. Nothing was merged."))
    if len(found) < 2:
        raise Missing(_("This review has no such record."))
    for record in found:
        if record.batch and record.batch.state != Import.State.COMMITTED:
            raise Refused(
                _(
                    "One of the records does not count in the review at present. "
                    "Nothing was merged."
                )
            )
    return found[0], found[1]


def _pair(
    actor: Member, first: Record, second: Record, now: datetime
) -> PossibleDuplicate:
    """Return the pair of the two, open to a decision unless marked as different."""
    judged = manual_merge.judged_pair(actor, first, second)
    pair, _is_new = PossibleDuplicate.objects.get_or_create(
        first=first,
        second=second,
        defaults={
            "review": actor.review,
            "score": judged.score,
            "reasons_for": list(judged.reasons_for),
            "reasons_against": list(judged.reasons_against),
            "created_at": now,
        },
    )
    if pair.answer == PossibleDuplicate.Answer.SAME:
        # An earlier merge of the two ended, for example with its run.
        pair.answer = PossibleDuplicate.Answer.OPEN
        pair.save(update_fields=["answer"])
    return pair
