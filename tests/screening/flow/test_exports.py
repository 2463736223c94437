"""Exports: counts match files, and files keep within the presets' limits."""

from __future__ import annotations

import csv
import io
import uuid
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from reviewapp.core.models import Member
from reviewapp.core.refusals import Missing, Refused
from screening.citations.citation import Citation
from screening.citations.reading.file_reading import read_file
from screening.citations.reading.reading_report import UnreadableFile
from screening.citations.writing import xlsx
from screening.decisions.models import Reason, Stage
from screening.decisions.queries import queue
from screening.decisions.services import policies, stages, votes
from screening.flow.exports import (
    export_request,
    file_splitting,
    presets,
    status_columns,
)
from screening.flow.exports.file_splitting import FileLimits
from screening.flow.queries import export_selection, flow, record_status
from screening.flow.queries.export_selection import ExportFilters
from screening.records.models import Record
from tests import factories
from tests.conftest import Cast

ClientOf = Callable[[Member | None], Client]


def content(response) -> bytes:
    return b"".join(response.streaming_content)


def kept(data: bytes, name: str) -> list[Citation]:
    try:
        return list(read_file(io.BytesIO(data), name=name))
    except UnreadableFile:
        return []


def number(cast: Cast, **filters: str) -> int:
    return export_selection.count_selected(cast.review, ExportFilters(**filters))


def test_each_record_has_exactly_one_status(
    finished: Cast, records: Sequence[Record]
) -> None:
    assert {
        key: number(finished, outcome=key) for key in export_selection.OUTCOMES
    } == {
        "included": 3,
        "excluded": 8,
        "undecided": 0,
        "not_retrieved": 1,
        "not_sought": 1,
    }
    assert number(finished) == 13
    assert number(finished, duplicates="with") == 15
    assert number(finished, duplicates="only") == 2
    assert number(finished, outcome="included", duplicates="only") == 3
    known = record_status.record_statuses(finished.review, records)
    for key in export_selection.OUTCOMES:
        found = export_selection.selected_records(
            finished.review, ExportFilters(outcome=key)
        )
        said = {known[record.pk].final.partition(" at ")[0] for record in found}
        assert said <= {key.replace("_", " ")}


def test_the_status_filter_works_per_stage(finished: Cast) -> None:
    first, full = Stage.objects.filter(review=finished.review).order_by("position")
    found = flow.build_flow(finished.review).boxes
    at = {"stage": first.code}
    assert number(finished, **at) == found["records_screened"].n == 11
    assert number(finished, **at, outcome="included") == 4
    assert number(finished, **at, outcome="excluded") == 7
    assert number(finished, **at, outcome="undecided") == 0
    at = {"stage": full.code}
    assert number(finished, **at) == 4
    assert number(finished, **at, outcome="included") == 3
    assert number(finished, **at, outcome="excluded") == 1
    reason = Reason.objects.filter(stage=full).order_by("position", "pk").first()
    assert number(finished, reason=reason.code) == 1
    assert number(finished, reason=reason.code, stage=first.code) == 0


def test_unknown_filter_values_select_nothing(finished: Cast) -> None:
    for wrong in (
        {"outcome": "conflict"},
        {"stage": "nothing"},
        {"source": "nothing"},
        {"reason": "nothing"},
        {"arm": "both"},
    ):
        assert number(finished, **wrong) == 0


def combinations(cast: Cast) -> list[ExportFilters]:
    stage_codes = [
        "",
        *Stage.objects.filter(review=cast.review).values_list("code", flat=True),
    ]
    source = Record.objects.filter(review=cast.review).first().source.code
    return [
        ExportFilters(
            stage=stage, outcome=outcome, source=source, arm=arm, duplicates=twins
        )
        for stage, outcome, source, arm, twins in product(
            stage_codes,
            ["", *export_selection.OUTCOMES],
            ["", source],
            ["", "other"],
            ["", "with"],
        )
    ]


def test_every_count_is_the_length_of_the_file_and_of_the_list(
    finished: Cast, client_of: ClientOf
) -> None:
    for filters in combinations(finished):
        data = b"".join(presets.download(finished.review, "ris", filters).content)
        listed, _ = export_selection.selected_page(finished.olaf, filters)
        again = kept(data, "records.ris")
        n = export_selection.count_selected(finished.review, filters)
        assert len(again) == n == len(listed), filters
        assert [one.title for one in again] == [one.title for one in listed]


@pytest.mark.parametrize("key", presets.BY_KEY)
def test_each_preset_exports_all_records_in_a_readable_file(
    finished: Cast, client_of: ClientOf, key: str
) -> None:
    client, base = client_of(finished.olaf), f"/r/{finished.review.code}/export/"
    page = client.get(f"{base}?as={key}&outcome=excluded").content.decode()
    assert "<strong>8</strong> records" in page
    response = client.get(f"{base}file/?as={key}&outcome=excluded")
    name = response["Content-Disposition"].split('"')[1]
    again = kept(content(response), name)
    ours = list(
        status_columns.export_rows(finished.review, ExportFilters(outcome="excluded"))
    )
    assert [one.title for one in again] == [citation.title for citation, _ in ours]
    assert [one.authors for one in again] == [citation.authors for citation, _ in ours]
    assert {one.keywords for one in again} == {()}


