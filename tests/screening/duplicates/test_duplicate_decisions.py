"""Groups of pairs, bulk decisions, undoing clusters and runs, and settings."""

from __future__ import annotations

import pytest

from reviewapp.core import jobs
from reviewapp.core.models import Event, Job
from reviewapp.core.refusals import NotAllowed, Refused
from screening.citations.deduplication.match_policy import MatchPolicy
from screening.duplicates.models import DedupSettings, PossibleDuplicate
from screening.duplicates.queries import dedup_settings as custom_queries
from screening.duplicates.queries import duplicates as queries
from screening.duplicates.queries import pair_groups, runs
from screening.duplicates.queries.matches import matches_for_viewer
from screening.duplicates.services import (
    bulk_decisions,
    dedup_settings,
    duplicates,
    merge_undo,
)
from screening.imports.services import entries
from screening.records.hooks import record_status
from screening.records.models import Duplicate, Record
from tests import factories
from tests.factories import NOW
from tests.screening.duplicates.test_duplicates_service import (
    edges,
    find,
    make,
    pair_of,
)
from tests.screening.imports.test_imports import imported, ris
from tests.screening.records.pages import text_of

FOR = ["the DOIs are the same"]


@pytest.fixture
def medline(cast):
    return factories.make_source(cast.lena, "Medline")


@pytest.fixture
def scopus(cast):
    return factories.make_source(cast.lena, "Scopus")


def doubtful(cast, a: Record, b: Record, score: float = 0.5, reasons=FOR):
    pair = pair_of(cast, a, b)
    pair.reasons_for, pair.score = list(reasons), score
    pair.save()
    return pair


def answer(cast, actor, pair, word) -> None:
    duplicates.decide_pair(actor=actor, pair_code=pair.code, answer=word, now=NOW)


def test_pairs_with_the_same_evidence_are_decided_together(cast, medline) -> None:
    records = factories.make_records(cast.lena, 8, medline)
    pairs = [doubtful(cast, *records[n : n + 2]) for n in (0, 2, 4)]
    other = doubtful(cast, *records[6:], reasons=["the pages are the same"])
    first, second = pair_groups.open_pair_groups(cast.ada)
    assert (first.n, second.n) == (3, 1)
    shown = pair_groups.pair_group_detail(cast.ada, first.key)
    assert shown is not None
    assert {pair.code for pair in shown.pairs} == {pair.code for pair in pairs}
    codes = [pair.code for pair in pairs[:2]]  # the third is left out
    found = bulk_decisions.decide_pairs(
        actor=cast.ada, codes=codes, answer="same", now=NOW
    )
    assert (found.done, found.left) == (2, ())
    assert len(edges()) == 2
    for pair in (pairs[2], other):
        pair.refresh_from_db()
        assert pair.answer == "open"
    event = Event.objects.get(kind="pairs:answered")
    assert event.data["n"] == 2


def test_undecidable_pairs_are_skipped_and_returned(cast, medline) -> None:
    a, b, c, d = factories.make_records(cast.lena, 4, medline)
    answer(cast, cast.ben, pair_of(cast, a, c), "different")
    ab, bc, cd = (
        doubtful(cast, a, b, 0.9),
        doubtful(cast, b, c, 0.8),
        doubtful(cast, c, d, 0.7),
    )
    answer(cast, cast.ben, cd, "different")
    found = bulk_decisions.decide_pairs(
        actor=cast.ada, codes=[ab.code, bc.code, cd.code], answer="same", now=NOW
    )
    assert found.done == 1
    assert len(found.left) == 2
    assert any("Ben has already decided" in why for _, why in found.left)
    assert edges() == {(b.pk, a.pk)}


def test_bulk_decision_needs_pairs_and_a_valid_decision(cast, medline) -> None:
    a, b = factories.make_records(cast.lena, 2, medline)
    pair = doubtful(cast, a, b)
    with pytest.raises(Refused):
        bulk_decisions.decide_pairs(actor=cast.ada, codes=[], answer="same", now=NOW)
    with pytest.raises(Refused):
        bulk_decisions.decide_pairs(
            actor=cast.ada, codes=[pair.code], answer="perhaps", now=NOW
        )
    pair.refresh_from_db()
    assert pair.answer == "open"
    with pytest.raises(NotAllowed):
        bulk_decisions.decide_pairs(
            actor=cast.olaf, codes=[pair.code], answer="same", now=NOW
        )


