"""How often somebody may do what costs others something; never a limit on votes.

Counted in the cache in windows that begin on the clock. What counts as what kind is
told from the view's ``Action``, so that a new export is limited the day it is added.
The numbers are in ``settings.RATE_LIMITS``; a kind without a number has no limit.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from reviewapp.core.models import Member
from reviewapp.core.permissions import Action
from reviewapp.core.refusals import TooMany

SECONDS = {"m": 60, "h": 3600, "d": 86_400}
# Downloads, whatever their action is; pictures belong to the page they stand on.
FILES = (
    *(".csv", ".tsv", ".json", ".jsonl", ".ris", ".nbib", ".bib", ".enw"),
    *(".xml", ".xlsx", ".zip", ".txt"),
)
SENDING = {Action.IMPORT: "import", Action.MANAGE_TEAM: "team"}


def kind_of(request: HttpRequest, action: Action) -> str:
    """What the request counts as; "" for what has no limit."""
    if request.path.startswith("/api/"):
        return "api"
    if action == Action.EXPORT or request.path.endswith(FILES):
        return "export"
    if request.method == "POST":
        return SENDING.get(action, "")
    return "search" if request.GET.get("q", "").strip() else ""


def count_request(request: HttpRequest, member: Member, action: Action) -> None:
    """Count a member's request, for them and for the review; ``TooMany`` if over."""
    kind = kind_of(request, action)
    if kind:
        count(kind, "member", str(member.pk))
        count(kind, "review", str(member.review_id))


def count(kind: str, per: str, who: str) -> None:
    """Count one more of ``kind`` by ``who``; raises ``TooMany`` when over the limit."""
    rate = settings.RATE_LIMITS.get(kind, {}).get(per)
    if not rate:
        return
    amount, unit = rate.split("/")
    seconds = SECONDS[unit]
    now = int(time.time())
    key = f"limit:{kind}:{per}:{who}:{unit}:{now // seconds}"
    if cache.add(key, 1, seconds + 5):
        return
    try:
        n = cache.incr(key)
    except ValueError:  # it ran out between the two
        return
    if n > int(amount):
        raise TooMany(seconds - now % seconds)
