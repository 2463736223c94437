"""The time of an answer reveals nothing: hidden judgements cost no query.

Times differ between machines, so the tests compare statements: in two worlds that
differ only in Ben's hidden judgements, each URL runs the same statements in the same
order. An ``IN`` list with one more item is another statement. ``DEEP=1`` also compares
times: 500 requests for each world in turns must not be distinguishable better than by
chance (Mann–Whitney).
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponseBase

from tests.blinding import addresses, harness
from tests.blinding.capture import observe
from tests.blinding.hidden_actions import Act, play
from tests.blinding.test_two_worlds import EVERYTHING, IN_CONFLICT, OTHERWISE
from tests.blinding.world_runner import WorldRunner, secrets

pytestmark = pytest.mark.django_db

DEEP = bool(os.environ.get("DEEP"))
# Savepoints have increasing numbers; nothing else in a statement may differ.
SAVEPOINT = re.compile(r"\bs\d+_x\d+\b")
VIEWERS = ["ada", "cleo", "dora", "lena", "olaf"] if DEEP else ["ada", "dora"]
REQUESTS = 500
# For an open pool every second page is enough, because its secrets are the same.
PART = (0, 1) if DEEP else (0, 2)
# Reviewers spend most of their time on one of these three pages.
PAGES = ["decisions:screen", "decisions:mine", "review:overview"]

Statements = dict[str, list[str]]


class Counting(harness.Browser):
    """A middleware that stores the statements of each request, without their values."""

    def __init__(self, session: str, kept: Statements) -> None:
        super().__init__(session)
        self._kept = kept

    def request(self, **request: Any) -> HttpResponseBase:
        url = f"{request['PATH_INFO']}?{request.get('QUERY_STRING', '')}"
        said = self._kept.setdefault(url, [])

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            said.append(SAVEPOINT.sub("savepoint", sql))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            answer = super().request(**request)
            if answer.streaming:
                # Statements of a file while it is streamed.
                answer.streaming_content = iter(list(answer.streaming_content))  # type: ignore[attr-defined]
            return answer


def statements(
    runner: WorldRunner,
    viewer: str,
    acts: Sequence[Act],
    part: tuple[int, int] = (0, 1),
) -> tuple[Statements, frozenset[str]]:
    """Return every URL's statements for ``viewer`` after Ben's actions, and secrets."""
    kept: Statements = {}
    runner.codes.back_to_mark()
    with harness.undone():
        play(runner.world, runner.codes, runner.member("ben"), acts)
        connection.check_constraints()
        browser = Counting(runner.sessions[viewer], kept)
        observe(runner.world, browser, deep=DEEP, part=part)
        return kept, secrets(runner.world)
    raise AssertionError("unreachable")


def difference(one: Statements, two: Statements) -> str:
    """Return the first URL with different statements, and these; "" if none."""
    if one.keys() != two.keys():
        return f"other URLs: {sorted(one.keys() ^ two.keys())[:3]}"
    for url, said in one.items():
        if said != two[url]:
            extra = set(said) ^ set(two[url])
            return f"{url}: {len(said)} and {len(two[url])}: {sorted(extra)[:2]}"
    return ""


@pytest.fixture(scope="module")
def untouched(runner: WorldRunner) -> dict[str, tuple[Statements, frozenset[str]]]:
    """Return each viewer's statements in the world without hidden actions."""
    return {viewer: statements(runner, viewer, ()) for viewer in VIEWERS}


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("acts", [EVERYTHING, OTHERWISE] if DEEP else [EVERYTHING])
def test_hidden_judgements_cost_no_query(
    runner: WorldRunner,
    untouched: dict[str, tuple[Statements, frozenset[str]]],
    viewer: str,
    acts: Sequence[Act],
) -> None:
    """Compared with no action at all, so that both *whether* and *what* are tested."""
    one, nothing = untouched[viewer]
    two, something = statements(runner, viewer, acts)
    assert nothing != something, "vacuous: the worlds do not differ"
    assert len(one) >= 50, "vacuous: too few pages"
    assert sum(map(len, one.values())) >= 5 * len(one), "vacuous: too few queries"
    assert not difference(one, two), difference(one, two)


