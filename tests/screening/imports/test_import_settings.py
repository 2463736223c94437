"""Import settings, column templates and the complete report."""

from __future__ import annotations

import csv
import io
import json

import pytest

from reviewapp.core import jobs
from reviewapp.core.models import Event, Job
from reviewapp.core.refusals import Refused
from screening.citations.citation import Citation
from screening.imports.models import ColumnTemplate
from screening.imports.queries import import_warnings
from screening.imports.services import (
    column_templates,
    imports,
    reading,
    skipped_entries,
)
from screening.records.models import Import, Record, Source
from tests.conftest import Cast
from tests.factories import NOW
from tests.screening.imports.test_imports import imported, ris, run, uploaded
from tests.screening.records.pages import text_of

TABLE = (
    b"Naam;Wie;Wanneer\n"
    b"Peers in care;Byron, A;2019\n"
    b"Peers at home;Boole, G;2020\n"
)  # fmt: skip
COLUMNS = [("Naam", "title"), ("Wie", "authors"), ("Wanneer", "year")]


def run_latest(batch: Import) -> None:
    """Run the newest reading of the file."""
    job = Job.objects.filter(kind="records.read", key__startswith=batch.code).latest(
        "pk"
    )
    assert jobs.run_claimed_job(job.pk).state == "done"
    batch.refresh_from_db()


@pytest.fixture
def table(cast: Cast, source: Source) -> Import:
    """Return an import of a table with unknown columns."""
    batch = uploaded(cast.lena, source, TABLE, "ours.csv")
    run("records.read", batch)
    batch.refresh_from_db()
    return batch


def test_a_file_is_read_again_in_another_encoding(cast, source) -> None:
    content = ris(1).replace(b"Invented", "Réunion".encode("cp1252"))
    batch = uploaded(cast.lena, source, content)
    run_latest(batch)
    imports.change_settings(
        actor=cast.lena, import_code=batch.code, encoding="cp1251", now=NOW
    )
    batch.refresh_from_db()
    assert (batch.state, batch.revision) == ("uploaded", 1)
    run_latest(batch)
    assert batch.state == "read"
    assert batch.report["preview"][0]["title"].startswith("Rйunion")
    imports.change_settings(
        actor=cast.lena, import_code=batch.code, encoding="cp1252", now=NOW
    )
    run_latest(batch)
    assert batch.report["preview"][0]["title"].startswith("Réunion")
    imports.confirm_import(actor=cast.lena, import_code=batch.code, now=NOW)
    run("records.import", batch)
    assert Record.objects.get().title.startswith("Réunion")


def test_same_settings_twice_are_read_once(cast, source) -> None:
    batch = uploaded(cast.lena, source, ris(1))
    run_latest(batch)
    for _ in range(2):
        imports.change_settings(
            actor=cast.lena, import_code=batch.code, platform="Ovid", now=NOW
        )
    assert Job.objects.filter(kind="records.read").count() == 2
    run_latest(batch)
    assert (batch.revision, batch.platform) == (1, "Ovid")
    assert Event.objects.filter(kind="import:corrected").count() == 1


def test_table_with_unknown_columns_is_imported_after_mapping(cast, table) -> None:
    assert table.state == "refused"
    assert table.report["refusal_kind"] == "columns-unknown"
    imports.change_settings(
        actor=cast.lena, import_code=table.code, columns=COLUMNS, now=NOW
    )
    run_latest(table)
    assert (table.state, table.kept) == ("read", 2)
    imports.confirm_import(actor=cast.lena, import_code=table.code, now=NOW)
    run("records.import", table)
    titles = Record.objects.order_by("position").values_list("title", flat=True)
    assert list(titles) == ["Peers in care", "Peers at home"]


def test_unfixable_refusal_stays_refused(cast, source) -> None:
    batch = uploaded(cast.lena, source, b"<!doctype html><html>Sign in</html>")
    run_latest(batch)
    with pytest.raises(Refused, match="can't change the import settings"):
        imports.change_settings(
            actor=cast.lena, import_code=batch.code, encoding="cp1252", now=NOW
        )
    done = imported(cast.lena, source, ris(1))
    with pytest.raises(Refused, match="can't change the import settings"):
        imports.change_settings(
            actor=cast.lena, import_code=done.code, encoding="cp1252", now=NOW
        )


