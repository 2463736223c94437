from __future__ import annotations

import io
import json
from collections import Counter
from typing import Any

import pytest

from reviewapp.demo.charts import planned_charts, second_chart
from reviewapp.demo.exports import all_exports
from reviewapp.demo.generator import all_works, database_works
from reviewapp.demo.plan import (
    PlannedVerdict,
    find_key,
    full_text_vote_of_a,
    full_text_vote_of_b,
    key_of_duplicates,
    planned_flow,
    planned_status,
    vote_of_a,
    vote_of_b,
    works_by_key,
)
from reviewapp.demo.seeded_random import SeededRandom
from reviewapp.demo.work import ExclusionReason, FoundBy
from screening.citations.reading.file_reading import read_file
from tests.paths import DATA


@pytest.fixture(scope="module")
def numbers() -> dict[str, Any]:
    return dict(json.loads((DATA / "demo/numbers.json").read_text("utf-8")))


def test_the_planned_flow_is_the_published_one(numbers: dict[str, Any]) -> None:
    plan, printed = planned_flow(), numbers["selection"]
    assert plan.screened == printed["records_screened_title_abstract"]
    assert plan.full_text_all == printed["assessed_full_text"]
    assert sum(plan.excluded_at_full_text.values()) == printed["excluded_full_text"]
    assert plan.included == printed["studies_included"]
    others = {way.value: n for way, n in plan.included_other.items()}
    assert others == printed["other_methods_included"]


def test_the_identities_of_both_arms_hold() -> None:
    plan = planned_flow()
    passed = plan.screened - plan.excluded_at_title_abstract
    excluded = sum(plan.excluded_at_full_text.values())
    assert passed == plan.full_text_databases == 434
    assert plan.full_text_databases == excluded + plan.included_databases
    assert plan.full_text_all - plan.full_text_databases == 11


def test_all_nine_reasons_are_used_as_the_numbers_word_them(
    numbers: dict[str, Any],
) -> None:
    assert [r.value for r in ExclusionReason] == numbers[
        "full_text_exclusion_reasons_named"
    ]
    assert all(
        planned_flow().excluded_at_full_text[reason] > 0 for reason in ExclusionReason
    )


def test_where_one_reads_alone_the_vote_is_the_planned_outcome() -> None:
    for work in database_works():
        verdict = vote_of_a(work.key, double=False).verdict
        assert (verdict is PlannedVerdict.INCLUDE) == work.planned.passes
        assert verdict is not PlannedVerdict.UNSURE


def test_two_readers_never_agree_on_anything_but_the_plan() -> None:
    for work in database_works():
        a, b = vote_of_a(work.key, double=True), vote_of_b(work.key)
        if a.verdict == b.verdict:
            assert a == vote_of_a(work.key, double=False)


def kappa(pairs: list[tuple[str, str]]) -> float:
    """Return Cohen's kappa of two reviewers, written out to check the plan."""
    total = len(pairs)
    agreed = sum(a == b for a, b in pairs) / total
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    by_chance = sum(left[v] * right[v] for v in left) / total**2
    return (agreed - by_chance) / (1 - by_chance)


