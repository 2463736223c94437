"""A finished review."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from screening.decisions.services import closing, stages
from screening.records.models import Record
from screening.reports.models import Report
from screening.reports.services import retrieval
from tests import factories
from tests.conftest import Cast
from tests.screening.flow.histories import NOW, begin, duplicate, read_all


@pytest.fixture
def records(cast: Cast) -> Sequence[Record]:
    """Ten from Medline (one a duplicate), two from a register, three by hand."""
    medline = factories.make_source(cast.lena, "Medline")
    register = factories.make_source(cast.lena, "CENTRAL", kind="register")
    by_hand = factories.make_source(cast.lena, "Reference lists", kind="reference_list")
    found = [
        *factories.make_records(cast.lena, 10, medline),
        *factories.make_records(cast.lena, 2, register),
        *factories.make_records(cast.lena, 3, by_hand),
    ]
    duplicate(cast.lena, found[9], found[0])
    duplicate(cast.lena, found[14], found[1])
    return found


@pytest.fixture
def finished(cast: Cast, records: Sequence[Record]) -> Cast:
    """A closed review with three included studies.

    Four records pass title and abstract; one report is not retrieved, one is excluded.
    Two included reports are from databases, one from another method.
    """
    first, full = stages.create_default_stages(
        review=cast.review, actor=cast.dora, now=NOW
    )
    begin(first, cast)
    passing = {record.title for record in records[:4]}
    read_all(first, cast.ada, lambda title: title in passing)
    closing.close_wave(actor=cast.dora, stage_code=first.code, now=NOW)
    retrieval.send_other_to_retrieval(
        actor=cast.lena, record_codes=[records[12].code], now=NOW
    )
    retrieval.do_not_retrieve(
        actor=cast.lena,
        record_code=records[13].code,
        reason="Not peer reviewed",
        now=NOW,
    )
    reports = {r.record_id: r for r in Report.objects.all()}
    retrieval.mark_not_retrieved(
        actor=cast.lena,
        report_code=reports[records[3].pk].code,
        reason="No answer",
        now=NOW,
    )
    begin(full, cast)
    rest = [r for pk, r in reports.items() if pk != records[3].pk]
    retrieval.mark_many_retrieved(
        actor=cast.lena, report_codes=[one.code for one in rest], now=NOW
    )
    out = records[0].title
    read_all(full, cast.ada, lambda title: title != out)
    closing.close_wave(actor=cast.dora, stage_code=full.code, now=NOW)
    return cast
