"""The protocol: every change creates a new version, and old versions are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.models import Criterion, Member, Protocol, Review
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Refused


@transaction.atomic
def save_protocol(
    *,
    actor: Member,
    question: str,
    population: str,
    concept: str,
    context: str,
    registration: str,
    include: Sequence[str],
    exclude: Sequence[str],
    now: datetime,
    based_on: int | None = None,
) -> Protocol:
    """Save the protocol as its next version; an unchanged text creates no version.

    ``based_on`` is the version that the user started from. Raises ``Refused`` if
    another version has been saved since, so that no change is overwritten.
    """
    require(actor, Action.EDIT_PROTOCOL)
    Review.objects.select_for_update(no_key=True).get(pk=actor.review_id)
    last = Protocol.objects.filter(review=actor.review_id).order_by("-version").first()
    if based_on is not None and based_on != (last.version if last else 0):
        raise Refused(
            _(
                "Another lead saved a newer version of the protocol while you were "
                "editing. Nothing was overwritten. Open the latest version and add "
                "your changes."
            )
        )
    texts = {
        "question": question.strip(),
        "population": population.strip(),
        "concept": concept.strip(),
        "context": context.strip(),
        "registration": registration.strip(),
    }
    criteria = [
        *(("include", text.strip()) for text in include if text.strip()),
        *(("exclude", text.strip()) for text in exclude if text.strip()),
    ]
    if last is not None and _is_unchanged(last, texts, criteria):
        return last
    protocol = Protocol.objects.create(
        review=actor.review,
        version=(last.version if last else 0) + 1,
        created_at=now,
        created_by=actor,
        **texts,
    )
    Criterion.objects.bulk_create(
        Criterion(protocol=protocol, kind=kind, position=position, text=text)
        for position, (kind, text) in enumerate(criteria, 1)
    )
    events.record(
        review=actor.review,
        actor=actor,
        kind="protocol:saved",
        now=now,
        subject=str(protocol.version),
        before=last.version if last else None,
        after=protocol.version,
    )
    return protocol


def _is_unchanged(
    last: Protocol, texts: dict[str, str], criteria: list[tuple[str, str]]
) -> bool:
    kept = list(last.criteria.order_by("position").values_list("kind", "text"))
    return kept == criteria and all(
        getattr(last, name) == value for name, value in texts.items()
    )
