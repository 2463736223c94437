"""Corrections are an overlay: the source's value stays, everything uses the new one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reviewapp.core.models import Event, Job
from reviewapp.core.refusals import Missing, NotAllowed, Refused
from screening.decisions.queries import screen
from screening.decisions.services import stages
from screening.duplicates.services import comparing
from screening.flow.exports.status_columns import export_rows
from screening.flow.queries.export_selection import ExportFilters
from screening.imports.services import record_corrections
from screening.records.models import Correction, Duplicate, Record
from screening.records.queries import merged_fields
from screening.records.queries.records import RecordFilters, record_detail, records_page
from tests import factories
from tests.factories import NOW
from tests.screening.decisions.conftest import cast_vote, start
from tests.screening.records.pages import text_of

LATER = NOW + timedelta(hours=2)
WHERE = "The page of the publisher"


def correct(actor, record: Record, field: str, value: str, now=LATER) -> Correction:
    return record_corrections.correct_record(
        actor=actor,
        record_code=record.code,
        field=field,
        value=value,
        origin=WHERE,
        now=now,
    )


def test_search_export_and_deduplication_use_the_corrected_value(cast, source) -> None:
    record = factories.make_records(cast.lena, 1, source)[0]
    original = record.title
    correct(cast.lena, record, "title", "Sheep of  Iceland")
    correct(cast.lena, record, "doi", "https://doi.org/10.5555/SHEEP.1")
    correct(cast.lena, record, "authors", "Lie, Anna\nMoe, Berit")
    page = records_page(cast.olaf, RecordFilters(q="sheep"))
    assert [line.record.title for line in page.lines] == ["Sheep of Iceland"]
    assert records_page(cast.olaf, RecordFilters(q=original)).total == 0
    (citation, _status), *rest = export_rows(cast.review, ExportFilters())
    assert not rest
    assert (citation.title, citation.doi) == ("Sheep of Iceland", "10.5555/sheep.1")
    assert citation.authors == ("Lie, Anna", "Moe, Berit")
    (row,) = comparing._rows([record.pk])
    assert row[1] == "Sheep of Iceland"
    assert "10.5555/sheep.1" in row
    run = Job.objects.filter(review=cast.review, kind="records.duplicates").latest("pk")
    assert run.params["everything"]
    record.refresh_from_db()
    assert record.title == original
    event = Event.objects.filter(review=cast.review, kind="record:corrected").first()
    assert event is not None
    assert event.data["origin"] == WHERE


def test_a_correction_can_be_undone_and_stays_in_the_list(cast, source) -> None:
    record = factories.make_records(cast.lena, 1, source)[0]
    made = correct(cast.lena, record, "title", "Sheep of Iceland")
    assert correct(cast.lena, record, "title", "Sheep of Iceland") == made
    undone = record_corrections.undo_correction(
        actor=cast.cleo, code=made.code, now=LATER
    )
    assert undone.undone_by == cast.cleo
    again = record_corrections.undo_correction(
        actor=cast.lena, code=made.code, now=LATER
    )
    assert again.undone_by == cast.cleo
    detail = record_detail(cast.olaf, record.code)
    assert detail is not None
    assert detail.record.title == record.title
    assert [(one.is_active, one.original) for one in detail.corrections] == [
        (False, record.title)
    ]
    assert records_page(cast.olaf, RecordFilters(q="sheep")).total == 0


def test_the_page_shows_both_values_and_who_corrected(
    cast, source, client_of, url
) -> None:
    record = factories.make_records(cast.lena, 1, source)[0]
    correct(cast.lena, record, "title", "Sheep of Iceland")
    page = text_of(client_of(cast.olaf).get(url("records:record", record.code)))
    assert "Sheep of Iceland" in page
    assert record.title in page
    assert WHERE in page
    assert "Lena" in page


def test_the_form_corrects_and_keeps_what_was_typed(cast, source, lena, url) -> None:
    record = factories.make_records(cast.lena, 1, source)[0]
    address = url("imports:record_correct", record.code)
    typed = {"field": "doi", "value": "no doi", "origin": "x"}
    response = lena.post(address, typed)
    assert response.status_code == 422
    assert "no doi" in response.content.decode()
    response = lena.post(address, typed | {"value": "10.5555/a.1"})
    assert response.status_code == 302
    assert Correction.objects.get().value == "10.5555/a.1"


@pytest.mark.parametrize(
    ("field", "value", "origin"),
    [
        ("doi", "not a doi", WHERE),
        ("year", "20xx", WHERE),
        ("title", " ", WHERE),
        ("title", "New", " "),
        ("raw", "New", WHERE),
    ],
)
def test_values_that_are_not_valid_are_refused(
    cast, source, field, value, origin
) -> None:
    record = factories.make_records(cast.lena, 1, source)[0]
    with pytest.raises(Refused):
        record_corrections.correct_record(
            actor=cast.lena,
            record_code=record.code,
            field=field,
            value=value,
            origin=origin,
            now=LATER,
        )
    assert not Correction.objects.exists()


def test_only_members_who_import_correct(cast, source) -> None:
    record = factories.make_records(cast.lena, 1, source)[0]
    for member in (cast.ada, cast.olaf):
        with pytest.raises(NotAllowed):
            correct(member, record, "title", "New")
    with pytest.raises(Missing):
        correct(cast.eve, record, "title", "New")


def test_a_corrected_duplicate_gives_the_value_of_the_cluster(cast, source) -> None:
    kept, copy = factories.make_records(cast.lena, 2, source)
    Duplicate.objects.create(
        review=cast.review, record=copy, of=kept, how="person",
        created_at=NOW, created_by=cast.lena,
    )  # fmt: skip
    correct(cast.lena, copy, "abstract", "Short.")
    shown = merged_fields.displayed_records([kept])
    assert shown[kept.pk].abstract == "Short."


@pytest.mark.django_db
class TestOwnVotes:
    """My votes names the records that were corrected after the viewer's vote."""

    def test_only_who_has_voted_sees_that_a_record_was_changed(
        self, cast, client_of, url
    ) -> None:
        stage = stages.create_default_stages(
            review=cast.review, actor=cast.dora, now=NOW
        )[0]
        factories.make_records(cast.lena, 3)
        stage = start(stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))
        item = screen.next_item(cast.ada, stage)
        assert item is not None
        cast_vote(cast.ada, item.round_code, "include")
        record = Record.objects.get(code=item.paper.record_code)
        lines, _cursor = screen.own_vote_page(cast.ada, stage)
        assert [line.changed for line in lines] == [()]
        made = correct(cast.lena, record, "abstract", "Quite another abstract.")
        lines, _cursor = screen.own_vote_page(cast.ada, stage)
        assert [line.changed for line in lines] == [("Abstract",)]
        page = text_of(client_of(cast.ada).get(url("decisions:mine", stage.code)))
        assert "Changed since you voted" in page
        page = text_of(client_of(cast.ben).get(url("decisions:mine", stage.code)))
        assert "Changed since you voted" not in page
        record_corrections.undo_correction(
            actor=cast.lena, code=made.code, now=LATER + timedelta(hours=1)
        )
        lines, _cursor = screen.own_vote_page(cast.ada, stage)
        assert [line.changed for line in lines] == [("Abstract",)]
