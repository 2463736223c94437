"""A merge never takes an included study out of the flow."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewapp.core.refusals import Refused
from screening.citations.citation import Citation
from screening.decisions.queries.decisions import included_reports
from screening.duplicates.services import duplicates
from screening.duplicates.services.manual_merge import merge_records
from screening.flow.queries import flow, lists
from screening.imports.services import entries
from screening.records.models import Duplicate, Record
from screening.records.queries import clusters
from tests import factories
from tests.blinding.harness import undone
from tests.conftest import Cast
from tests.screening.flow.histories import NOW

pytestmark = pytest.mark.django_db


def boxes(cast: Cast) -> dict[str, list[str]]:
    """Return the codes in each box of the flow; all identities must hold."""
    assert all(identity.holds for identity in flow.build_flow(cast.review).identities)
    return {
        box: sorted(lists.box_rows(cast.review, box).values_list("code", flat=True))
        for box in lists._LISTS
    }


def included(cast: Cast) -> set[int]:
    """Return the records with an included report."""
    return set(included_reports(cast.review).values_list("record", flat=True))


def merge(cast: Cast, one: Record, other: Record) -> None:
    merge_records(actor=cast.lena, record_code=one.code, other_code=other.code, now=NOW)


def test_a_search_update_does_not_take_an_included_study_out(
    finished: Cast, records: Sequence[Record]
) -> None:
    before = boxes(finished)
    by_hand = records[12]
    assert by_hand.pk in included(finished)
    update = factories.make_source(finished.lena, "Medline, search update")
    again = factories.make_records(finished.lena, 1, update)[0]
    merge(finished, by_hand, again)
    after = boxes(finished)
    assert after["new_reports"] == before["new_reports"]
    assert after["new_studies"] == before["new_studies"]
    assert after["other_included"] == before["other_included"]
    assert after["records_screened"] == before["records_screened"]
    assert set(after["duplicates"]) == {*before["duplicates"], again.code}
    assert set(after["identified"]) == {*before["identified"], again.code}
    edge = Duplicate.objects.get(record=again, undone_at=None)
    assert edge.of == by_hand
    duplicates.undo_merge(actor=finished.lena, merge_code=edge.code, now=NOW)
    assert boxes(finished)["new_reports"] == before["new_reports"]


def test_a_certain_duplicate_added_later_is_merged_into_the_included_one(
    finished: Cast, records: Sequence[Record]
) -> None:
    by_hand = records[12]
    before = boxes(finished)
    update = factories.make_source(finished.lena, "Medline, search update")
    same = Citation(
        title=by_hand.title, authors=tuple(by_hand.authors), year=by_hand.year,
        abstract=by_hand.abstract, journal="Crab J", volume="7", pages="1-9",
    )  # fmt: skip
    first = factories.make_records(
        finished.lena, 1, by_hand.source, title=same.title, authors=list(same.authors),
        year=same.year, journal="Crab J", volume="7", pages="1-9",
    )[0]  # fmt: skip
    merge(finished, first, by_hand)
    found = entries.add_record(
        actor=finished.lena, source_code=update.code, citation=same, now=NOW
    )
    assert found.matches[0].is_certain
    assert clusters.kept_of([found.record.pk])[found.record.pk] == by_hand.pk
    assert boxes(finished)["new_reports"] == before["new_reports"]


MERGES = st.lists(
    st.tuples(st.integers(0, 16), st.integers(0, 16)), min_size=1, max_size=8
)


@settings(
    max_examples=12,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(pairs=MERGES)
def test_included_never_falls_by_a_merge(
    finished: Cast, records: Sequence[Record], pairs: list[tuple[int, int]]
) -> None:
    with undone():
        update = factories.make_source(finished.lena, "Search update")
        new = factories.make_records(finished.lena, 2, update)
        every = [*records, *new]
        before = boxes(finished)
        were = included(finished)
        merges = []
        for one, other in pairs:
            try:
                merge(finished, every[one], every[other])
            except Refused:
                continue
            merges = list(Duplicate.objects.filter(job=None).order_by("pk"))
            kept = clusters.kept_of(list(were))
            # Two included records that are one report count once.
            assert included(finished) == set(kept.values())
            boxes(finished)
        standing = set(Duplicate.objects.filter(undone_at=None).values_list("pk"))
        assert standing
        for edge in reversed(merges):
            if edge.created_by == finished.lena and edge.score is not None:
                duplicates.undo_merge(
                    actor=finished.lena, merge_code=edge.code, now=NOW
                )
        assert boxes(finished) == before