def test_a_pair_is_shown_with_its_whole_cluster(
    cast, medline, client_of, url, django_assert_max_num_queries
) -> None:
    a, b, c, d = factories.make_records(cast.lena, 4, medline)
    answer(cast, cast.ada, pair_of(cast, a, b), "same")
    asked = doubtful(cast, b, c, 0.9)
    link = doubtful(cast, a, d, 0.4)
    pair = queries.pair_detail(cast.ada, asked.code)
    assert pair is not None
    with django_assert_max_num_queries(5):
        around = pair_groups.pair_surroundings(cast.ada, pair)
    assert [copy.code for copy in around.first_copies] == [a.code]
    assert around.second_copies == ()
    assert [one.pair_code for one in around.links] == [link.code]
    page = text_of(client_of(cast.ada).get(url("duplicates:pair", asked)))
    assert "All records in this cluster" in page
    assert url("duplicates:pair", link) in page


def test_second_member_is_told_who_decided_first(cast, medline) -> None:
    a, b = factories.make_records(cast.lena, 2, medline)
    pair = pair_of(cast, a, b)
    answer(cast, cast.ada, pair, "different")
    with pytest.raises(
        Refused, match="Ada has already decided on this pair: Different"
    ):
        answer(cast, cast.ben, pair, "same")


@pytest.mark.parametrize("word", ["same", "different"])
def test_decided_pair_stays_decided_after_imports(cast, medline, scopus, word) -> None:
    title = "Peer workers: a study"
    a, b = (make(cast, source, doi="", title=title) for source in (medline, scopus))
    pair = doubtful(cast, a, b)
    answer(cast, cast.ada, pair, word)
    imported(cast.lena, factories.make_source(cast.lena, "New"), ris(3))
    find(cast)
    find(cast)
    pair.refresh_from_db()
    assert (pair.answer, pair.answered_by) == (word, cast.ada)
    assert not queries.count_open_pairs(cast.ada)
    assert len(edges()) == (word == "same")


def test_separated_cluster_stays_separate(cast, medline, scopus) -> None:
    records = [make(cast, source) for source in (medline, scopus, scopus)]
    find(cast)
    assert len(edges()) == 2
    n = merge_undo.undo_cluster(actor=cast.ada, record_code=records[2].code, now=NOW)
    assert n == 2
    assert (
        merge_undo.undo_cluster(actor=cast.ada, record_code=records[2].code, now=NOW)
        == 0
    )
    find(cast)
    assert edges() == set()
    assert not queries.count_open_pairs(cast.ada)
    assert Record.objects.unique().count() == 3
    assert len(queries.decided_pairs(cast.ada)) == 2


def test_run_is_undone_and_restored(cast, medline, scopus) -> None:
    for number in range(3):
        for source in (medline, scopus):
            make(cast, source, title=f"Work number {number} of peers", doi=f"10.1/{number}",
                 pages=f"{number}1-{number}9")  # fmt: skip
    by_person = factories.make_records(cast.lena, 2, medline)
    answer(cast, cast.ada, pair_of(cast, *by_person), "same")
    job = find(cast)
    before = edges()
    assert len(before) == 4
    assert runs.merging_runs(cast.ada)[0].standing == 3
    assert merge_undo.undo_run(actor=cast.ada, run_code=job.code, now=NOW) == 3
    assert merge_undo.undo_run(actor=cast.ada, run_code=job.code, now=NOW) == 0
    assert edges() == {(by_person[1].pk, by_person[0].pk)}
    find(cast)
    assert len(edges()) == 1, "the program makes none of them again"
    assert merge_undo.restore_run(actor=cast.ada, run_code=job.code, now=NOW) == 3
    assert merge_undo.restore_run(actor=cast.ada, run_code=job.code, now=NOW) == 0
    assert edges() == before
    kinds = Event.objects.filter(kind__startswith="duplicates:run_")
    assert list(kinds.order_by("pk").values_list("kind", flat=True)) == [
        "duplicates:run_undone",
        "duplicates:run_restored",
    ]


def test_pairs_closed_by_a_run_reopen_when_it_is_undone(cast, medline, scopus) -> None:
    a, b = make(cast, medline), make(cast, scopus)
    pair = doubtful(cast, a, b)
    job = find(cast)
    pair.refresh_from_db()
    assert pair.answer == "same"
    merge_undo.undo_run(actor=cast.ada, run_code=job.code, now=NOW)
    pair.refresh_from_db()
    assert pair.answer == "open"


def test_manually_undone_merge_stays_undone_when_its_run_is_restored(
    cast, medline, scopus
) -> None:
    make(cast, medline)
    make(cast, scopus)
    job = find(cast)
    duplicates.undo_merge(
        actor=cast.ada, merge_code=Duplicate.objects.get().code, now=NOW
    )
    assert merge_undo.undo_run(actor=cast.ben, run_code=job.code, now=NOW) == 0
    assert merge_undo.restore_run(actor=cast.ben, run_code=job.code, now=NOW) == 0
    assert edges() == set()


