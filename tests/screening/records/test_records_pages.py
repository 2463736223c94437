"""The pages of sources, imports, records and duplicates."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from reviewapp.core import jobs, nav
from reviewapp.core.models import Job, Member
from screening.records.models import DoubtfulPair, Duplicate, Import, Record, Source
from screening.records.queries import records as record_queries
from screening.records.queries.records import HistoryLine
from screening.records.services import duplicates
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW
from tests.screening.records.test_imports import imported, ris, run, uploaded

HOSTILE = "<script>alert(1)</script> & <b>bold</b>"


@pytest.fixture
def url(cast: Cast) -> Callable[..., str]:
    """The address of a page of this app in the cast's review."""

    def make(name: str, *args: object) -> str:
        codes = [getattr(arg, "code", arg) for arg in args]
        return reverse(f"records:{name}", args=[cast.review.code, *codes])

    return make


@pytest.fixture
def lena(cast: Cast, client_of: Callable[[Member], Client]) -> Client:
    return client_of(cast.lena)


@pytest.fixture
def source(cast: Cast) -> Source:
    return factories.make_source(cast.lena)


def text_of(response) -> str:
    assert response.status_code == 200, response.content[:2000]
    return response.content.decode()


def pair_of(cast: Cast, a: Record, b: Record, score: float = 0.5) -> DoubtfulPair:
    return DoubtfulPair.objects.create(
        review=cast.review, first=a, second=b, score=score, created_at=NOW,
        reasons_for=["the titles are alike"], reasons_against=["the years differ"],
    )  # fmt: skip


# ── Sources ──────────────────────────────────────────────────────────────────
def test_an_empty_review_says_what_to_do_first(lena, url) -> None:
    page = text_of(lena.get(url("sources")))
    assert "No searches yet" in page
    assert url("source_add") in page


def test_a_source_is_added_by_its_form(cast, lena, url) -> None:
    data = {
        "kind": "database",
        "name": "PsycINFO",
        "platform": "Ovid",
        "searched_on": "2021-03-14",
        "hits_reported": "12",
        "strategy": "1. exp Peer/\n2. 1 and 2",
        "limits": "",
    }
    response = lena.post(url("source_add"), data)
    source = Source.objects.get()
    assert response.url == url("source", source)
    assert source.strategy == data["strategy"]
    page = text_of(lena.get(url("source", source)))
    assert "2. 1 and 2" in page
    assert "12" in page


def test_a_name_that_is_taken_keeps_what_was_typed(lena, url, source) -> None:
    data = {"kind": "database", "name": source.name, "strategy": "a long strategy"}
    response = lena.post(url("source_add"), data)
    assert response.status_code == 422
    page = response.content.decode()
    assert "already" in page
    assert "a long strategy" in page


def test_another_method_asks_for_its_provenance(lena, url) -> None:
    assert "Where it was looked" in text_of(lena.get(url("source_add_other")))
    data = {"kind": "expert", "name": "Experts", "provenance": "Two authors, by mail"}
    lena.post(url("source_add_other"), data)
    assert Source.objects.get().provenance == "Two authors, by mail"


def test_changing_a_source_leaves_what_its_form_does_not_show(cast, lena, url) -> None:
    source = factories.make_source(
        cast.lena, "Alerts", "alert", platform="Scholar", hits_reported=7
    )
    lena.post(url("source_change", source), {"kind": "alert", "name": "Alerts weekly"})
    source.refresh_from_db()
    assert (source.name, source.platform, source.hits_reported) == (
        "Alerts weekly",
        "Scholar",
        7,
    )


def test_the_numbers_of_a_source_are_lengths_of_lists(cast, lena, url, source) -> None:
    records = factories.make_records(cast.lena, 5, source)
    Duplicate.objects.create(
        review=cast.review, record=records[1], of=records[0], how="person",
        created_at=NOW, created_by=cast.lena,
    )  # fmt: skip
    databases, _other = lena.get(url("sources")).context["databases"], None
    view = databases.sources[0]
    for status, number in (
        ("", view.records),
        ("duplicate", view.duplicates),
        ("unique", view.unique),
    ):
        listed = lena.get(url("list"), {"source": source.code, "status": status})
        assert listed.context["page"].total == number
    assert (view.records, view.duplicates, view.unique) == (5, 1, 4)


