"""Retractions, errata and expressions of concern in every format."""

from __future__ import annotations

import pytest

from screening.citations.notices import notices_of_title
from tests.screening.citations.reader_checks import read_text

TITLES = {
    "RETRACTED: Tea and sleep": "retracted",
    "[RETRACTED] Tea and sleep": "retracted",
    "Tea and sleep (Retracted article. See vol. 12, 2010)": "retracted",
    "WITHDRAWN: Tea and sleep": "retracted",
    "Retraction notice to: Tea": "is-retraction",
    "Expression of concern: Tea": "is-concern",
    "Corrigendum to “Tea”": "is-erratum",
    "Author Correction: Tea": "is-erratum",
    "Correction of anaemia in renal failure: a trial": "",
    "Retraction of the iris: tea": "",
    "Withdrawal: symptoms after tea": "",
    "Retracted articles in tea research": "",
}


@pytest.mark.parametrize("title", TITLES)
def test_a_title_can_name_a_notice(title: str) -> None:
    found = [kind for kind, _ in notices_of_title(title)]
    assert found == ([TITLES[title]] if TITLES[title] else [])


def test_pubmed_links_name_where_the_notice_is() -> None:
    nbib = (
        "PMID- 11111111\nTI  - Tea.\nPT  - Journal Article\nPT  - Retracted Publication\n"
        "RIN - Tea J. 2011;1:2. PMID: 22222222\nEIN - Tea J. 2010;9:9\n"
        "ECI - Tea J. 2010;8:8\n"
    )
    _, (citation,) = read_text(nbib, "x.nbib")
    assert set(citation.notices) == {
        ("retracted", "Tea J. 2011;1:2. PMID: 22222222"),
        ("erratum", "Tea J. 2010;9:9"),
        ("concern", "Tea J. 2010;8:8"),
    }
    assert citation.type == "journal article"
    xml = (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>"
        "<ArticleTitle>Tea</ArticleTitle><PublicationTypeList><PublicationType>"
        "Retracted Publication</PublicationType></PublicationTypeList></Article>"
        '<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>'
        "Tea J. 2011;1:2</RefSource></CommentsCorrections></CommentsCorrectionsList>"
        "</MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )
    assert read_text(xml)[1][0].notices == (("retracted", "Tea J. 2011;1:2"),)


@pytest.mark.parametrize(
    "text",
    [
        "TY  - JOUR\nTI  - Tea\nM3  - Retracted Publication\nER  - \n",
        "FN x\nVR 1.0\nPT J\nTI Tea\nDT Article; Retracted Publication\nER\n",
        "title,authors,type\nTea,Lie A,Article; Retracted Publication\n",
        "<1. >\nTI  - Tea\nAU  - Lie A\nPT  - Journal Article. Retracted Publication.\n",
        "%0 Journal Article\n%T RETRACTED: Tea\n%D 2010\n",
        "@article{a, title={{RETRACTED: Tea}}, author={Lie, A}}\n",
        '[{"title": "RETRACTED: Tea", "author": "Lie, A"}]',
    ],
)
def test_every_format_keeps_a_retraction(text: str) -> None:
    _, (citation,) = read_text(text)
    assert citation.notices == (("retracted", ""),)
