"""Several people in one value: each reader gives the people or warns, never one person."""

from __future__ import annotations

import json

import pytest

from screening.citations.people import are_unclear, names_of, names_of_list
from tests.screening.citations.reader_checks import read_text

TWO = ("Vestad, Runa", "Olk, Pim")
SHORT = ("Vestad, R.", "Olk, P.", "Tarn, E. B.")
SEVERAL = {
    "['Vestad, Runa', 'Olk, Pim']": TWO,
    '["Vestad, Runa", "Olk, Pim"]': TWO,
    "('Vestad, Runa', 'Olk, Pim')": TWO,
    "['Vestad, Runa' 'Olk, Pim']": TWO,
    '{"Vestad, Runa","Olk, Pim"}': TWO,
    'c("Vestad, Runa", "Olk, Pim")': TWO,
    '[{"name": "Vestad, Runa"}, {"family": "Olk", "given": "Pim"}]': TWO,
    "[{'name': 'Vestad, Runa'}, {'name': 'Olk, Pim'}]": TWO,
    "['O'Malt, P.', 'Olk, Pim']": ("O'Malt, P.", "Olk, Pim"),
    "[\"O'Malt, P.\", 'Olk, Pim']": ("O'Malt, P.", "Olk, Pim"),
    r"['O\'Malt, P.', 'Br\u00fcnn, J.']": ("O'Malt, P.", "Brünn, J."),
    "Vestad, Runa and Olk, Pim": TWO,
    "Vestad, Runa & Olk, Pim": TWO,
    "Vestad, Runa und Olk, Pim": TWO,
    "Vestad, Runa; and Olk, Pim": TWO,
    "Vestad, Runa; Olk, Pim; et al.": TWO,
    "Vestad, Runa|Olk, Pim": TWO,
    "Vestad, Runa, Olk, Pim": TWO,
    "Vestad, R. and Olk, P. and Tarn, E. B.": SHORT,
    "Vestad, R., Olk, P., and Tarn, E. B.": SHORT,
    "Vestad, R., Olk, P. & Tarn, E. B.": SHORT,
    "Vestad R., Olk P., Tarn E. B.": SHORT,
    "VestadR.OlkP.TarnE.B.": ("Vestad, R.", "Olk, P.", "Tarn, E.B."),
    "Vestad R. S.Olk P.": ("Vestad, R. S.", "Olk, P."),
    "Vestad, R, Olk, P, Tarn, E, Bruun, KL": (
        *("Vestad, R", "Olk, P", "Tarn, E", "Bruun, KL"),
    ),
    "Br&uuml;nn, J.; O&#39;Malt, P.": ("Brünn, J.", "O'Malt, P."),
    "Runa Vestad, Pim Olk, Ebba Tarn": ("Runa Vestad", "Pim Olk", "Ebba Tarn"),
    "Vestad, R., Jr., Olk, P.": ("Vestad, R., Jr.", "Olk, P."),
    "Vestad, R. and Olk, P. and WHO": ("Vestad, R.", "Olk, P.", "WHO"),
}
ONE = (
    "Centre for Care, Health and Work",
    "Department of Health and Human Services",
    "National Academies of Sciences, Engineering, and Medicine",
    "Barnes and Noble",
    "Ernst & Young",
    "Ramón y Cajal, Santiago",
    "García Márquez, Gabriel José",
    "St.John, K.",
    "J.Smith",
    "Berg, K., Jr.",
    "Smith, J., MD",
    "Smith, JA.",
)
NOBODY = (
    "Anonymous",
    "[Anonymous]",
    "ANONYMOUS.",
    "Anonymous, A",
    "Anon.",
    "No authorship, indicated",
    "[No authors listed]",
    "And Others",
    "et al.",
    "u.a.",
    "m.fl.",
    "и др.",
    "等",
    "Unknown, Unknown",
    "Anónimo",
    "Ohne Verfasser",
    "nan",
)