# ── Upload and import ────────────────────────────────────────────────────────
def test_several_files_are_uploaded_at_once(lena, url, source) -> None:
    files = [
        SimpleUploadedFile("a.ris", ris(2)),
        SimpleUploadedFile("b.ris", ris(2, start=2)),
        SimpleUploadedFile("a-again.ris", ris(2)),
    ]
    response = lena.post(url("source_upload", source), {"exports": files}, follow=True)
    page = text_of(response)
    assert Import.objects.count() == 2
    assert "a-again.ris is in Medline already" in page
    assert "every 1s" in page


def test_one_file_leads_to_its_page(lena, url, source) -> None:
    file = SimpleUploadedFile("a.ris", ris(2))
    response = lena.post(url("source_upload", source), {"exports": file})
    assert response.url == url("import", Import.objects.get())


def test_an_upload_by_htmx_is_sent_on(lena, url, source) -> None:
    file = SimpleUploadedFile("a.ris", ris(2))
    response = lena.post(
        url("source_upload", source), {"exports": file}, headers={"HX-Request": "true"}
    )
    assert response["HX-Redirect"] == url("import", Import.objects.get())


def test_an_upload_without_a_file_says_so(lena, url, source) -> None:
    page = text_of(lena.post(url("source_upload", source), follow=True))
    assert "No file came" in page


def test_an_import_page_goes_through_its_states(cast, lena, url, source) -> None:
    source.hits_reported = 3
    source.save()
    batch = uploaded(cast.lena, source, ris(3) + b"stray words\n")
    page = text_of(lena.get(url("import", batch)))
    assert "every 1s" in page

    run("records.read", batch)
    page = text_of(lena.get(url("import", batch)))
    assert "every 1s" not in page
    assert "Import 3 records" in page
    assert "Invented study number 0 of things" in page
    assert "As many records as the database reported hits" in page

    lena.post(url("import_commit", batch))
    assert "every 1s" in text_of(lena.get(url("import", batch)))
    run("records.import", batch)
    page = text_of(lena.get(url("import", batch)))
    assert "Its records are imported" in page
    listed = lena.get(url("list"), {"import": batch.code})
    assert listed.context["page"].total == 3


def test_a_refused_file_says_why_and_what_to_do(cast, lena, url, source) -> None:
    batch = uploaded(cast.lena, source, b"<!doctype html><html>Sign in</html>")
    run("records.read", batch)
    page = text_of(lena.get(url("import", batch)))
    assert "web page" in page
    assert "Nothing of it was imported" in page


def test_a_failed_reading_offers_to_try_again(
    cast, lena, url, source, monkeypatch
) -> None:
    from screening.records.services import reading

    def breaks(*args, **kwargs):
        raise OSError("disk")

    batch = uploaded(cast.lena, source, ris(1))
    monkeypatch.setattr(reading, "read", breaks)
    run("records.read", batch)
    monkeypatch.undo()
    assert "Try again from there" in text_of(lena.get(url("import", batch)))
    lena.post(url("import_retry", batch))
    run("records.read", batch)
    assert "Import 1 record" in text_of(lena.get(url("import", batch)))


def test_a_preview_can_be_discarded_after_a_question(cast, lena, url, source) -> None:
    batch = uploaded(cast.lena, source, ris(3))
    run("records.read", batch)
    assert "None of its 3 records" in text_of(lena.get(url("import_discard", batch)))
    lena.post(url("import_discard", batch))
    batch.refresh_from_db()
    assert batch.state == "discarded"


def test_the_original_is_saved_never_shown(cast, lena, url, source) -> None:
    content = b"TY  - JOUR\nTI  - <script>\nER  - \n"
    batch = uploaded(cast.lena, source, content, 'x"; y\r\n.html')
    response = lena.get(url("import_original", batch))
    assert b"".join(response.streaming_content) == content
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_the_report_comes_as_csv_and_json(cast, lena, url, source) -> None:
    batch = imported(cast.lena, source, b"=1+1 stray\n" + ris(2))
    report = json.loads(lena.get(url("import_report_json", batch)).content)
    assert report["found"] == report["kept"] + report["skipped"] == 2
    assert report["warnings"]
    lines = b"".join(lena.get(url("import_report_csv", batch)).streaming_content)
    assert lines.startswith(b"\xef\xbb\xbfwhat,kind,line")
    assert lines.count(b"\r\n") >= 1 + len(report["warnings"])


