"""XML of reference managers and registers: meaning, errors, attacks."""

from __future__ import annotations

import io

import pytest

from screening.citations.citation import Citation
from screening.citations.reading.file_reading import FileReading, read_file
from screening.citations.reading.xml_files import xml_stream
from tests.screening.citations.imports_expected import Samples

FORMATS = ("endnote-xml", "pubmed-xml", "ictrp-xml", "zotero-rdf")
RDF_ROOT = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:z="http://www.zotero.org/namespaces/export#"'
    ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:bib="http://purl.org/net/biblio#"'
    ' xmlns:foaf="http://xmlns.com/foaf/0.1/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/">'
)


def read_bytes(
    data: bytes, name: str = "export.xml"
) -> tuple[FileReading, list[Citation]]:
    reading = read_file(io.BytesIO(data), name=name)
    return reading, list(reading)


def endnote(*records: str) -> str:
    return f"<?xml version='1.0'?><xml><records>{''.join(records)}</records></xml>"


def entry(title: str, more: str = "") -> str:
    return (
        '<record><ref-type name="Journal Article">17</ref-type>'
        f"<titles><title>{title}</title></titles>{more}</record>"
    )


def article(inner: str, more: str = "") -> bytes:
    return (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>11</PMID>"
        f"<Article>{inner}</Article></MedlineCitation>{more}"
        "</PubmedArticle></PubmedArticleSet>"
    ).encode()


def test_every_field_of_an_endnote_record_is_read() -> None:
    _, (citation,) = read_bytes(
        endnote(
            '<record><ref-type name="Journal Article">17</ref-type><contributors>'
            "<authors><author><style>Berg, K.</style></author><author>Dahl, Nora"
            "</author></authors><secondary-authors><author>Editor, E.</author>"
            "</secondary-authors></contributors><titles><title><style>A </style>"
            '<style face="italic">tall</style><style> title</style></title>'
            "<secondary-title>J Long</secondary-title><short-title>A</short-title>"
            "</titles><periodical><full-title>Journal of Long</full-title></periodical>"
            "<pages>1-9</pages><volume>7</volume><number>2</number><keywords><keyword>"
            "one</keyword><keyword>two&#xD;three</keyword></keywords><dates><year>2001"
            "</year></dates><isbn>0000-0001&#xD;0000-0002</isbn><accession-num>WOS:1"
            "</accession-num><abstract>Aim.&#xD;Methods.</abstract><notes>PMID: 123"
            "</notes><research-notes>Mine</research-notes><urls><related-urls><url>"
            "https://example.org/1</url></related-urls></urls><electronic-resource-num>"
            "https://doi.org/10.1000/ABC</electronic-resource-num><language>eng"
            "</language></record>"
        ).encode()
    )
    assert citation.title == "A tall title"
    assert citation.authors == ("Berg, K.", "Dahl, Nora")
    assert citation.journal == "Journal of Long"
    assert (citation.volume, citation.issue, citation.pages) == ("7", "2", "1-9")
    assert citation.keywords == ("one", "two", "three")
    assert citation.year == 2001
    assert citation.issn == "0000-0001; 0000-0002"
    assert (citation.doi, citation.pmid) == ("10.1000/abc", "123")
    assert citation.accession == "WOS:1"
    assert citation.abstract == "Aim. Methods."
    assert citation.notes == "PMID: 123 | Mine"
    assert citation.url == "https://example.org/1"
    assert (citation.type, citation.language) == ("journal article", "eng")


def test_the_number_of_a_type_is_used_if_its_name_is_missing() -> None:
    _, citations = read_bytes(
        endnote(
            "<record><ref-type>32</ref-type><titles><title>A</title></titles></record>",
            '<record><ref-type name="Book Section">5</ref-type><titles><title>B</title>'
            "<secondary-title>The book</secondary-title></titles></record>",
            '<record><ref-type name="Book">6</ref-type><titles><title>C</title>'
            "<secondary-title>A series</secondary-title></titles></record>",
        ).encode()
    )
    assert [c.type for c in citations] == ["thesis", "book chapter", "book"]
    assert [c.journal for c in citations] == ["", "The book", ""]


