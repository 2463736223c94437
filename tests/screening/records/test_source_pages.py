"""Pages of sources, and their tasks on the overview."""

from __future__ import annotations

from reviewapp.core import jobs, nav
from reviewapp.core.models import Job, Member
from screening.records.models import Duplicate, Source
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW
from tests.screening.imports.test_imports import imported, ris, run, uploaded
from tests.screening.records.pages import pair_of, text_of


def test_empty_review_shows_the_first_task(lena, url) -> None:
    page = text_of(lena.get(url("records:sources")))
    assert "No searches yet" in page
    assert url("records:source_add") in page


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
    response = lena.post(url("records:source_add"), data)
    source = Source.objects.get()
    assert response.url == url("records:source", source)
    assert source.strategy == data["strategy"]
    page = text_of(lena.get(url("records:source", source)))
    assert "2. 1 and 2" in page
    assert "12" in page


def test_duplicate_name_keeps_the_form_values(lena, url, source) -> None:
    data = {"kind": "database", "name": source.name, "strategy": "a long strategy"}
    response = lena.post(url("records:source_add"), data)
    assert response.status_code == 422
    page = response.content.decode()
    assert "already" in page
    assert "a long strategy" in page


def test_another_method_asks_for_its_provenance(lena, url) -> None:
    assert "Where and how you searched" in text_of(
        lena.get(url("records:source_add_other"))
    )
    data = {"kind": "expert", "name": "Experts", "provenance": "Two authors, by mail"}
    lena.post(url("records:source_add_other"), data)
    assert Source.objects.get().provenance == "Two authors, by mail"


def test_changing_a_source_keeps_values_its_form_does_not_show(cast, lena, url) -> None:
    source = factories.make_source(
        cast.lena, "Alerts", "alert", platform="Scholar", hits_reported=7
    )
    lena.post(
        url("records:source_change", source), {"kind": "alert", "name": "Alerts weekly"}
    )
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
    databases, _other = lena.get(url("records:sources")).context["databases"], None
    view = databases.sources[0]
    for status, number in (
        ("", view.records),
        ("duplicate", view.duplicates),
        ("unique", view.unique),
    ):
        listed = lena.get(
            url("records:list"), {"source": source.code, "status": status}
        )
        assert listed.context["page"].total == number
    assert (view.records, view.duplicates, view.unique) == (5, 1, 4)


def todo_texts(member: Member) -> list[str]:
    return [todo.text for todo in nav.viewer_todos(member)]


def test_overview_shows_a_librarian_pending_imports(cast: Cast) -> None:
    assert any("first source" in text for text in todo_texts(cast.lena))
    assert not any("first source" in text for text in todo_texts(cast.ada))
    source = factories.make_source(cast.lena)
    batch = uploaded(cast.lena, source, ris(3))
    run("records.read", batch)
    assert any("a.ris was read" in text for text in todo_texts(cast.lena))
    assert not any("a.ris" in text for text in todo_texts(cast.olaf))


def test_open_pairs_are_a_task(cast: Cast, source: Source) -> None:
    a, b = factories.make_records(cast.lena, 2, source)
    pair_of(cast, a, b)
    assert any(
        "1 possible duplicate to review" in text for text in todo_texts(cast.ada)
    )
    assert not any("possible duplicate" in text for text in todo_texts(cast.olaf))


def test_records_that_no_run_has_compared_are_a_task(
    cast: Cast, source: Source
) -> None:
    imported(cast.lena, source, ris(3))
    job = Job.objects.get(kind="records.duplicates")
    Job.objects.filter(pk=job.pk).update(state="failed")
    assert any(
        "3 records have not been checked for duplicates" in t
        for t in todo_texts(cast.ada)
    )
    Job.objects.filter(pk=job.pk).update(state="queued")
    jobs.run_claimed_job(job.pk)
    assert not any("not compared" in text for text in todo_texts(cast.ada))
