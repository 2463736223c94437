"""Samples of XML and RDF of reference managers and registers."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from reviewapp.demo.source_variants import family_and_given, initials
from reviewapp.demo.work import Work, WorkKind
from tests.sample_data.works import (
    Entry,
    Sample,
    articles,
    others,
    pages,
    wanted,
    without_doi,
)


def samples() -> Iterator[Sample]:
    yield endnote()
    yield pubmed()
    yield ictrp()
    yield zotero_rdf()


# ── EndNote ──────────────────────────────────────────────────────────────────
def endnote() -> Sample:
    works = [*without_doi(3), *articles(40, 42)]
    text = '<?xml version="1.0" encoding="UTF-8" ?><xml><records>'
    records: list[Entry] = []
    for rank, work in enumerate(works, start=1):
        title = f"[{work.title}]" if rank == 3 else work.title
        text += _endnote_record(work, title, rank)
        records.append(
            wanted(
                work, title=title, pmid=work.pmid if work.pmid and rank > 3 else None
            )
        )
    text += "</records></xml>"
    return Sample(
        "endnote.xml",
        text.encode("ascii", "xmlcharrefreplace"),
        "endnote-xml",
        records,
        "EndNote",
        "ascii",
        difficulties="every value in a style element; one line without a line end; a "
        "translated title in [brackets]; most without a DOI",
    )


def _style(tag: str, value: str) -> str:
    style = '<style face="normal" font="default" size="100%">'
    return f"<{tag}>{style}{escape(value)}</style></{tag}>" if value else ""


def _endnote_record(work: Work, title: str, rank: int) -> str:
    journal = _style("full-title", work.journal) + _style("abbr-1", work.abbreviation)
    people = "".join(_style("author", name) for name in work.authors)
    words = "".join(_style("keyword", word) for word in work.keywords)
    number = work.pmid if rank > 3 else f"2099{work.number}"
    return (
        '<record><database name="Care.enl" path="C:\\Users\\reader\\Care.enl">Care.enl'
        '</database><source-app name="EndNote" version="19.0">EndNote</source-app>'
        f'<rec-number>{rank}</rec-number><foreign-keys><key app="EN" '
        f'db-id="r0invented">{rank}</key></foreign-keys>'
        '<ref-type name="Journal Article">17</ref-type>'
        f"<contributors><authors>{people}</authors></contributors>"
        + _style("auth-address", "Example University, Oslo, Norway.\r")
        + "<titles>"
        + _style("title", title)
        + _style("secondary-title", work.journal)
        + _style("alt-title", work.abbreviation)
        + f"</titles><periodical>{journal}</periodical>"
        + _style("pages", pages(work))
        + _style("volume", work.volume)
        + _style("number", work.issue)
        + f"<keywords>{words}</keywords><dates>"
        + _style("year", str(work.year))
        + "<pub-dates>"
        + _style("date", "Feb")
        + "</pub-dates></dates>"
        + _style("isbn", work.issn)
        + _style("accession-num", number)
        + _style("abstract", work.abstract)
        + (_style("electronic-resource-num", work.doi) if rank == 4 else "")
        + "<urls><related-urls>"
        + _style("url", f"http://dx.doi.org/{work.doi}" if work.doi else "")
        + "</related-urls></urls>"
        + _style("remote-database-provider", "NLM" if rank > 3 else "")
        + "</record>"
    )


# ── PubMed ───────────────────────────────────────────────────────────────────
def pubmed() -> Sample:
    works = articles(2, 8)
    doctype = (
        '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January '
        '2019//EN" "https://dtd.example.org/pubmed_190101.dtd">'
    )
    text = f'<?xml version="1.0"?>\n{doctype}\n<PubmedArticleSet>\n'
    text += "".join(_pubmed_article(work, rank) for rank, work in enumerate(works))
    text += "\n</PubmedArticleSet>\n"
    return Sample(
        "pubmed.xml",
        text.encode(),
        "pubmed-xml",
        [
            wanted(
                work,
                authors=[*(n.replace(".", "") for n in work.authors)]
                + (["Invented Care Collaborators"] if rank == 1 else []),
                pmid=work.pmid,
                abstract_contains=["RESULTS: ", "CONCLUSIONS: "],
            )
            for rank, work in enumerate(works)
        ],
        "PubMed",
        difficulties="a DOCTYPE with an external DTD, which must not be fetched; full "
        "and abbreviated journal; labelled parts of abstracts; a group among authors",
    )


def _pubmed_article(work: Work, rank: int) -> str:
    labels = ("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS")
    parts = _parts(work.abstract, labels)
    abstract = "".join(
        f'\n                <AbstractText Label="{label}">{escape(text)}</AbstractText>'
        for label, text in parts
    )
    people = ""
    for name in work.authors:
        family, given = family_and_given(name)
        people += (
            '\n                <Author ValidYN="Y">\n'
            f"                    <LastName>{escape(family)}</LastName>\n"
            f"                    <ForeName>{escape(given.replace('.', ''))}</ForeName>\n"
            f"                    <Initials>{initials(given, '')}</Initials>\n"
            "                    <AffiliationInfo>\n"
            "                        <Affiliation>Example University, Oslo.</Affiliation>\n"
            "                    </AffiliationInfo>\n"
            "                </Author>"
        )
    if rank == 1:
        people += (
            "\n                <Author><CollectiveName>Invented Care Collaborators"
            "</CollectiveName></Author>"
        )
    title = escape(work.title)
    words = "".join(
        f'\n            <Keyword MajorTopicYN="N">{escape(word)}</Keyword>'
        for word in work.keywords
    )
    return f"""<PubmedArticle>
    <MedlineCitation Owner="NLM" Status="MEDLINE">
        <PMID Version="1">{work.pmid}</PMID>
        <DateCompleted>
            <Year>{work.year + 1}</Year>
            <Month>02</Month>
            <Day>08</Day>
        </DateCompleted>
        <Article PubModel="Print-Electronic">
            <Journal>
                <ISSN IssnType="Electronic">{work.issn}</ISSN>
                <JournalIssue CitedMedium="Internet">
                    <Volume>{work.volume}</Volume>
                    <Issue>{work.issue}</Issue>
                    <PubDate>
                        <Year>{work.year}</Year>
                        <Month>Feb</Month>
                    </PubDate>
                </JournalIssue>
                <Title>{escape(work.journal)}</Title>
                <ISOAbbreviation>{escape(work.abbreviation)}</ISOAbbreviation>
            </Journal>
            <ArticleTitle>{title}.</ArticleTitle>
            <Pagination>
                <MedlinePgn>{pages(work)}</MedlinePgn>
            </Pagination>
            <Abstract>{abstract}
            </Abstract>
            <AuthorList CompleteYN="Y">{people}
            </AuthorList>
            <Language>eng</Language>
            <PublicationTypeList>
                <PublicationType UI="D016428">Journal Article</PublicationType>
            </PublicationTypeList>
            <ArticleDate DateType="Electronic">
                <Year>{work.year - 1}</Year>
                <Month>12</Month>
                <Day>23</Day>
            </ArticleDate>
        </Article>
        <MedlineJournalInfo>
            <Country>Norway</Country>
            <MedlineTA>{escape(work.abbreviation)}</MedlineTA>
            <NlmUniqueID>9{work.number:06d}</NlmUniqueID>
        </MedlineJournalInfo>
        <MeshHeadingList>
            <MeshHeading>
                <DescriptorName MajorTopicYN="N" UI="D006801">Humans</DescriptorName>
            </MeshHeading>
            <MeshHeading>
                <DescriptorName MajorTopicYN="N" UI="D010379">Peer Group</DescriptorName>
                <QualifierName MajorTopicYN="Y" UI="Q000379">methods</QualifierName>
            </MeshHeading>
        </MeshHeadingList>
        <KeywordList Owner="NOTNLM">{words}
        </KeywordList>
    </MedlineCitation>
    <PubmedData>
        <PublicationStatus>ppublish</PublicationStatus>
        <ArticleIdList>
            <ArticleId IdType="pii">S{work.number}</ArticleId>
            <ArticleId IdType="doi">{work.doi}</ArticleId>
            <ArticleId IdType="pubmed">{work.pmid}</ArticleId>
        </ArticleIdList>
        <ReferenceList>
            <Reference>
                <Citation>Invented J. 2001;1:2-3</Citation>
                <ArticleIdList>
                    <ArticleId IdType="pubmed">99999999</ArticleId>
                </ArticleIdList>
            </Reference>
        </ReferenceList>
    </PubmedData>
