from __future__ import annotations

import json
import re
from collections import Counter

from rapidfuzz import fuzz

from reviewapp.demo.cited import cited_status, cited_works
from reviewapp.demo.generator import all_works, database_works, other_works
from reviewapp.demo.journals import abbreviate
from reviewapp.demo.names import regions
from reviewapp.demo.words import vocabulary_rows
from reviewapp.demo.work import MARK, FoundBy, WorkKind, folded_title
from tests.paths import DATA


def invented() -> list:
    return [work for work in all_works() if work.invented]


def test_the_databases_hold_as_many_works_as_the_published_review_screened() -> None:
    numbers = json.loads((DATA / "demo/numbers.json").read_text("utf-8"))
    screened = numbers["selection"]["records_screened_title_abstract"]
    assert len(database_works()) == screened
    assert len(other_works()) == 11
    assert [w.number for w in all_works()] == list(range(screened + 11))


def test_every_fate_belongs_to_the_reference_in_its_place() -> None:
    for work, row in zip(cited_works(), cited_status(), strict=True):
        assert work.authors[0].split(",")[0] == row.author
        assert work.year == row.year


def test_cited_works_keep_what_the_list_says_and_have_no_abstract() -> None:
    agrawal = cited_works()[0]
    assert agrawal.title.startswith("From surviving to advising: A novel course")
    assert agrawal.authors[0] == "Agrawal, S."
    assert (agrawal.volume, agrawal.first_page, agrawal.last_page) == ("40", "475", "480")  # fmt: skip
    assert all(not w.abstract and not w.pmid for w in cited_works())


def test_repairs_leave_no_doi_to_two_cited_works() -> None:
    dois = Counter(w.doi for w in cited_works() if w.doi)
    assert dois.most_common(1)[0][1] == 1
    nabatchi = [w for w in cited_works() if w.doi == "10.1111/puar.12765"]
    assert [w.authors[0] for w in nabatchi] == ["Nabatchi, T."]


def test_books_of_the_cited_list_lose_the_publisher_from_their_title() -> None:
    ansell = cited_works()[6]
    assert ansell.kind is WorkKind.BOOK
    assert ansell.publisher == "Cambridge University Press"
    assert ansell.title.endswith("rejuvenating democracy")


def test_the_works_of_other_methods_are_those_the_paper_names() -> None:
    by_way: dict[FoundBy, set[str]] = {way: set() for way in FoundBy}
    for work in other_works():
        assert work.planned.way
        by_way[work.planned.way].add(f"{work.authors[0].split(',')[0]} {work.year}")
    assert by_way == {
        FoundBy.REFERENCE_LIST: {
            "Ahmed 2015",
            "Byrne 2018",
            "Castellanos 2018",
            "Clossey 2016",
            "Dyble 2014",
            "Marino 2016",
        },
        FoundBy.EXPERT: {"Oborn 2019", "Roennfeldt 2020"},
        FoundBy.SCANNING: {"Shaw 2021", "Martin 2021", "Byrne 2021"},
    }
    disclosure = [w for w in other_works() if w.authors[0].startswith("Byrne")]
    assert any(w.title.startswith("To disclose or not") for w in disclosure)


def test_invented_works_are_marked_and_use_numbers_that_cannot_exist() -> None:
    for work in invented():
        assert work.keywords[-1] == MARK
        assert not work.doi or work.doi.startswith("10.5555/")
        assert not work.pmid or int(work.pmid) >= 90_000_000
        assert not work.issn or work.issn.startswith("0000-")


def test_doi_pmid_title_and_key_belong_to_one_work_each() -> None:
    for values in (
        [w.doi for w in all_works() if w.doi],
        [w.pmid for w in all_works() if w.pmid],
        [folded_title(w.title) for w in all_works()],
        [w.key for w in all_works()],
    ):
        assert len(values) == len(set(values))


def test_abstracts_are_structured_and_of_the_asked_length() -> None:
    for work in invented():
        assert re.match(
            r"BACKGROUND: .+ METHODS: .+ RESULTS: .+ CONCLUSIONS: .+", work.abstract
        )
        assert 120 <= len(work.abstract.split()) <= 220
        assert "{" not in work.abstract + work.title


def test_no_abstract_occurs_twice() -> None:
    texts = [w.abstract for w in invented()]
    assert len(set(texts)) == len(texts)


def test_works_that_share_a_first_author_and_year_have_titles_apart() -> None:
    by_author: dict[tuple[str, int], list[str]] = {}
    for work in invented():
        by_author.setdefault((work.authors[0][:8], work.year), []).append(work.title)
    likest = max(
        fuzz.token_sort_ratio(a, b)
        for titles in by_author.values()
        for i, a in enumerate(titles)
        for b in titles[:i]
    )
    assert likest < 88


def test_every_country_of_the_places_has_names_and_years_lie_in_the_search() -> None:
    covered = {c for region in regions() for c in region.countries}
    assert covered == set(vocabulary_rows("places"))
    assert {w.year for w in invented()} == set(range(2010, 2022))


def test_journals_are_abbreviated_word_by_word() -> None:
    assert abbreviate("Journal of Shared Recovery Work") == "J Shared Recovery Work"
    assert abbreviate("Psychiatry") == "Psychiatry"
