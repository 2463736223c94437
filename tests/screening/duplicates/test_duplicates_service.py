"""Deduplication runs, decisions on possible duplicates, and undoing merges."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reviewapp.core import jobs
from reviewapp.core.models import Event, Job
from reviewapp.core.refusals import Missing, NotAllowed, Refused
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.services import duplicates
from screening.records.hooks import records_changed
from screening.records.models import Duplicate, Record, Source
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW

ARTICLE = {
    "title": "Peer support workers in community mental health: a longitudinal study",
    "authors": ["Byron, Ada", "Boole, Mary"],
    "year": 2018,
    "journal": "Journal of Invented Results",
    "volume": "14",
    "issue": "2",
    "pages": "112-119",
    "doi": "10.5555/peer.2018.14",
    "abstract": "",
}


def make(cast: Cast, source: Source, **changed) -> Record:
    return factories.make_records(cast.lena, 1, source, **{**ARTICLE, **changed})[0]


def find(cast: Cast) -> Job:
    """Request a deduplication run and run it as a worker would."""
    job = duplicates.request_full_run(actor=cast.lena, now=NOW)
    jobs.run_claimed_job(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    return job


@pytest.fixture
def medline(cast: Cast) -> Source:
    return factories.make_source(cast.lena, "Medline")


@pytest.fixture
def scopus(cast: Cast) -> Source:
    return factories.make_source(cast.lena, "Scopus")


def pair_of(cast: Cast, a: Record, b: Record) -> PossibleDuplicate:
    first, second = sorted((a, b), key=lambda record: record.pk)
    return PossibleDuplicate.objects.create(
        review=cast.review, first=first, second=second, score=0.5, created_at=NOW
    )


def edges() -> set[tuple[int, int]]:
    standing = Duplicate.objects.filter(undone_at=None)
    return set(standing.values_list("record_id", "of_id"))


def test_duplicates_are_merged_into_the_earliest_record(cast, medline, scopus) -> None:
    kept = make(cast, medline)
    copies = [make(cast, scopus), make(cast, scopus, doi="")]
    factories.make_records(cast.lena, 3, medline)
    job = find(cast)
    assert edges() == {(copy.pk, kept.pk) for copy in copies}
    assert job.result["merges"] == 2
    assert Record.objects.unique().count() == 4


def test_the_databases_arm_is_kept_before_other_methods(cast, medline) -> None:
    lists = factories.make_source(cast.lena, "Reference lists", "reference_list")
    by_hand = make(cast, lists, added_at=NOW - timedelta(days=9))
    from_database = make(cast, medline)
    find(cast)
    assert edges() == {(by_hand.pk, from_database.pk)}


def test_second_run_changes_nothing(cast, medline, scopus) -> None:
    make(cast, medline)
    make(cast, scopus)
    find(cast)
    before = edges()
    job = find(cast)
    assert edges() == before
    assert job.result["merges"] == 0


def test_an_undone_merge_is_not_made_again(cast, medline, scopus) -> None:
    make(cast, medline)
    make(cast, scopus)
    find(cast)
    duplicates.undo_merge(
        actor=cast.ada, merge_code=Duplicate.objects.get().code, now=NOW
    )
    assert edges() == set()
    find(cast)
    assert edges() == set()
    assert not PossibleDuplicate.objects.filter(answer="open").exists()


def test_undoing_separates_exactly_the_records_behind_the_edge(cast, medline) -> None:
    a, b, c, d = (make(cast, medline) for _ in range(4))
    for record, of in ((b, a), (d, c), (c, a)):
        Duplicate.objects.create(
            review=cast.review, record=record, of=of, how="person",
            created_at=NOW, created_by=cast.lena,
        )  # fmt: skip
    edge = Duplicate.objects.get(record=c)
    duplicates.undo_merge(actor=cast.lena, merge_code=edge.code, now=NOW)
    assert edges() == {(b.pk, a.pk), (d.pk, c.pk)}


def test_undoing_twice_changes_nothing(cast, medline, scopus) -> None:
    make(cast, medline)
    make(cast, scopus)
    find(cast)
    edge = Duplicate.objects.get()
    duplicates.undo_merge(actor=cast.ada, merge_code=edge.code, now=NOW)
    duplicates.undo_merge(
        actor=cast.ben, merge_code=edge.code, now=NOW + timedelta(days=1)
    )
    edge.refresh_from_db()
    assert edge.undone_by == cast.ada
    assert Event.objects.filter(kind="duplicate:undone").count() == 1


def test_undone_merge_can_be_reopened_and_made_manually(cast, medline, scopus) -> None:
    make(cast, medline)
    make(cast, scopus)
    find(cast)
    duplicates.undo_merge(
        actor=cast.ada, merge_code=Duplicate.objects.get().code, now=NOW
    )
    pair = PossibleDuplicate.objects.get()
    assert pair.answer == "different"
    duplicates.reopen_pair(actor=cast.ada, pair_code=pair.code, now=NOW)
    find(cast)
    assert edges() == set(), "the program must wait for the person who asked again"
    duplicates.decide_pair(actor=cast.ada, pair_code=pair.code, answer="same", now=NOW)
    assert len(edges()) == 1


def test_same_merges_and_different_keeps_records_separate(cast, medline) -> None:
    a, b, c = factories.make_records(cast.lena, 3, medline)
    duplicates.decide_pair(
        actor=cast.ada, pair_code=pair_of(cast, a, b).code, answer="same", now=NOW
    )
    duplicates.decide_pair(
        actor=cast.ada, pair_code=pair_of(cast, b, c).code, answer="different", now=NOW
    )
    assert edges() == {(b.pk, a.pk)}
    assert Duplicate.objects.get().how == "person"


def test_first_of_two_decisions_on_a_pair_counts(cast, medline) -> None:
    a, b = factories.make_records(cast.lena, 2, medline)
    pair = pair_of(cast, a, b)
    duplicates.decide_pair(
        actor=cast.ada, pair_code=pair.code, answer="different", now=NOW
    )
    duplicates.decide_pair(
        actor=cast.ben, pair_code=pair.code, answer="different", now=NOW
    )
    with pytest.raises(Refused, match="has already decided"):
        duplicates.decide_pair(
            actor=cast.ben, pair_code=pair.code, answer="same", now=NOW
        )
    pair.refresh_from_db()
    assert (pair.answer, pair.answered_by) == ("different", cast.ada)


def test_same_is_refused_if_it_would_merge_different_records(cast, medline) -> None:
    a, b, c = factories.make_records(cast.lena, 3, medline)
    for left, right, word in ((a, b, "same"), (a, c, "different")):
        duplicates.decide_pair(
            actor=cast.ada,
            pair_code=pair_of(cast, left, right).code,
            answer=word,
            now=NOW,
        )
    pair = pair_of(cast, b, c)
    with pytest.raises(Refused, match="different"):
        duplicates.decide_pair(
            actor=cast.ben, pair_code=pair.code, answer="same", now=NOW
        )
    pair.refresh_from_db()
    assert pair.answer == "open"
    assert edges() == {(b.pk, a.pk)}


def test_decision_closes_pairs_of_the_same_clusters(cast, medline) -> None:
    a, b, c = factories.make_records(cast.lena, 3, medline)
    other = pair_of(cast, a, c)
    settled = pair_of(cast, b, c)
    duplicates.decide_pair(
        actor=cast.ada, pair_code=pair_of(cast, a, b).code, answer="same", now=NOW
    )
    duplicates.decide_pair(
        actor=cast.ada, pair_code=other.code, answer="different", now=NOW
    )
    settled.refresh_from_db()
    assert (settled.answer, settled.answered_by) == ("different", None)
    duplicates.reopen_pair(actor=cast.ben, pair_code=other.code, now=NOW)
    settled.refresh_from_db()
    assert settled.answer == "open"


def test_merged_pair_cannot_be_reopened(cast, medline) -> None:
    a, b = factories.make_records(cast.lena, 2, medline)
    pair = pair_of(cast, a, b)
    duplicates.decide_pair(actor=cast.ada, pair_code=pair.code, answer="same", now=NOW)
    with pytest.raises(Refused, match="Undo the merge"):
        duplicates.reopen_pair(actor=cast.ada, pair_code=pair.code, now=NOW)


def test_runs_keep_manual_decisions(cast, medline, scopus) -> None:
    a, b = make(cast, medline), make(cast, scopus)
    duplicates.decide_pair(
        actor=cast.ada, pair_code=pair_of(cast, a, b).code, answer="different", now=NOW
    )
    find(cast)
    assert edges() == set()


def test_queued_run_is_not_queued_twice(cast, medline) -> None:
    make(cast, medline)
    first = duplicates.request_full_run(actor=cast.lena, now=NOW)
    assert duplicates.request_full_run(actor=cast.ada, now=NOW).pk == first.pk
    jobs.run_claimed_job(first.pk)
    assert duplicates.request_full_run(actor=cast.ada, now=NOW).pk != first.pk


def test_observers_and_strangers_decide_nothing(cast, medline) -> None:
    a, b = factories.make_records(cast.lena, 2, medline)
    pair = pair_of(cast, a, b)
    with pytest.raises(NotAllowed):
        duplicates.decide_pair(
            actor=cast.olaf, pair_code=pair.code, answer="same", now=NOW
        )
    with pytest.raises(NotAllowed):
        duplicates.decide_pair(
            actor=cast.rex, pair_code=pair.code, answer="same", now=NOW
        )
    with pytest.raises(Missing):
        duplicates.decide_pair(
            actor=cast.eve, pair_code=pair.code, answer="same", now=NOW
        )
    assert edges() == set()


def test_hook_is_called_for_undone_merges_but_not_for_merges(
    cast, medline, scopus, monkeypatch
) -> None:
    heard = []
    providers = [lambda **arguments: heard.append(arguments)]
    monkeypatch.setattr(records_changed, "providers", providers)
    make(cast, medline)
    make(cast, scopus)
    find(cast)
    duplicates.undo_merge(
        actor=cast.ada, merge_code=Duplicate.objects.get().code, now=NOW
    )
    a, b = factories.make_records(cast.lena, 2, medline)
    duplicates.decide_pair(
        actor=cast.ada, pair_code=pair_of(cast, a, b).code, answer="same", now=NOW
    )
    assert len(heard) == 1, "the undone merge"