</PubmedArticle>
"""


def _parts(abstract: str, labels: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the labelled sections of an abstract of the demo's generator."""
    places = [abstract.index(f"{label}: ") for label in labels]
    ends = [*places[1:], len(abstract)]
    return [
        (label, abstract[start + len(label) + 2 : end].strip())
        for label, start, end in zip(labels, places, ends, strict=True)
    ]


# ── Trials ───────────────────────────────────────────────────────────────────
def ictrp() -> Sample:
    works = articles(30, 38)
    text = "<?xml version='1.0' encoding='UTF-8' ?>\n<Trials_downloaded_from_ICTRP>\n\n    "
    records: list[Entry] = []
    for rank, work in enumerate(works):
        number = f"NCT98{work.number}" if rank % 2 else f"ACTRN9999{work.number}"
        scientific = f"Effects of {work.title} (CARE Trial)" if rank != 3 else ""
        public = f"A trial of {work.keywords[0]}"
        fields = (
            ("Internal_Number", f"1585{work.number}"),
            ("TrialID", number),
            ("Last_Refreshed_on", "22 June 2021"),
            ("Public_title", public),
            ("Scientific_title", scientific),
            ("Acronym", "CARE"),
            ("Primary_sponsor", "Example University Hospital"),
            ("Date_registration3", f"{work.year}0510"),
            ("Date_registration", f"10/05/{work.year}"),
            ("Source_Register", "ClinicalTrials.gov" if rank % 2 else "ANZCTR"),
            ("web_address", f"https://www.example.org/trial/{number}"),
            ("Recruitment_Status", "Not recruiting"),
            ("Date_enrollement", f"July 15, {work.year + 1}"),
            ("Target_size", "342"),
            ("Study_type", "Interventional"),
            ("Study_design", "Allocation: Randomized. Masking: None (Open Label). "),
            ("Contact_Firstname", " "),
            ("Contact_Lastname", family_and_given(work.authors[0])[0]),
            (
                "Inclusion_Criteria",
                "Inclusion Criteria:\r<br>\r<br>  1. Adults; score >= 20\r<br>  2. "
                "Consent",
            ),
            ("Condition", "Depression"),
            ("Intervention", "Behavioral: peer support;Other: usual care"),
            ("Primary_outcome", "Change of mood"),
            ("results_yes_no", ""),
        )
        text += "\n  <Trial><Export_date>06/29/2021 09:03:08</Export_date>\n"
        for name, value in fields:
            shown = escape(value).replace("\r", "&#x0D;")
            if value == " ":
                shown = "&#x20;"
            text += (
                f"    <{name}>{shown}\n    </{name}>\n" if value else f"    <{name}/>\n"
            )
        text += "    \n  </Trial>\n"
        records.append(
            {
                "title": scientific or public,
                "authors": [],
                "year": work.year,
                "doi": None,
                "accession": number,
            }
        )
    text += "</Trials_downloaded_from_ICTRP>\n"
    return Sample(
        "ictrp.xml",
        text.encode(),
        "ictrp-xml",
        records,
        "WHO ICTRP",
        difficulties="a line end after every value; day/month/year; the scientific "
        "title, or the public one where it lacks; escaped HTML in criteria",
    )


