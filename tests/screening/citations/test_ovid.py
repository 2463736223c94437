"""Ovid's Reprint/Medlars and Citation formats."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.citations.reading.tagged_text import ovid
from screening.citations.reading.tagged_text.ovid_people import authors_of, title_of
from screening.citations.reading.tagged_text.ovid_source import source_of
from tests.screening.citations.reader_checks import check_any, read_text, seconds


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (
            "Forest Ecology & Management. 201(2-3):327-334, November 15, 2004.",
            ("Forest Ecology & Management", "201", "2-3", "327-334", 2004),
        ),
        ("BMJ. 34(2):123-30, 2004 Mar 5.", ("BMJ", "34", "2", "123-30", 2004)),
        (
            "Psychotherapy. Vol.43(5), Sep 2015, pp. 562-577.",
            ("Psychotherapy", "43", "5", "562-577", 2015),
        ),
        (
            "Lancet. 380 (9839) (pp 341-350), 2012. Date of Publication: 28 Jul 2011.",
            ("Lancet", "380", "9839", "341-350", 2012),
        ),
        (
            "BMC Proceedings. Conference: 2nd Conference: Part 2. Spain. "
            "12 (Supplement 3) (no pagination), 2018. Date of Publication: 2018.",
            ("BMC Proceedings", "12", "Supplement 3", "", 2018),
        ),
        (
            "Acta Chirurgica Belgica November/December 2010;6:611-613",
            ("Acta Chirurgica Belgica", "6", "", "611-613", 2010),
        ),
        (
            "Journal of Political Studies 12, Winter 2007: 7-14.",
            ("Journal of Political Studies", "12", "", "7-14", 2007),
        ),
        (
            "Journal of Asian Affairs, 2013(1): 3-28.",
            ("Journal of Asian Affairs", "2013", "1", "3-28", 2013),
        ),
        (
            "Hydrobiologia. 2007 15 June; 433-441.",
            ("Hydrobiologia", "", "", "433-441", 2007),
        ),
        ("PLoS ONE. 10(3):e0123456, 2015.", ("PLoS ONE", "10", "3", "e0123456", 2015)),
        (
            "Cochrane Database of Systematic Reviews. (4):CD001234, 2012.",
            ("Cochrane Database of Systematic Reviews", "4", "", "CD001234", 2012),
        ),
        (
            "Kamp, Roza Maria [Editor]. Methods in protein analysis.:371-397, 2004.",
            ("Methods in protein analysis", "", "", "371-397", 2004),
        ),
        (
            "Journal of Orthopaedic Trauma. ",
            ("Journal of Orthopaedic Trauma", "", "", "", None),
        ),
    ],
)
def test_a_source_line_is_parsed(line: str, parts: tuple[object, ...]) -> None:
    source = source_of(line)
    found = (source.journal, source.volume, source.issue, source.pages, source.year)
    if line.startswith("Cochrane"):
        found = (found[0], found[2] or found[1], "", *found[3:])
    assert found == parts


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (["Werner, S. M. [Author; E-mail: a@b.com]"], ("Werner, S. M.",)),
        (["Zhang, Weijia 1,2,+", "He, Zhimin 1,2,*"], ("Zhang, Weijia", "He, Zhimin")),
        (["Bunkers, Sandra Schmidt RN; PhD; FAAN 1"], ("Bunkers, Sandra Schmidt",)),
        (
            ["Verbeek, Jan MD *;  van Vugt, Arie MD, PhD +"],
            ("Verbeek, Jan", "van Vugt, Arie"),
        ),
        (["Alvarez-Gomez A.  Bravo B."], ("Alvarez-Gomez, A.", "Bravo, B.")),
        (["Behan L.", "Lucas J.S."], ("Behan, L.", "Lucas, J.S.")),
        (["Smith, MD"], ("Smith, MD",)),
    ],
)
def test_additions_to_names_are_removed(
    values: list[str], names: tuple[str, ...]
) -> None:
    assert authors_of(values) == names


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("Norway spruce.[Article]", "Norway spruce."),
        ("A study. [Review] [33 refs]", "A study."),
        ("[A study of it]. [German]", "[A study of it]."),
        ("The case of [kappa]", "The case of [kappa]"),
        ("[Review]", "[Review]"),
    ],
)
def test_the_label_at_the_end_of_a_title_is_removed(printed: str, title: str) -> None:
    assert title_of(printed) == title


def test_reprint_records_are_read_with_their_numbers() -> None:
    reading, (one, two) = read_text(
        "<8. >\r\nVN  - Ovid Technologies\r\nDB  - PsycINFO\r\n"
        "AN  - Peer Reviewed Journal: 2015-33942-007.\r\nTI  - Part one\r\nand two.\r\n"
        "AU  - Ewing, Donna L\r\nIN  - Ewing: Sussex\r\n\r\n       Monsen: London\r\n"
        "SO  - Psychotherapy. Vol.43(5), Sep 2015, pp. 562-577. \r\nPT  - Journal\r\n"
        "DT  - Journal Article\r\nDO  - http://dx.doi.org/10.1017/S135\r\n"
        "PM  - 24331028\r\nMH  - *Anxiety\r\nRF  - doi:10.1000/cited\r\n\r\n"
        "<9. >\r\nVN  - Ovid Technologies\r\nDB  - Ovid MEDLINE(R)\r\nUI  - 123\r\n"
        "TI  - Two\r\nYR  - 2001\r\n"
    )
    assert (reading.format, reading.platform) == ("ovid-reprint-medlars", "Ovid")
    assert reading.warning_counts == {}
    assert (one.title, one.accession) == ("Part one and two.", "2015-33942-007")
    assert (one.doi, one.pmid, one.year) == ("10.1017/s135", "24331028", 2015)
    assert (one.type, one.keywords) == ("journal article", ("Anxiety",))
    assert (two.pmid, two.accession, two.line) == ("123", "123", 19)


def test_labelled_records_are_read_and_the_search_strategy_is_not() -> None:
    reading, citations = read_text(
        "Database: Ovid MEDLINE(R) ALL <1946 to 2026>\nSearch Strategy:\n"
        "--------------------------------\n1     exp Dyslexia/ (9876)\n\n"
        "<1>\nUnique Identifier\n  12345678\nTitle\n  A title. [Review]\nSource\n"
        "  BMJ. 34(2):123-30, 2004 Mar 5.\nStatus\n  MEDLINE\nAuthors\n"
        "  Smith, J;  Lee, AB\nAbstract\n  Aim.\n\n  Methods.\n"
        "Some Future Field\n  with a value\nDigital Object Identifier\n"
        "  https://dx.doi.org/10.1136/bmj\n\n<2>\n\n<3>\nTitle\n  Three\n\n"
        "Search History\n1. dyslexia\n"
    )
    assert [c.title for c in citations] == ["A title.", "Three"]
    first = citations[0]
    assert (first.pmid, first.doi) == ("12345678", "10.1136/bmj")
    assert first.authors == ("Smith, J", "Lee, AB")
    assert first.abstract == "Aim. Methods."
    assert (reading.found, reading.skipped_count) == (3, 1)
    assert reading.warning_counts == {"text-outside-record": 2, "empty-record": 1}
    assert "exp Dyslexia/" in reading.outside[0].text


def test_records_without_numbers_start_with_the_vendor() -> None:
    reading, citations = read_text(
        "VN  - Ovid Technologies\nTI  - One\n\nVN  - Ovid Technologies\nTI  - Two\n"
    )
    assert [c.title for c in citations] == ["One", "Two"]
    assert reading.warning_counts == {}


def test_a_record_without_tags_and_labels_is_read_by_the_order_of_its_lines() -> None:
    _, (citation,) = read_text(
        "<1>\nSmith J, Jones K.\nA plain title.\nLancet. 34(2):123-130, 2004.\n"
    )
    assert citation.authors == ("Smith, J", "Jones, K")
    assert (citation.title, citation.journal) == ("A plain title.", "Lancet")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<1. >", "<2>", "TI  - x", "Title", "  y", "", "VN  - Ovid", "Source", "z"]
        )
    )
)
def test_counts_add_up_for_any_order_of_lines(lines: list[str]) -> None:
    check_any(ovid.read_ovid, "\n".join(lines))


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text_is_read_without_a_crash(text: str) -> None:
    check_any(ovid.read_ovid, text)
    check_any(ovid.read_ovid, f"<1. >\nTI  - {text}\nAU  - {text}\nSO  - {text}")
    check_any(
        ovid.read_ovid, f"<1>\nTitle\n  {text}\nAuthor\n  {text}\nSource\n  {text}"
    )


@pytest.mark.parametrize(
    "text",
    [
        "<1. >\nTI  - " + "x " * 2_500_000,
        "<1. >\nTI  - x" + " [Review]" * 500_000,
        "<1. >\nAU  - " + "x, MD " * 300_000,
        "<1. >\nAU  - " + "x; " * 200_000,
        "<1. >\nAU  - x " + "1," * 300_000,
        "<1. >\nSO  - " + "1(2):" * 300_000,
        "<1. >\nAU  - " + "[" * 500_000,
        "<1>\n" + "A B., " * 300_000,
        "<" * 1_000_000,
    ],
)
def test_hostile_files_take_linear_time(text: str) -> None:
    assert seconds(ovid.read_ovid, text) < 5