def test_runs_of_other_reviews_and_other_jobs_are_refused(cast, medline) -> None:
    make(cast, medline)
    job = duplicates.request_full_run(actor=cast.lena, now=NOW)
    with pytest.raises(Refused, match="not finished"):
        merge_undo.undo_run(actor=cast.lena, run_code=job.code, now=NOW)
    jobs.run_claimed_job(job.pk)
    job.refresh_from_db()
    with pytest.raises(Refused, match="not a deduplication run"):
        merge_undo.undo_run(actor=cast.eve, run_code=job.code, now=NOW)
    with pytest.raises(NotAllowed):
        merge_undo.undo_run(actor=cast.olaf, run_code=job.code, now=NOW)


def test_settings_are_visible_to_all_and_changed_by_leads(
    cast, client_of, url, medline
) -> None:
    usual = custom_queries.get_settings(cast.review)
    assert usual == MatchPolicy()
    page = text_of(client_of(cast.olaf).get(url("duplicates:settings")))
    assert "Related: screened separately" in page
    sent = {
        "cochrane_updates": "related",
        "preprints": "duplicate",
        "congress_abstracts": "related",
    }
    assert (
        client_of(cast.lena).post(url("duplicates:settings"), sent).status_code == 403
    )
    client_of(cast.dora).post(url("duplicates:settings"), sent)
    assert custom_queries.get_settings(cast.review) == MatchPolicy(**sent)
    client_of(cast.dora).post(url("duplicates:settings"), sent)
    assert Event.objects.filter(kind="duplicates:customs_set").count() == 1
    assert DedupSettings.objects.count() == 1
    sent["preprints"] = "perhaps"
    assert (
        client_of(cast.dora).post(url("duplicates:settings"), sent).status_code == 422
    )
    with pytest.raises(NotAllowed):
        dedup_settings.save_settings(actor=cast.ada, policy=MatchPolicy(), now=NOW)


def test_runs_follow_the_settings(cast, medline, scopus, monkeypatch) -> None:
    from screening.duplicates.services import comparing

    asked = []
    real = comparing.Matcher

    def spy(policy):
        asked.append(policy)
        return real(policy)

    monkeypatch.setattr(comparing, "Matcher", spy)
    policy = MatchPolicy(preprints="duplicate")
    dedup_settings.save_settings(actor=cast.dora, policy=policy, now=NOW)
    make(cast, medline)
    find(cast)
    assert asked == [policy]


def test_matches_show_the_screening_status(
    cast, medline, client_of, url, monkeypatch
) -> None:
    from screening.citations.citation import Citation

    record = make(cast, medline)
    told = {record.pk: "excluded at Title and abstract (2 January 2026)"}
    monkeypatch.setattr(record_status, "providers", [lambda viewer, pks: told])
    citation = Citation(title=record.title, authors=tuple(record.authors),
                        year=2018, doi=record.doi)  # fmt: skip
    found = matches_for_viewer(cast.lena, citation)
    assert found[0].status == told[record.pk]
    entries.add_record(
        actor=cast.lena, source_code=medline.code, citation=citation, now=NOW
    )
    merges = text_of(client_of(cast.ada).get(url("duplicates:merges")))
    assert "already screened: excluded at Title and abstract" in merges


def test_pages_of_groups_and_runs_work(cast, medline, scopus, client_of, url) -> None:
    a, b, c, d = factories.make_records(cast.lena, 4, medline)
    pairs = [doubtful(cast, a, b), doubtful(cast, c, d)]
    make(cast, medline)
    make(cast, scopus)
    job = find(cast)
    ada = client_of(cast.ada)
    key = pair_groups.open_pair_groups(cast.ada)[0].key
    page = text_of(ada.get(url("duplicates:pair_groups")))
    assert "The DOIs are the same" in page
    page = text_of(ada.get(url("duplicates:pair_group", key)))
    assert page.count('name="pair"') == 2
    sent = {"pair": [pairs[0].code], "answer": "same"}
    assert ada.post(url("duplicates:pair_group", key), sent).url == url(
        "duplicates:pair_groups"
    )
    assert PossibleDuplicate.objects.filter(answer="open").count() == 1
    assert "Undo 1 merge" in text_of(ada.get(url("duplicates:run_undo", job)))
    ada.post(url("duplicates:run_undo", job))
    assert "Restore<" in text_of(ada.get(url("duplicates:runs")))
    ada.post(url("duplicates:run_restore", job))
    assert runs.merging_runs(cast.ada)[0].standing == 1
    copy = Duplicate.objects.get(job=job).record
    assert "Separate all duplicates?" in text_of(
        ada.get(url("duplicates:cluster_undo", copy))
    )
    ada.post(url("duplicates:cluster_undo", copy))
    assert Duplicate.objects.get(job=job).undone_at is not None
    olaf = client_of(cast.olaf)
    for name, thing in (
        ("duplicates:run_undo", job),
        ("duplicates:cluster_undo", copy),
        ("duplicates:pair_group", key),
    ):
        assert olaf.post(url(name, thing), sent).status_code == 403
    assert Job.objects.filter(kind="records.duplicates").count() == 1
