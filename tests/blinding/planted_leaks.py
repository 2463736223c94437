"""The most likely leaks of such a program, each as a switch for a test.

A leak is planted by patching code that a hurried developer would have changed.
``test_leak_detection.py`` checks that each leak is found. docs/blinding.md lists the
channels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any

import pytest
from django.core import mail
from django.db.models import Count, Exists, OuterRef
from django.urls import reverse

from reviewapp.core import events, hooks, web
from reviewapp.core.models import Event, Member
from reviewapp.core.nav import Todo
from reviewapp.core.refusals import Refused
from screening.decisions.models.rounds import Round, Vote
from screening.decisions.queries import queue, sample, screen
from screening.decisions.services import votes
from screening.duplicates.services import duplicates
from screening.records.queries import records
from tests.blinding.hidden_actions import Act
from tests.blinding.public_actions import a_pair_is_answered
from tests.blinding.world import World

Patch = pytest.MonkeyPatch
NONE: tuple[Act, ...] = ()
ONE = (Act("title", 0, "include"),)
OTHER = (Act("title", 0, "exclude"),)


def every() -> Any:
    """Return all votes of all members."""
    return Vote.objects.unblinded(reason="tests plant a leak")


@dataclass(frozen=True)
class Leak:
    """A leak: ``plant`` opens it, and ``page`` shows it to ``viewer`` in two worlds.

    ``one`` and ``two`` are the hidden actions of the worlds. ``action`` is a public
    action after the hidden ones. ``data`` is sent to the page (POST). ``author_looks``:
    Ben opens the overview before the viewer does.
    """

    no: int
    plant: Callable[[Patch], None]
    page: str = "review:overview"
    args: tuple[str, ...] = ()
    viewer: str = "ada"
    one: tuple[Act, ...] = NONE
    two: tuple[Act, ...] = ONE
    action: Callable[[World], None] | None = None
    data: dict[str, str] = field(default_factory=dict)
    author_looks: bool = False

    @property
    def name(self) -> str:
        return self.plant.__name__

    def url(self, world: World) -> str:
        """Return the page's address in this world."""
        return reverse(self.page, args=[world.args[name] for name in self.args])


def todo(patch: Patch, provider: Callable[[Member], list[Todo]]) -> None:
    patch.setattr(hooks.todos, "providers", [provider])


def record_vanishes_from_the_queue(patch: Patch) -> None:
    real, progress = queue.with_own_verdict, queue.own_progress

    def judged(viewer: Member) -> Any:
        open_ones = Round.objects.unblinded(reason="leak").filter(sealed_at=None)
        others = every().filter(round__in=open_ones).exclude(author=viewer)
        return others.values("round")

    def with_own_verdict(viewer: Member, assignments: Any) -> Any:
        found = real(viewer, assignments)
        if assignments.model is Round:
            return found
        return found.exclude(round__in=judged(viewer))

    def own_progress(viewer: Member, stage: Any) -> queue.OwnProgress:
        found = progress(viewer, stage)
        gone = judged(viewer).filter(round__stage=stage).distinct().count()
        return replace(found, total=found.total - gone)

    patch.setattr(queue, "with_own_verdict", with_own_verdict)
    patch.setattr(queue, "own_progress", own_progress)


def order_by_what_others_read(patch: Patch) -> None:
    real = queue.with_own_verdict

    def with_own_verdict(viewer: Member, assignments: Any) -> Any:
        read = every().filter(round=OuterRef("round")).exclude(author=viewer)
        found = real(viewer, assignments)
        is_queue = assignments.model is not Round
        if is_queue and found.filter(Exists(read), own=None).exists():
            return found.filter(Exists(read))
        return found

    patch.setattr(queue, "with_own_verdict", with_own_verdict)


def count_of_votes(patch: Patch) -> None:
    todo(patch, lambda viewer: [Todo(f"{every().count()} votes are cast", "/")])


def existence_of_votes(patch: Patch) -> None:
    def others(viewer: Member) -> list[Todo]:
        open_ones = every().exclude(author=viewer).filter(round__sealed_at=None)
        return [Todo("Others have begun", "/")] if open_ones.exists() else []

    todo(patch, others)


def verdicts_so_far(patch: Patch) -> None:
    def verdicts(viewer: Member) -> list[Todo]:
        n = every().filter(verdict="include").count()
        return [Todo(f"{n} are included so far", "/")]

    todo(patch, verdicts)


def another_round_by_its_code(patch: Patch) -> None:
    every_round = Round.objects.unblinded(reason="tests plant a leak")
    patch.setattr(Round.objects, "revealed_to", lambda viewer: every_round)
    patch.setattr(Vote.objects, "visible_to", lambda viewer: every())