def test_observers_see_imports_and_cannot_touch_them(
    cast, client_of, url, source
) -> None:
    batch = uploaded(cast.lena, source, ris(1))
    run("records.read", batch)
    olaf = client_of(cast.olaf)
    page = text_of(olaf.get(url("import", batch)))
    assert "Import 1 record" not in page
    for name in ("import_commit", "import_discard"):
        assert olaf.post(url(name, batch)).status_code == 403
    file = SimpleUploadedFile("a.ris", ris(2))
    upload = olaf.post(url("source_upload", source), {"exports": file})
    assert upload.status_code == 403
    assert Import.objects.count() == 1


# ── Records ──────────────────────────────────────────────────────────────────
def test_pages_of_the_list_hold_each_record_once(cast, lena, url, source) -> None:
    factories.make_records(cast.lena, 120, source)
    seen: list[str] = []
    address = url("list")
    for _page in range(3):
        context = lena.get(address).context
        seen += [line.record.code for line in context["page"].lines]
        address = url("list") + context["next_url"]
    assert context["next_url"] == ""
    assert len(seen) == len(set(seen)) == context["page"].total == 120
    back = lena.get(url("list") + context["previous_url"]).context
    assert [line.record.code for line in back["page"].lines] == seen[50:100]


def test_the_search_takes_words_of_the_title(cast, lena, url, source) -> None:
    factories.make_records(cast.lena, 2, source)
    factories.make_records(cast.lena, 1, source, title="Sheep (ovine) in C++ Iceland.")
    for words in ("iceland SHEEP", "(ovine)", "c++", "iceland."):
        page = lena.get(url("list"), {"q": words}).context["page"]
        assert [line.record.title for line in page.lines] == [
            "Sheep (ovine) in C++ Iceland."
        ], words
    assert "No record matches" in text_of(lena.get(url("list"), {"q": "tiger"}))


def test_records_of_an_unfinished_import_are_not_listed(
    cast, lena, url, source
) -> None:
    batch = uploaded(cast.lena, source, ris(2))
    Import.objects.filter(pk=batch.pk).update(state="committing")
    factories.make_records(cast.lena, 1, source, batch=batch)
    assert lena.get(url("list")).context["page"].total == 0


def test_a_record_shows_all_it_has_and_nothing_runs(cast, lena, url, source) -> None:
    record = factories.make_records(
        cast.lena, 1, source, title=HOSTILE, abstract=HOSTILE, raw=HOSTILE,
        authors=[HOSTILE], keywords=[HOSTILE], url="javascript:alert(1)",
        doi="10.5555/x", notes=HOSTILE,
    )[0]  # fmt: skip
    page = text_of(lena.get(url("record", record)))
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert page.count("&lt;script&gt;alert(1)") >= 5


def test_the_history_of_a_record_is_told_by_all_apps(
    cast, lena, url, source, monkeypatch
) -> None:
    record = factories.make_records(cast.lena, 1, source)[0]
    heard = []

    def provider(viewer: Member, code: str) -> list[HistoryLine]:
        heard.append((viewer, code))
        return [HistoryLine(NOW, "Something of a higher app", "/there/")]

    monkeypatch.setattr(record_queries, "_history", [provider])
    page = text_of(lena.get(url("record", record)))
    assert "Something of a higher app" in page
    assert "Entered by hand into Medline by Lena" in page
    assert heard == [(cast.lena, record.code)]


def test_a_duplicate_shows_what_it_repeats(cast, lena, url, source) -> None:
    kept, copy, copy_of_copy = factories.make_records(cast.lena, 3, source)
    for record, of in ((copy, kept), (copy_of_copy, copy)):
        Duplicate.objects.create(
            review=cast.review, record=record, of=of, how="person",
            created_at=NOW, created_by=cast.lena,
        )  # fmt: skip
    detail = lena.get(url("record", copy_of_copy)).context["detail"]
    assert detail.kept.code == kept.code
    assert [c.record.code for c in detail.copies] == [copy.code]
    detail = lena.get(url("record", kept)).context["detail"]
    assert detail.kept is None
    assert {c.record.code for c in detail.copies} == {copy.code, copy_of_copy.code}


def test_a_structured_abstract_is_shown_in_its_parts(cast, source) -> None:
    record = factories.make_records(
        cast.lena, 1, source,
        abstract="BACKGROUND: Peers help. METHODS AND DESIGN: We asked: why? Results: Good.",
    )[0]  # fmt: skip
    assert record_queries.view(record).abstract_parts == (
        ("Background", "Peers help."),
        ("Methods and design", "We asked: why?"),
        ("Results", "Good."),
    )


