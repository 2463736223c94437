"""POST requests of a member about rounds in which they have no assignment.

The answers must not depend on the state of the rounds. Nothing may be stored.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.urls import reverse

from reviewapp.core.models import Member
from screening.decisions.models.rounds import Assignment
from tests.blinding import harness
from tests.blinding.capture import Answer, masked
from tests.blinding.harness import Browser
from tests.blinding.world import World

BODY = {"verdict": "include", "note": "?", "key": str(uuid.UUID(int=4711))}
API = "application/json"


def foreign_rounds(world: World, member: Member) -> list[str]:
    """Return rounds with hidden acts, or in conflict, that the member does not have."""
    codes = [*world.alone[10:14], *world.shared[4:8], world.shared[2]]
    mine = Assignment.objects.filter(member=member, vacated_at=None)
    own = set(mine.values_list("round__code", flat=True))
    return [code for code in codes if code not in own]


def attempt_all(
    world: World, browser: Browser, member: Member
) -> Iterator[tuple[str, Answer]]:
    """Yield the answers to a vote, a change, an undo and a vote by the API."""
    review, stage = world.cast.review.code, world.title.code
    for code in foreign_rounds(world, member):
        here = [review, stage, code]
        vote, undo = (reverse(f"decisions:{n}", args=here) for n in ("vote", "undo"))
        api = reverse("api:vote", args=[review, code])
        for number, (url, body, how) in enumerate(
            [
                (vote, BODY, {}),
                (vote, {**BODY, "change": "1"}, {"headers": {"Save-Request": "1"}}),
                (undo, {"key": BODY["key"]}, {}),
                (api, BODY, {"content_type": API}),
            ]
        ):
            with harness.undone():
                answer = masked(browser.post(url, body, **how))
            yield f"POST {number} {url}", answer