def test_refused_file_uploaded_again_is_read_only_once(cast, source, table) -> None:
    again = uploaded(cast.lena, source, TABLE, "ours.csv")
    assert again.pk != table.pk
    with pytest.raises(Refused, match="already"):
        imports.change_settings(
            actor=cast.lena, import_code=table.code, columns=COLUMNS, now=NOW
        )


def test_late_job_of_earlier_settings_changes_nothing(
    cast, source, monkeypatch
) -> None:
    batch = uploaded(cast.lena, source, ris(1))
    real = reading._read_through

    def corrected_meanwhile(*args):
        Import.objects.filter(pk=batch.pk).update(revision=1)
        return real(*args)

    monkeypatch.setattr(reading, "_read_through", corrected_meanwhile)
    run("records.read", batch)
    batch.refresh_from_db()
    assert batch.state == "uploaded"


# ── The mapping page ─────────────────────────────────────────────────────────
def test_the_page_shows_columns_with_samples_and_reads_by_them(
    cast, lena, url, table
) -> None:
    page = text_of(lena.get(url("imports:import", table)))
    assert "Map the columns" in page
    page = text_of(lena.get(url("imports:import_correct", table)))
    assert "Peers in care" in page
    assert "Wanneer" in page
    data = {"column_0": "title", "column_1": "authors", "column_2": "year"}
    no_title = lena.post(
        url("imports:import_correct", table), {**data, "column_0": "ignore"}
    )
    assert no_title.status_code == 422
    assert "contains the titles" in no_title.content.decode()
    sent = {**data, "template_name": "Our list"}
    assert lena.post(url("imports:import_correct", table), sent).url == url(
        "imports:import", table
    )
    run_latest(table)
    page = text_of(lena.get(url("imports:import", table)))
    assert "Import 2 records" in page
    assert ColumnTemplate.objects.get().columns == [list(pair) for pair in COLUMNS]


def test_template_is_suggested_and_applied_only_by_a_member(
    cast, lena, url, source, table
) -> None:
    column_templates.save_template(
        actor=cast.dora, name="Our list", columns=COLUMNS, now=NOW
    )
    other = uploaded(cast.lena, source, TABLE + b"A third;Eve, B;2001\n", "b.csv")
    run_latest(other)
    assert other.state == "refused"
    answer = lena.get(url("imports:import_correct", other))
    assert "Filled in from a template" in text_of(answer)
    form = answer.context["form"]
    assert [form[f"column_{n}"].initial for n in range(3)] == [
        "title",
        "authors",
        "year",
    ]
    other.refresh_from_db()
    assert other.options == {}


def test_template_is_chosen_and_deleted_after_confirmation(
    cast, lena, url, table
) -> None:
    kept = column_templates.save_template(
        actor=cast.lena, name="Odd", columns=[("Wie", "title"), ("X", "year")], now=NOW
    )
    answer = lena.get(url("imports:import_correct", table), {"template": kept.code})
    form = answer.context["form"]
    assert form["column_1"].initial == "title"
    assert form["column_2"].initial == "ignore"
    assert "Delete the template" in text_of(
        lena.get(url("imports:template_delete", kept))
    )
    assert ColumnTemplate.objects.exists()
    lena.post(url("imports:template_delete", kept))
    assert not ColumnTemplate.objects.exists()


def test_template_name_is_refused_for_other_columns(cast: Cast) -> None:
    one = column_templates.save_template(
        actor=cast.lena, name="A", columns=COLUMNS, now=NOW
    )
    assert (
        column_templates.save_template(
            actor=cast.dora, name="A", columns=COLUMNS, now=NOW
        )
        == one
    )
    with pytest.raises(Refused, match="different columns"):
        column_templates.save_template(
            actor=cast.lena, name="A", columns=COLUMNS[:1], now=NOW
        )
    with pytest.raises(Refused, match="name"):
        column_templates.save_template(
            actor=cast.lena, name=" ", columns=COLUMNS, now=NOW
        )


def test_settings_of_an_imported_file_cannot_change(cast, lena, url, source) -> None:
    batch = imported(cast.lena, source, ris(1))
    assert lena.get(url("imports:import_correct", batch)).url == url(
        "imports:import", batch
    )