def sort_by_votes(patch: Patch) -> None:
    real = records.records_page

    @wraps(real)
    def page(viewer: Member, *args: Any, **kwargs: Any) -> Any:
        found = real(viewer, *args, **kwargs)
        voted = set(
            every()
            .filter(round__sealed_at=None)
            .values_list("round__record__code", flat=True)
        )
        lines = sorted(found.lines, key=lambda line: line.record.code not in voted)
        return replace(found, lines=type(found.lines)(lines))

    patch.setattr(records, "records_page", page)


def votes_in_an_export(patch: Patch) -> None:
    real = sample.assignment_rows

    def rows(viewer: Member, stage: Any) -> Iterator[sample.AssignmentRow]:
        n = every().filter(round__stage=stage).count()
        for row in real(viewer, stage):
            yield replace(row, title=f"{row.title} ({n})")

    patch.setattr(sample, "assignment_rows", rows)


def answer_tells_of_a_conflict(patch: Patch) -> None:
    real = votes.cast_vote

    def cast(*, actor: Member, round_code: str, **rest: Any) -> Any:
        others = every().filter(round__code=round_code).exclude(author=actor)
        if others.exists():
            raise Refused("Somebody has judged this one already.")
        return real(actor=actor, round_code=round_code, **rest)

    patch.setattr(votes, "cast_vote", cast)


def header_counts_votes(patch: Patch) -> None:
    frame = web.PrivateResponsesMiddleware.__call__

    def with_etag(self: Any, request: Any) -> Any:
        response = frame(self, request)
        response["ETag"] = f'"{every().count()}"'
        return response

    patch.setattr(web.PrivateResponsesMiddleware, "__call__", with_etag)


def key_of_a_row(patch: Patch) -> None:
    todo(patch, lambda viewer: [Todo(f"{Event.objects.latest('pk').pk} events", "/")])


def mail_on_every_vote(patch: Patch) -> None:
    real = votes.cast_vote

    def cast(*, actor: Member, **rest: Any) -> Any:
        mail.send_mail("Progress", "A vote was cast.", None, ["team@example.org"])
        return real(actor=actor, **rest)

    patch.setattr(votes, "cast_vote", cast)


def reasons_by_use(patch: Patch) -> None:
    real = screen.offered_reasons

    def reasons(stage: Any) -> Any:
        used = dict(
            every()
            .filter(round__stage=stage, round__sealed_at=None)
            .values_list("reason__code")
            .annotate(n=Count("pk"))
        )
        return tuple(sorted(real(stage), key=lambda one: -used.get(one.code, 0)))

    patch.setattr(screen, "offered_reasons", reasons)


def cache_without_the_member(patch: Patch) -> None:
    kept: dict[int, list[Todo]] = {}

    def own(viewer: Member) -> list[Todo]:
        n = every().filter(author=viewer).count()
        return kept.setdefault(viewer.review_id, [Todo(f"You have {n} votes", "/")])

    todo(patch, own)


def merge_tells_of_votes(patch: Patch) -> None:
    real = duplicates.decide_pair

    def answer(*, actor: Member, now: Any, **rest: Any) -> Any:
        moved = every().filter(round__sealed_at=None).count()
        events.record(
            review=actor.review, actor=actor, kind="votes:moved", now=now, n=moved
        )
        return real(actor=actor, now=now, **rest)

    patch.setattr(duplicates, "decide_pair", answer)


SCREEN = {"page": "decisions:screen", "args": ("review", "stage")}
LEAKS = [
    Leak(1, record_vanishes_from_the_queue, **SCREEN),
    Leak(2, order_by_what_others_read, **SCREEN),
    Leak(3, count_of_votes, args=("review",)),
    Leak(3, existence_of_votes, args=("review",)),
    Leak(3, verdicts_so_far, args=("review",), one=ONE, two=OTHER),
    Leak(
        4,
        another_round_by_its_code,
        page="conflicts:conflict",
        args=("review", "open_round"),
        viewer="cleo",
        one=ONE,
        two=OTHER,
    ),
    Leak(5, sort_by_votes, page="records:list", args=("review",)),
    Leak(
        6,
        votes_in_an_export,
        page="decisions:sample_csv",
        args=("review", "stage"),
        viewer="dora",
    ),
    Leak(
        7,
        answer_tells_of_a_conflict,
        page="decisions:vote",
        args=("review", "stage", "open_round"),
        data={"verdict": "include", "key": "00000000-0000-0000-0000-000000000005"},
    ),
    Leak(8, header_counts_votes, args=("review",)),
    Leak(8, key_of_a_row, args=("review",)),
    Leak(9, mail_on_every_vote, args=("review",)),
    Leak(
        10,
        reasons_by_use,
        page="decisions:screen",
        args=("review", "full_text_stage"),
        two=(Act("text", 0, "exclude", reason=3),),
    ),
    Leak(11, cache_without_the_member, args=("review",), author_looks=True),
    Leak(
        12,
        merge_tells_of_votes,
        page="review:audit_log_csv",
        args=("review",),
        action=a_pair_is_answered,
    ),
]
