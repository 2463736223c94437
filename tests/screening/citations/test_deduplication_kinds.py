"""Kinds of pairs in labelled sets, as small invented cases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from screening.citations.deduplication.cleaning import clean_reference
from screening.citations.deduplication.clustering import find_duplicates
from screening.citations.deduplication.matching import judge_pair
from screening.citations.deduplication.reference import Reference

ONE = Reference(
    id=1, title="Night shifts and blood pressure in hospital nurses: a cohort study",
    authors=("Okoro, Ada", "Lind, Per", "Sato, Mei"), year=2018, journal="Hypertension",
    volume="71", issue="4", pages="601-610", doi="10.5555/hyp.2018.601",
    abstract="We followed nurses of nine hospitals over ten years and measured sleep, "
    "the number of night shifts and blood pressure every year with validated devices.",
)  # fmt: skip
SAME: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "capitals": ({}, {"title": ONE.title.upper(), "doi": ""}),
    "markup": ({"title": "Effects of CO<sub>2</sub> on <i>E. coli</i> in hospital air"},
               {"title": "Effects of CO2 on E. coli in hospital air", "doi": ""}),
    "another translation, one place": (
        {"title": "[Blood pressure of nurses who work at night]", "doi": ""},
        {"title": "Nachtdienst und Blutdruck von Pflegekräften", "doi": "", "abstract": ""}),
    "a language named after the title": (
        {"doi": ""}, {"title": ONE.title + ". German", "doi": "", "abstract": ""}),
    "first author alone, short pages": ({}, {"authors": "Okoro A", "pages": "601-10", "doi": ""}),
    "no authors": ({}, {"authors": "", "doi": ""}),
    "initials run together": ({}, {"authors": "OkoroA.LindP.SatoM.", "doi": ""}),
    "ahead of print, the day as volume": (
        {"doi": ""}, {"doi": "", "volume": "13", "issue": "", "pages": "", "year": 2018}),
    "ahead of print, year before": (
        {}, {"volume": "", "issue": "", "pages": "", "year": 2017, "abstract": ""}),
    "ahead of print, pages from 1": (
        {"doi": ""}, {"doi": "", "volume": "", "issue": "", "pages": "1-10", "abstract": ""}),
    "an article number as page and as issue": (
        {"pages": "e1043", "doi": ""}, {"issue": "1043", "pages": "", "doi": ""}),
    "a DOI that is written as an address": ({}, {"doi": "https://doi.org/10.5555/HYP.2018.601"}),
    "two forms of a SICI": (
        {"doi": "10.1002/(SICI)1099-1077(200004)15:3<199::AID-HUP1>3.0.CO;2-T"},
        {"doi": "10.1002/(SICI)1099-1077(200004)15:3<199::AID-HUP1>3.3.CO;2-K"}),
    "a retraction noted in the title": (
        {}, {"title": ONE.title + " (Retracted article. See vol 74, p 12, 2020)"}),
    "a subtitle of the journal in capitals": (
        {"doi": ""}, {"journal": "HYPERTENSION-JOURNAL OF THE CIRCULATION", "doi": ""}),
    "the journal in another language": (
        {"pages": "", "doi": ""}, {"journal": "Koketsuatsu Gakkaishi", "doi": "", "abstract": ""}),
    "a torn volume of a supplement": (
        {"volume": "71 Suppl 1", "issue": "", "pages": "S14", "doi": ""},
        {"volume": "1)", "issue": "", "pages": "S14", "doi": ""}),
    "a whole citation in the journal field": (
        {"doi": ""}, {"journal": "Hypertension.71 (4) (pp 601-610) 2018", "volume": "",
                      "issue": "", "pages": "", "year": "", "doi": ""}),
    "pages that a spreadsheet took for a date": (
        {"pages": "6-10", "doi": ""}, {"pages": "06-Oct", "doi": ""}),
    "non-Latin title, romanised author": (
        {"title": "Ночные смены и артериальное давление медицинских сестёр", "doi": ""},
        {"title": "Ночные смены и артериальное давление медицинских сестер", "doi": "",
         "abstract": ""}),
    "mojibake": ({"authors": ("König, Ada", "Lind, Per"), "doi": ""},
                 {"authors": ("KÃ¶nig, Ada", "Lind, Per"), "doi": ""}),
}  # fmt: skip
ASKED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "abstract and article of one year in one journal": (
        {}, {"volume": "71 (Supplement 1)", "issue": "", "pages": "A12", "doi": "10.5555/s.12"}),
    "one title and one group in next year's volume": (
        {}, {"volume": "72", "pages": "11-20", "year": 2019, "doi": "10.5555/hyp.2019.11"}),
    "an article and its correction in one volume": (
        {}, {"title": "Correction to: " + ONE.title, "pages": "640", "doi": "10.5555/hyp.2018.640"}),
    "one DOI for an abstract and an article elsewhere": (
        {}, {"journal": "Sleep Medicine", "volume": "40 Suppl 2", "issue": "", "pages": "e9",
             "year": 2017}),
    "a subtitle more": (
        {"title": ONE.title.split(":")[0]},
        {"volume": "70", "issue": "1", "pages": "1-9", "doi": "10.5555/hyp.2017.1", "year": 2017}),
    "a thesis and its listing": (
        {"journal": "", "volume": "", "issue": "", "pages": "215 p", "doi": "", "year": 2016},
        {"journal": "Dissertation Abstracts International", "volume": "79", "issue": "3-B",
         "pages": "1524", "doi": ""}),
}  # fmt: skip
DIFFERENT: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a correction in another volume": (
        {}, {"title": "Erratum: " + ONE.title, "volume": "73", "pages": "12", "year": 2019,
             "doi": "10.5555/hyp.2019.12"}),
    "parts of a series": (
        {"title": "Night shifts of nurses. Part I: blood pressure"},
        {"title": "Night shifts of nurses. Part II: blood pressure", "pages": "611-620",
         "doi": "10.5555/hyp.2018.611"}),
    "two registered trials": (
        {"title": ONE.title + " NCT01234567", "doi": "", "pages": ""},
        {"title": ONE.title + " NCT07654321", "doi": "", "pages": ""}),
    "a preprint": (
        {}, {"journal": "medRxiv", "volume": "", "issue": "", "pages": "", "year": 2017,
             "doi": "10.1101/2017.02.03.17020001"}),
    "editorials of two issues": (
        {"title": "Editorial", "abstract": ""},
        {"title": "Editorial", "abstract": "", "issue": "5", "pages": "701-702",
         "doi": "10.5555/hyp.2018.701"}),
    "two Cochrane reviews": (
        {"journal": "Cochrane Database Syst Rev", "doi": "10.1002/14651858.CD000144"},
        {"journal": "Cochrane Database Syst Rev", "doi": "10.1002/14651858.CD000141"}),
    "another paper of the group": (
        {}, {"title": "Sleep and mood of student midwives before examinations",
             "pages": "701-709", "doi": "10.5555/hyp.2018.701", "abstract": ""}),
}  # fmt: skip


def answer(first: dict[str, Any], second: dict[str, Any]) -> str:
    a, b = replace(ONE, **first), replace(ONE, id=2, **second)
    judged = judge_pair(clean_reference(a), clean_reference(b))
    assert judge_pair(clean_reference(b), clean_reference(a)) == judged, (
        "the order does not matter"
    )
    found = find_duplicates([b, a])
    assert bool(found.merges) == (judged.answer == "same"), "candidates meet"
    assert bool(found.questions) == (judged.answer == "ask"), "questions are asked"
    return judged.answer


@pytest.mark.parametrize("kind", SAME)
def test_one_work_with_different_descriptions_is_merged(kind: str) -> None:
    assert answer(*SAME[kind]) == "same"


@pytest.mark.parametrize("kind", ASKED)
def test_pairs_that_need_a_person_are_asked(kind: str) -> None:
    assert answer(*ASKED[kind]) == "ask"


@pytest.mark.parametrize("kind", DIFFERENT)
def test_different_works_are_not_merged_and_not_asked(kind: str) -> None:
    assert answer(*DIFFERENT[kind]) == "different"