def test_in_an_open_pool_what_was_judged_costs_no_query(pool: WorldRunner) -> None:
    one = tuple(act for act in EVERYTHING if act.where == "title")[:3]
    first, secret_one = statements(pool, "ada", one, PART)
    second, secret_two = statements(pool, "ada", OTHERWISE[:3], PART)
    assert secret_one != secret_two, "vacuous: the worlds do not differ"
    assert not difference(first, second), difference(first, second)


def test_what_one_may_see_does_cost_queries(runner: WorldRunner) -> None:
    """The tests above would also pass if no statement were stored."""
    for k in range(6):
        one, two = (
            statements(runner, "cleo", acts, part=(k, 6))[0] for acts in IN_CONFLICT[:2]
        )
        if difference(one, two):
            return
    raise AssertionError("an adjudicator's pages cost the same with a conflict more")


# ── Times ────────────────────────────────────────────────────────────────────
def auc(one: Sequence[float], two: Sequence[float]) -> float:
    """Return the probability that a time of ``one`` is longer than one of ``two``.

    Mann and Whitney 1947: U divided by the number of pairs; ties count half.
    """
    ranked = sorted(
        (seconds, n) for n, times in enumerate((one, two)) for seconds in times
    )
    above = half = below = 0.0
    for _seconds, group in _ties(ranked):
        ours, theirs = group.count(0), group.count(1)
        above += ours * below
        half += ours * theirs / 2
        below += theirs
    return (above + half) / (len(one) * len(two))


def _ties(ranked: list[tuple[float, int]]) -> Iterator[tuple[float, list[int]]]:
    import itertools

    for seconds, rows in itertools.groupby(ranked, key=lambda row: row[0]):
        yield seconds, [n for _, n in rows]


def test_the_measure_tells_slow_from_quick() -> None:
    assert auc([1, 2, 3], [4, 5, 6]) == 0
    assert auc([4, 5, 6], [1, 2, 3]) == 1
    assert auc([1, 2], [1, 2]) == 0.5
    assert auc([2, 2], [1, 2]) == 0.75


def times(runner: WorldRunner, acts: Sequence[Act], *, stay: bool) -> list[float]:
    """Return seconds of each of PAGES for Ada, with Ben's actions or with them undone.

    Both worlds do the same work before the measurement, so their caches are equally
    warm.
    """
    known = {address.name: address for address in addresses.every()}
    urls = [addresses.url(known[name], runner.world.args) for name in PAGES]
    runner.codes.back_to_mark()
    browser = runner.browser("ada")
    seconds = []
    with harness.undone():
        with harness.undone():
            play(runner.world, runner.codes, runner.member("ben"), acts)
        if stay:
            play(runner.world, runner.codes, runner.member("ben"), acts)
        browser.get(urls[0])
        for url in urls:
            began = time.perf_counter()
            browser.get(url)
            seconds.append(time.perf_counter() - began)
    return seconds


@pytest.mark.parametrize("requests", [REQUESTS] if DEEP else [3])
def test_by_the_clock_two_worlds_are_told_apart_by_chance_only(
    runner: WorldRunner, requests: int
) -> None:
    """Three requests show that the measurement works; DEEP judges the result."""
    with_acts: list[list[float]] = []
    without: list[list[float]] = []
    for number in range(requests):
        # In turns, and each equally often first, so that changes of the machine affect
        # both.
        for stay in (number % 2 == 0, number % 2 == 1):
            (with_acts if stay else without).append(
                times(runner, EVERYTHING, stay=stay)
            )
    found = {
        page: auc([row[n] for row in with_acts], [row[n] for row in without])
        for n, page in enumerate(PAGES)
    }
    assert all(len(row) == len(PAGES) for row in (*with_acts, *without))
    if DEEP:
        print(found)
        assert all(0.45 <= value <= 0.55 for value in found.values()), found
