"""Displayed field values of duplicate clusters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewapp.core.models import Event
from reviewapp.core.refusals import NotAllowed, Refused
from screening.duplicates.services import duplicates, field_choices
from screening.records.models import Duplicate, FieldChoice, Record
from screening.records.queries import merged_fields
from screening.records.rules import best_fields
from tests import factories
from tests.factories import NOW

EMPTY = {
    "title": "", "authors": [], "year": None, "journal": "", "volume": "", "issue": "",
    "pages": "", "doi": "", "pmid": "", "issn": "", "type": "", "language": "",
    "url": "", "keywords": [], "abstract": "",
}  # fmt: skip


def copy(**values):
    return EMPTY | values


def test_the_longest_abstract_and_the_fullest_authors_are_shown() -> None:
    chosen = best_fields.best_values(
        [
            copy(abstract="Short.", authors=["Byron A", "Boole M"]),
            copy(abstract="Much longer.", authors=["Byron, Ada", "Boole, Mary"]),
            copy(abstract="", authors=["Byron, Ada Augusta"]),
        ]
    )
    assert chosen["abstract"] == 1
    assert chosen["authors"] == 1


def test_kept_record_comes_first_and_gaps_are_filled() -> None:
    chosen = best_fields.best_values(
        [copy(title="A", year=2020), copy(title="B", year=2019, doi="10.1/x", pmid="7")]
    )
    assert (chosen["title"], chosen["year"]) == (0, 0)
    assert (chosen["doi"], chosen["pmid"]) == (1, 1)


def test_title_in_capitals_is_replaced() -> None:
    shouted = copy(title="PEER SUPPORT IN CARE")
    assert (
        best_fields.best_values([shouted, copy(title="Peer support in care")])["title"]
        == 1
    )
    assert best_fields.best_values([shouted, copy()])["title"] == 0


def test_volume_issue_and_pages_come_from_one_copy() -> None:
    chosen = best_fields.best_values(
        [copy(volume="14"), copy(volume="15", issue="2", pages="1-9"), copy(pages="3")]
    )
    assert {chosen[name] for name in best_fields.PLACE} == {1}


TEXT = st.sampled_from(["", "a", "Some", "UPPER CASE"])
COPIES = st.lists(
    st.fixed_dictionaries(
        {
            name: st.lists(TEXT, max_size=2)
            if isinstance(value, list)
            else st.none() | st.integers(1900, 2030)
            if value is None
            else TEXT
            for name, value in EMPTY.items()
        }
    ),
    min_size=1,
    max_size=4,
)


@given(COPIES)
def test_no_field_of_the_kept_record_becomes_empty(copies) -> None:
    chosen = best_fields.best_values(copies)
    assert set(chosen) == set(best_fields.FIELDS)
    for name in set(best_fields.FIELDS) - set(best_fields.PLACE):
        given_by_any = any(one[name] for one in copies)
        assert bool(copies[chosen[name]][name]) == given_by_any, name


@pytest.fixture
def two(cast) -> tuple[Record, Record]:
    """Return a kept record without DOI and its more complete duplicate."""
    medline = factories.make_source(cast.lena, "Medline")
    scopus = factories.make_source(cast.lena, "Scopus")
    kept = factories.make_records(cast.lena, 1, medline, abstract="Short.")[0]
    other = factories.make_records(
        cast.lena, 1, scopus, abstract="A longer abstract.", doi="10.5555/x"
    )[0]
    Duplicate.objects.create(
        review=cast.review, record=other, of=kept, how="person", created_at=NOW,
        created_by=cast.lena,
    )  # fmt: skip
    return kept, other


def test_displayed_values_name_their_source(
    cast, two, django_assert_num_queries
) -> None:
    kept = two[0]
    with django_assert_num_queries(5):
        shown = merged_fields.merge_fields([kept])[kept.pk]
    assert shown.record.code == kept.code
    assert shown.record.doi == "10.5555/x"
    assert shown.record.abstract == "A longer abstract."
    assert shown.record.title == kept.title
    assert {(one.field, one.source_name) for one in shown.taken} >= {
        ("doi", "Scopus"),
        ("abstract", "Scopus"),
    }
    kept.refresh_from_db()
    assert kept.abstract == "Short.", "records never change"


def test_choice_is_stored_logged_and_can_be_reset(cast, two) -> None:
    kept, other = two
    field_choices.choose_value(
        actor=cast.lena, record_code=kept.code, field="abstract", now=NOW
    )
    field_choices.choose_value(
        actor=cast.lena, record_code=kept.code, field="abstract", now=NOW
    )
    assert merged_fields.displayed_record(kept).record.abstract == "Short."
    field_choices.choose_value(
        actor=cast.dora, record_code=other.code, field="abstract", now=NOW
    )
    assert merged_fields.displayed_record(kept).record.abstract == "A longer abstract."
    field_choices.choose_value(
        actor=cast.dora, record_code=other.code, field="title", now=NOW
    )
    assert merged_fields.displayed_record(kept).record.title == other.title
    field_choices.reset_value(
        actor=cast.lena, record_code=kept.code, field="title", now=NOW
    )
    assert merged_fields.displayed_record(kept).record.title == kept.title
    assert Event.objects.filter(kind="field:chosen").count() == 3
    assert Event.objects.filter(kind="field:by_rule").count() == 1
    assert FieldChoice.objects.filter(undone_at=None).count() == 1


def test_a_choice_ends_with_its_cluster(cast, two) -> None:
    kept, other = two
    field_choices.choose_value(
        actor=cast.lena, record_code=other.code, field="title", now=NOW
    )
    duplicates.undo_merge(
        actor=cast.lena, merge_code=Duplicate.objects.get().code, now=NOW
    )
    assert merged_fields.displayed_record(kept).record.title == kept.title
    with pytest.raises(Refused, match="no duplicates"):
        field_choices.choose_value(
            actor=cast.lena, record_code=kept.code, field="title", now=NOW
        )


def test_members_who_may_not_import_choose_nothing(cast, two) -> None:
    with pytest.raises(NotAllowed):
        field_choices.choose_value(
            actor=cast.ada, record_code=two[1].code, field="title", now=NOW
        )
    with pytest.raises(Refused):
        field_choices.choose_value(
            actor=cast.lena, record_code=two[1].code, field="raw", now=NOW
        )
    with pytest.raises(Refused, match="no value"):
        field_choices.choose_value(
            actor=cast.lena, record_code=two[1].code, field="pmid", now=NOW
        )


def test_pages_show_and_store_the_choice(cast, two, client_of, url) -> None:
    kept, other = two
    lena = client_of(cast.lena)
    page = lena.get(url("records:record", kept)).content.decode()
    assert "A longer abstract." in page
    assert "Abstract from Scopus" in page
    fields_page = lena.get(url("duplicates:fields", kept)).content.decode()
    assert "Chosen automatically: the longest abstract." in fields_page
    lena.post(url("duplicates:fields", kept), {"field": "abstract", "copy": kept.code})
    assert merged_fields.displayed_record(kept).record.abstract == "Short."
    assert (
        "Chosen by Lena" in lena.get(url("duplicates:fields", other)).content.decode()
    )
    lena.post(
        url("duplicates:fields", kept),
        {"field": "abstract", "copy": kept.code, "by_rule": "1"},
    )
    assert merged_fields.displayed_record(kept).record.abstract == "A longer abstract."
    ada = client_of(cast.ada)
    answer = ada.post(
        url("duplicates:fields", kept), {"field": "abstract", "copy": kept.code}
    )
    assert answer.status_code == 403
