"""Items on one page, notices, and citations in the journal field."""

from __future__ import annotations

from dataclasses import replace

import pytest

from screening.citations.deduplication.cleaning import clean_reference
from screening.citations.deduplication.clustering import find_duplicates
from screening.citations.deduplication.evidence import PageMatch, page_match
from screening.citations.deduplication.item_numbers import item_number, other_item
from screening.citations.deduplication.locators import parse_pages
from screening.citations.deduplication.names import surnames
from screening.citations.deduplication.notices import notice_kinds
from screening.citations.deduplication.reference import Reference
from screening.citations.deduplication.replaced_words import replaced_words

ABSTRACT = Reference(
    id=1, title="Effect of kelp on pain after hip surgery in adults", year=2016,
    authors="Foss, O.; Lie, E.", journal="Kelp J", volume="10", issue="Suppl 1",
    pages="S32", doi="10.5555/kj.2016.suppl1",
)  # fmt: skip
TEXT = (
    "Sixty patients of three hospitals were given a plate of kelp on each of the ten days "
    "after their operation, and told us every evening how the day had been for them."
)
WORDS = (
    ("adults", "children"),
    ("pain", "sleep"),
    ("hip", "knee"),
    ("after", "without"),
    ("adults", "12 weeks"),
    ("kelp", "placebo"),
)


def answer(a: Reference, b: Reference) -> str:
    """Return what happens to the two: merged, asked, or nothing."""
    found = find_duplicates([a, replace(b, id=2)])
    return "same" if found.merges else "ask" if found.questions else "different"


@pytest.mark.parametrize(("word", "other"), WORDS)
@pytest.mark.parametrize("doi", ["", ABSTRACT.doi])
@pytest.mark.parametrize("pages", ["S32", "S32-S33", "412"])
def test_a_replaced_word_on_one_page_is_not_merged(
    word: str, other: str, doi: str, pages: str
) -> None:
    one = replace(ABSTRACT, doi=doi, pages=pages)
    two = replace(one, title=one.title.replace(word, other))
    assert answer(one, two) == "ask"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("P12 ", "P13 "),
        ("P-012 ", "P-013 "),
        ("AB0123 ", "AB0124 "),
        ("Abstract 7: ", "Abstract 8: "),
        ("(O4) ", "(O5) "),
    ],
)
def test_two_item_numbers_are_not_merged(one: str, other: str) -> None:
    first = replace(ABSTRACT, title=one + ABSTRACT.title)
    second = replace(ABSTRACT, title=other + ABSTRACT.title)
    assert answer(first, second) == "ask"
    assert answer(first, replace(first, title=first.title.upper())) == "same"


def test_one_abstract_is_merged_in_spite_of_a_replaced_word() -> None:
    one = replace(ABSTRACT, abstract=TEXT)
    two = replace(one, title=one.title.replace("adults", "children"))
    assert answer(one, two) == "same"
    other = "Ninety children slept in another room, and nobody asked them anything at all before they went home again in the week that followed."
    assert answer(one, replace(two, abstract=other)) == "ask"


def test_a_slip_or_another_translation_is_no_replaced_word() -> None:
    one = replace(ABSTRACT, doi="")
    for title in (
        one.title.replace("surgery", "surgrey"),
        one.title.replace("adults", "adult"),
        one.title.replace("surgery in", "surgery among"),
        one.title.replace("after hip", "after-hip"),
    ):
        assert answer(one, replace(one, title=title)) == "same", title
    article = replace(one, issue="2", pages="32-41")
    other = replace(
        article, title="Effect of seaweed on pain after hip surgery in adults"
    )
    assert answer(article, other) == "same"


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("sleep of adults", "sleep of children", ("adults", "children")),
        ("after 12 weeks of kelp", "after 52 weeks of kelp", ("12", "52")),
        ("pain in men", "pain in women", ("men", "women")),
        ("maternal sleep", "paternal sleep", ("maternal", "paternal")),
        (
            "hypertension at work",
            "hypotension at work",
            ("hypertension", "hypotension"),
        ),
        ("symptomatic crabs", "asymptomatic crabs", ("symptomatic", "asymptomatic")),
        ("follow up of crabs", "followup of crabs", None),
        ("hippocampal kelp", "ippocampal kelp", None),
        ("clock delta 19 mice", "clockd19 mice", None),
        ("kelp for crabs", "kelp in the crab", None),
        ("a b c d kelp", "e f g h crab", None),
    ],
)
def test_replaced_words_are_found(
    one: str, other: str, found: tuple[str, str] | None
) -> None:
    assert replaced_words(one, other) == found


def test_item_numbers_are_compared_without_zeros_and_dashes() -> None:
    assert item_number("P-012 Kelp for crabs") == item_number("P12. Kelp for crabs")
    assert item_number("Kelp for crabs (Abstract 12)") == "12"
    assert not item_number("Kelp for crabs")
    assert other_item("p12", "p13")
    assert other_item("p12", "o12")
    assert not other_item("p12", "12")
    assert not other_item("f18", "18.f")


def test_pages_that_only_touch_are_not_equal() -> None:
    one, other = parse_pages("689-90"), parse_pages("690-1")
    assert page_match(one, other) == page_match(other, one) == PageMatch.DIFFERENT
    assert page_match(one, parse_pages("690")) == PageMatch.FORMS


def test_touching_pages_are_not_merged() -> None:
    one = replace(ABSTRACT, issue="4", pages="689-90", doi="")
    assert answer(one, replace(one, pages="690-1")) != "same"
    assert answer(one, replace(one, pages="690-1", authors="Moe B.Dahl C.")) != "same"


