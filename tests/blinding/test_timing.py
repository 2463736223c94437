"""How long an answer takes says nothing: hidden judgements cost no query.

Not by the clock, which differs from machine to machine: in two worlds that differ in
Ben's hidden judgements only, each URL runs the same statements in the same order. An
``IN`` list that is one longer is another statement. With ``DEEP=1`` the clock too: 500
requests a world in turns, told apart no better than by chance (Mann–Whitney).
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
from tests.blinding.world_runner import Theatre, secrets

pytestmark = pytest.mark.django_db

DEEP = bool(os.environ.get("DEEP"))
# Names of savepoints are numbered on; nothing else in a statement may differ.
SAVEPOINT = re.compile(r"\bs\d+_x\d+\b")
VIEWERS = ["ada", "cleo", "dora", "lena", "olaf"] if DEEP else ["ada", "dora"]
REQUESTS = 500
# Of an open pool every other page is enough; its secrets are the same.
PART = (0, 1) if DEEP else (0, 2)
# One page of these three is where a screener spends the day.
PAGES = ["decisions:screen", "decisions:mine", "review:overview"]

Statements = dict[str, list[str]]


class Counting(harness.Browser):
    """Notes the statements that each request runs; not their values."""

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
                # What a file still reads while it is sent.
                answer.streaming_content = iter(list(answer.streaming_content))  # type: ignore[attr-defined]
            return answer


def statements(
    theatre: Theatre, viewer: str, acts: Sequence[Act], part: tuple[int, int] = (0, 1)
) -> tuple[Statements, frozenset[str]]:
    """What every URL runs for ``viewer`` after Ben's acts, and the secret rows."""
    kept: Statements = {}
    theatre.codes.back_to_mark()
    with harness.undone():
        play(theatre.world, theatre.codes, theatre.member("ben"), acts)
        connection.check_constraints()
        browser = Counting(theatre.sessions[viewer], kept)
        observe(theatre.world, browser, deep=DEEP, part=part)
        return kept, secrets(theatre.world)
    raise AssertionError("unreachable")


def difference(one: Statements, two: Statements) -> str:
    """The first URL that costs something else, and what; "" when none does."""
    if one.keys() != two.keys():
        return f"other URLs: {sorted(one.keys() ^ two.keys())[:3]}"
    for url, said in one.items():
        if said != two[url]:
            extra = set(said) ^ set(two[url])
            return f"{url}: {len(said)} and {len(two[url])}: {sorted(extra)[:2]}"
    return ""


@pytest.fixture(scope="module")
def untouched(theatre: Theatre) -> dict[str, tuple[Statements, frozenset[str]]]:
    """What each viewer's URLs run in the world without hidden acts."""
    return {viewer: statements(theatre, viewer, ()) for viewer in VIEWERS}


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("acts", [EVERYTHING, OTHERWISE] if DEEP else [EVERYTHING])
def test_hidden_judgements_cost_no_query(
    theatre: Theatre,
    untouched: dict[str, tuple[Statements, frozenset[str]]],
    viewer: str,
    acts: Sequence[Act],
) -> None:
    """Against none at all, so both *whether* and *what* are held."""
    one, nothing = untouched[viewer]
    two, something = statements(theatre, viewer, acts)
    assert nothing != something, "vacuous: the worlds do not differ"
    assert len(one) >= 50, "vacuous: too few pages"
    assert sum(map(len, one.values())) >= 5 * len(one), "vacuous: too few queries"
    assert not difference(one, two), difference(one, two)


def test_in_an_open_pool_what_was_judged_costs_no_query(pool: Theatre) -> None:
    one = tuple(act for act in EVERYTHING if act.where == "title")[:3]
    first, secret_one = statements(pool, "ada", one, PART)
    second, secret_two = statements(pool, "ada", OTHERWISE[:3], PART)
    assert secret_one != secret_two, "vacuous: the worlds do not differ"
    assert not difference(first, second), difference(first, second)


def test_what_one_may_see_does_cost_queries(theatre: Theatre) -> None:
    """The tests above would hold if nothing were noted."""
    for k in range(6):
        one, two = (
            statements(theatre, "cleo", acts, part=(k, 6))[0]
            for acts in IN_CONFLICT[:2]
        )
        if difference(one, two):
            return
    raise AssertionError("an adjudicator's pages cost the same with a conflict more")


# ── By the clock ─────────────────────────────────────────────────────────────
def auc(one: Sequence[float], two: Sequence[float]) -> float:
    """The chance that a time of ``one`` is longer than one of ``two`` (Mann and
    Whitney 1947: U divided by the number of pairs); ties count half."""
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


def times(theatre: Theatre, acts: Sequence[Act], *, stay: bool) -> list[float]:
    """Seconds of each of PAGES for Ada after Ben's acts, or after they were undone.

    Both worlds do the same work before the clock starts, so caches are as warm.
    """
    known = {address.name: address for address in addresses.every()}
    urls = [addresses.url(known[name], theatre.world.args) for name in PAGES]
    theatre.codes.back_to_mark()
    browser = theatre.browser("ada")
    seconds = []
    with harness.undone():
        with harness.undone():
            play(theatre.world, theatre.codes, theatre.member("ben"), acts)
        if stay:
            play(theatre.world, theatre.codes, theatre.member("ben"), acts)
        browser.get(urls[0])
        for url in urls:
            began = time.perf_counter()
            browser.get(url)
            seconds.append(time.perf_counter() - began)
    return seconds


@pytest.mark.parametrize("requests", [REQUESTS] if DEEP else [3])
def test_by_the_clock_two_worlds_are_told_apart_by_chance_only(
    theatre: Theatre, requests: int
) -> None:
    """Three requests show that the measuring works; DEEP judges what it found."""
    with_acts: list[list[float]] = []
    without: list[list[float]] = []
    for number in range(requests):
        # In turns, and each as often first: drifts of the machine hit both.
        for stay in (number % 2 == 0, number % 2 == 1):
            (with_acts if stay else without).append(
                times(theatre, EVERYTHING, stay=stay)
            )
    found = {
        page: auc([row[n] for row in with_acts], [row[n] for row in without])
        for n, page in enumerate(PAGES)
    }
    assert all(len(row) == len(PAGES) for row in (*with_acts, *without))
    if DEEP:
        print(found)
        assert all(0.45 <= value <= 0.55 for value in found.values()), found