def test_the_status_is_exported_or_left_out(finished: Cast) -> None:
    filters = ExportFilters(outcome="excluded")
    download = presets.download(finished.review, "zotero", filters)
    text = b"".join(download.content).decode()
    assert text.count("KW  - Title and abstract: excluded") == 7
    assert text.count("KW  - Full text: excluded") == 1
    assert text.count("KW  - Outcome: excluded at full text") == 1
    assert text.count("KW  - Reason: ") == 1
    assert text.count("Found in: ") == 8
    plain = presets.download(finished.review, "zotero", filters, with_status=False)
    text = b"".join(plain.content).decode()
    assert text.count("TY  - ") == 8
    assert "xcluded" not in text
    assert "reviewapp" not in text


def test_tables_have_status_columns(finished: Cast, client_of: ClientOf) -> None:
    client, base = client_of(finished.dora), f"/r/{finished.review.code}/export/records"
    text = content(client.get(f"{base}.csv")).decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    assert len(table) == 15
    final = [row["Final outcome"] for row in table]
    assert final.count("duplicate") == 2
    assert final.count("included") == 3
    assert final.count("not retrieved") == 1
    assert final.count("not sought") == 1
    assert final.count("excluded at title and abstract") == 7
    assert final.count("excluded at full text") == 1


def test_earlier_addresses_still_work(finished: Cast, client_of: ClientOf) -> None:
    client, base = client_of(finished.dora), f"/r/{finished.review.code}/export/records"
    for which, n in {"all": 15, "unique": 13, "included": 3}.items():
        text = content(client.get(f"{base}.ris?which={which}")).decode()
        assert text.count("ER  - ") == n, which
    assert client.get(f"{base}.ris?which=x").status_code == 400
    assert content(client.get(f"{base}.ris?outcome=excluded")).count(b"ER  - ") == 8


def test_the_api_gives_the_same_bytes(finished: Cast, client_of: ClientOf) -> None:
    client, code = client_of(finished.ada), finished.review.code
    query = "?as=csl-json&outcome=included"
    page = content(client.get(f"/r/{code}/export/file/{query}"))
    assert content(client.get(f"/api/v1/reviews/{code}/export/{query}")) == page
    assert client.get(f"/api/v1/reviews/{code}/export/?as=pdf").status_code == 404
    assert client.get(f"/r/{code}/export/file/").status_code == 404


def test_a_vote_changes_no_export_before_the_final_decision(
    cast: Cast, records: Sequence[Record]
) -> None:
    """Records without, with some and with conflicting votes are "not decided yet"."""

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

    def seen() -> list[object]:
        wants = [
            ExportFilters(stage=first.code, outcome=key)
            for key in ("", *export_selection.OUTCOMES)
        ]
        files = [
            b"".join(presets.download(cast.review, key, ExportFilters()).content)
            for key in presets.BY_KEY
        ]
        return [
            *files,
            *(export_selection.count_selected(cast.review, one) for one in wants),
        ]

    before = seen()
    for member, verdict in ((cast.ada, "include"), (cast.ben, "exclude")):
        place = queue.next_place(member, first)
        votes.cast_vote(
            actor=member,
            round_code=place.round_code,
            verdict=verdict,
            note="CANARY",
            key=uuid.uuid4(),
            now=factories.NOW,
        )
        assert seen() == before


def test_earlier_decisions_and_raw_text_are_never_exported(cast: Cast) -> None:
    canary = "CANARY-OF-ANNA"
    source = factories.make_source(cast.lena)
    Record.objects.create(
        review=cast.review,
        source=source,
        arm=source.arm,
        title="T",
        raw=canary,
        prior={"decisions": [["Anna", canary]], "labels": [canary], "reasons": []},
        added_at=factories.NOW,
        added_by=cast.lena,
    )
    for key in presets.BY_KEY:
        data = b"".join(presets.download(cast.review, key, ExportFilters()).content)
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                data = b"".join(map(parts.read, parts.namelist()))
        assert data
        assert canary.encode() not in data, key


def test_files_keep_within_the_limits() -> None:
    records = [f"{n:03}" + "x" * 7 for n in range(25)]
    files = [
        one.read()
        for one in file_splitting.split_into_files(
            records, FileLimits(10, 10_000), header="H\n"
        )
    ]
    assert [len(one) for one in files] == [102, 102, 52]
    assert all(one.startswith(b"H\n") for one in files)
    files = [
        one.read()
        for one in file_splitting.split_into_files(
            records, FileLimits(100, 45), header="H\n"
        )
    ]
    assert [len(one) for one in files] == [42, 42, 42, 42, 42, 42, 12]
    assert b"".join(one[2:] for one in files) == "".join(records).encode()
    assert [
        one.read() for one in file_splitting.split_into_files([], FileLimits(10, 10))
    ] == [b""]
    long = ["y" * 99, "z"]
    assert [
        len(one.read())
        for one in file_splitting.split_into_files(long, FileLimits(10, 10))
    ] == [
        99,
        1,
    ]