def test_endnote_7_in_upper_case_is_read() -> None:
    _, (citation,) = read_bytes(
        b"<XML><RECORDS><RECORD><REFERENCE_TYPE>0</REFERENCE_TYPE><AUTHORS><AUTHOR>"
        b"Berg, K.</AUTHOR></AUTHORS><YEAR>1999</YEAR><TITLE>Old</TITLE>"
        b"<SECONDARY_TITLE>Journal</SECONDARY_TITLE><ACCESSION_NUMBER>5"
        b"</ACCESSION_NUMBER></RECORD></RECORDS></XML>"
    )
    assert (citation.title, citation.authors) == ("Old", ("Berg, K.",))
    assert (citation.year, citation.journal) == (1999, "Journal")
    assert (citation.type, citation.accession) == ("journal article", "5")


def test_a_structured_abstract_keeps_its_labels_and_inline_markup_its_text() -> None:
    _, (citation,) = read_bytes(
        article(
            "<ArticleTitle>H<sub>2</sub>O in <i>vivo</i></ArticleTitle><Abstract>"
            '<AbstractText Label="BACKGROUND">We.</AbstractText><AbstractText '
            'Label="UNLABELLED">Did <b>it</b>.</AbstractText>'
            "<CopyrightInformation>© 2020 X</CopyrightInformation></Abstract>"
        )
    )
    assert citation.title == "H2O in vivo"
    assert citation.abstract == "BACKGROUND: We. Did it."


def test_the_doi_of_a_cited_article_is_never_the_articles_own() -> None:
    cited = (
        "<PubmedData><ReferenceList><Reference><ArticleIdList>"
        '<ArticleId IdType="doi">10.1000/cited</ArticleId>'
        '<ArticleId IdType="pubmed">99</ArticleId></ArticleIdList></Reference>'
        "</ReferenceList></PubmedData>"
    )
    _, (citation,) = read_bytes(article("<ArticleTitle>A</ArticleTitle>", cited))
    assert (citation.doi, citation.pmid) == ("", "11")


def test_groups_dates_in_words_and_titles_in_another_language_are_read() -> None:
    _, (citation,) = read_bytes(
        article(
            "<Journal><Title>J</Title><JournalIssue><PubDate><MedlineDate>1998 Dec-1999 "
            "Jan</MedlineDate></PubDate></JournalIssue></Journal><ArticleTitle>[Not "
            "Available].</ArticleTitle><VernacularTitle>Der Titel</VernacularTitle>"
            "<AuthorList><Author><LastName>King</LastName><ForeName>Ann</ForeName>"
            "<Suffix>Jr</Suffix></Author><Author><CollectiveName>The Group"
            "</CollectiveName></Author></AuthorList><ELocationID EIdType='pii'>S1"
            "</ELocationID><ELocationID EIdType='doi'>10.1000/Own</ELocationID>"
        )
    )
    assert citation.title == "Der Titel"
    assert citation.authors == ("King, Ann Jr", "The Group")
    assert citation.year == 1998
    assert citation.doi == "10.1000/own"


def test_chapters_of_books_in_pubmed_are_read() -> None:
    _, (citation,) = read_bytes(
        b"<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID>22</PMID>"
        b"<ArticleIdList><ArticleId IdType='bookaccession'>NBK1</ArticleId>"
        b"</ArticleIdList><Book><BookTitle>The book</BookTitle><PubDate><Year>2024"
        b"</Year></PubDate><AuthorList Type='editors'><Author><LastName>Ed</LastName>"
        b"</Author></AuthorList></Book><ArticleTitle>The chapter</ArticleTitle>"
        b"<AuthorList Type='authors'><Author><LastName>Berg</LastName></Author>"
        b"</AuthorList></BookDocument></PubmedBookArticle></PubmedArticleSet>"
    )
    assert (citation.title, citation.journal) == ("The chapter", "The book")
    assert (citation.authors, citation.year) == (("Berg",), 2024)
    assert (citation.pmid, citation.type) == ("22", "book chapter")


def test_a_trial_is_read_with_its_registration(samples: Samples) -> None:
    _, citations = samples.read("ictrp.xml")
    first = citations[0]
    assert first.type == "trial registration"
    assert first.url == f"https://www.example.org/trial/{first.accession}"
    assert "Condition: Depression" in first.abstract
    assert "<br>" not in first.abstract
    assert "Sponsor: Example University Hospital" in first.notes
    assert {citation.year is None for citation in citations} == {False}


