"""Choices of displayed field values; records never change."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Missing, Refused
from screening.duplicates.services import merge_graph
from screening.records.models import FieldChoice, Record
from screening.records.queries import clusters
from screening.records.rules import best_fields


@transaction.atomic
def choose_value(
    *, actor: Member, record_code: str, field: str, now: datetime
) -> FieldChoice:
    """Show this record's value of a field for its whole cluster; idempotent.

    Raises:
        Refused: the field is unknown, the record has no value for it or has no
            duplicates.
    """
    require(actor, Action.IMPORT)
    merge_graph.lock_edges(actor.review)
    copy, cluster = _cluster(actor, record_code, field)
    if not getattr(copy, field):
        raise Refused(_("This record has no value for the field. Nothing was changed."))
    standing = FieldChoice.objects.filter(
        record__in=cluster, field=field, undone_at=None
    )
    had = standing.order_by("-pk").first()
    if had and had.record_id == copy.pk:
        return had
    standing.update(undone_at=now, undone_by=actor)
    choice = FieldChoice.objects.create(
        review=actor.review, record=copy, field=field, created_at=now, created_by=actor
    )
    _tell(actor, "field:chosen", copy, field, now)
    return choice


@transaction.atomic
def reset_value(*, actor: Member, record_code: str, field: str, now: datetime) -> int:
    """Withdraw the choices for a field, so that the rule applies; return how many."""
    require(actor, Action.IMPORT)
    merge_graph.lock_edges(actor.review)
    copy, cluster = _cluster(actor, record_code, field)
    taken_back = FieldChoice.objects.filter(
        record__in=cluster, field=field, undone_at=None
    ).update(undone_at=now, undone_by=actor)
    if taken_back:
        _tell(actor, "field:by_rule", copy, field, now)
    return taken_back


def _cluster(actor: Member, record_code: str, field: str) -> tuple[Record, list[int]]:
    """Return the record and the primary keys of its cluster."""
    if field not in best_fields.FIELDS:
        raise Refused(_("This field does not exist. Nothing was changed."))
    copy = Record.objects.filter(review=actor.review, code=record_code).first()
    if copy is None:
        raise Missing(_("This review has no such record."))
    kept = clusters.kept_of([copy.pk])[copy.pk]
    cluster = clusters.cluster_members([kept])[kept]
    if len(cluster) == 1:
        raise Refused(
            _("This record has no duplicates to choose from. Nothing was changed.")
        )
    return copy, cluster


def _tell(actor: Member, kind: str, copy: Record, field: str, now: datetime) -> None:
    events.record(
        review=actor.review,
        actor=actor,
        kind=kind,
        now=now,
        subject=copy.code,
        field=best_fields.FIELDS[field],
    )
