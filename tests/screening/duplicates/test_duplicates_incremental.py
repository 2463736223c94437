"""Runs that read only new records: the order of imports does not matter."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewapp.core import jobs
from reviewapp.core.models import Job, Member
from screening.citations.deduplication import blocking
from screening.citations.deduplication.blocking_keys import blocking_keys_of, key_table
from screening.citations.deduplication.cleaning import clean_reference
from screening.citations.deduplication.reference import Reference
from screening.duplicates.models import ComparedRecords, PossibleDuplicate
from screening.duplicates.services import comparing, duplicates
from screening.records.models import Duplicate, Record
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW

ABSTRACT = (
    "We asked peer workers and clinicians in four community services about their work "
    "together, and analysed the accounts by theme and by place, over three years."
)
ARTICLE: dict[str, Any] = {
    "title": "Peer support workers in community mental health: a longitudinal study",
    "authors": ["Byron, Ada", "Boole, Mary"],
    "year": 2018,
    "journal": "Journal of Invented Results",
    "volume": "14",
    "issue": "2",
    "pages": "112-119",
    "doi": "10.5555/peer.2018.14",
    "abstract": ABSTRACT,
}


def works() -> list[dict[str, Any]]:
    """Return duplicates, similar works, contradictions and a title shared by 60 items."""
    found = [
        ARTICLE | change
        for change in (
            {},
            {"doi": "", "pages": "112-9", "journal": "J Invented Results"},
            {"title": ARTICLE["title"] + ". Part I", "doi": "", "pages": ""},
            {"title": ARTICLE["title"] + ". Part II", "doi": "", "pages": ""},
            {"volume": "15", "doi": "10.5555/peer.2018.15", "abstract": ""},
            {"volume": "15", "doi": "", "year": 2019, "pages": "1-9"},
            {"title": "Correction to: " + ARTICLE["title"], "pages": "400", "doi": ""},
            {"doi": "", "pages": "", "volume": "", "issue": "", "abstract": ""},
            {"doi": "", "year": 2017, "journal": "Nordic Psychiatry", "volume": "3"},
        )
    ]
    for number in range(60):
        issue, first = number // 2 % 12 + 1, 7 * (number // 2) + 1
        found.append(
            ARTICLE
            | {"title": "Editorial", "issue": str(issue), "volume": str(number // 24),
               "pages": f"{first}-{first + 2}", "doi": "", "abstract": "",
               "year": 2000 + number // 24}
        )  # fmt: skip
    return found


def search(cast: Cast, actor: Member | None = None, **asked: bool) -> Job:
    job = duplicates.request_run(actor=actor or cast.lena, now=NOW, **asked)
    jobs.run_claimed_job(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    return job


def make(cast: Cast, source: Any, values: dict[str, Any]) -> Record:
    return factories.make_records(cast.lena, 1, source, **values)[0]


def result(actor: Member) -> tuple[set[frozenset[str]], set[frozenset[str]]]:
    """Return clusters and open pairs; ``notes`` names their records."""
    named = dict(Record.objects.values_list("pk", "notes"))
    edges = Duplicate.objects.filter(undone_at=None, review=actor.review)
    of = dict(edges.values_list("record", "of"))
    clusters: dict[int, set[str]] = {}
    for pk in of:
        root = pk
        while root in of:
            root = of[root]
        clusters.setdefault(root, {named[root]}).add(named[pk])
    pairs = PossibleDuplicate.objects.filter(answer="open", review=actor.review)
    asked = pairs.values_list("first", "second")
    return (
        set(map(frozenset, clusters.values())),
        {frozenset((named[a], named[b])) for a, b in asked},
    )


def halves(items: Sequence[Any], parts: int) -> Iterator[Sequence[Any]]:
    size = -(-len(items) // parts)
    for start in range(0, len(items), size):
        yield items[start : start + size]


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_order_of_imports_changes_neither_clusters_nor_open_pairs(
    cast: Cast, seed: int
) -> None:
    named = [values | {"notes": str(n)} for n, values in enumerate(works())]
    results = []
    for actor, parts in ((cast.lena, 1), (cast.eve, 5)):
        source = factories.make_source(actor, f"In {parts}")
        random.Random(seed * parts).shuffle(named)
        for some in halves(named, parts):
            for values in some:
                factories.make_records(actor, 1, source, **values)
            search(cast, actor)
        results.append(result(actor))
    assert results[0] == results[1]
    clusters, asked = results[0]
    assert len(clusters) >= 2
    assert asked


def test_second_run_reads_only_new_and_similar_records(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = factories.make_source(cast.lena)
    kept = make(cast, source, ARTICLE)
    factories.make_records(cast.lena, 30, source, authors=[], abstract="")
    search(cast)
    new = make(cast, source, ARTICLE | {"doi": ""})
    read: list[int] = []
    real = comparing.clean_reference

    def noted(reference: Reference) -> Any:
        read.append(int(reference.id))
        return real(reference)

    monkeypatch.setattr(comparing, "clean_reference", noted)
    job = search(cast)
    assert job.result["new"] == 1
    assert set(read) == {kept.pk, new.pk}
    assert Duplicate.objects.get(record=new).of == kept


def test_killed_run_continues_where_it_stopped(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = factories.make_source(cast.lena)
    for values in works()[:8]:
        make(cast, source, values)
    monkeypatch.setattr(comparing, "STEP", 3)
    real, steps = comparing.pairs_of, []

    def dying(*args: Any, **more: Any) -> Any:
        steps.append(1)
        if len(steps) == 3:
            raise SystemExit
        return real(*args, **more)

    monkeypatch.setattr(comparing, "pairs_of", dying)
    job = duplicates.request_full_run(actor=cast.lena, now=NOW)
    with pytest.raises(SystemExit):
        jobs.run_claimed_job(job.pk)
    assert ComparedRecords.objects.count() == 2
    Job.objects.filter(pk=job.pk).update(heartbeat_at=NOW - timedelta(days=1))
    jobs.run_claimed_job(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    assert len(steps) == 4
    rows = ComparedRecords.objects.values_list("records", flat=True)
    assert sum(len(row) // 8 for row in rows) == 8
    found = result(cast.lena)
    search(cast, everything=True)
    assert result(cast.lena) == found


def test_changed_rules_or_settings_compare_all_records_and_keep_active_merges(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = factories.make_source(cast.lena)
    for values in works()[:6]:
        make(cast, source, values)
    search(cast)
    before = set(Duplicate.objects.values_list("record", "of"))
    monkeypatch.setattr(comparing, "rules_version", lambda: "newer")
    job = search(cast)
    assert job.result["new"] == 6
    assert {row.version[:5] for row in ComparedRecords.objects.all()} == {"newer"}
    assert set(Duplicate.objects.values_list("record", "of")) == before


def test_later_contradiction_undoes_automatic_but_not_manual_merges(
    cast: Cast,
) -> None:
    source = factories.make_source(cast.lena)
    bare = ARTICLE | {"title": ARTICLE["title"], "doi": "", "pages": "", "volume": ""}
    one = make(cast, source, bare)
    two = make(cast, source, ARTICLE)
    search(cast)
    edge = Duplicate.objects.get(undone_at=None)
    # Without likely pairs nothing supports this merge any more.
    ComparedRecords.objects.update(pairs=b"")
    job = search(cast)
    edge.refresh_from_db()
    assert edge.undone_at is not None
    assert edge.parted_by == job
    assert job.result["parted"] == 1
    search(cast, everything=True)
    assert Duplicate.objects.filter(undone_at=None).count() == 1, "not kept apart"
    Duplicate.objects.filter(undone_at=None).update(how="person")
    ComparedRecords.objects.update(pairs=b"")
    search(cast)
    standing = Duplicate.objects.get(undone_at=None)
    assert {standing.record, standing.of} == {one, two}


REFERENCES = st.builds(
    Reference,
    id=st.integers(0, 10**9),
    title=st.sampled_from(
        ["Editorial", ARTICLE["title"], "Peer support workers in community care", ""]
    ),
    authors=st.sampled_from([("Byron, Ada",), ("Lee, A.", "Byron, A."), ()]),
    year=st.sampled_from([2017, 2018, None]),
    journal=st.sampled_from(["Gut", "Journal of Invented Results", ""]),
    volume=st.sampled_from(["14", "15", "14 (Suppl 1)", ""]),
    pages=st.sampled_from(["112-119", "112-9", "e12", ""]),
    doi=st.sampled_from(["10.5555/peer.2018.14", ""]),
    abstract=st.sampled_from([ABSTRACT, ABSTRACT[20:], ""]),
)


@given(st.lists(REFERENCES, min_size=2, max_size=60), st.data())
@settings(max_examples=80, deadline=None)
def test_comparison_of_two_records_depends_only_on_them(
    references: list[Reference], data: st.DataObject
) -> None:
    marks = key_table(
        b"".join(blocking_keys_of(clean_reference(r)) for r in references)
    )
    whole = set(map(tuple, blocking.pairs_of(marks).tolist()))
    few = sorted(data.draw(st.sets(st.integers(0, len(references) - 1), min_size=2)))
    some = blocking.pairs_of(marks[few])
    assert {(few[a], few[b]) for a, b in some.tolist()} == {
        (a, b) for a, b in whole if a in few and b in few
    }
    later = blocking.pairs_of(marks, new_from=len(marks) // 2)
    assert set(map(tuple, later.tolist())) == {
        (a, b) for a, b in whole if b >= len(marks) // 2
    }


def test_oversized_block_is_split_by_other_fields(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blocking, "CAP", 20)
    monkeypatch.setattr(blocking, "NEIGHBOURS", 2)
    references = [
        Reference(id=n, title=ARTICLE["title"] if n % 2 else f"Other {n} topic of work",
                  doi="10.5555/supplement", pages=f"{n // 2}", year=2000)
        for n in range(120)
    ]  # fmt: skip
    marks = key_table(
        b"".join(blocking_keys_of(clean_reference(r)) for r in references)
    )
    pairs = blocking.pairs_of(marks)
    assert len(pairs) < 120 * 10
    pages = np.array([n // 2 for n in range(120)])
    together = {(a, b) for a, b in pairs.tolist() if pages[a] == pages[b]}
    assert len(together) == 60, "an equal page is never passed over"