@pytest.mark.parametrize("before", [True, False])
def test_a_journal_can_come_before_or_after_its_article(before: bool) -> None:
    journal = (
        '<bib:Journal rdf:about="urn:issn:1"><prism:volume>3</prism:volume><dc:title>'
        "The Journal</dc:title><dc:identifier>DOI 10.1000/J</dc:identifier>"
        "<dc:identifier>ISSN 1</dc:identifier></bib:Journal>"
    )
    item = (
        '<rdf:Description rdf:about="#item_1"><z:itemType>journalArticle</z:itemType>'
        '<dcterms:isPartOf rdf:resource="urn:issn:1"/><dc:title>A</dc:title>'
        "<dc:subject><z:AutomaticTag><rdf:value>tag</rdf:value></z:AutomaticTag>"
        "</dc:subject><dc:date>May 2, 2011</dc:date></rdf:Description>"
    )
    memo = '<bib:Memo rdf:about="#item_2"><rdf:value>Note</rdf:value></bib:Memo>'
    nodes = [journal, memo, item] if before else [item, memo, journal]
    text = RDF_ROOT + "".join(nodes) + "</rdf:RDF>"
    reading, (citation,) = read_bytes(text.encode(), "library.rdf")
    assert (citation.journal, citation.volume, citation.issn) == (
        "The Journal",
        "3",
        "1",
    )
    assert (citation.doi, citation.year) == ("10.1000/j", 2011)
    assert citation.keywords == ("tag",)
    assert (reading.found, reading.warning_counts) == (1, {})


def test_a_chapter_in_a_book_inside_it_is_one_reference() -> None:
    text = (
        RDF_ROOT
        + '<bib:BookSection rdf:about="#1"><z:itemType>bookSection</z:itemType>'
        "<dcterms:isPartOf><bib:Book><dc:title>The book</dc:title><dc:identifier>ISBN 9"
        "</dc:identifier></bib:Book></dcterms:isPartOf><dc:title>The chapter</dc:title>"
        '</bib:BookSection><bib:Book rdf:about="#2"><z:itemType>book</z:itemType>'
        "<dc:title>Another</dc:title></bib:Book></rdf:RDF>"
    )
    _, citations = read_bytes(text.encode(), "library.rdf")
    assert [c.title for c in citations] == ["The chapter", "Another"]
    assert citations[0].journal == "The book"


@pytest.mark.parametrize(
    ("codec", "declared", "encoding"),
    [
        ("utf-8", "UTF-8", "utf-8"),
        ("utf-8-sig", "UTF-8", "utf-8-bom"),
        ("utf-16", "UTF-16", "utf-16-le-bom"),
        ("utf-16-be", "UTF-16", "utf-16-be"),
        ("utf-8", "UTF-16", "utf-8"),
        ("latin-1", "ISO-8859-1", "iso-8859-1"),
        ("cp1252", "windows-1252", "cp1252"),
        ("cp1251", "windows-1251", "windows-1251"),
        ("utf-8", "UTF-7", "utf-8"),
        ("utf-8", "zlib", "utf-8"),
    ],
)
def test_the_bytes_count_more_than_the_declared_encoding(
    codec: str, declared: str, encoding: str
) -> None:
    title = "Привет" if codec == "cp1251" else "Få sårede små øer"
    text = f"<?xml version='1.0' encoding='{declared}'?>" + endnote(entry(title))[21:]
    reading, (citation,) = read_bytes(text.encode(codec))
    assert citation.title == title
    assert reading.encoding == encoding
    assert reading.warning_counts == {}


def test_latin_letters_in_a_file_declared_as_utf_8_are_read_with_a_warning() -> None:
    data = endnote(entry("Første små")).encode("latin-1")
    reading, (citation,) = read_bytes(data)
    assert citation.title == "Første små"
    assert reading.warning_counts == {"encoding-guessed": 1}


@pytest.mark.parametrize("fault", ["\x1f", "&#x1f;", "&#0;", "&#xD800;", "&#xFFFE;"])
def test_characters_that_xml_forbids_are_removed(fault: str) -> None:
    data = endnote(entry("One"), entry(f"T{fault}wo"), entry("Three")).encode()
    reading, citations = read_bytes(data)
    assert [c.title for c in citations] == ["One", "Two", "Three"]
    assert reading.warning_counts == {"control-characters-removed": 1}


