"""Lists, exports and retrieval show the merged field values of duplicates."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from screening.citations.reading.file_reading import read_file
from screening.duplicates.services import duplicates, field_choices
from screening.flow.exports import presets, status_columns
from screening.flow.queries import box_pages, export_selection
from screening.flow.queries.export_selection import ExportFilters
from screening.records.models import Duplicate, Record
from screening.records.queries import merged_fields, records
from screening.records.queries.records import RecordFilters
from screening.reports.queries import reports, studies
from screening.reports.services import retrieval
from tests import factories
from tests.factories import NOW

DOI = "10.5555/only-the-copy"


@pytest.fixture
def pair(cast) -> tuple[Record, Record]:
    """Return a kept record in capitals without DOI, and its complete duplicate."""
    return made(cast)


def made(cast, number: int = 0) -> tuple[Record, Record]:
    medline = factories.make_source(cast.lena, f"Medline {number}")
    scopus = factories.make_source(cast.lena, f"Scopus {number}")
    kept = factories.make_records(
        cast.lena, 1, medline, title=f"PEER SUPPORT IN CARE {number}", abstract=""
    )[0]
    copy = factories.make_records(
        cast.lena, 1, scopus, title=f"Peer support in care {number}", doi=DOI,
        abstract="What the copy with_status.", authors=["Byron, Ada", "Boole, Mary"],
    )[0]  # fmt: skip
    Duplicate.objects.create(
        review=cast.review, record=copy, of=kept, how="person", created_at=NOW,
        created_by=cast.lena,
    )  # fmt: skip
    return kept, copy


@pytest.mark.parametrize("key", sorted(presets.BY_KEY))
def test_exports_take_doi_and_abstract_from_a_duplicate(cast, pair, key) -> None:
    download = presets.download(cast.review, key, ExportFilters())
    assert isinstance(download.content, Iterator), "files are made while they are sent"
    data = b"".join(download.content)
    found = list(read_file(io.BytesIO(data), name=download.name))
    assert [one.title for one in found] == ["Peer support in care 0"]
    assert [one.abstract for one in found] == ["What the copy with_status."]
    # Rayyan's columns have no DOI; it is read from its notes.
    assert DOI.encode() in data or key in {"rayyan", "xlsx"}
    if key != "rayyan":
        assert [one.doi for one in found] == [DOI]


def test_duplicates_are_exported_as_imported(cast, pair) -> None:
    kept, copy = pair
    only = list(
        status_columns.export_rows(cast.review, ExportFilters(duplicates="only"))
    )
    assert [(one.title, one.doi) for one, _ in only] == [(copy.title, DOI)]
    both = {
        facts.code: one
        for one, facts in status_columns.export_rows(
            cast.review, ExportFilters(duplicates="with")
        )
    }
    assert both[kept.code].doi == DOI
    assert both[copy.code].abstract == copy.abstract


def test_chosen_value_applies_in_exports_lists_and_retrieval(cast, pair) -> None:
    kept, _ = pair
    field_choices.choose_value(
        actor=cast.lena, record_code=kept.code, field="title", now=NOW
    )
    [(citation, _)] = status_columns.export_rows(cast.review, ExportFilters())
    assert citation.title == kept.title
    assert citation.doi == DOI
    [listed], _ = export_selection.selected_page(cast.olaf, ExportFilters())
    assert listed.title == kept.title
    retrieval.send_to_retrieval(actor=cast.dora, records=[kept], now=NOW)
    [report], _ = reports.report_page(cast.ada)
    assert report.title == kept.title


def test_exports_take_a_fixed_number_of_queries(
    cast, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    made(cast, 0)
    with django_assert_max_num_queries(13) as few:
        assert (
            len(
                list(
                    status_columns.export_rows(
                        cast.review, ExportFilters(duplicates="with")
                    )
                )
            )
            == 2
        )
    for number in range(1, 8):
        made(cast, number)
    with django_assert_num_queries(len(few)):
        found = list(
            status_columns.export_rows(cast.review, ExportFilters(duplicates="with"))
        )
    assert len(found) == 16


def test_list_of_records_takes_a_fixed_number_of_queries(
    cast, pair, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    kept, copy = pair
    with django_assert_max_num_queries(12) as few:
        found = records.records_page(cast.ada, RecordFilters())
    by_code = {line.record.code: line.record for line in found.lines}
    assert by_code[kept.code].title == "Peer support in care 0"
    assert by_code[kept.code].authors == ("Byron, Ada", "Boole, Mary")
    assert by_code[copy.code].title == copy.title
    assert by_code[kept.code].abstract == "", "a list reads no abstracts"
    for number in range(1, 6):
        made(cast, number)
    with django_assert_num_queries(len(few)):
        assert records.records_page(cast.ada, RecordFilters()).total == 12


def test_flow_lists_show_merged_fields(cast, pair) -> None:
    found, _, _ = box_pages.box_page(cast.ada, "identified")
    titles = {row.code: row.title for row in found}
    assert titles[pair[0].code] == "Peer support in care 0"


def test_retrieval_and_studies_show_the_doi_of_a_duplicate(
    cast, pair, client_of, django_assert_max_num_queries
) -> None:
    kept, _ = pair
    retrieval.send_to_retrieval(actor=cast.dora, records=[kept], now=NOW)
    with django_assert_max_num_queries(7):
        [report], _ = reports.report_page(cast.ada)
    assert (report.doi, report.title) == (DOI, "Peer support in care 0")
    one = reports.find_report(cast.ada, report.code)
    assert one is not None
    assert one.doi == DOI
    [line] = studies.study_list(cast.ada)
    assert [seen.doi for seen in line.reports] == [DOI]
    page = client_of(cast.ada).get(f"/r/{cast.review.code}/reports/{report.code}/")
    assert DOI in page.content.decode()


def test_merged_fields_end_with_the_merge(cast, pair) -> None:
    kept, _ = pair
    duplicates.undo_merge(
        actor=cast.lena, merge_code=Duplicate.objects.get().code, now=NOW
    )
    assert {
        one.doi for one, _ in status_columns.export_rows(cast.review, ExportFilters())
    } == {"", DOI}
    assert merged_fields.displayed_records([kept])[kept.pk].title == kept.title


def test_duplicate_with_own_duplicates_is_shown_as_imported(cast, pair) -> None:
    kept, copy = pair
    third = factories.make_records(
        cast.lena, 1, factories.make_source(cast.lena, "Embase"), pmid="77"
    )[0]
    Duplicate.objects.create(
        review=cast.review, record=third, of=copy, how="person", created_at=NOW,
        created_by=cast.lena,
    )  # fmt: skip
    shown = merged_fields.displayed_records([kept, copy, third])
    assert shown[kept.pk].pmid == "77"
    assert shown[copy.pk].pmid == copy.pmid == ""
    assert merged_fields.displayed_records([]) == {}
