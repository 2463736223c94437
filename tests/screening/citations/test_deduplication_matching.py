from __future__ import annotations

import gc
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.citations.deduplication.cleaning import clean_reference
from screening.citations.deduplication.clustering import find_duplicates, match_new
from screening.citations.deduplication.gc_pause import gc_paused
from screening.citations.deduplication.matching import CONTRADICTED, judge_pair
from screening.citations.deduplication.reference import RecordId, Reference
from screening.duplicates.rules.text_diff import diff_words

ABSTRACT = (
    "We interviewed peer workers and clinicians in four community mental health "
    "services about the co-production of care, and analysed the accounts by theme."
)
ARTICLE = Reference(
    id="a",
    title="Peer workers in the co-production of community mental health care",
    authors=("Larsson, Anna", "Berg, Olof", "Nilsson, Eva"),
    year=2016,
    journal="Journal of Community Mental Health",
    volume="12",
    issue="3",
    pages="230-241",
    doi="10.5555/jcmh.2016.12",
    abstract=ABSTRACT,
)


def answer(**other: object) -> str:
    return judge_pair(
        clean_reference(ARTICLE), clean_reference(replace(ARTICLE, id="b", **other))
    ).answer  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"title": "PEER WORKERS IN THE CO-PRODUCTION OF COMMUNITY MENTAL HEALTH CARE."},
        {"journal": "J. Community Ment. Health", "doi": "", "pages": "230-41"},
        {
            "doi": "",
            "abstract": "",
            "authors": ("Larsson, A.", "Berg, O.", "Nilsson, E."),
        },
        {"pages": "", "volume": "", "issue": "", "doi": "", "year": 2016},
        {"authors": "Larsson A.Berg O.Nilsson E.", "doi": "", "issue": ""},
        {"authors": ("Larsson, A",), "abstract": ""},
        {"year": 2015, "issue": "", "pages": "", "volume": ""},
        {"title": "[Trabajadores pares en la coproducción de la atención comunitaria]"},
        {"title": "Peer workers in the coproduction of community mental-health care"},
    ],
)
def test_realistic_duplicates_are_the_same(other: dict[str, object]) -> None:
    assert answer(**other) == "same"


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Peer workers in the co-production of forensic mental health care",
         "pages": "301-312", "doi": "10.5555/jcmh.2016.19", "abstract": ""},
        {"title": "Peer workers in the co-production of primary health care",
         "pages": "12-20", "doi": "", "volume": "13", "year": 2017},
        {"title": "Correction to: " + ARTICLE.title, "pages": "400",
         "doi": "10.5555/jcmh.2016.99", "abstract": ""},
        {"title": "Reply to the authors", "pages": "242", "doi": "", "abstract": ""},
        {"title": ARTICLE.title + ". Part II", "pages": "242-250", "doi": ""},
        {"volume": "12 Suppl 1", "issue": "", "pages": "S14", "doi": "", "abstract": ""},
        {"journal": "Nordic Psychiatry", "volume": "70", "pages": "1-9", "doi": ""},
        {"year": 2013, "volume": "9", "pages": "", "doi": "", "issue": ""},
        {"pmid": "2", "title": ARTICLE.title + " in Norway", "pages": "", "doi": "", "abstract": ""},
    ],
)  # fmt: skip
def test_different_works_are_never_merged(other: dict[str, object]) -> None:
    assert answer(**other) != "same"


def test_parts_of_a_series_are_different() -> None:
    one = replace(ARTICLE, title="Peer work in care. Part I", doi="", pages="1-9")
    two = replace(one, id="b", title="Peer work in care. Part II", pages="10-19")
    assert judge_pair(clean_reference(one), clean_reference(two)).answer == "different"


def test_editorials_of_one_editor_are_different() -> None:
    one = Reference(
        id=1, title="Editor's comments", authors="Lee, A.", year=2000,
        journal="MIS Quarterly", volume="24", issue="1",
    )  # fmt: skip
    assert (
        judge_pair(
            clean_reference(one), clean_reference(replace(one, id=2, issue="2"))
        ).answer
        == "different"
    )