def test_agreement_over_a_random_fifth_is_good_but_not_perfect() -> None:
    keys = [w.key for w in database_works()]
    for seed in range(5):
        fifth = SeededRandom.named("test", seed).some(keys, len(keys) // 5)
        pairs = [(vote_of_a(k, double=True).verdict.value, vote_of_b(k).verdict.value) for k in fifth]  # fmt: skip
        assert 0.70 < kappa(pairs) < 0.92
        assert 10 < sum(a != b for a, b in pairs) < 80


def test_full_text_votes_carry_a_reason_exactly_when_they_exclude() -> None:
    read = [w.key for w in all_works() if w.planned.passes]
    pairs = [(full_text_vote_of_a(k, double=True), full_text_vote_of_b(k)) for k in read]  # fmt: skip
    for a, b in pairs:
        assert bool(a.reason) == (a.verdict is PlannedVerdict.EXCLUDE)
        assert bool(b.reason) == (b.verdict is PlannedVerdict.EXCLUDE)
    assert 0.6 < kappa([(a.verdict.value, b.verdict.value) for a, b in pairs]) < 0.95
    assert any(a.verdict == b.verdict and a.reason != b.reason for a, b in pairs)


def test_a_single_reader_at_full_text_gives_the_planned_reason() -> None:
    for work in all_works():
        if work.planned.passes:
            assert full_text_vote_of_a(work.key, double=False).reason is work.planned.reason  # fmt: skip


def test_no_full_text_is_read_of_what_was_excluded_before() -> None:
    early = next(w for w in all_works() if not w.planned.passes)
    with pytest.raises(ValueError, match="excluded at title/abstract"):
        full_text_vote_of_b(early.key)


def test_other_methods_are_included_by_both_readers() -> None:
    for work in all_works():
        if work.planned.way:
            assert (
                full_text_vote_of_a(work.key, double=True).verdict
                is PlannedVerdict.INCLUDE
            )
            assert full_text_vote_of_b(work.key).verdict is PlannedVerdict.INCLUDE


def test_keys_are_found_by_doi_by_title_and_by_the_beginning_of_a_title() -> None:
    work = database_works()[5000]
    assert work.doi
    assert find_key(work.doi.upper(), "") == work.key
    assert find_key(None, work.title.upper() + ".") == work.key
    assert find_key("", work.title.replace(": ", " : ", 1)) == work.key
    assert find_key("", work.title[:85] + " …") == work.key
    assert find_key(None, "A title of another review") is None
    assert key_of_duplicates([(None, "?"), (work.doi, "")]) == work.key


def test_every_key_has_a_fate_and_unknown_keys_have_none() -> None:
    assert sum(planned_status(key).passes for key in works_by_key()) == 445
    with pytest.raises(KeyError):
        planned_status("doi:10.5555/none")


def test_every_record_that_the_importer_reads_leads_to_its_key() -> None:
    for export in all_exports():
        reading = read_file(io.BytesIO(export.content), name=export.filename)
        keys = [find_key(record.doi, record.title) for record in reading]
        assert keys == [all_works()[n].key for n in export.works]
        assert not reading.skipped


def test_every_exported_work_is_planned() -> None:
    planned = {w.number for w in works_by_key().values() if w.planned.way is None}
    assert planned == {n for e in all_exports() for n in e.works}


def test_charts_meet_the_published_findings_where_these_agree_with_themselves(
    numbers: dict[str, Any],
) -> None:
    printed, made = numbers["findings_as_printed"], list(planned_charts().values())
    assert len(made) == 172
    assert sum(c.year >= 2017 for c in made) == printed["published_last_five_years"]["n"]  # fmt: skip
    settings = Counter(c.multidisciplinary for c in made)
    assert settings["environment"] == printed["multidisciplinary"]["environment"]
    assert settings["team"] == printed["multidisciplinary"]["team"]
    assert sum(c.boundary_spanner for c in made) == printed["boundary_spanner"][0]
    assert sum(c.groups for c in made) == printed["groups_of_actors"]
    roles = Counter(c.role for c in made)
    assert {k: v for k, (v, _) in printed["role"].items()} == dict(roles)
    focuses = sorted(Counter(c.focus for c in made).values())
    assert focuses == sorted(printed["research_focus"].values())
    crossed = Counter(c.role for c in made if c.focus == "outcomes")
    assert sorted(crossed.values()) == sorted(printed["role_by_outcome_focus"].values())


def test_charts_are_consistent_in_themselves() -> None:
    for key, chart in planned_charts().items():
        creates = chart.role == "partner in co-creation"
        assert (chart.approach == "co-creation") == creates
        assert "co-delivery" in chart.involvement
        assert ("co-design" in chart.involvement) == creates
        assert not (chart.quotation and not works_by_key()[key].invented)
    contexts = Counter(c.context for c in planned_charts().values())
    assert contexts["veterans' health care"] == 13
    assert contexts["forensic"] == 8
    assert contexts["perinatal substance use"] == 2


def test_the_six_studies_of_co_creation_are_those_the_paper_names() -> None:
    names = {c.authors.split(" ")[0] for c in planned_charts().values() if c.approach == "co-creation"}  # fmt: skip
    assert names == {"Nelson", "Tookey", "Chisholm", "Jones", "Aminawung", "Myers"}


def test_the_second_charter_differs_here_and_there() -> None:
    differ = sum(second_chart(key) != chart for key, chart in planned_charts().items())
    assert 20 < differ < 90


def test_ways_are_charted_like_the_rest() -> None:
    keys = {w.key for w in all_works() if w.planned.way in set(FoundBy)}
    assert keys <= set(planned_charts())