# ── The report ───────────────────────────────────────────────────────────────
def test_every_notice_is_kept_and_the_page_gets_the_first(
    cast, source, monkeypatch
) -> None:
    monkeypatch.setattr(reading, "LISTED", 5)
    content = ris(1) + b"TY  - JOUR\nER  - \n\n" * 30
    batch = imported(cast.lena, source, content)
    assert len(batch.report["skipped"]) == 5
    every = list(import_warnings.all_notices(batch))
    skipped = [n for n in every if n["what"] == "skipped"]
    assert len(skipped) == batch.skipped == 30
    assert len({n["line"] for n in skipped}) == 30


def test_report_has_all_notices_and_the_status_of_entries(
    cast, lena, url, source
) -> None:
    source.hits_reported = 9
    source.save()
    batch = imported(cast.lena, source, ris(1) + b"TY  - JOUR\nER  - \n\n" * 3)
    one, two, _ = batch.skipped_entries.order_by("position")
    mended = skipped_entries.fix_entry(
        actor=cast.lena,
        import_code=one.batch.code,
        entry_code=one.code,
        citation=Citation(title="=1+1"),
        now=NOW,
    )
    skipped_entries.dismiss_entry(
        actor=cast.dora, import_code=two.batch.code, entry_code=two.code, now=NOW
    )
    answer = lena.get(url("imports:import_report_json", batch))
    report = json.loads(b"".join(answer.streaming_content))
    assert report["found"] == report["kept"] + report["skipped"] == 4
    assert (report["hits_reported"], report["records_in_source"]) == (9, 2)
    assert report["uploaded_by"] == "Lena"
    assert report["sha256"] == batch.sha256
    fates = [piece.get("became", {}) for piece in report["skipped_pieces"]]
    assert fates[0]["record"] == mended.record.code
    assert fates[1]["state"] == "dropped"
    assert fates[2] == {}
    answer = lena.get(url("imports:import_report_csv", batch))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    became = [row["became"] for row in rows if row["what"] == "skipped"]
    assert became[0] == f"fixed by Lena: record {mended.record.code}"
    assert became[1:] == ["marked as not a record by Dora", ""]
    assert [r["message"] for r in rows if r["kind"] == "hits_reported"] == ["9"]


def test_a_refused_file_has_a_report_too(cast, lena, url, table) -> None:
    answer = lena.get(url("imports:import_report_json", table))
    report = json.loads(b"".join(answer.streaming_content))
    assert report["state"] == "refused"
    assert "column" in report["refusal"]


def test_import_without_notices_file_yields_its_report(cast, source) -> None:
    batch = imported(cast.lena, source, ris(1) + b"TY  - JOUR\nER  - \n\n")
    batch.notices = ""
    listed = [n["what"] for n in import_warnings.all_notices(batch)]
    assert "skipped" in listed


def test_notices_are_stored_without_unstorable_characters(
    cast, source, monkeypatch
) -> None:
    real = reading.read_file

    def hostile(*args, report, **kwargs):
        report.skip(3, "half \ud800 a character", "NUL \0 here")
        return real(*args, report=report, **kwargs)

    monkeypatch.setattr(reading, "read_file", hostile)
    batch = uploaded(cast.lena, source, ris(1))
    run_latest(batch)
    assert (batch.state, batch.found, batch.skipped) == ("read", 2, 1)
    kept = next(n for n in import_warnings.all_notices(batch) if n["what"] == "skipped")
    assert (kept["reason"], kept["raw"]) == ("half ? a character", "NUL  here")


def test_reading_killed_at_its_end_is_repeated_and_stored_once(
    cast, source, monkeypatch
) -> None:
    batch = uploaded(cast.lena, source, ris(1) + b"TY  - JOUR\nER  - \n\n")

    def dies(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(reading, "_keep", dies)
    with pytest.raises(KeyboardInterrupt):
        run_latest(batch)
    batch.refresh_from_db()
    assert (batch.state, batch.notices.name) == ("uploaded", "")
    monkeypatch.undo()
    Job.objects.update(state="queued")
    run_latest(batch)
    assert batch.state == "read"
    folder, _, name = batch.notices.name.rpartition("/")
    _, files = batch.notices.storage.listdir(folder)
    assert [file for file in files if file.startswith(batch.code)] == [name]