def test_two_dois_of_one_journal_are_asked_about() -> None:
    one = replace(ABSTRACT, doi="10.5555/kj.2016.1012", pages="1012")
    assert answer(one, replace(one, doi="10.5555/kj.2016.1013")) == "ask"
    assert answer(one, replace(one, doi="10.55555/archive.77")) == "same"
    assert answer(one, replace(one, doi="10.5555/kj-2016_1012")) == "same"
    assert answer(one, replace(one, doi="10.5555/kj.2016.1012.g001")) == "same"
    # One long range of pages has one paper: its DOI was given or typed twice.
    paper = replace(one, pages="1012-1019")
    assert answer(paper, replace(paper, doi="10.5555/kj.2016.1013")) == "same"


NOTICES = (
    "Correction: {}", "Correction to: {}", "Correction to “{}”", "Author Correction: {}",
    "Publisher Correction: {}", "Erratum: {}", "Erratum to: {}", "[Erratum] {}",
    "Corrigendum: {}", "Corrigendum to '{}'", "Addendum: {}", "Retraction: {}",
    "Retraction notice to: {}", "Retraction Note: {}", "Notice of retraction: {}",
    "Expression of concern: {}", "Editorial expression of concern: {}",
    "Reply to: {}", "Reply: {}", "Authors' reply: {}", "Response to: {}",
    "Comment on: {}", "Commentary on “{}”", "Re: {}", "Letter regarding: {}",
    "Korrektur: {}", "Berichtigung zu: {}", "Antwort auf: {}", "Kommentar zu: {}",
    "Correctif : {}", "Rectificatif à : {}", "Réponse à : {}", "Commentaire sur : {}",
    "Corrección: {}", "Fe de erratas: {}", "Respuesta a: {}", "Comentario sobre: {}",
    "Errata corrige: {}", "Correção: {}", "Rettelse: {}", "Rättelse: {}",
    "Исправление: {}", "更正：{}",
)  # fmt: skip


@pytest.mark.parametrize("form", NOTICES)
def test_a_notice_is_not_merged_with_its_article(form: str) -> None:
    article = replace(
        ABSTRACT, issue="4", pages="601-610", doi="10.5555/kj.2016.601", abstract=TEXT
    )
    notice = replace(article, title=form.format(article.title), abstract="")
    assert "notice" in clean_reference(notice).flags
    elsewhere = replace(notice, pages="640", doi="10.5555/kj.2016.640", issue="5")
    assert answer(article, elsewhere) != "same"
    assert answer(article, notice) != "same", "even with the DOI of the article"
    assert answer(article, replace(notice, doi="", pages="")) != "same"
    assert answer(notice, replace(notice, journal="Kelp Journal")) == "same"


@pytest.mark.parametrize(
    "title",
    [
        "Correction of scoliosis with kelp",
        "Retraction of the tongue in crabs",
        "Withdrawal of sleeping pills in older crabs",
        "Response to kelp in adults with pain",
        "Re-evaluation of kelp",
        "RETRACTED: Kelp for crabs in the North Sea",
        "Commentary: kelp for crabs in the North Sea",
    ],
)
def test_other_titles_are_no_notices(title: str) -> None:
    assert not notice_kinds(title)


@pytest.mark.parametrize(
    ("authors", "people"),
    [
        ("LieA.MoeB.", ("lie", "moe")),
        ("LieA.B.MoeC.", ("lie", "moe")),
        ("LieA. MoeB.", ("lie", "moe")),
        ("LieABMoeC", ("lie", "moe")),
        ("TveitA.-B.van den BergC.", ("tveit", "vandenberg")),
        ("Lie A.van den Berg C.", ("lie", "vandenberg")),
        ("Moe B. R.Dahl C.", ("moe", "dahl")),
        ("FeldmanG.M.", ("feldman",)),
        ("Lie A. S.", ("lie",)),
        ("O'BrienK.McDonaldJ.", ("obrien", "mcdonald")),
    ],
)
def test_names_without_separators_are_several_people(
    authors: str, people: tuple[str, ...]
) -> None:
    assert surnames(authors) == surnames((authors,)) == people


CITED = Reference(
    id=1, title="Warm milk at bedtime and the sleep of older tea drinkers", year=2010,
    authors="LieA.MoeB.", journal="J.Evening Drinks", volume="12", issue="3",
    pages="145-151",
)  # fmt: skip


@pytest.mark.parametrize(
    "journal",
    [
        "Journal of Evening Drinks.12 (3) ()(pp 145-151) 2010.Date of Publication: May 2010.",
        "Journal of Evening Drinks. 12(3):145-151, 2010 May.",
        "J Evening Drinks 2010;12(3):145-51",
    ],
)
def test_a_citation_in_the_journal_field_is_compared_by_its_parts(journal: str) -> None:
    bare = replace(CITED, journal=journal, volume="", issue="", pages="", year="")
    assert answer(CITED, bare) == "same"
    assert answer(replace(CITED, authors=("Lie, A.", "Moe, B.")), bare) == "same"


def test_fields_that_moved_by_a_column_are_put_back() -> None:
    moved = replace(CITED, issue="pp 145-151", pages="2010")
    found = clean_reference(moved)
    assert found.pages is not None
    assert (found.pages.first, found.pages.last, found.issues) == (
        145,
        151,
        frozenset(),
    )
    assert answer(CITED, moved) == "same"
    assert clean_reference(replace(CITED, pages="2010")).pages is None