def test_an_update_of_a_cochrane_review_is_the_same() -> None:
    one = Reference(
        id=1, title="Surfactant for preterm infants", authors="Soll, R.", year=2001,
        journal="Cochrane Database Syst Rev", issue="2", pages="CD000144",
        doi="10.1002/14651858.CD000144",
    )  # fmt: skip
    newer = replace(one, id=2, year=2009, issue="1", doi=one.doi + ".pub2")
    other = replace(newer, pages="CD000145", doi="10.1002/14651858.CD000145")
    assert judge_pair(clean_reference(one), clean_reference(newer)).answer == "same"
    assert (
        judge_pair(clean_reference(one), clean_reference(other)).answer == "different"
    )


def test_a_judgement_has_its_reasons_with_the_strongest_first() -> None:
    found = judge_pair(
        clean_reference(ARTICLE),
        clean_reference(replace(ARTICLE, id="b", volume="13", doi="")),
    )
    assert found.reasons_for[0] == "the titles are identical"
    assert "the volumes differ" in found.reasons_against


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_the_order_of_two_references_does_not_matter(data: st.DataObject) -> None:
    a, b = data.draw(REFERENCES), data.draw(REFERENCES)
    one, two = clean_reference(replace(a, id=1)), clean_reference(replace(b, id=2))
    assert judge_pair(one, two) == judge_pair(two, one)


TITLES = st.sampled_from(
    [
        ARTICLE.title,
        ARTICLE.title.upper(),
        ARTICLE.title + ": a qualitative study",
        "Peer workers in the co-production of forensic mental health care",
        "Editorial",
        "",
    ]
)
REFERENCES = st.builds(
    Reference,
    id=st.just(0),
    title=TITLES,
    authors=st.sampled_from([("Larsson, Anna", "Berg, O"), "Larsson A.Berg O.", ()]),
    year=st.sampled_from([2015, 2016, None]),
    journal=st.sampled_from(["J Community Ment Health", ARTICLE.journal, "Gut", ""]),
    volume=st.sampled_from(["12", "13", ""]),
    issue=st.sampled_from(["3", "Suppl 1", ""]),
    pages=st.sampled_from(["230-41", "230-241", "12-19", "e123", ""]),
    doi=st.sampled_from(["10.5555/jcmh.2016.12", "10.5555/other", ""]),
    abstract=st.sampled_from([ABSTRACT, ""]),
    priority=st.integers(0, 2),
)


@st.composite
def reviews(draw: st.DrawFn) -> list[Reference]:
    drawn = draw(st.lists(REFERENCES, min_size=2, max_size=12))
    return [replace(reference, id=number) for number, reference in enumerate(drawn)]


