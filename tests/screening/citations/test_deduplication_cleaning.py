from __future__ import annotations

import pytest

from screening.citations.deduplication.cleaning import clean_reference, parse_year
from screening.citations.deduplication.folding import folded_words
from screening.citations.deduplication.identifiers import (
    doi_work,
    parse_doi,
    parse_isbns,
    parse_issns,
)
from screening.citations.deduplication.journals import (
    journal_words,
    same_journal,
)
from screening.citations.deduplication.locators import (
    parse_pages,
    roman_value,
    split_locators,
    volume_numbers,
)
from screening.citations.deduplication.names import surnames
from screening.citations.deduplication.reference import Reference
from screening.citations.deduplication.titles import (
    bare_title,
    part_number,
    title_words,
)


def titled(title: str, **fields: object) -> Reference:
    return Reference(id=1, title=title, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TNF-α in <i>vivo</i>", "TNF-alpha in vivo"),
        ("CO<sub>2</sub> and H₂O", "CO2 and H2O"),
        ("Sjögren&apos;s &amp; others", "Sjogren's & others"),
        ("Das KÃ¶nigsspiel", "Das Königsspiel"),
        ("The {MIS} Quarterly", "The MIS quarterly"),
        ("[11C]Martinostat imaging", "[<sup>11</sup>C]Martinostat imaging"),
        ("C-11 Martinostat imaging", "[11C]Martinostat imaging"),
        ("Tumours and haemorrhage randomised", "Tumors and hemorrhage randomized"),
        ("[Stroke care at home]. [German]", "Stroke care at home"),
        ("Stroke care at home. [Review] [87 refs]", "Stroke care at home"),
        (
            "Stroke care at home [Erratum appears in Gut. 2005;1:2]",
            "Stroke care at home",
        ),
        ("Short report: Stroke care in homes", "Stroke care in homes"),
        ("Care at home <ORIGINAL> SOINS A DOMICILE", "Care at home"),
        ("RETRACTED: Stroke care at home", "Stroke care at home"),
    ],
)
def test_equal_titles_have_equal_letters(one: str, other: str) -> None:
    assert (
        clean_reference(titled(one)).letters == clean_reference(titled(other)).letters
    )


def test_a_title_that_is_only_a_label_is_kept() -> None:
    assert bare_title("[Review]") == "[Review]"


def test_folding_keeps_letters_of_other_scripts() -> None:
    assert folded_words("Зайнятість 2020") == "заинятість 2020"


def test_a_spreadsheet_error_is_not_a_title() -> None:
    assert clean_reference(titled("#NAME?")).letters == ""


@pytest.mark.parametrize(
    ("title", "flag"),
    [
        ("Correction to: Stroke care at home", "erratum"),
        ("Stroke care at home (vol 27 pg 305 2017)", "erratum"),
        ("Author's reply", "reply"),
        ("Comment on stroke care at home", "comment"),
        ("Stroke care at home: study protocol", "protocol"),
        ("Editorial", "generic"),
        ("Remarks from the editor: editor's comments", "generic"),
    ],
)
def test_titles_get_warning_flags(title: str, flag: str) -> None:
    assert flag in clean_reference(titled(title)).flags


def test_a_notice_on_the_article_itself_gives_no_flag() -> None:
    title = "Stroke care at home [Erratum appears in Gut. 2005;1:2]"
    assert "erratum" not in clean_reference(titled(title)).flags


@pytest.mark.parametrize(
    ("title", "part"),
    [
        ("Care of strokes. Part II", 2),
        ("Care of strokes: part two", 2),
        ("Care of many strokes 3", 3),
        ("Care of strokes", None),
    ],
)
def test_part_numbers_are_read(title: str, part: int | None) -> None:
    assert part_number(title_words(title)) == part


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        (("Adeli, K", "Lewis, G. F."), ("adeli", "lewis")),
        ("Adeli, K. and Lewis, G. F.", ("adeli", "lewis")),
        ("Adeli K.Lewis G. F.", ("adeli", "lewis")),
        ("Hunter Paul R.Majuru Batsirai", ("hunter", "majuru")),
        ("Doi HideyukiAkamatsu Fumikazu", ("doi", "akamatsu")),
        ("Macleod MREbrahim SRoberts I", ("macleod", "ebrahim", "roberts")),
        ("FeldmanG.M.", ("feldman",)),
        ("FeldmanG.M.SmithJ.", ("feldman", "smith")),
        ("Adeli K, Lewis GF, McDonald J", ("adeli", "lewis", "mcdonald")),
        ("Adeli, K., Lewis, G. F.", ("adeli", "lewis")),
        ("Adeli, K.; Lewis, G. F.", ("adeli", "lewis")),
        ("K. Adeli and G. F. Lewis", ("adeli", "lewis")),
        ("Del, Priore G and Müller, A", ("delpriore", "muller")),
        ("van der Berg A. and Smith, B.", ("vanderberg", "smith")),
        ("Anonymous", ()),
        ("[Anonymous]", ()),
        ("", ()),
    ],
)
def test_surnames_are_read_from_every_form(
    authors: tuple[str, ...] | str, expected: tuple[str, ...]
) -> None:
    assert surnames(authors) == expected


