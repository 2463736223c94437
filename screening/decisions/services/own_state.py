"""Comparing a page with the member's own vote: a stale tab must not overwrite it.

Everything here depends on the member's own acts only.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from reviewapp.core.lib.times import clock_time
from reviewapp.core.models import Member
from reviewapp.core.refusals import OlderState
from screening.decisions.models.rounds import Verdict, Vote


def own_version_sql(actor: Member) -> Any:
    """Return an expression on rounds: the version of the actor's newest vote, or 0."""
    own = Vote.objects.visible_to(actor).filter(round=OuterRef("pk"), author=actor)
    newest = own.order_by("-version").values("version")[:1]
    return Coalesce(Subquery(newest), Value(0), output_field=IntegerField())


def check_seen_version(
    *,
    actor: Member,
    round_: Any,
    seen_version: int | None,
    verdict: str,
    reason_code: str = "",
    note: str = "",
) -> bool:
    """Compare the version that the page showed with the actor's newest vote.

    ``round_`` has ``own_version``. Return True if the newest vote says the same as this
    page already, so that nothing is left to do. Raises ``OlderState`` with both values
    if it says something else.
    """
    if seen_version is None or seen_version == round_.own_version:
        return False
    own = (
        Vote.objects.visible_to(actor)
        .filter(round=round_, author=actor)
        .select_related("reason")
        .order_by("-version")
        .first()
    )
    if own is None:
        return False
    code = own.reason.code if own.reason else ""
    reason = reason_code if verdict == Verdict.EXCLUDE else ""
    if (own.verdict, code, own.note) == (verdict, reason, note.strip()):
        return True
    raise OlderState(_sentence(own.verdict, own.created_at, verdict))


def _sentence(stored: str, at: datetime, shown: str) -> str:
    """Return both values: that of the other tab with its time, and that of this page."""
    here = {
        Verdict.INCLUDE.value: _("This page says include."),
        Verdict.EXCLUDE.value: _("This page says exclude."),
        Verdict.UNSURE.value: _("This page says unsure."),
        Verdict.WITHDRAWN.value: _("This page undoes an earlier vote."),
    }
    elsewhere = {
        Verdict.INCLUDE.value: _("In another tab you decided include at {time}."),
        Verdict.EXCLUDE.value: _("In another tab you decided exclude at {time}."),
        Verdict.UNSURE.value: _("In another tab you decided unsure at {time}."),
        Verdict.WITHDRAWN.value: _("In another tab you undid your vote at {time}."),
    }
    parts = [elsewhere[stored].format(time=clock_time(at)), here.get(shown, "")]
    return " ".join(part for part in parts if part)
