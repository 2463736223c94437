"""Pages of duplicates."""

from __future__ import annotations

from reviewapp.core import jobs
from reviewapp.core.models import Job
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.services import duplicates
from screening.records.models import Duplicate, Record
from tests import factories
from tests.factories import NOW
from tests.screening.imports.test_imports import imported, ris
from tests.screening.records.pages import pair_of, text_of


def test_pair_page_shows_differences_and_moves_to_the_next_pair(
    cast, client_of, url, source
) -> None:
    a, b, c = factories.make_records(cast.lena, 3, source)
    pair_of(cast, a, b, 0.9)
    pair_of(cast, a, c, 0.4)
    ada = client_of(cast.ada)
    first = ada.get(url("duplicates:pairs"))
    pair = PossibleDuplicate.objects.get(score=0.9)
    other = PossibleDuplicate.objects.get(score=0.4)
    assert first.url == url("duplicates:pair", pair)
    page = text_of(ada.get(first.url))
    assert "<del>" in page
    assert "<ins>" in page
    assert "The titles are similar" in page
    answered = ada.post(url("duplicates:pair_answer", pair), {"answer": "different"})
    assert answered.url == url("duplicates:pair", other)
    last = ada.post(
        url("duplicates:pair_answer", other),
        {"answer": "same"},
        headers={"HX-Request": "true"},
    )
    assert last["HX-Redirect"] == url("duplicates:overview")
    assert Record.objects.unique().count() == 2


def test_htmx_decision_returns_only_the_next_pair(cast, client_of, url, source) -> None:
    a, b, c = factories.make_records(cast.lena, 3, source)
    first, second = pair_of(cast, a, b, 0.9), pair_of(cast, a, c, 0.4)
    response = client_of(cast.ada).post(
        url("duplicates:pair_answer", first),
        {"answer": "different"},
        headers={"HX-Request": "true"},
    )
    assert response["HX-Push-Url"] == url("duplicates:pair", second)
    assert text_of(response).strip().startswith('<div id="desk"')


def test_later_skips_a_pair_and_returns_to_it(cast, client_of, url, source) -> None:
    a, b, c = factories.make_records(cast.lena, 3, source)
    first, second = pair_of(cast, a, b, 0.9), pair_of(cast, a, c, 0.4)
    ada = client_of(cast.ada)
    assert ada.get(url("duplicates:pairs"), {"after": first.code}).url == url(
        "duplicates:pair", second
    )
    assert ada.get(url("duplicates:pairs"), {"after": second.code}).url == url(
        "duplicates:pair", first
    )


def test_observer_sees_pairs_and_cannot_decide(cast, client_of, url, source) -> None:
    a, b = factories.make_records(cast.lena, 2, source)
    pair = pair_of(cast, a, b)
    olaf = client_of(cast.olaf)
    assert 'value="same"' not in text_of(olaf.get(url("duplicates:pair", pair)))
    answer = olaf.post(url("duplicates:pair_answer", pair), {"answer": "same"})
    assert answer.status_code == 403


def test_a_merge_is_listed_and_undone(cast, lena, url, source) -> None:
    same = {"title": "One title of a study of peers", "doi": "10.5555/q"}
    factories.make_records(cast.lena, 2, source, authors=["Byron, A"], **same)
    job = duplicates.request_full_run(actor=cast.lena, now=NOW)
    assert "every 1s" in text_of(lena.get(url("duplicates:overview")))
    jobs.run_claimed_job(job.pk)
    merge = Duplicate.objects.get()
    overview = lena.get(url("duplicates:overview")).context["overview"]
    assert (overview.records, overview.certain, overview.unique) == (2, 1, 1)
    assert lena.get(url("duplicates:merges")).context["page"].total == overview.merges
    assert "Undo this merge?" in text_of(lena.get(url("duplicates:merge_undo", merge)))
    lena.post(url("duplicates:merge_undo", merge))
    assert Record.objects.unique().count() == 2
    page = text_of(lena.get(url("duplicates:answers")))
    assert "Reopen" in page
    pair = PossibleDuplicate.objects.get()
    assert lena.post(url("duplicates:pair_reopen", pair)).url == url(
        "duplicates:pair", pair
    )


def test_deduplication_can_be_run_again(cast, lena, url, source) -> None:
    factories.make_records(cast.lena, 2, source)
    lena.post(url("duplicates:run"))
    assert Job.objects.get(kind="records.duplicates").params["everything"] is True


def test_import_compares_only_new_records(cast, source) -> None:
    other = factories.make_source(cast.lena, "Scopus")
    imported(cast.lena, source, ris(4))
    first = Job.objects.get(kind="records.duplicates")
    jobs.run_claimed_job(first.pk)
    imported(cast.lena, other, ris(6))
    second = Job.objects.exclude(pk=first.pk).get(kind="records.duplicates")
    jobs.run_claimed_job(second.pk)
    second.refresh_from_db()
    assert second.result["merges"] == 4
    assert Record.objects.unique().count() == 6