@pytest.mark.parametrize(
    "abstract", ["", "Plain text: with a colon.", "In this study: results: none."]
)
def test_an_abstract_without_labels_stays_whole(cast, source, abstract) -> None:
    record = factories.make_records(cast.lena, 1, source, abstract=abstract)[0]
    parts = record_queries.view(record).abstract_parts
    assert parts == ((("", abstract),) if abstract else ())


def test_a_stranger_finds_nothing(cast, client_of, url, source) -> None:
    record = factories.make_records(cast.lena, 1, source)[0]
    eve = client_of(cast.eve)
    for name, args in (
        ("sources", ()),
        ("source", (source,)),
        ("record", (record,)),
        ("list", ()),
        ("duplicates", ()),
    ):
        assert eve.get(url(name, *args)).status_code == 404, name
    own = reverse("records:record", args=[cast.eve.review.code, record.code])
    assert eve.get(own).status_code == 404


# ── Entering by hand ─────────────────────────────────────────────────────────
@pytest.fixture
def experts(cast: Cast) -> Source:
    return factories.make_source(cast.lena, "Experts", "expert")


ENTRY = {
    "title": "Peers in care: a study",
    "authors": "Byron, Ada\nBoole, Mary",
    "year": "2018",
    "doi": "https://doi.org/10.5555/ABC",
    "notes": "By mail",
}


def test_a_record_is_entered_and_the_form_is_ready_again(lena, url, experts) -> None:
    response = lena.post(url("enter", experts), ENTRY, follow=True)
    record = Record.objects.get()
    assert (record.doi, record.authors) == (
        "10.5555/abc",
        ["Byron, Ada", "Boole, Mary"],
    )
    assert record.arm == "other"
    page = text_of(response)
    assert "is added" in page
    assert ENTRY["title"] not in page.split('<form class="form"')[1].split("</form>")[0]


def test_what_is_here_already_is_shown_before_it_is_added(
    lena, url, cast, experts
) -> None:
    lena.post(url("enter", experts), ENTRY)
    page = text_of(lena.post(url("enter", experts), ENTRY))
    assert "Already here:" in page
    assert Record.objects.count() == 1
    lena.post(url("enter", experts), {**ENTRY, "sure": "1"})
    assert Record.objects.count() == 2
    assert Record.objects.unique().count() == 1


def test_the_check_while_typing_answers_with_the_matches_alone(
    lena, url, experts
) -> None:
    lena.post(url("enter", experts), ENTRY)
    answer = text_of(lena.post(url("check", experts), {"doi": "10.5555/abc"}))
    assert answer.strip().startswith('<div id="matches"')
    assert "here:" in answer
    assert Record.objects.count() == 1
    nothing = text_of(lena.post(url("check", experts), {"title": "Sheep of Iceland"}))
    assert "Nothing like it is here yet" in nothing


def test_an_entry_without_title_and_doi_is_not_saved(lena, url, experts) -> None:
    response = lena.post(url("enter", experts), {"year": "2018"})
    assert response.status_code == 422
    assert "Give a title, or a DOI" in response.content.decode()
    assert lena.post(url("enter", experts), {"doi": "abc"}).status_code == 422
    assert Record.objects.count() == 0


# ── Duplicates ───────────────────────────────────────────────────────────────
def test_the_desk_shows_what_differs_and_goes_on_to_the_next(
    cast, client_of, url, source
) -> None:
    a, b, c = factories.make_records(cast.lena, 3, source)
    pair_of(cast, a, b, 0.9)
    pair_of(cast, a, c, 0.4)
    ada = client_of(cast.ada)
    first = ada.get(url("pairs"))
    pair = DoubtfulPair.objects.get(score=0.9)
    other = DoubtfulPair.objects.get(score=0.4)
    assert first.url == url("pair", pair)
    page = text_of(ada.get(first.url))
    assert "<del>" in page
    assert "<ins>" in page
    assert "The titles are alike" in page
    answered = ada.post(url("pair_answer", pair), {"answer": "different"})
    assert answered.url == url("pair", other)
    last = ada.post(
        url("pair_answer", other), {"answer": "same"}, headers={"HX-Request": "true"}
    )
    assert last["HX-Redirect"] == url("duplicates")
    assert Record.objects.unique().count() == 2


def test_an_answer_by_htmx_brings_the_next_desk_alone(
    cast, client_of, url, source
) -> None:
    a, b, c = factories.make_records(cast.lena, 3, source)
    first, second = pair_of(cast, a, b, 0.9), pair_of(cast, a, c, 0.4)
    response = client_of(cast.ada).post(
        url("pair_answer", first),
        {"answer": "different"},
        headers={"HX-Request": "true"},
    )
    assert response["HX-Push-Url"] == url("pair", second)
    assert text_of(response).strip().startswith('<div id="desk"')


