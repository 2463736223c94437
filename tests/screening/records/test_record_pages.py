"""Pages of records, and adding a record manually."""

from __future__ import annotations

import pytest
from django.urls import reverse

from reviewapp.core.models import Member
from screening.records import hooks
from screening.records.models import Duplicate, Import, Record, Source
from screening.records.queries import records as record_queries
from screening.records.queries.records import HistoryLine
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW
from tests.screening.imports.test_imports import ris, uploaded
from tests.screening.records.pages import HOSTILE, text_of


def test_pages_of_the_list_hold_each_record_once(cast, lena, url, source) -> None:
    factories.make_records(cast.lena, 120, source)
    seen: list[str] = []
    address = url("records:list")
    for _page in range(3):
        context = lena.get(address).context
        seen += [line.record.code for line in context["page"].lines]
        address = url("records:list") + context["next_url"]
    assert context["next_url"] == ""
    assert len(seen) == len(set(seen)) == context["page"].total == 120
    back = lena.get(url("records:list") + context["previous_url"]).context
    assert [line.record.code for line in back["page"].lines] == seen[50:100]


def test_the_search_takes_words_of_the_title(cast, lena, url, source) -> None:
    factories.make_records(cast.lena, 2, source)
    factories.make_records(cast.lena, 1, source, title="Sheep (ovine) in C++ Iceland.")
    for words in ("iceland SHEEP", "(ovine)", "c++", "iceland."):
        page = lena.get(url("records:list"), {"q": words}).context["page"]
        assert [line.record.title for line in page.lines] == [
            "Sheep (ovine) in C++ Iceland."
        ], words
    assert "No records match" in text_of(lena.get(url("records:list"), {"q": "tiger"}))


def test_records_of_an_unfinished_import_are_not_listed(
    cast, lena, url, source
) -> None:
    batch = uploaded(cast.lena, source, ris(2))
    Import.objects.filter(pk=batch.pk).update(state="committing")
    factories.make_records(cast.lena, 1, source, batch=batch)
    assert lena.get(url("records:list")).context["page"].total == 0


def test_record_page_shows_all_fields_and_escapes_them(cast, lena, url, source) -> None:
    record = factories.make_records(
        cast.lena, 1, source, title=HOSTILE, abstract=HOSTILE, raw=HOSTILE,
        authors=[HOSTILE], keywords=[HOSTILE], url="javascript:alert(1)",
        doi="10.5555/x", notes=HOSTILE,
    )[0]  # fmt: skip
    page = text_of(lena.get(url("records:record", record)))
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert page.count("&lt;script&gt;alert(1)") >= 5


def test_history_of_a_record_includes_all_apps(
    cast, lena, url, source, monkeypatch
) -> None:
    record = factories.make_records(cast.lena, 1, source)[0]
    heard = []

    def provider(viewer: Member, code: str) -> list[HistoryLine]:
        heard.append((viewer, code))
        return [HistoryLine(NOW, "Something of a higher app", "/there/")]

    monkeypatch.setattr(hooks.record_history, "providers", [provider])
    page = text_of(lena.get(url("records:record", record)))
    assert "Something of a higher app" in page
    assert "Added manually to Medline by Lena" in page
    assert heard == [(cast.lena, record.code)]


def test_duplicate_links_to_its_kept_record(cast, lena, url, source) -> None:
    kept, copy, copy_of_copy = factories.make_records(cast.lena, 3, source)
    for record, of in ((copy, kept), (copy_of_copy, copy)):
        Duplicate.objects.create(
            review=cast.review, record=record, of=of, how="person",
            created_at=NOW, created_by=cast.lena,
        )  # fmt: skip
    detail = lena.get(url("records:record", copy_of_copy)).context["detail"]
    assert detail.kept.code == kept.code
    assert [c.record.code for c in detail.copies] == [copy.code]
    detail = lena.get(url("records:record", kept)).context["detail"]
    assert detail.kept is None
    assert {c.record.code for c in detail.copies} == {copy.code, copy_of_copy.code}


def test_a_structured_abstract_is_shown_in_its_parts(cast, source) -> None:
    record = factories.make_records(
        cast.lena, 1, source,
        abstract="BACKGROUND: Peers help. METHODS AND DESIGN: We asked: why? Results: Good.",
    )[0]  # fmt: skip
    assert record_queries.record_view(record).abstract_parts == (
        ("Background", "Peers help."),
        ("Methods and design", "We asked: why?"),
        ("Results", "Good."),
    )


@pytest.mark.parametrize(
    "abstract", ["", "Plain text: with a colon.", "In this study: results: none."]
)
def test_an_abstract_without_labels_stays_whole(cast, source, abstract) -> None:
    record = factories.make_records(cast.lena, 1, source, abstract=abstract)[0]
    parts = record_queries.record_view(record).abstract_parts
    assert parts == ((("", abstract),) if abstract else ())


def test_non_member_gets_404(cast, client_of, url, source) -> None:
    record = factories.make_records(cast.lena, 1, source)[0]
    eve = client_of(cast.eve)
    for name, args in (
        ("records:sources", ()),
        ("records:source", (source,)),
        ("records:record", (record,)),
        ("records:list", ()),
        ("duplicates:overview", ()),
    ):
        assert eve.get(url(name, *args)).status_code == 404, name
    own = reverse("records:record", args=[cast.eve.review.code, record.code])
    assert eve.get(own).status_code == 404


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


def test_record_is_added_and_the_form_is_empty_again(lena, url, experts) -> None:
    response = lena.post(url("imports:enter", experts), ENTRY, follow=True)
    record = Record.objects.get()
    assert (record.doi, record.authors) == (
        "10.5555/abc",
        ["Byron, Ada", "Boole, Mary"],
    )
    assert record.arm == "other"
    page = text_of(response)
    assert "is added" in page
    assert ENTRY["title"] not in page.split('<form class="form"')[1].split("</form>")[0]


def test_duplicates_are_shown_before_a_record_is_added(
    lena, url, cast, experts
) -> None:
    lena.post(url("imports:enter", experts), ENTRY)
    page = text_of(lena.post(url("imports:enter", experts), ENTRY))
    assert "Certain duplicate:" in page
    assert Record.objects.count() == 1
    lena.post(url("imports:enter", experts), {**ENTRY, "sure": "1"})
    assert Record.objects.count() == 2
    assert Record.objects.unique().count() == 1


def test_check_while_typing_returns_only_the_matches(lena, url, experts) -> None:
    lena.post(url("imports:enter", experts), ENTRY)
    answer = text_of(lena.post(url("imports:check", experts), {"doi": "10.5555/abc"}))
    assert answer.strip().startswith('<div id="matches"')
    assert "duplicate:" in answer
    assert Record.objects.count() == 1
    nothing = text_of(
        lena.post(url("imports:check", experts), {"title": "Sheep of Iceland"})
    )
    assert "No duplicates found" in nothing


def test_an_entry_without_title_and_doi_is_not_saved(lena, url, experts) -> None:
    response = lena.post(url("imports:enter", experts), {"year": "2018"})
    assert response.status_code == 422
    assert "Enter a title or a DOI" in response.content.decode()
    assert lena.post(url("imports:enter", experts), {"doi": "abc"}).status_code == 422
    assert Record.objects.count() == 0
