"""Exports while others vote and import: one state of the review, all records written."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client

from reviewapp.core.exported import IncompleteExport
from reviewapp.core.models import Member
from screening.citations.writing.status_note import ExportRow
from screening.decisions.models import Decision, Stage
from screening.decisions.queries import queue
from screening.decisions.services import policies, stages, votes
from screening.flow.exports import presets, status_columns
from screening.flow.queries import export_selection
from screening.flow.queries.export_selection import ExportFilters
from screening.records.models import Record
from tests import factories
from tests.conftest import Cast
from tests.screening.flow.histories import duplicate
from tests.sessions import in_another_session

ClientOf = Callable[[Member | None], Client]
UNDECIDED = ExportFilters(outcome="undecided")


def whole(cast: Cast, key: str, filters: ExportFilters) -> tuple[str, bytes]:
    download = presets.download(cast.review, key, filters)
    assert download.stated.selected == download.stated.written
    return download.name, b"".join(download.content)


def screened_by_two(cast: Cast) -> Stage:
    first, _ = stages.create_default_stages(
        review=cast.review, actor=cast.dora, now=factories.NOW
    )
    policies.set_policy(
        actor=cast.dora,
        stage_code=first.code,
        mode="fixed",
        lines=[(Decimal(100), [cast.ada]), (Decimal(100), [cast.ben])],
        seed=1,
        now=factories.NOW,
    )
    stages.start_stage(actor=cast.dora, stage_code=first.code, now=factories.NOW)
    return first


def act(cast: Cast, stage: Stage) -> None:
    """Decide on a record, import two records and merge them with others."""
    for member in (cast.ada, cast.ben):
        votes.cast_vote(
            actor=member,
            round_code=queue.next_place(member, stage).round_code,
            verdict="include",
            note="",
            key=uuid.uuid4(),
            now=factories.NOW,
        )
    source = Record.objects.filter(review=cast.review).first().source
    new = factories.make_records(cast.lena, 2, source)
    kept = Record.objects.filter(review=cast.review).unique().first()
    duplicate(cast.lena, new[0], kept)


@pytest.mark.django_db(transaction=True)
def test_a_file_shows_the_state_before_what_happens_during_the_export(
    cast: Cast, records: Sequence[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = screened_by_two(cast)
    monkeypatch.setattr(export_selection, "CHUNK", 4)
    chunks = export_selection.record_chunks
    acted = 0

    def disturbed(*args: object) -> Iterator[list[Record]]:
        nonlocal acted
        for number, chunk in enumerate(chunks(*args)):
            yield chunk
            if number == 0:
                in_another_session(lambda: act(cast, stage))
                acted += 1

    for key in presets.BY_KEY:
        before = [whole(cast, key, one) for one in (ExportFilters(), UNDECIDED)]
        decided = Decision.objects.count()
        with monkeypatch.context() as patch:
            patch.setattr(export_selection, "record_chunks", disturbed)
            during = whole(cast, key, ExportFilters())
        assert during == before[0], key
        # It happened: the next export differs.
        assert Decision.objects.count() == decided + 1
        after = [whole(cast, key, one) for one in (ExportFilters(), UNDECIDED)]
        assert after[0] != before[0]
        assert after[1] != before[1]
    assert acted == len(presets.BY_KEY)


@pytest.mark.parametrize("key", presets.BY_KEY)
def test_the_response_the_name_and_the_log_state_the_numbers(
    finished: Cast, client_of: ClientOf, caplog: pytest.LogCaptureFixture, key: str
) -> None:
    client, base = client_of(finished.olaf), f"/r/{finished.review.code}/export/"
    with caplog.at_level(logging.INFO, "reviewapp.exports"):
        response = client.get(f"{base}file/?as={key}&outcome=decided&told=abcd1234")
    data = b"".join(response.streaming_content)
    name = response["Content-Disposition"].split('"')[1]
    assert response["X-Records-Selected"] == response["X-Records-Written"] == "11"
    assert int(response["Content-Length"]) == len(data)
    assert "-11." in name
    assert caplog.messages == [
        f"review {finished.review.code}: selected 11, written 11, file {name}"
    ]
    cookie = response.cookies["exported-abcd1234"]
    assert (cookie.value, cookie["path"]) == ("11.11", base)
    assert (
        "<strong>11</strong> records"
        in client.get(f"{base}?as={key}&outcome=decided").content.decode()
    )


@pytest.mark.parametrize("told", ["", "short", "Abcd1234", "a;b=c1234", "x" * 33])
def test_only_a_plain_key_becomes_a_cookie(
    finished: Cast, client_of: ClientOf, told: str
) -> None:
    url = f"/r/{finished.review.code}/export/file/"
    response = client_of(finished.olaf).get(url, {"as": "ris", "told": told})
    assert not [name for name in response.cookies if name.startswith("exported")]


def test_an_incomplete_file_is_never_sent(
    finished: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = status_columns.export_rows

    def without_the_last(*args: object, **options: bool) -> Iterator[ExportRow]:
        yield from list(rows(*args, **options))[:-1]

    monkeypatch.setattr(status_columns, "export_rows", without_the_last)
    for key in presets.BY_KEY:
        with pytest.raises(IncompleteExport, match=r"\(13, 12\)"):
            presets.download(finished.review, key, ExportFilters())


def test_a_large_export_is_a_zip_that_states_all_its_records(
    finished: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = presets.FileLimits(records=6, bytes=10**6)
    preset = replace(presets.BY_KEY["covidence"], limits=small)
    monkeypatch.setitem(presets.BY_KEY, "covidence", preset)
    name, _ = whole(finished, "covidence", ExportFilters())
    assert name == "covidence-13.zip"


@pytest.mark.parametrize(
    ("filters", "labels"),
    [
        (ExportFilters(), {"": 2, "0": 8, "1": 3}),
        (ExportFilters(outcome="decided"), {"0": 8, "1": 3}),
        (ExportFilters(outcome="included"), {"1": 3}),
    ],
)
def test_asreview_gets_the_final_decision_as_a_label(
    finished: Cast, filters: ExportFilters, labels: dict[str, int]
) -> None:
    rows = status_columns.export_rows(finished.review, filters)
    found = [status.is_included for _, status in rows]
    text = {True: "1", False: "0", None: ""}
    assert {text[one]: found.count(one) for one in set(found)} == labels


def test_asreview_gets_the_decision_at_the_chosen_stage(finished: Cast) -> None:
    first, full = Stage.objects.filter(review=finished.review).order_by("position")
    for stage, counts in ((first, (4, 7)), (full, (3, 1))):
        filters = ExportFilters(stage=stage.code, outcome="decided")
        found = [
            status.is_included
            for _, status in status_columns.export_rows(finished.review, filters)
        ]
        assert (found.count(True), found.count(False)) == counts
        assert len(found) == sum(counts)
