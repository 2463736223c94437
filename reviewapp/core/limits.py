"""Rate limits on requests that cost resources; votes on pages have no limit.

The cache counts requests in fixed time windows. The kind of a request follows from the
view's ``Action``, so that a new export is limited without further code. The limits are
in ``settings.RATE_LIMITS``. A kind without a number has no limit.
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
# Downloads of any action. Images belong to their page and do not count.
FILES = (
    *(".csv", ".tsv", ".json", ".jsonl", ".ris", ".nbib", ".bib", ".enw"),
    *(".xml", ".xlsx", ".zip", ".txt"),
)
SENDING = {Action.IMPORT: "import", Action.MANAGE_TEAM: "team"}


def limit_kind(request: HttpRequest, action: Action) -> str:
    """Return the kind of the request, or "" if it has no limit."""
    if request.path.startswith("/api/"):
        return "api"
    if action == Action.EXPORT or request.path.endswith(FILES):
        return "export"
    if request.method == "POST":
        return SENDING.get(action, "")
    return "search" if request.GET.get("q", "").strip() else ""


def count_request(request: HttpRequest, member: Member, action: Action) -> None:
    """Count a request of the member and review; raises ``TooMany`` above a limit."""
    kind = limit_kind(request, action)
    if kind:
        count_use(kind, "member", str(member.pk))
        count_use(kind, "review", str(member.review_id))


def count_use(kind: str, per: str, who: str) -> None:
    """Count one request of ``kind`` by ``who``; raises ``TooMany`` above the limit."""
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
    except ValueError:  # the counter expired between the two calls
        return
    if n > int(amount):
        raise TooMany(seconds - now % seconds)