@pytest.mark.parametrize(
    ("title", "read_as"),
    [
        ("Salt & pepper", "Salt & pepper"),
        ("Caf&eacute; &nbsp;life", "Café life"),
        ("p < 0.05 &lt; 1", "p < 0.05 < 1"),
        ("a <b>bold claim", "a bold claim"),
        ("x</i> y", "x y"),
        ("&undeclared; here", "&undeclared; here"),
        ("<![CDATA[<b> & </record>]]>!", "<b> & </record>!"),
        ("one<!-- </record> & -->two", "onetwo"),
    ],
)
def test_faulty_markup_is_read_as_text(title: str, read_as: str) -> None:
    reading, citations = read_bytes(
        endnote(entry("One"), entry(title), entry("Three")).encode()
    )
    assert [c.title for c in citations] == ["One", read_as, "Three"]
    assert reading.skipped_count == 0


@pytest.mark.samples("import", formats=FORMATS)
def test_a_file_cut_off_anywhere_keeps_the_records_before(
    samples: Samples, name: str
) -> None:
    data = (samples.folder / name).read_bytes()
    whole = [citation.title for citation in read_bytes(data)[1]]
    for share in (0.3, 0.55, 0.8, 0.97):
        cut = data[: int(len(data) * share)]
        reading, citations = read_bytes(cut)
        assert reading.found == len(citations) + reading.skipped_count
        assert [c.title for c in citations][:-1] == whole[: len(citations) - 1]
    assert set(reading.warning_counts) <= {
        "record-not-terminated",
        "no-title",
        "empty-record",
    }


def test_a_record_without_an_end_does_not_include_the_next() -> None:
    broken = entry("Two").removesuffix("</record>")
    reading, citations = read_bytes(
        endnote(entry("One"), broken, entry("Three")).encode()
    )
    assert [c.title for c in citations] == ["One", "Two", "Three"]
    assert reading.warning_counts == {"record-not-terminated": 1}


def test_an_empty_record_is_skipped_with_line_and_reason() -> None:
    text = endnote(
        entry("One"), "\n<record/>", "\n<record><rec-number>2</rec-number></record>"
    )
    reading, citations = read_bytes(text.encode())
    # A number in the library is not content.
    assert (reading.found, len(citations)) == (3, 1)
    assert [piece.line for piece in reading.skipped] == [2, 3]
    assert reading.warning_counts == {"empty-record": 2}


def test_a_record_without_title_is_kept_with_a_warning() -> None:
    reading, (citation,) = read_bytes(
        endnote(entry("", "<dates><year>2001</year></dates>")).encode()
    )
    assert citation.year == 2001
    assert reading.warning_counts == {"no-title": 1}


def test_decisions_of_another_tool_are_removed_from_the_notes() -> None:
    notes = '<notes>Mine | RAYYAN-INCLUSION: {"Ada"=&gt;"Included"}</notes>'
    _, (citation,) = read_bytes(endnote(entry("One", notes)).encode())
    assert "RAYYAN" not in citation.notes
    assert citation.prior_decisions == (("Ada", "Included"),)


def test_memory_stays_constant_for_one_line_of_many_records() -> None:
    class OneLine(io.RawIOBase):
        """A file of 60 MB that is made while it is read."""

        def __init__(self) -> None:
            self.begun = False
            self.left = 30_000
            self.piece = entry("One", f"<abstract>{'word ' * 400}</abstract>").encode()

        def read(self, size: int = -1) -> bytes:
            if not self.begun:
                self.begun = True
                return b"<?xml version='1.0'?><xml><records>"
            taken = min(self.left, max(1, size // len(self.piece)))
            self.left -= taken
            return self.piece * taken

        def seek(self, place: int, whence: int = 0) -> int:
            self.begun, self.left = False, 30_000
            return 0

    cutter_texts = []
    for number, _ in enumerate(read_file(OneLine(), name="export.xml"), 1):
        if number % 10_000 == 0:
            cutter_texts.append(number)
    assert cutter_texts == [10_000, 20_000, 30_000]
    assert xml_stream.RECORD_CHARS < 16 << 20
