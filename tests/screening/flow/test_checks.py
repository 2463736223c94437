"""Each consistency check can fail: a planted fault that no service would make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest

from screening.decisions.models import Decision
from screening.decisions.services import closing, policies, stages
from screening.flow.queries import flow, report
from screening.flow.rules.diagram import flow_as_svg
from screening.flow.rules.report import report_as_text
from screening.records.models import Record
from screening.reports.models import NotSought, Report, Study
from screening.reports.services import retrieval
from tests.conftest import Cast
from tests.screening.flow.histories import NOW, begin, duplicate, read_all


def failing(cast: Cast) -> set[str]:
    found = flow.build_flow(cast.review)
    assert found.is_final == (not found.failed)
    return {identity.code for identity in found.failed}


def add_report(cast: Cast, record: Record) -> None:
    study = Study.objects.create(review=cast.review, label="Planted", created_at=NOW)
    Report.objects.create(
        review=cast.review, record=record, study=study, created_at=NOW
    )


def a_report_for_an_excluded_record(cast: Cast, records: Sequence[Record]) -> None:
    add_report(cast, records[5])


def two_records_that_repeat_each_other(cast: Cast, records: Sequence[Record]) -> None:
    duplicate(cast.lena, records[5], records[6])
    duplicate(cast.lena, records[6], records[5])


def three_records_in_a_loop(cast: Cast, records: Sequence[Record]) -> None:
    for one, other in ((5, 6), (6, 7), (7, 5)):
        duplicate(cast.lena, records[one], records[other])


def a_decision_on_a_report_that_was_not_retrieved(
    cast: Cast, records: Sequence[Record]
) -> None:
    Report.objects.filter(decisions__verdict=Decision.Verdict.EXCLUDE).update(
        retrieval=Report.Retrieval.NOT_RETRIEVED,
        not_retrieved_reason="Lost",
        retrieval_at=NOW,
    )


def a_report_for_a_record_that_is_not_sought(
    cast: Cast, records: Sequence[Record]
) -> None:
    assert NotSought.objects.filter(record=records[13]).exists()
    add_report(cast, records[13])


FAULTS: list[tuple[Callable[[Cast, Sequence[Record]], None], set[str]]] = [
    (a_report_for_an_excluded_record, {"I3b", "I5b"}),
    (two_records_that_repeat_each_other, {"I2b"}),
    (three_records_in_a_loop, {"I2b"}),
    (a_decision_on_a_report_that_was_not_retrieved, {"I6c"}),
    (a_report_for_a_record_that_is_not_sought, {"I7f"}),
]


@pytest.mark.parametrize(
    ("plant", "codes"), FAULTS, ids=lambda x: getattr(x, "__name__", "")
)
def test_a_planted_fault_is_found(
    finished: Cast,
    records: Sequence[Record],
    plant: Callable[[Cast, Sequence[Record]], None],
    codes: set[str],
) -> None:
    assert failing(finished) == set()
    plant(finished, records)
    found = {identity.code for identity in flow.build_flow(finished.review).failed}
    assert codes <= found
    text = report_as_text(report.build_report(finished.olaf, now=NOW))
    assert "failed check" in text
    assert "DRAFT" in flow_as_svg(flow.build_flow(finished.review))


def test_a_cluster_of_several_levels_is_no_fault(
    finished: Cast, records: Sequence[Record]
) -> None:
    duplicate(finished.lena, records[7], records[6])
    duplicate(finished.lena, records[6], records[5])
    assert failing(finished) == set()


def test_the_flow_is_not_final_while_a_stage_is_under_way(
    cast: Cast, records: Sequence[Record]
) -> None:
    """Everything is decided and nothing is pending, but the stage is not closed."""
    for record in records[12:14]:
        retrieval.do_not_retrieve(
            actor=cast.lena, record_code=record.code, reason="A book", now=NOW
        )
    first, _ = stages.create_default_stages(
        review=cast.review, actor=cast.dora, now=NOW
    )
    two = [(Decimal(100), [cast.ada]), (Decimal(100), [cast.ben])]
    policies.set_policy(
        actor=cast.dora, stage_code=first.code, mode="fixed", lines=two, seed=1, now=NOW
    )
    stages.start_stage(actor=cast.dora, stage_code=first.code, now=NOW)
    for member in (cast.ada, cast.ben):
        read_all(first, member, lambda title: False)
    found = flow.build_flow(cast.review)
    assert (found.pending, found.failed) == ((), ())
    assert not found.is_final
    closing.close_wave(actor=cast.dora, stage_code=first.code, now=NOW)
    assert flow.build_flow(cast.review).is_final


def test_lists_of_pending_boxes_name_the_column(
    cast: Cast, records: Sequence[Record]
) -> None:
    first, _ = stages.create_default_stages(
        review=cast.review, actor=cast.dora, now=NOW
    )
    begin(first, cast)
    for record in (records[0], records[12]):
        add_report(cast, record)
    found = flow.build_flow(cast.review)
    labels = [box.kind.full_label for box in found.pending]
    assert len(labels) == len(set(labels))
    text = " ".join(report_as_text(report.build_report(cast.olaf, now=NOW)).split())
    assert "Reports awaiting retrieval: 1; " in text
    assert "Reports awaiting retrieval (other methods): 1; " in text
    assert "Stages under way (n = 1)" in text
    svg = flow_as_svg(found)
    assert "Reports awaiting retrieval (other" in svg


def test_the_flow_page_leaves_out_the_check_that_it_cannot_make(
    finished: Cast, records: Sequence[Record]
) -> None:
    two_records_that_repeat_each_other(finished, records)
    listed, stored = flow.build_flow(finished.review), flow.stored_flow(finished.review)
    assert {one.code for one in listed.identities} - {
        one.code for one in stored.identities
    } == {"I2b"}
    assert any("I2b" in line for line in flow.flow_integrity(finished.review))