# ── Zotero ───────────────────────────────────────────────────────────────────
def zotero_rdf() -> Sample:
    work, other = articles(43, 45)
    book = others(WorkKind.BOOK)[2]
    text = RDF_ROOT
    text += "".join(
        _rdf_article(one, rank) for rank, one in enumerate((work, other), 1)
    )
    text += f"""    <bib:Book rdf:about="urn:isbn:978-0-00-000020-0">
        <z:itemType>book</z:itemType>
        <dc:publisher><foaf:Organization><foaf:name>{escape(book.publisher)}</foaf:name></foaf:Organization></dc:publisher>
        <bib:authors><rdf:Seq>{_rdf_people(book)}</rdf:Seq></bib:authors>
        <dc:title>{escape(book.title)}</dc:title>
        <dc:date>{book.year}</dc:date>
        <dc:identifier>ISBN 978-0-00-000020-0</dc:identifier>
    </bib:Book>
    <z:Attachment rdf:about="#item_12"><z:itemType>attachment</z:itemType><dc:title>Full Text PDF</dc:title></z:Attachment>
</rdf:RDF>
"""
    return Sample(
        "zotero.rdf",
        text.encode(),
        "zotero-rdf",
        [
            wanted(work),
            wanted(other),
            wanted(book, doi=None, abstract_prefix=None, journal=...),
        ],
        "Zotero",
        difficulties="a note and an attachment are no references; the DOI is in a "
        "description and in the journal's node, which is a node of its own",
    )


