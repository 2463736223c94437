"""The deduplication settings of a team, set by a lead and used by later runs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Refused
from screening.citations.deduplication.match_policy import MatchPolicy
from screening.duplicates.models import DedupSettings
from screening.duplicates.queries import dedup_settings


@transaction.atomic
def save_settings(*, actor: Member, policy: MatchPolicy, now: datetime) -> MatchPolicy:
    """Store the deduplication settings; existing merges and decisions are kept.

    Storing the same settings again changes nothing.
    """
    require(actor, Action.CONFIGURE)
    before = dedup_settings.get_settings(actor.review)
    values = {name: getattr(policy, name) for name in dedup_settings.NAMES}
    if any(value not in DedupSettings.Treatment.values for value in values.values()):
        raise Refused(
            _("Choose “Duplicates” or “Related” for each setting. Nothing was changed.")
        )
    if policy == before:
        return before
    DedupSettings.objects.update_or_create(
        review=actor.review, defaults={**values, "set_at": now, "set_by": actor}
    )
    events.record(
        review=actor.review,
        actor=actor,
        kind="duplicates:customs_set",
        now=now,
        before={name: getattr(before, name) for name in dedup_settings.NAMES},
        after=values,
    )
    return policy
