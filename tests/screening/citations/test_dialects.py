"""Dialects of single programs that no sample in the folder contains.

Each text is a short record in the wording of a real export.
"""

from __future__ import annotations

import gzip
import io

import pytest
from openpyxl import Workbook

from screening.citations.fields import pages_of, pmid_of, year_of
from screening.citations.people import names_of_list
from screening.citations.reading.file_reading import UnreadableFile, read_file
from tests.screening.citations.reader_checks import read_text

COVIDENCE = """TY  - JOUR
T1  - A new small duckbilled dinosaur
A1  - Longrich, N.R.
Y1  - 2024///
PD  -
AB  - In the Late Cretaceous.
JO  - Scientific reports
PB  -
CY  -
VL  - 14
IS  - 1
PG  - 103-110
SP  - 103
EP  - 110
DO  - 10.1038/s41598-024-53447-9
NS  -
N1  -
ER  -
"""
MENDELEY = """TY  - JOUR
AB  - A summary.
AU  - Lenferink, Lonneke I M
DO  - 10.1016/j.psychres.2020.113438
PB  - Elsevier
PY  - 2020
SP  - 113438
EP  - 113438
TI  - Online treatment
T2  - Psychiatry research
UR  - https://lens.org/124-288-972-301-994
UR  - https://www.ncbi.nlm.nih.gov/pubmed/32905864
UR  - https://pubmed.ncbi.nlm.nih.gov/32905864/
VL  - 293
ER  -
"""
EPPI = """TY  - JOUR
T1  - Functional morphology
JF  - Anatomical Record
A1  - Fawcett M J
ST  - Fawcett (2024)
KW  - eppi-reviewer
PY  - 2024
U1  - 102199189
ER  -
"""
SCHOLAR = """TY  - JOUR
T1  - What, if anything, is an adult dinosaur?
A1  - Hone, David WE
JO  - Biology letters
VL  - 12
SP  - 20150947
Y1  - 2016
PB  - The Royal Society
ER  -

"""
ERIC_OF_OVID = """6.
TY  - JOUR
DB  - ERIC <1992 to June 2024>
ID  - EJ389705
T1  - Creationism and the Dinosaur Boom.
A1  - Stokes, William Lee
Y1  - 1989//
SP  - 215
EP  - 20
ER  -
"""
CITAVI = """TY  - THES
AU  - Leger, Nils
T1  - Static analysis
DA  - 2022
L2  - https://www.proquest.com/x
M4  - Citavi
ER  -
"""
NUMBERED = """1.
TY  - JOUR
PY  - 2011
DB  - other
TI  - Activation
UR  - https://www.ncbi.nlm.nih.gov/pubmed/21294377
ER  -
"""


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        (COVIDENCE, "Covidence"),
        (MENDELEY, "Mendeley"),
        (EPPI, "EPPI-Reviewer"),
        (SCHOLAR, "Google Scholar"),
        (ERIC_OF_OVID, "Ovid"),
        (CITAVI, "Citavi"),
        (NUMBERED, ""),
        ('<xml><records><record><source-app name="EndNote"/></record>', "EndNote"),
        ('[{"id": "http://zotero.org/users/1", "title": "A"}]', "Zotero"),
        ("<Trials_downloaded_from_ICTRP><Trial></Trial>", "WHO ICTRP"),
        ("<PubmedArticleSet><PubmedArticle></PubmedArticle>", "PubMed"),
    ],
)
def test_the_platform_of_a_file_is_recognised(text: str, platform: str) -> None:
    assert read_file(io.BytesIO(text.encode()), name="export").platform == platform


def test_the_pmid_of_all_links_to_pubmed_is_the_records() -> None:
    _, (one,) = read_text(MENDELEY)
    assert one.pmid == "32905864"
    other = MENDELEY.replace("ih.gov/32905864", "ih.gov/11111111")
    _, (unsure,) = read_text(other)
    assert not unsure.pmid


def test_issns_that_rayyan_prints_as_a_list_are_separated() -> None:
    listed = '["1932-8494", "1932-8486"]'
    _, (ris,) = read_text(f"TY  - JOUR\nTI  - A\nSN  - {listed}\nER  - \n")
    cell = listed.replace('"', '""')
    _, (row,) = read_text(f'key,title,year,authors,notes,issn\nr,A,2020,B,,"{cell}"\n')
    assert ris.issn == row.issn == "1932-8494; 1932-8486"


def test_an_end_of_file_tag_is_not_text_outside_records() -> None:
    reading, _ = read_text("TY  - JOUR\nTI  - A\nER  -\n\nEF  -\n")
    assert reading.outside == []


