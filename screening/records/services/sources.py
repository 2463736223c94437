"""Sources: the search log of the review (PRISMA-S)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Missing, Refused
from screening.records.models import Source


@transaction.atomic
def add_source(
    *,
    actor: Member,
    kind: str,
    name: str,
    platform: str = "",
    searched_on: date | None = None,
    strategy: str = "",
    limits: str = "",
    hits_reported: int | None = None,
    provenance: str = "",
    now: datetime,
) -> Source:
    """Add a source to the actor's review and return it.

    ``hits_reported`` is the number the database showed (PRISMA-S item 15, before
    export); ``provenance`` says, for other methods, whose list or which expert.

    Raises:
        Refused: the name is missing or already used, or the kind is unknown.
    """
    require(actor, Action.IMPORT)
    source = Source(
        review=actor.review,
        kind=kind,
        name=_checked_name(name),
        platform=platform.strip(),
        searched_on=searched_on,
        strategy=strategy.strip(),
        limits=limits.strip(),
        hits_reported=hits_reported,
        provenance=provenance.strip(),
        created_at=now,
        created_by=actor,
    )
    _save(source)
    events.record(
        review=actor.review,
        actor=actor,
        kind="source:added",
        now=now,
        subject=source.code,
        name=source.name,
        source_kind=source.kind,
    )
    return source


@transaction.atomic
def change_source(
    *,
    actor: Member,
    source_code: str,
    kind: str,
    name: str,
    platform: str = "",
    searched_on: date | None = None,
    strategy: str = "",
    limits: str = "",
    hits_reported: int | None = None,
    provenance: str = "",
    now: datetime,
) -> Source:
    """Change the details of a source; the audit log keeps the earlier values.

    Raises:
        Refused: as for ``add``, or the new kind belongs to the other arm of the flow
            while the source has records (records never change).
    """
    require(actor, Action.IMPORT)
    source = get_source(actor, source_code, for_update=True)
    wanted: dict[str, Any] = {
        "kind": kind,
        "name": _checked_name(name),
        "platform": platform.strip(),
        "searched_on": searched_on,
        "strategy": strategy.strip(),
        "limits": limits.strip(),
        "hits_reported": hits_reported,
        "provenance": provenance.strip(),
    }
    before = {name: getattr(source, name) for name in wanted}
    arm = source.arm
    for field, value in wanted.items():
        setattr(source, field, value)
    if source.arm != arm and source.records.exists():
        raise Refused(
            _(
                "You can't move {name} to the other column of the flow diagram, because "
                "it already has records. Add a new source instead."
            ).format(name=before["name"])
        )
    changed = {f: [before[f], v] for f, v in wanted.items() if before[f] != v}
    if changed:
        _save(source)
        _record_change(actor=actor, source=source, changed=changed, now=now)
    return source


def get_source(actor: Member, code: str, *, for_update: bool = False) -> Source:
    """Return the source with this code in the actor's review.

    Raises:
        Missing: there is no such source.
    """
    sources = Source.objects.filter(review=actor.review, code=code)
    source = (sources.select_for_update() if for_update else sources).first()
    if source is None:
        raise Missing(_("This review has no such source."))
    return source


def _record_change(
    *, actor: Member, source: Source, changed: dict[str, list[Any]], now: datetime
) -> None:
    as_text = {
        field: [v.isoformat() if isinstance(v, date) else v for v in pair]
        for field, pair in changed.items()
    }
    events.record(
        review=actor.review,
        actor=actor,
        kind="source:changed",
        now=now,
        subject=source.code,
        changed=as_text,
    )


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Enter a name for the source. Nothing was saved."))
    return name


def _save(source: Source) -> None:
    if source.kind not in Source.Kind.values:
        raise Refused(_("Choose a type of source from the list. Nothing was saved."))
    try:
        with transaction.atomic():
            source.save()
    except IntegrityError:
        raise Refused(
            _(
                "This review already has a source named {name}. Nothing was saved. "
                "Choose another name, for example with the platform or the date."
            ).format(name=source.name)
        ) from None
