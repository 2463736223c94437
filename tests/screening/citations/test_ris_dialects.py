"""RIS dialects without a sample file."""

from __future__ import annotations

import io

import pytest

from screening.citations.reading.file_reading import read_file

CITAVI = """TY  - JOUR
AU  - Berg, Kari
PY  - 2019
TI  - A study
JF  - Journal of Things
M4  - Citavi
DO  - 10.1000/a
ER  -
"""
MENDELEY = """TY  - JOUR
T1  - A study
A1  - Berg, Kari
Y1  - 2019/03/01/
JF  - Journal of Things
L1  - file:///C:/Users/me/berg.pdf
UR  - https://www.mendeley.com/catalogue/x
DO  - 10.1000/a
ER  -

"""
COVIDENCE = """TY  - JOUR
T1  - A study
AU  - Berg, Kari
PY  - 2019
JO  - Journal of Things
DO  - 10.1000/a
N1  - Exclusion reason: Wrong population
ID  - covidence_12
ER  -
"""
SCHOLAR = """TY  - JOUR
T1  - A study
A1  - Berg, Kari
JO  - Journal of Things
SP  - 1
EP  - 2
Y1  - 2019
UR  - https://doi.org/10.1000/a
ER  -
"""
WEB_OF_SCIENCE = """TY  - JOUR
AU  - Berg, Kari
TI  - A study
T2  - Journal of Things
DO  - 10.1000/a
PY  - 2019
AN  - WOS:000500000000001
ER  -
"""
FULL_TEXT = """TY  - JOUR
AU  - Berg, Kari
TI  - A study
T2  - Journal of Things
PY  - 2019
DO  - 10.1000/a
L1  - internal-pdf://0123/berg.pdf
N1  - Full text.
IQ - a measure - was used.

References
1. Dahl, N. Another study. 10.1000/other
ER  -
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "text", [CITAVI, MENDELEY, COVIDENCE, SCHOLAR, WEB_OF_SCIENCE, FULL_TEXT]
)
def test_every_dialect_gives_the_same_reference(text: str, end: str) -> None:
    data = (text * 2).replace("\n", end).encode()
    citations = list(read_file(io.BytesIO(data), name="x.ris"))
    assert len(citations) == 2
    for citation in citations:
        assert citation.title == "A study"
        assert citation.authors == ("Berg, Kari",)
        assert citation.year == 2019
        assert citation.journal == "Journal of Things"
        assert citation.doi == "10.1000/a"
        assert citation.type == "journal article"


def test_decisions_of_rayyan_are_not_notes() -> None:
    text = (
        "TY  - JOUR\nTI  - A study\n"
        'N1  - A note | RAYYAN-INCLUSION: {"Anna"=>"Excluded"} | RAYYAN-LABELS: RCT\n'
        "ER  - \n"
    )
    (citation,) = read_file(io.BytesIO(text.encode()), name="x.ris")
    assert citation.notes == "A note"
    assert citation.prior_decisions == (("Anna", "Excluded"),)
    assert citation.prior_labels == ("RCT",)


def test_odd_lines_are_not_tags() -> None:
    text = (
        "TY  - JOUR\nTI  -\tA study\nAB  - Aim.\nab  - lower case\nABC  - letters\n"
        "ER  - \n\ufeffTY  - JOUR\nTI  - Second\nER  - \n"
    )
    first, second = read_file(io.BytesIO(text.encode()), name="x.ris")
    assert first.title == "A study"
    assert first.abstract == "Aim. ab - lower case ABC - letters"
    assert second.title == "Second"