RDF_ROOT = """<rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:bib="http://purl.org/net/biblio#"
 xmlns:foaf="http://xmlns.com/foaf/0.1/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:link="http://purl.org/rss/1.0/modules/link/"
 xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/">
"""


def _rdf_people(work: Work) -> str:
    people = ""
    for name in work.authors:
        family, given = family_and_given(name)
        people += f"<rdf:li><foaf:Person><foaf:surname>{escape(family)}</foaf:surname><foaf:givenName>{escape(given)}</foaf:givenName></foaf:Person></rdf:li>"
    return people


def _rdf_article(work: Work, rank: int) -> str:
    # Two journals of one ISSN would be one node.
    urn = f"urn:issn:{work.issn}"
    return f"""    <bib:Article rdf:about="https://example.org/rdf-{rank}">
        <z:itemType>journalArticle</z:itemType>
        <dcterms:isPartOf rdf:resource="{urn}"/>
        <bib:authors>
            <rdf:Seq>
                {_rdf_people(work)}
            </rdf:Seq>
        </bib:authors>
        <dcterms:isReferencedBy rdf:resource="#item_{rank}"/>
        <dc:subject>{escape(work.keywords[0])}</dc:subject>
        <dc:title>{escape(work.title)}</dc:title>
        <dcterms:abstract>{escape(work.abstract)}</dcterms:abstract>
        <dc:date>{work.year}-04-01</dc:date>
        <dc:description>DOI: {work.doi}</dc:description>
        <dc:identifier><dcterms:URI><rdf:value>https://example.org/rdf-{rank}</rdf:value></dcterms:URI></dc:identifier>
        <bib:pages>{pages(work)}</bib:pages>
    </bib:Article>
    <bib:Journal rdf:about="{urn}">
        <prism:volume>{work.volume}</prism:volume>
        <dc:title>{escape(work.journal)}</dc:title>
        <dc:identifier>DOI {work.doi}</dc:identifier>
        <prism:number>{work.issue}</prism:number>
        <dc:identifier>ISSN {work.issn}</dc:identifier>
    </bib:Journal>
    <bib:Memo rdf:about="#item_{rank}"><rdf:value>&lt;p&gt;A note, not a reference&lt;/p&gt;</rdf:value></bib:Memo>
"""