def test_the_long_notice_of_ebsco_is_removed_if_the_journal_name_has_full_stops() -> (
    None
):
    abstract = "Aim: x. Copyright of J (Wiley & Sons, Inc.) is the property of Wiley-Blackwell."
    _, (one,) = read_text(f"TY  - JOUR\nTI  - A\nAB  - {abstract}\nER  - \n")
    assert one.abstract == "Aim: x."


def test_the_text_of_scopus_for_a_missing_abstract_is_not_an_abstract() -> None:
    head = "Authors,Title,Year,Source title,Abstract,EID\n"
    _, (one,) = read_text(f"{head}Li X.,A,2019,J,[No abstract available],2-s2.0-1\n")
    assert one.abstract == ""


def test_groups_come_after_people_in_nbib_and_web_of_science() -> None:
    nbib = "PMID- 1\nFAU - Li, Wei\nAU  - Li W\nCN  - GBD Collaborators\nTI  - A\n"
    wos = "FN Clarivate\nVR 1.0\nPT J\nAU Li, W\nCA GBD Collaborators\nTI A\nER\n"
    for text in (nbib, wos):
        _, (one,) = read_text(text)
        assert one.authors[1:] == ("GBD Collaborators",)


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("Smith J, Doe A and Brown B", ("Smith, J", "Doe, A", "Brown, B")),
        ("Berg, K. and Dahl, N. and WHO", ("Berg, K.", "Dahl, N.", "WHO")),
        ("Centre for Care, Health and Work", ("Centre for Care, Health and Work",)),
        ("Yang Z., Jiang B.", ("Yang, Z.", "Jiang, B.")),
        ("Griffin DK, O'Connor RE.", ("Griffin, DK", "O'Connor, RE")),
        ("Berg, K., Dahl, N.", ("Berg, K.", "Dahl, N.")),
        ("Troiano, L.P.\n", ("Troiano, L.P.",)),
        ("Longrich, N.R.\n and Jalil, N.-E.\n", ("Longrich, N.R.", "Jalil, N.-E.")),
        (
            "Smits,Maarten L. J.;Hansen, Kari, 1950-",
            ("Smits, Maarten L. J.", "Hansen, Kari"),
        ),
    ],
)
def test_people_in_one_cell_are_separated(cell: str, people: tuple[str, ...]) -> None:
    assert names_of_list(cell) == people


def test_numbers_and_dates_are_read_from_surrounding_text() -> None:
    assert pmid_of("PMID: NLM32012345.") == "32012345"
    assert pages_of("pp 278-298") == "278-298"
    assert pages_of("S105", "S110") == "S105-S110"
    assert year_of("Start date: 20170812") == 2017


def test_zero_is_a_missing_value_in_publish_or_perish() -> None:
    head = (
        "Cites,Authors,Title,Year,Source,GSRank,QueryDate,Type,Volume,Issue,StartPage\n"
    )
    _, (one,) = read_text(f'{head}1,"P Berg, A Lie",A,2001,J,1,2024,HTML,0,0,0\n')
    assert (one.volume, one.issue, one.pages, one.type) == ("", "", "", "")


def test_the_next_column_is_used_if_a_cell_is_blank() -> None:
    head = "Title Primary\tAuthors, Primary\tPeriodical Full\tPeriodical Abbrev\n"
    _, (one,) = read_text(f"{head}A\tBerg,Kari\t \tJ. A.\n")
    assert one.journal == "J. A."


def test_keywords_of_a_cell_are_split_at_their_separator() -> None:
    rows = '"alpha, 1,2-xylene"', '"Asthma|Type 1, severe"', '"one; two, three"'
    _, found = read_text(
        "title,authors,keywords\n" + "".join(f"A,B,{r}\n" for r in rows)
    )
    assert [one.keywords for one in found] == [
        ("alpha", "1,2-xylene"),
        ("Asthma", "Type 1, severe"),
        ("one", "two, three"),
    ]


def test_quotes_that_were_not_doubled_stay_in_their_cell() -> None:
    text = 'title,authors\n"A "quoted" word","Berg, K"\n"B ""fine""",C\n'
    reading, (first, second) = read_text(text)
    assert (first.title, second.title) == ('A "quoted" word', 'B "fine"')
    assert reading.warning_counts == {"unbalanced-quotes": 1}


def test_entries_on_a_single_line_are_named_by_their_number() -> None:
    reading, _ = read_text(
        "<xml><records><record><titles><title>A</title></titles></record>"
        "<record><rec-number>2</rec-number></record></records></xml>"
    )
    assert [piece.line for piece in reading.skipped] == [1]
    assert "Entry 2 of the file" in reading.skipped[0].reason