@given(reviews(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_result_does_not_depend_on_the_order_of_input(
    references: list[Reference], random: object
) -> None:
    shuffled = list(references)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert find_duplicates(shuffled) == find_duplicates(references)


def pairs_of(clusters: list[tuple[RecordId, ...]]) -> list[tuple[RecordId, RecordId]]:
    return [(c[0], other) for c in clusters for other in c[1:]]


@given(reviews())
@settings(max_examples=60, deadline=None)
def test_a_second_run_with_the_known_merges_changes_nothing(
    references: list[Reference],
) -> None:
    first = find_duplicates(references)
    again = find_duplicates(references, known_same=pairs_of(first.clusters))
    assert again.clusters == first.clusters
    kept = {c[0] for c in first.clusters} | {r.id for r in references} - {
        identity for c in first.clusters for identity in c
    }
    survivors = [r for r in references if r.id in kept]
    rest = find_duplicates(survivors)
    merged_once = {m.record for m in first.merges}
    assert not merged_once & {m.record for m in rest.merges}


@given(
    reviews(), st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=6)
)
@settings(max_examples=60, deadline=None)
def test_pairs_marked_as_different_are_never_merged_or_asked(
    references: list[Reference], told: set[tuple[int, int]]
) -> None:
    found = find_duplicates(references, known_different=told)
    for a, b in told:
        if a != b:
            assert not any(a in c and b in c for c in found.clusters)
            assert not any({q.a, q.b} == {a, b} for q in found.questions)


@given(reviews())
@settings(max_examples=60, deadline=None)
def test_no_cluster_contains_a_contradiction(references: list[Reference]) -> None:
    by_id = {reference.id: clean_reference(reference) for reference in references}
    for cluster in find_duplicates(references).clusters:
        for a in cluster:
            for b in cluster:
                assert a == b or judge_pair(by_id[a], by_id[b]).score >= CONTRADICTED


@given(reviews())
@settings(max_examples=60, deadline=None)
def test_the_kept_record_has_the_lowest_priority_of_its_cluster(
    references: list[Reference],
) -> None:
    priority = {reference.id: reference.priority for reference in references}
    for cluster in find_duplicates(references).clusters:
        assert priority[cluster[0]] == min(priority[identity] for identity in cluster)


def test_at_equal_priority_the_fuller_record_is_kept_then_the_lower_id() -> None:
    bare = replace(ARTICLE, id=1, doi="", abstract="")
    full, twin = replace(ARTICLE, id=2), replace(ARTICLE, id=3)
    assert find_duplicates([twin, bare, full]).clusters == [(2, 3, 1)]


@given(reviews())
@settings(max_examples=40, deadline=None)
def test_new_records_are_compared_with_existing_ones_as_if_all_were_new(
    references: list[Reference],
) -> None:
    half = len(references) // 2
    old, new = references[:half], references[half:]
    before = find_duplicates(old)
    found = match_new(
        [clean_reference(r) for r in new], old, known_same=pairs_of(before.clusters)
    )
    whole = find_duplicates(references)
    new_ids = {r.id for r in new}
    for question in found.questions:
        assert {question.a, question.b} & new_ids
    # Earlier merges stay: only a record of such a cluster can be kept from a later
    # duplicate.
    settled = {identity for cluster in before.clusters for identity in cluster}
    for merge in whole.merges:
        alone = next(c for c in whole.clusters if merge.record in c)
        if len(alone) == 2 and not settled & {*alone}:
            assert any({*alone} & {*c} for c in found.clusters)


def test_manual_decisions_override_the_score() -> None:
    other = replace(ARTICLE, id="b")
    stranger = Reference(id="c", title="Soil moisture in boreal forests", year=1999)
    found = find_duplicates(
        [ARTICLE, other, stranger],
        known_same=[("a", "c")],
        known_different=[("a", "b")],
    )
    assert found.clusters == [("a", "c")]
    assert found.merges[0].reasons == ("they were already known to be duplicates",)


def test_a_repeated_id_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        find_duplicates([ARTICLE, ARTICLE])


def test_progress_ends_at_the_total() -> None:
    calls: list[tuple[int, int]] = []
    find_duplicates(
        [ARTICLE, replace(ARTICLE, id="b")],
        progress=lambda done, total: calls.append((done, total)),
    )
    assert calls[-1] == (1, 1)


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_word_diff_rebuilds_both_texts(a: str, b: str) -> None:
    found = diff_words(a, b)
    assert "".join("".join(t for s, t in found if s != "only_b").split()) == "".join(
        a.split()
    )
    assert all(text for _, text in found)


def test_a_word_diff_marks_the_swapped_word() -> None:
    assert diff_words("care in Oslo today", "Care in Bergen today") == [
        ("same", "care in "),
        ("only_a", "Oslo "),
        ("only_b", "Bergen "),
        ("same", "today"),
    ]


def test_editorials_on_the_same_pages_of_two_issues_are_different() -> None:
    one = Reference(
        id=1, title="Editorial", authors="Galliers, Bob and Jarvenpaa, S.", year=2001,
        journal="The Journal of Strategic Information Systems", volume="10",
        issue="2", pages="iii--iv",
    )  # fmt: skip
    assert (
        judge_pair(
            clean_reference(one), clean_reference(replace(one, id=2, issue="3"))
        ).answer
        == "different"
    )
    assert (
        judge_pair(clean_reference(one), clean_reference(replace(one, id=2))).answer
        == "same"
    )


@pytest.mark.parametrize("was_on", [True, False])
def test_the_garbage_collector_is_restored_afterwards(was_on: bool) -> None:
    (gc.enable if was_on else gc.disable)()
    try:
        with suppress(ValueError), gc_paused():
            assert not gc.isenabled()
            raise ValueError
        assert gc.isenabled() == was_on
    finally:
        gc.enable()