@pytest.mark.parametrize("text", SEVERAL)
def test_people_in_one_value_are_told_apart(text: str) -> None:
    assert names_of_list(text) == SEVERAL[text]
    assert names_of((text,)) == SEVERAL[text]


@pytest.mark.parametrize("text", ONE)
def test_a_person_and_a_group_stay_one(text: str) -> None:
    assert names_of_list(text) == names_of((text,)) == (text,)
    assert not are_unclear((text,))


@pytest.mark.parametrize("text", NOBODY)
def test_a_placeholder_is_nobody(text: str) -> None:
    assert names_of_list(text) == names_of((text,)) == ()
    assert names_of(("Lie, Anna", text)) == ("Lie, Anna",)


@pytest.mark.parametrize("others", ["et al.", "et al", "u.a.", "m.fl.", "and others"])
def test_further_people_are_not_part_of_a_name(others: str) -> None:
    assert names_of_list(f"Vestad, R. {others}") == ("Vestad, R.",)
    assert names_of_list(f"Vestad R., Olk P., {others}") == ("Vestad, R.", "Olk, P.")


FILES = {
    "ris": "TY  - JOUR\nTI  - T\nAU  - {}\nER  - \n",
    "enw": "%0 Journal Article\n%T T\n%A {}\n",
    "nbib": "PMID- 1\nTI  - T\nFAU - {}\n",
    "wos": "FN x\nVR 1.0\nPT J\nAU {}\nTI T\nER\n",
    "csv": 'title,authors,year\nT,"{}",2019\n',
    "tsv": "title\tauthors\tyear\nT\t{}\t2019\n",
    "bib": "@article{{a, title={{T}}, author={{{}}}}}",
    "braces.bib": "@article{{a, title={{T}}, author={{{{{}}}}}}}",
    "json": '[{{"title": "T", "author": "{}"}}]',
    "xml": "<xml><records><record><titles><title>T</title></titles><contributors>"
    "<authors><author>{}</author></authors></contributors></record></records></xml>",
    "ovid.txt": "<1. >\nTI  - T\nAU  - {}\n",
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize(
    "text",
    [
        "Vestad, Runa and Olk, Pim",
        "['Vestad, Runa', 'Olk, Pim']",
        "Vestad, Runa; Olk, Pim",
    ],
)
def test_every_reader_tells_people_apart(kind: str, text: str) -> None:
    reading, (citation,) = read_text(FILES[kind].format(text), f"x.{kind}")
    assert citation.authors == TWO
    assert "people-unclear" not in reading.warning_counts


@pytest.mark.parametrize("kind", FILES)
def test_people_who_can_not_be_told_apart_cause_one_warning(kind: str) -> None:
    text = "Vestad, Olk, Tarn"
    reading, (citation,) = read_text(FILES[kind].format(text), f"x.{kind}")
    assert citation.authors in ((text,), ("Vestad", "Olk", "Tarn"))
    if citation.authors == (text,):
        assert reading.warning_counts["people-unclear"] == 1


def test_lists_of_keywords_are_read_in_every_form() -> None:
    for printed in ("['limpet', 'tide']", '[""limpet"", ""tide""]', "limpet; tide"):
        text = f'title,keywords,year\nT,"{printed}",2019\n'
        _, (citation,) = read_text(text, "x.csv")
        assert citation.keywords == ("limpet", "tide")
    ris = "TY  - JOUR\nTI  - T\nKW  - ['limpet', 'tide &amp; moon']\nER  - \n"
    assert read_text(ris)[1][0].keywords == ("limpet", "tide & moon")
    item = [{"title": "T", "author": [{"family": "Lie"}], "keyword": "['a', 'b']"}]
    assert read_text(json.dumps(item))[1][0].keywords == ("a", "b")


@pytest.mark.parametrize(
    "text",
    ["['" * 50_000, "[{" * 50_000, "a, " * 60_000, "A and " * 30_000, "LieA." * 40_000],
)
def test_hostile_lists_cost_little(text: str) -> None:
    assert names_of_list(text)
