"""Two records are merged by hand from either's page, with the usual undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from django.test import Client
from django.urls import reverse

from reviewapp.core.models import Event, Member
from reviewapp.core.refusals import Missing, Refused
from screening.citations.citation import Citation
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.queries import duplicates as queries
from screening.duplicates.queries import manual_merge as previews
from screening.duplicates.services import duplicates, merge_undo
from screening.duplicates.services.manual_merge import merge_records
from screening.imports.services import entries
from screening.records.models import Duplicate, Record
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture
def records(cast: Cast) -> Sequence[Record]:
    return factories.make_records(cast.lena, 4)


def merge(actor: Member, one: Record, other: Record) -> str:
    return merge_records(
        actor=actor, record_code=one.code, other_code=other.code, now=NOW
    )


def test_two_records_are_merged_and_separated_again(cast, records) -> None:
    assert merge(cast.ada, records[1], records[0]) == records[0].code
    edge = Duplicate.objects.get(undone_at=None)
    assert (edge.record, edge.of, edge.how) == (records[1], records[0], "person")
    assert edge.created_by == cast.ada
    assert Event.objects.filter(kind="pair:answered").count() == 1
    assert [pair.answer for pair in queries.decided_pairs(cast.lena)] == ["same"]
    assert merge(cast.ben, records[0], records[1]) == records[0].code, "no change"
    assert Duplicate.objects.count() == 1
    duplicates.undo_merge(actor=cast.lena, merge_code=edge.code, now=NOW)
    with pytest.raises(Refused, match="reopen the pair"):
        merge(cast.ada, records[0], records[1])
    pair = PossibleDuplicate.objects.get()
    duplicates.reopen_pair(actor=cast.lena, pair_code=pair.code, now=NOW)
    assert merge(cast.ada, records[0], records[1]) == records[0].code


def test_clusters_are_joined_whole(cast, records) -> None:
    merge(cast.ada, records[0], records[1])
    merge(cast.ada, records[2], records[3])
    shown = previews.merge_preview(cast.ada, records[3], records[1])
    assert (shown.n, shown.kept.code, shown.refusal) == (4, records[0].code, "")
    merge(cast.ada, records[3], records[1])
    assert Duplicate.objects.filter(undone_at=None).count() == 3
    merge_undo.undo_cluster(actor=cast.ada, record_code=records[1].code, now=NOW)
    assert not Duplicate.objects.filter(undone_at=None).exists()


def test_an_open_pair_of_the_two_is_decided_with_it(cast, records) -> None:
    pair = PossibleDuplicate.objects.create(
        review=cast.review, first=records[0], second=records[1], score=0.4,
        created_at=NOW,
    )  # fmt: skip
    merge(cast.ada, records[1], records[0])
    pair.refresh_from_db()
    assert (pair.answer, pair.answered_by) == ("same", cast.ada)


def test_a_record_is_not_merged_with_itself_or_nothing(cast, records) -> None:
    with pytest.raises(Refused, match="another record"):
        merge(cast.ada, records[0], records[0])
    with pytest.raises(Missing):
        merge_records(
            actor=cast.ada, record_code=records[0].code, other_code="nobody", now=NOW
        )
    assert not Duplicate.objects.exists()


def test_records_of_another_review_are_not_found(cast, records) -> None:
    other = factories.make_member(factories.make_review("Other"), "Olga", "lead")
    elsewhere = factories.make_records(other, 1)[0]
    with pytest.raises(Missing):
        merge(cast.ada, records[0], elsewhere)
    assert previews.search_records(cast.ada, records[0], elsewhere.code) == []


def test_the_other_record_is_found_by_code_number_or_words(cast, records) -> None:
    one = records[0]
    other = entries.add_record(
        actor=cast.lena,
        source_code=one.source.code,
        citation=Citation(title="Kelp for crabs", doi="10.5555/kelp", pmid="123456"),
        now=NOW,
    ).record
    for q in (other.code, "10.5555/KELP", "https://doi.org/10.5555/kelp", "123456",
              "crabs kelp"):  # fmt: skip
        found = previews.search_records(cast.ada, one, q)
        assert [record.code for record in found] == [other.code], q
    assert previews.search_records(cast.ada, other, "kelp") == [], "not itself"
    assert previews.search_records(cast.ada, one, "") == []
    merge(cast.ada, one, other)
    assert previews.search_records(cast.ada, one, "kelp") == [], "merged already"


def test_the_pages_lead_from_a_record_to_the_merged_one(
    cast: Cast, records: Sequence[Record], client_of: Callable[[Member], Client]
) -> None:
    ada, review = client_of(cast.ada), cast.review.code
    one, other = records[1], records[0]
    record_url = reverse("records:record", args=[review, one.code])
    url = reverse("duplicates:merge", args=[review, one.code])
    assert url in ada.get(record_url).content.decode()
    page = ada.get(url, {"q": other.title}).content.decode()
    assert f"?with={other.code}" in page
    page = ada.get(url, {"with": other.code}).content.decode()
    assert "is kept. It was added earlier." in page
    answer = ada.post(url, {"with": other.code})
    assert answer["Location"] == reverse("records:record", args=[review, other.code])
    assert "Merged." in ada.get(answer["Location"]).content.decode()
    assert "already merged" in ada.get(url, {"with": other.code}).content.decode()
    assert ada.get(url, {"with": "nobody"}).status_code == 404
    olaf = client_of(cast.olaf)
    assert olaf.get(url).status_code == 403
    assert url not in olaf.get(record_url).content.decode()


def test_the_preview_needs_few_queries(
    cast, records, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(16):
        previews.merge_preview(cast.ada, records[0], records[1])