@pytest.mark.parametrize(
    "page",
    [
        '<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html><head>',
        '<script>location="/login"</script><html>',
        '<div class="login">Please sign in</div>',
    ],
)
def test_a_web_page_is_recognised_however_it_starts(page: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_text(page, name="export.ris")
    assert refusal.value.kind == "html-page"


def test_a_gzip_file_that_is_cut_off_is_refused_as_damaged() -> None:
    data = gzip.compress(b"TY  - JOUR\nTI  - A\nER  - \n")
    for end in (3, 12, 25):
        with pytest.raises(UnreadableFile) as refusal:
            list(read_file(io.BytesIO(data[:end]), name="a.ris.gz"))
        assert refusal.value.kind in ("archive-damaged", "no-records-found")


def test_a_record_gets_the_identifiers_of_its_link_in_every_format() -> None:
    scopus = "https://www.scopus.com/inward/record.uri?eid=2-s2.0-849&doi=10.1"
    pubmed = "https://pubmed.ncbi.nlm.nih.gov/38773066/"
    for link, numbers in ((scopus, ("", "2-s2.0-849")), (pubmed, ("38773066", ""))):
        for text in (
            f"TY  - JOUR\nTI  - A\nUR  - {link}\nER  - \n",
            f"@article{{a, title={{A}}, url={{{link}}}}}",
            f"%0 Journal Article\n%T A\n%U {link}\n",
            f'[{{"title": "A", "URL": "{link}"}}]',
            f"Title,Accession Number,URL\nA,,{link}\n",
        ):
            _, (one,) = read_text(text)
            assert (one.pmid, one.accession) == numbers


BY_ROW = (
    ("SEARCH QUERY", "dinosaur:ti"),
    (),
    ("TITLE", "Effect of x"),
    ("AUTHOR NAMES", "Yang Z.", "Jiang B."),
    ("SOURCE TITLE", "Nature Communications"),
    ("PUBLICATION YEAR", "2024"),
    ("EMTREE DRUG INDEX TERMS", "keratin, melanin"),
    (),
    ("TITLE", "Second"),
    ("AUTHOR NAMES", "Li X."),
    ("PUBLICATION YEAR", "2023"),
)


def test_a_transposed_table_is_read_record_by_record() -> None:
    text = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in BY_ROW)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in BY_ROW:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    for data in (text.encode(), out.getvalue()):
        reading = read_file(io.BytesIO(data), name="embase")
        first, second = list(reading)
        assert reading.platform == "Embase / embase.com"
        assert (first.line, first.year, first.authors) == (
            3,
            2024,
            ("Yang, Z.", "Jiang, B."),
        )
        assert first.keywords == ("keratin", "melanin")
        assert (second.line, second.title, second.journal) == (9, "Second", "")


def test_a_table_of_two_unknown_columns_is_not_transposed() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_text("what,how many\ntitle,3\nyear,4\n")
    assert refusal.value.kind == "columns-unknown"


def test_a_pubmed_record_in_endnote_has_its_pmid() -> None:
    ris = "TY  - JOUR\nAN  - 38773066\nDP  - NLM\nTI  - A\nID  - 12\nER  - \n"
    xml = (
        "<xml><records><record><titles><title>A</title></titles>"
        "<accession-num>38773066</accession-num>"
        "<remote-database-provider>NLM</remote-database-provider></record></records></xml>"
    )
    for text in (ris, xml):
        _, (one,) = read_text(text)
        assert one.pmid == "38773066"


def test_quotation_marks_are_text_in_tables_of_web_of_science() -> None:
    head = "PT\tAU\tTI\tSO\tLA\tDT\tPY\tUT\n"
    plain = 'J\tLi, W\t"Smart" cities\tJ\tEnglish\tArticle\t2020\tWOS:1\n'
    cut = 'J\tLi, W\t"Half a quote\tJ\tEnglish\tArticle\t2021\tWOS:2\n'
    saved = 'J\t"Li, W"\t"A ""saved"" one"\tJ\tEnglish\tArticle\t2022\tWOS:3\n'
    reading, found = read_text(head + plain + cut + saved)
    assert [one.title for one in found] == [
        '"Smart" cities',
        '"Half a quote',
        'A "saved" one',
    ]
    assert found[2].authors == ("Li, W",)
    assert reading.warning_counts == {}


def test_whole_numbers_lose_the_point_that_pandas_gave_them() -> None:
    _, (one,) = read_text("Title,Authors,Year,Volume,Issue\nA,B,2019.0,12.0,3.0\n")
    assert (one.year, one.volume, one.issue) == (2019, "12", "3")
