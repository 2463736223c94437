"""Part of the benchmark `pages` that runs in a temporary database."""

from __future__ import annotations

import os
import resource
import time
import uuid
from collections.abc import Callable
from statistics import median

import pytest
from django.template import Template
from django.test import Client
from django.test.utils import _TestState

from reviewapp.core.models import Member
from reviewapp.core.services import tallies
from screening.decisions.queries import queue
from screening.decisions.services import votes
from tests.bench.page_world import PageWorld, make_world

RECORDS = int(os.environ.get("BENCH_RECORDS", "13178"))
RUNS = int(os.environ.get("BENCH_RUNS", "9"))


@pytest.mark.django_db(transaction=True)
def test_pages() -> None:
    print(f"\n  {RECORDS:,} records", flush=True)
    world = make_world(RECORDS)
    print(f"    memory of this process: {_peak():.0f} MB")
    tallies.fold_tallies()
    code, stage = world.review.code, world.stage.code
    addresses = {
        "team": f"/r/{code}/team/",
        "overview": f"/r/{code}/",
        "stages": f"/r/{code}/stages/",
        "stage": f"/r/{code}/stages/{stage}/",
        "outcomes": f"/r/{code}/stages/{stage}/decisions/",
        "included": f"/r/{code}/stages/{stage}/decisions/?verdict=include",
        "sample": f"/r/{code}/stages/{stage}/sample/",
        "flow": f"/r/{code}/flow/",
        "sources": f"/r/{code}/sources/",
        "records": f"/r/{code}/records/",
    }
    found = _milliseconds(world.lead, addresses)
    base = found["team"]
    print(f"    {'page (lead)':30}{'ms':>8}{'ratio':>8}")
    for name, ms in found.items():
        print(f"    {name:30}{ms:8.1f}{ms / base:8.2f}", flush=True)
    _measure_queue(world, base)


def _render_as_served() -> None:
    """Undo what tests do to templates: copying the context of each include."""
    Template._render = _TestState.saved_data.template_render


def _milliseconds(member: Member, addresses: dict[str, str]) -> dict[str, float]:
    """Return the median of interleaved requests, so that all see the same machine."""
    _render_as_served()
    client = Client()
    client.force_login(member.user)
    times: dict[str, list[float]] = {name: [] for name in addresses}
    for run in range(RUNS + 1):
        for name, url in addresses.items():
            start = time.perf_counter()
            answer = client.get(url)
            seconds = time.perf_counter() - start
            assert answer.status_code == 200, (name, url, answer.status_code)
            if run:
                times[name].append(seconds * 1000)
    return {name: median(some) for name, some in times.items()}


def _measure_queue(world: PageWorld, base: float) -> None:
    reader, stage = world.reader, world.stage

    def vote() -> None:
        place = queue.next_place(reader, stage)
        assert place is not None
        votes.cast_vote(
            actor=reader,
            round_code=place.round_code,
            verdict="exclude",
            key=uuid.uuid4(),
            now=world.stage.created_at,
        )

    progress = queue.own_progress(reader, stage)
    print(f"    a reviewer with {progress.total:,} assignments, {progress.done:,} done")
    steps: dict[str, Callable[[], object]] = {
        "next assignment": lambda: queue.next_place(reader, stage),
        "own progress": lambda: queue.own_progress(reader, stage),
        "next assignment and vote": vote,
    }
    for name, step in steps.items():
        times = []
        for _ in range(RUNS):
            start = time.perf_counter()
            step()
            times.append((time.perf_counter() - start) * 1000)
        print(f"    {name:30}{median(times):8.1f}{median(times) / base:8.2f}")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