def test_the_limits_are_those_of_covidence_and_rayyan() -> None:
    covidence, rayyan = presets.BY_KEY["covidence"], presets.BY_KEY["rayyan"]
    assert covidence.limits == FileLimits(records=15_000, bytes=50_000_000)
    assert rayyan.limits is not None
    assert rayyan.limits.bytes == 100_000_000
    assert rayyan.header.count(",") == 20


def test_more_than_one_file_comes_as_a_zip(
    finished: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = {**presets.BY_KEY}
    for key in ("covidence", "rayyan"):
        small[key] = replace(small[key], limits=FileLimits(records=6, bytes=10**6))
    monkeypatch.setattr(presets, "BY_KEY", small)
    for key, extension in (("covidence", "ris"), ("rayyan", "csv")):
        download = presets.download(finished.review, key, ExportFilters())
        assert download.name == f"{key}-13.zip"
        with zipfile.ZipFile(io.BytesIO(b"".join(download.content))) as parts:
            assert parts.testzip() is None
            names = parts.namelist()
            counts = [len(kept(parts.read(name), name)) for name in names]
        assert names == [f"{key}-{n:02}.{extension}" for n in (1, 2, 3)]
        assert counts == [6, 6, 1]
    one = presets.download(
        finished.review, "covidence", ExportFilters(outcome="included")
    )
    assert one.name == "covidence-3.ris"


def test_more_records_than_excel_holds_are_refused(
    finished: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "ROWS_AT_MOST", 12)
    with pytest.raises(Refused, match=r"at most 12 records\. Your selection has 13"):
        presets.download(finished.review, "xlsx", ExportFilters())
    with pytest.raises(Missing, match="endnote, zotero"):
        presets.download(finished.review, "pdf", ExportFilters())


def test_the_number_of_queries_grows_with_chunks_only(
    finished: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries
) -> None:
    def all_of_it() -> int:
        return len(
            list(
                status_columns.export_rows(
                    finished.review, ExportFilters(duplicates="with")
                )
            )
        )

    with django_assert_max_num_queries(13) as few:
        assert all_of_it() == 15
    assert len(few) >= 6
    monkeypatch.setattr(export_selection, "CHUNK", 4)
    assert all_of_it() == 15


def test_the_list_has_pages(
    finished: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_selection, "PAGE", 5)
    filters, after, seen = ExportFilters(), "", []
    while True:
        found, after = export_selection.selected_page(
            finished.olaf, filters, after=after
        )
        seen += [one.code for one in found]
        if not after:
            break
    assert len(seen) == len(set(seen)) == 13
    client = client_of(finished.olaf)
    page = client.get(f"/r/{finished.review.code}/export/list/?outcome=excluded")
    assert "8 records, in the order of the file" in page.content.decode()
    assert "?outcome=excluded&amp;after=" in page.content.decode()


def test_an_empty_selection_offers_no_file(finished: Cast, client_of: ClientOf) -> None:
    page = client_of(finished.olaf).get(
        f"/r/{finished.review.code}/export/?outcome=undecided"
    )
    assert "No records match. Remove a filter." in page.content.decode()
    assert "Download for" not in page.content.decode()


def test_the_command_writes_the_same(finished: Cast, tmp_path, capsysbinary) -> None:
    path = tmp_path / "out.bib"
    code = finished.review.code
    call_command(
        "export_records", code, "--as=bibtex", "--outcome=included", f"--output={path}"
    )
    filters = ExportFilters(outcome="included")
    same = b"".join(presets.download(finished.review, "bibtex", filters).content)
    assert path.read_bytes() == same
    call_command("export_records", code, "--as=csv", "--without-outcomes")
    out, said = capsysbinary.readouterr()
    assert len(kept(out, "x.csv")) == 13
    assert b"Selected 13, written 13: records-13.csv" in said
    with pytest.raises(CommandError, match="No review"):
        call_command("export_records", "nothing-here")


def test_the_page_address_matches_its_download(
    finished: Cast, client_of: ClientOf
) -> None:
    """The download of the page has the filters of the page's address."""
    query = "as=covidence&outcome=excluded&arm=databases&says=no"
    page = client_of(finished.olaf).get(f"/r/{finished.review.code}/export/?{query}")
    assert f"/export/file/?{query.replace('&', '&amp;')}" in page.content.decode()
    assert export_request.parse_filters(
        finished.review, {"outcome": "excluded", "as": "x"}
    ) == ExportFilters(outcome="excluded")