def test_later_leaves_a_pair_and_comes_back_to_it(cast, client_of, url, source) -> None:
    a, b, c = factories.make_records(cast.lena, 3, source)
    first, second = pair_of(cast, a, b, 0.9), pair_of(cast, a, c, 0.4)
    ada = client_of(cast.ada)
    assert ada.get(url("pairs"), {"after": first.code}).url == url("pair", second)
    assert ada.get(url("pairs"), {"after": second.code}).url == url("pair", first)


def test_an_observer_reads_the_desk_and_answers_nothing(
    cast, client_of, url, source
) -> None:
    a, b = factories.make_records(cast.lena, 2, source)
    pair = pair_of(cast, a, b)
    olaf = client_of(cast.olaf)
    assert 'value="same"' not in text_of(olaf.get(url("pair", pair)))
    answer = olaf.post(url("pair_answer", pair), {"answer": "same"})
    assert answer.status_code == 403


def test_a_merge_is_listed_and_undone(cast, lena, url, source) -> None:
    same = {"title": "One title of a study of peers", "doi": "10.5555/q"}
    factories.make_records(cast.lena, 2, source, authors=["Byron, A"], **same)
    job = duplicates.find(actor=cast.lena, now=NOW)
    assert "every 1s" in text_of(lena.get(url("duplicates")))
    jobs.run(job.pk)
    merge = Duplicate.objects.get()
    overview = lena.get(url("duplicates")).context["overview"]
    assert (overview.records, overview.certain, overview.unique) == (2, 1, 1)
    assert lena.get(url("merges")).context["page"].total == overview.merges
    assert "Undo the merge?" in text_of(lena.get(url("undo", merge)))
    lena.post(url("undo", merge))
    assert Record.objects.unique().count() == 2
    page = text_of(lena.get(url("answers")))
    assert "Ask again" in page
    pair = DoubtfulPair.objects.get()
    assert lena.post(url("pair_reopen", pair)).url == url("pair", pair)


def test_the_search_can_be_asked_for_again(cast, lena, url, source) -> None:
    factories.make_records(cast.lena, 2, source)
    lena.post(url("search"))
    assert Job.objects.get(kind="records.duplicates").params["everything"] is True


def test_an_import_is_compared_only_with_what_is_new(cast, source) -> None:
    other = factories.make_source(cast.lena, "Scopus")
    imported(cast.lena, source, ris(4))
    first = Job.objects.get(kind="records.duplicates")
    jobs.run(first.pk)
    imported(cast.lena, other, ris(6))
    second = Job.objects.exclude(pk=first.pk).get(kind="records.duplicates")
    jobs.run(second.pk)
    second.refresh_from_db()
    assert second.result["merges"] == 4
    assert Record.objects.unique().count() == 6


# ── What to do now ───────────────────────────────────────────────────────────
def todo_texts(member: Member) -> list[str]:
    return [todo.text for todo in nav.todos(member)]


def test_the_overview_tells_a_librarian_what_waits(cast: Cast) -> None:
    assert any("first source" in text for text in todo_texts(cast.lena))
    assert not any("first source" in text for text in todo_texts(cast.ada))
    source = factories.make_source(cast.lena)
    batch = uploaded(cast.lena, source, ris(3))
    run("records.read", batch)
    assert any("a.ris was read" in text for text in todo_texts(cast.lena))
    assert not any("a.ris" in text for text in todo_texts(cast.olaf))


def test_open_pairs_are_a_thing_to_do(cast: Cast, source: Source) -> None:
    a, b = factories.make_records(cast.lena, 2, source)
    pair_of(cast, a, b)
    assert any("1 pair of records is" in text for text in todo_texts(cast.ada))
    assert not any("pair of records" in text for text in todo_texts(cast.olaf))


def test_records_that_no_search_has_seen_are_a_thing_to_do(
    cast: Cast, source: Source
) -> None:
    imported(cast.lena, source, ris(3))
    job = Job.objects.get(kind="records.duplicates")
    Job.objects.filter(pk=job.pk).update(state="failed")
    assert any("3 records were not compared" in t for t in todo_texts(cast.ada))
    Job.objects.filter(pk=job.pk).update(state="queued")
    jobs.run(job.pk)
    assert not any("not compared" in text for text in todo_texts(cast.ada))
