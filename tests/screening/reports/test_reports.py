"""Full texts: retrieval, PDFs, studies, other methods."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfWriter

from reviewapp.core.models import Member
from reviewapp.core.refusals import NotAllowed, Refused
from screening.records.models import Record
from screening.reports.hooks import report_retrieved
from screening.reports.models import NotSought, Report, ReportFile, Study
from screening.reports.queries import reports as queries
from screening.reports.rules.labels import study_label
from screening.reports.services import files, retrieval, studies
from tests import factories
from tests.conftest import Cast

NOW = factories.NOW
ClientOf = Callable[[Member | None], Client]


def pdf(pages: int = 1) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.fixture
def records(cast: Cast) -> Sequence[Record]:
    return factories.make_records(cast.lena, 4)


@pytest.fixture
def reports(cast: Cast, records: Sequence[Record]) -> list[Report]:
    return retrieval.send_to_retrieval(actor=cast.dora, records=records, now=NOW)


@pytest.mark.parametrize(
    ("authors", "year", "label"),
    [
        (["Åkerblom, K."], 2022, "Åkerblom 2022"),
        (["Åkerblom, K.", "Ness, O."], 2022, "Åkerblom & Ness 2022"),
        (["Moran, G.", "B, C", "D, E"], None, "Moran et al. n.d."),
        ([], 2020, "The title 2020"),
        (["The Fixture Collaboration"], 2014, "The Fixture Collaboration 2014"),
    ],
)
def test_studies_are_called_as_papers_are_cited(
    authors: list[str], year: int | None, label: str
) -> None:
    assert study_label(authors, year, "The title") == label


def test_sending_to_retrieval_twice_makes_one_report_each(
    cast: Cast, records: Sequence[Record], reports: list[Report]
) -> None:
    assert len(reports) == 4
    assert retrieval.send_to_retrieval(actor=cast.dora, records=records, now=NOW) == []
    assert Report.objects.count() == Study.objects.count() == 4


def test_a_pdf_is_kept_byte_for_byte_and_marks_the_report(
    cast: Cast, reports: list[Report]
) -> None:
    data = pdf(2)
    kept = files.attach_file(
        actor=cast.lena,
        report_code=reports[0].code,
        file=io.BytesIO(data),
        file_name="../../etc/pass<b>wd.pdf",
        now=NOW,
    )
    assert kept.file.open("rb").read() == data
    assert ".." not in kept.file.name
    assert "etc" not in kept.file.name
    reports[0].refresh_from_db()
    assert reports[0].retrieval == Report.Retrieval.RETRIEVED
    again = files.attach_file(
        actor=cast.lena,
        report_code=reports[0].code,
        file=io.BytesIO(data),
        file_name="other.pdf",
        now=NOW,
    )
    assert again.pk == kept.pk


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><body>Please sign in</body></html>",
        b"%PDF-1.7\n%%EOF",
        b"GIF89a" + b"0" * 2000 + b"%PDF-1.4",
        b"%PDF-1.4\n" + b"\x00" * 500,
    ],
    ids=["empty", "html", "no pages", "late header", "garbage"],
)
def test_a_file_that_is_not_a_pdf_is_refused_and_not_stored(
    cast: Cast, reports: list[Report], data: bytes
) -> None:
    with pytest.raises(Refused, match="Nothing was saved"):
        files.attach_file(
            actor=cast.lena,
            report_code=reports[0].code,
            file=io.BytesIO(data),
            file_name="paper.pdf",
            now=NOW,
        )
    assert not ReportFile.objects.exists()
    reports[0].refresh_from_db()
    assert reports[0].retrieval == Report.Retrieval.SOUGHT


def test_not_retrieved_needs_a_reason_and_can_be_undone(
    cast: Cast, reports: list[Report]
) -> None:
    with pytest.raises(Refused, match="reason"):
        retrieval.mark_not_retrieved(
            actor=cast.lena, report_code=reports[0].code, reason=" ", now=NOW
        )
    retrieval.mark_not_retrieved(
        actor=cast.lena, report_code=reports[0].code, reason="No answer", now=NOW
    )
    assert queries.retrieval_counts(cast.ada).not_retrieved == 1
    retrieval.reopen_retrieval(actor=cast.lena, report_code=reports[0].code, now=NOW)
    assert queries.retrieval_counts(cast.ada).sought == 4
    retrieval.mark_retrieved(actor=cast.lena, report_code=reports[0].code, now=NOW)
    with pytest.raises(Refused, match="can't be marked"):
        retrieval.mark_not_retrieved(
            actor=cast.lena, report_code=reports[0].code, reason="No", now=NOW
        )


def test_retrieval_calls_the_hook_once(
    cast: Cast, reports: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []
    providers = [lambda **arguments: heard.append(arguments["report"])]
    monkeypatch.setattr(report_retrieved, "providers", providers)
    retrieval.mark_retrieved(actor=cast.lena, report_code=reports[0].code, now=NOW)
    retrieval.mark_retrieved(actor=cast.lena, report_code=reports[0].code, now=NOW)
    assert heard == [reports[0]]
    n = retrieval.mark_many_retrieved(
        actor=cast.lena, report_codes=[one.code for one in reports], now=NOW
    )
    assert (n, heard) == (3, [reports[0], None])


def test_observers_retrieve_nothing(cast: Cast, reports: list[Report]) -> None:
    with pytest.raises(NotAllowed):
        retrieval.mark_retrieved(actor=cast.olaf, report_code=reports[0].code, now=NOW)
    with pytest.raises(NotAllowed):
        studies.group_reports(
            actor=cast.olaf, report_codes=[one.code for one in reports[:2]], now=NOW
        )


def test_reports_are_grouped_and_separated(cast: Cast, reports: list[Report]) -> None:
    study = studies.group_reports(
        actor=cast.ada, report_codes=[one.code for one in reports[1:3]], now=NOW
    )
    assert study.pk == reports[1].study_id
    assert queries.find_report(cast.ada, reports[2].code).study_size == 2  # type: ignore[union-attr]
    studies.separate_report(actor=cast.ada, report_code=reports[2].code, now=NOW)
    assert queries.find_report(cast.ada, reports[2].code).study_size == 1  # type: ignore[union-attr]
    with pytest.raises(Refused, match="only report of a study"):
        studies.separate_report(actor=cast.ada, report_code=reports[2].code, now=NOW)
    with pytest.raises(Refused, match="two or more"):
        studies.group_reports(
            actor=cast.ada, report_codes=[one.code for one in reports[:1]], now=NOW
        )


def test_records_from_other_methods_are_retrieved_or_not_with_a_reason(
    cast: Cast,
) -> None:
    source = factories.make_source(cast.lena, "Experts", kind="expert")
    first, second = factories.make_records(cast.lena, 2, source)
    retrieval.do_not_retrieve(
        actor=cast.lena, record_code=first.code, reason="Book", now=NOW
    )
    retrieval.send_other_to_retrieval(
        actor=cast.lena, record_codes=[second.code], now=NOW
    )
    states = {line.code: line.state for line in queries.other_methods(cast.ada)}
    assert states == {first.code: "not_sought", second.code: "sought"}
    retrieval.send_other_to_retrieval(
        actor=cast.lena, record_codes=[first.code], now=NOW
    )
    assert NotSought.objects.filter(undone_at=None).count() == 0
    with pytest.raises(Refused, match="already been sent to retrieval"):
        retrieval.do_not_retrieve(
            actor=cast.lena, record_code=first.code, reason="Book", now=NOW
        )


def test_records_from_databases_are_not_sent_to_retrieval_directly(
    cast: Cast, records: Sequence[Record]
) -> None:
    with pytest.raises(Refused, match="title and abstract"):
        retrieval.send_other_to_retrieval(
            actor=cast.lena, record_codes=[one.code for one in records], now=NOW
        )


def test_the_pages(cast: Cast, reports: list[Report], client_of: ClientOf) -> None:
    client, base = client_of(cast.lena), f"/r/{cast.review.code}"
    code = reports[0].code
    for path in ("reports/", f"reports/{code}/", "studies/", "other-methods/"):
        assert client.get(f"{base}/{path}").status_code == 200, path
    upload = client.post(
        f"{base}/reports/{code}/file/",
        {"file": SimpleUploadedFile("p.pdf", pdf(), "text/html")},
    )
    assert upload.status_code == 302
    kept = ReportFile.objects.get()
    answer = client.get(f"{base}/reports/{code}/file/{kept.code}/")
    assert b"".join(answer)[:5] == b"%PDF-"  # type: ignore[arg-type]
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("attachment")
    stranger = client_of(cast.eve).get(f"{base}/reports/{code}/file/{kept.code}/")
    assert stranger.status_code == 404
    bad = client.post(
        f"{base}/reports/{code}/file/",
        {"file": SimpleUploadedFile("p.pdf", b"<html>", "application/pdf")},
    )
    assert bad.status_code == 409
    assert "not a PDF" in bad.content.decode()
    assert client.post(f"{base}/reports/{code}/file/").status_code == 422


def test_the_list_has_a_fixed_number_of_queries(
    cast: Cast,
    reports: list[Report],
    django_assert_num_queries: Callable[..., object],
) -> None:
    with django_assert_num_queries(4):  # type: ignore[attr-defined]
        found, _ = queries.report_page(cast.ada)
    assert len(found) == 4
    more = factories.make_records(
        cast.lena, 30, factories.make_source(cast.lena, "Embase")
    )
    retrieval.send_to_retrieval(actor=cast.dora, records=more, now=NOW)
    with django_assert_num_queries(4):  # type: ignore[attr-defined]
        found, cursor = queries.report_page(cast.ada, size=20)
    rest, end = queries.report_page(cast.ada, size=20, after=cursor)
    assert len({r.code for r in [*found, *rest]}) == 34
    assert end == ""