@pytest.mark.parametrize(
    ("pages", "first", "last"),
    [
        ("230-5", 230, 235),
        ("230–235", 230, 235),
        ("9--29", 9, 29),
        ("06-Oct", 6, 10),
        ("Oct-15", 10, 15),
        ("Jan-52", 1, 52),
        ("S230-S235", 230, 235),
        ("pp. 329-338", 329, 338),
        ("230-5, 246-51", 230, 251),
        ("e0182879", 182879, 182879),
        ("Article 115", 115, 115),
        ("0123", 123, 123),
        ("xiii-xv", 13, 15),
        ("35+", 35, 35),
        ("106-11; discussion 111", 106, 111),
    ],
)
def test_pages_are_expanded(pages: str, first: int, last: int) -> None:
    found = parse_pages(pages)
    assert found is not None
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize("pages", ["", "94 p", "62 pages", "Suppl-6", "no pagination"])
def test_a_number_of_pages_is_not_a_page_range(pages: str) -> None:
    assert parse_pages(pages) is None


def test_an_article_number_differs_from_a_page_range() -> None:
    number, pages = parse_pages("e12345"), parse_pages("S12-S15")
    assert number is not None
    assert pages is not None
    assert (number.article, pages.article) == (True, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("88 Suppl 1", {88, 1}),
        ("XII (Pt 2)", {12, 2}),
        ("Series A Biological sciences. 72", {72}),
        ("7-8", {7, 8}),
        ("", set()),
    ],
)
def test_volume_and_issue_are_sets_of_numbers(text: str, expected: set[int]) -> None:
    assert volume_numbers(text) == expected


def test_an_article_number_in_the_issue_field_becomes_the_page() -> None:
    assert split_locators("11 (1) (no pagination)", "e13", "") == ("11", "1", "e13")
    assert split_locators("64 (Suppl 1)", "", "S3-S9") == ("64", "Suppl 1", "S3-S9")
    assert split_locators("11", "2", "3-9") == ("11", "2", "3-9")


def test_roman_numerals_are_numbers_only_when_well_formed() -> None:
    assert (roman_value("xiv"), roman_value("iiii"), roman_value("")) == (
        14,
        None,
        None,
    )


@pytest.mark.parametrize(
    "text",
    [
        "10.1000/ABC.1",
        "https://doi.org/10.1000/abc.1",
        "doi: 10.1000/abc.1.",
        "http://dx.doi.org/10.1000%2Fabc.1",
        "10.1000/abc.1 [doi]",
    ],
)
def test_a_doi_is_read_from_every_form(text: str) -> None:
    assert parse_doi(text) == "10.1000/abc.1"


def test_brackets_of_an_old_doi_are_kept() -> None:
    assert parse_doi("10.1016/S0140-6736(05)66912-7") == "10.1016/s0140-6736(05)66912-7"
    assert parse_doi("10.1002/(SICI)1-2(1998)1:1<1::AID-J>3.0.CO;2-A").endswith("2-a")


def test_versions_of_a_cochrane_review_are_one_work() -> None:
    whole, update = "10.1002/14651858.cd000144", "10.1002/14651858.cd000144.pub3"
    assert doi_work(update) == doi_work(whole)


def test_issns_and_isbns_are_found_in_free_text() -> None:
    assert parse_issns("0025-682X (Print) 0025682x") == {"0025682X"}
    assert parse_isbns("978-0-8261-4415-7 (Hardcover)") == parse_isbns("0-8261-4415-X")


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Cochrane Database Syst Rev", "Cochrane Database of Systematic Reviews"),
        ("J. Clin. Periodontol.", "Journal of Clinical Periodontology"),
        ("Med Trop (Mars)", "Medecine tropicale"),
        ("BMJ", "British Medical Journal"),
        ("Stroke", "Stroke. Conference: American Heart Association 2018"),
        (
            "Hawaii International Conference on System Sciences",
            "50th Annual Hawaii International Conference on System Sciences (HICSS)",
        ),
    ],
)
def test_journal_names_match_their_abbreviations(short: str, full: str) -> None:
    assert same_journal(journal_words(short), journal_words(full)) is True


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Circulation", "Circulation Research"),
        ("Lancet", "Lancet Neurology"),
        ("J Periodontol", "Journal of Clinical Periodontology"),
    ],
)
def test_sister_journals_differ(one: str, other: str) -> None:
    assert same_journal(journal_words(one), journal_words(other)) is False


def test_a_missing_journal_is_no_evidence() -> None:
    assert same_journal((), ("gut",)) is None


def test_a_citation_in_the_journal_field_is_parsed() -> None:
    journal = "Gastroenterology.107 (2) ()(pp 329-338) 1994"
    found = clean_reference(titled("Stroke care at home", journal=journal))
    assert (found.volumes, found.issues, found.year) == ({107}, {2}, 1994)
    assert found.pages is not None
    assert (found.pages.first, found.pages.last) == (329, 338)


def test_the_first_year_in_a_text_is_used() -> None:
    assert (parse_year("2014 Mar"), parse_year(2014), parse_year("n.d.")) == (
        2014,
        2014,
        None,
    )


def test_abstract_letters_skip_the_label_and_are_limited() -> None:
    text = "We studied the care of people after a stroke at home and in hospital. " * 20
    bare, labelled = (
        clean_reference(titled("x", abstract=text)),
        clean_reference(titled("x", abstract="BACKGROUND: " + text)),
    )
    assert bare.abstract == labelled.abstract
    assert len(bare.abstract) == 400
