from __future__ import annotations

from dataclasses import replace

import pytest

from screening.citations.deduplication.cleaning import clean_reference
from screening.citations.deduplication.match_policy import MatchPolicy
from screening.citations.deduplication.matching import judge_pair
from screening.citations.deduplication.reference import Reference

ABSTRACT = (
    "We followed a cohort of nurses over ten years and measured sleep, shift work and "
    "blood pressure every year with validated instruments."
)
ARTICLE = Reference(
    id=1,
    title="Shift work and blood pressure in a cohort of nurses: a ten-year follow-up",
    authors=("Okoro, Ada", "Lind, Per", "Sato, Mei"),
    year=2020,
    journal="Hypertension",
    volume="75",
    issue="4",
    pages="901-910",
    doi="10.5555/hyp.2020.901",
    abstract=ABSTRACT,
)
PREPRINT = replace(
    ARTICLE, id=2, journal="medRxiv", volume="", issue="", pages="",
    doi="10.1101/2020.02.03.20020001", year=2019,
)  # fmt: skip
COCHRANE = Reference(
    id=1, title="Exercise for chronic low back pain", authors=("Hall, B.",), year=2012,
    journal="Cochrane Database of Systematic Reviews", issue="3", pages="CD009790",
    doi="10.1002/14651858.CD009790",
)  # fmt: skip
MEETING = replace(
    ARTICLE, id=3, journal="Sleep", volume="43 Suppl 1", issue="", pages="A12", doi="",
)  # fmt: skip
OTHER_MEETING = replace(
    MEETING, id=4, journal="Journal of Hypertension", volume="38 Suppl 2", pages="E55"
)


def answer(a: Reference, b: Reference, **settings: str) -> str:
    return judge_pair(
        clean_reference(a), clean_reference(b), MatchPolicy(**settings)
    ).answer  # type: ignore[arg-type]


def test_a_preprint_and_its_article_are_merged_only_if_a_team_chose_so() -> None:
    assert answer(ARTICLE, PREPRINT) == "different"
    assert answer(ARTICLE, PREPRINT, preprints="duplicate") == "same"


def test_two_records_of_one_preprint_are_merged() -> None:
    assert answer(PREPRINT, replace(PREPRINT, id=9, doi="")) == "same"


def test_updates_of_a_cochrane_review_are_merged_unless_a_team_chose_otherwise() -> (
    None
):
    newer = replace(COCHRANE, id=2, year=2018, issue="9", doi=COCHRANE.doi + ".pub2")
    assert answer(COCHRANE, newer) == "same"
    assert answer(COCHRANE, newer, cochrane_updates="related") == "different"


def test_an_update_under_a_changed_title_is_asked() -> None:
    newer = replace(
        COCHRANE, id=2, year=2018, doi=COCHRANE.doi + ".pub2",
        title="Physical training of any kind for people with long-lasting back pain",
    )  # fmt: skip
    assert answer(COCHRANE, newer) == "ask"


def test_other_living_series_are_treated_like_cochrane() -> None:
    one = Reference(
        id=1, title="Trachoma", authors=("Solomon, A.",), year=2007,
        journal="BMJ Clinical Evidence", volume="2007",
    )  # fmt: skip
    newer = replace(one, id=2, year=2016, volume="2016", authors=("Lansingh, V.",))
    assert answer(one, newer) == "same"
    assert answer(one, newer, cochrane_updates="related") == "different"
    assert answer(replace(one, journal="Lancet"), newer) == "different"


def test_one_abstract_at_two_meetings_is_merged_only_if_a_team_chose_so() -> None:
    assert answer(MEETING, OTHER_MEETING) != "same"
    assert answer(MEETING, OTHER_MEETING, congress_abstracts="duplicate") == "same"


def test_a_correction_is_recognised_by_its_doi() -> None:
    assert answer(ARTICLE, replace(ARTICLE, id=2, doi=ARTICLE.doi + "corr1")) != "same"


def test_two_trials_are_never_merged_whatever_else_agrees() -> None:
    one = replace(ARTICLE, doi="", pages="", journal="ClinicalTrials.gov/NCT01234567")
    two = replace(one, id=2, journal="ClinicalTrials.gov/NCT07654321")
    assert answer(one, two) == "different"


@pytest.mark.parametrize("title", ["Editorial", "Book reviews", "In this issue"])
def test_a_generic_title_needs_an_equal_place(title: str) -> None:
    one = replace(ARTICLE, title=title, doi="", abstract="")
    assert answer(one, replace(one, id=2)) == "same"
    assert answer(one, replace(one, id=2, issue="5", pages="1001-1003")) == "different"
    assert answer(one, replace(one, id=2, volume="76")) == "different"
