"""Pages of an import."""

from __future__ import annotations

import json

from django.core.files.uploadedfile import SimpleUploadedFile

from screening.records.models import Import
from tests.screening.imports.test_imports import imported, ris, run, uploaded
from tests.screening.records.pages import text_of


def test_several_files_are_uploaded_at_once(lena, url, source) -> None:
    files = [
        SimpleUploadedFile("a.ris", ris(2)),
        SimpleUploadedFile("b.ris", ris(2, start=2)),
        SimpleUploadedFile("a-again.ris", ris(2)),
    ]
    response = lena.post(url("imports:upload", source), {"exports": files}, follow=True)
    page = text_of(response)
    assert Import.objects.count() == 2
    assert (
        "a-again.ris was not uploaded, because exactly the same file is already in Medline"
        in page
    )
    assert "every 1s" in page


def test_one_file_leads_to_its_page(lena, url, source) -> None:
    file = SimpleUploadedFile("a.ris", ris(2))
    response = lena.post(url("imports:upload", source), {"exports": file})
    assert response.url == url("imports:import", Import.objects.get())


def test_htmx_upload_is_redirected(lena, url, source) -> None:
    file = SimpleUploadedFile("a.ris", ris(2))
    response = lena.post(
        url("imports:upload", source), {"exports": file}, headers={"HX-Request": "true"}
    )
    assert response["HX-Redirect"] == url("imports:import", Import.objects.get())


def test_an_upload_without_a_file_says_so(lena, url, source) -> None:
    page = text_of(lena.post(url("imports:upload", source), follow=True))
    assert "No file was uploaded" in page


def test_an_import_page_goes_through_its_states(cast, lena, url, source) -> None:
    source.hits_reported = 3
    source.save()
    batch = uploaded(cast.lena, source, ris(3) + b"stray words\n")
    page = text_of(lena.get(url("imports:import", batch)))
    assert "every 1s" in page

    run("records.read", batch)
    page = text_of(lena.get(url("imports:import", batch)))
    assert "every 1s" not in page
    assert "Import 3 records" in page
    assert "Invented study number 0 of things" in page
    assert "The number of records matches the hits the database reported" in page

    lena.post(url("imports:import_commit", batch))
    assert "every 1s" in text_of(lena.get(url("imports:import", batch)))
    run("records.import", batch)
    page = text_of(lena.get(url("imports:import", batch)))
    assert "The records are imported" in page
    listed = lena.get(url("records:list"), {"import": batch.code})
    assert listed.context["page"].total == 3


def test_refused_file_shows_the_reason_and_next_step(cast, lena, url, source) -> None:
    batch = uploaded(cast.lena, source, b"<!doctype html><html>Sign in</html>")
    run("records.read", batch)
    page = text_of(lena.get(url("imports:import", batch)))
    assert "web page" in page
    assert "Nothing was imported" in page


def test_failed_reading_can_be_resumed_on_its_page(
    cast, lena, url, source, monkeypatch
) -> None:
    from screening.imports.services import reading

    def breaks(*args, **kwargs):
        raise OSError("disk")

    batch = uploaded(cast.lena, source, ris(1))
    monkeypatch.setattr(reading, "read_file", breaks)
    run("records.read", batch)
    monkeypatch.undo()
    assert "Resume" in text_of(lena.get(url("imports:import", batch)))
    lena.post(url("imports:import_retry", batch))
    run("records.read", batch)
    assert "Import 1 record" in text_of(lena.get(url("imports:import", batch)))


def test_preview_can_be_discarded_after_confirmation(cast, lena, url, source) -> None:
    batch = uploaded(cast.lena, source, ris(3))
    run("records.read", batch)
    assert "Its 3 records are not imported" in text_of(
        lena.get(url("imports:import_discard", batch))
    )
    lena.post(url("imports:import_discard", batch))
    batch.refresh_from_db()
    assert batch.state == "discarded"


def test_original_file_is_always_a_download(cast, lena, url, source) -> None:
    content = b"TY  - JOUR\nTI  - <script>\nER  - \n"
    batch = uploaded(cast.lena, source, content, 'x"; y\r\n.html')
    response = lena.get(url("imports:import_original", batch))
    assert b"".join(response.streaming_content) == content
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_report_is_available_as_csv_and_json(cast, lena, url, source) -> None:
    batch = imported(cast.lena, source, b"=1+1 stray\n" + ris(2))
    answer = lena.get(url("imports:import_report_json", batch))
    report = json.loads(b"".join(answer.streaming_content))
    assert report["found"] == report["kept"] + report["skipped"] == 2
    assert report["warnings"]
    lines = b"".join(
        lena.get(url("imports:import_report_csv", batch)).streaming_content
    )
    assert lines.startswith(b"\xef\xbb\xbfwhat,kind,line")
    assert lines.count(b"\r\n") >= 1 + len(report["warnings"])


def test_observers_see_imports_but_cannot_change_them(
    cast, client_of, url, source
) -> None:
    batch = uploaded(cast.lena, source, ris(1))
    run("records.read", batch)
    olaf = client_of(cast.olaf)
    page = text_of(olaf.get(url("imports:import", batch)))
    assert "Import 1 record" not in page
    assert "Invented study" not in page
    for name in ("original", "report_csv", "report_json"):
        assert olaf.get(url(f"imports:import_{name}", batch)).status_code == 403
    for name in ("commit", "discard"):
        assert olaf.post(url(f"imports:import_{name}", batch)).status_code == 403
    file = SimpleUploadedFile("a.ris", ris(2))
    upload = olaf.post(url("imports:upload", source), {"exports": file})
    assert upload.status_code == 403
    assert Import.objects.count() == 1
