from __future__ import annotations

from typing import Any

import pytest

from charting.rules import figures
from charting.rules.schema import AnswerOption, FieldSpec
from charting.rules.tables import (
    BLANK,
    NOT_ASKED,
    FinalisedStudy,
    cross_table,
    field_table,
    percent,
)

ROLE = FieldSpec(
    "role",
    "choose_one",
    "Role",
    options=(AnswerOption("a", "Alpha"), AnswerOption("b", "Beta")),
)
COUNTRY = FieldSpec("country", "country", "Country")
YEAR = FieldSpec("year", "year", "Year")


def study(
    code: str, asked: str = "role country year n", **values: Any
) -> FinalisedStudy:
    return FinalisedStudy(code, f"Study {code}", values, frozenset(asked.split()))


@pytest.mark.parametrize(
    ("n", "of", "words"),
    [
        (116, 172, "67.4 %"),
        (75, 172, "43.6 %"),
        (1, 8, "12.5 %"),
        (1, 16, "6.3 %"),
        (0, 5, "0.0 %"),
        (0, 0, "–"),
    ],
)
def test_percentages_have_one_decimal_rounded_half_up(
    n: int, of: int, words: str
) -> None:
    assert percent(n, of) == words


def test_rows_of_a_choice_with_blanks_and_unasked_add_up_to_all_studies() -> None:
    studies = [
        study("1", role="a"),
        study("2", role="a"),
        study("3"),
        study("4", asked="year"),
    ]
    table = field_table(ROLE, studies)
    assert [(row.value, row.count) for row in table.rows] == [
        ("a", 2),
        ("b", 0),
        (BLANK, 1),
        (NOT_ASKED, 1),
    ]
    assert table.denominator == 4
    assert table.rows[0].percent == "50.0 %"
    assert [s.code for s in table.rows[0].studies] == ["1", "2"]


def test_a_study_in_two_countries_counts_in_both_and_the_note_says_so() -> None:
    studies = [study("1", country=["NO", "SE"]), study("2", country=["NO"])]
    table = field_table(COUNTRY, studies)
    assert [(row.label, row.count) for row in table.rows] == [
        ("Norway", 2),
        ("Sweden", 1),
    ]
    assert "more than 100 %" in table.note


def test_the_note_summarises_numbers() -> None:
    field = FieldSpec("n", "number", "Participants")
    table = field_table(field, [study(str(i), n=n) for i, n in enumerate([1, 2, 9])])
    assert table.note == "Minimum 1, median 2, mean 4, maximum 9."


def test_texts_are_counted_regardless_of_case_and_spaces() -> None:
    field = FieldSpec("n", "short_text", "Design")
    table = field_table(
        field, [study("1", n="RCT"), study("2", n="rct."), study("3", n="Survey")]
    )
    assert [(row.label, row.count) for row in table.rows] == [("RCT", 2), ("Survey", 1)]


def test_a_cross_table_holds_each_study_once_when_answers_are_single() -> None:
    studies = [
        study("1", role="a", year=2020),
        study("2", role="b", year=2020),
        study("3", year=2021),
    ]
    table = cross_table(ROLE, YEAR, studies)
    assert [[cell.count for cell in line] for line in table.cells] == [
        [1, 0],
        [1, 0],
        [0, 1],
    ]
    assert (
        sum(cell.count for line in table.cells for cell in line)
        == table.denominator
        == 3
    )


def test_the_year_figure_fills_the_gaps_and_describes_itself() -> None:
    figure = figures.per_year(
        field_table(YEAR, [study("1", year=2018), study("2", year=2020)])
    )
    assert figure is not None
    assert [(bar.name, bar.count) for bar in figure.bars] == [
        ("2018", 1),
        ("2019", 0),
        ("2020", 1),
    ]
    assert "2018: 1 (50.0 %)" in figure.description
    assert figure.bars[1].height == 0


def test_figures_without_data_are_not_drawn() -> None:
    assert figures.per_year(field_table(YEAR, [study("1")])) is None
    assert figures.per_country(field_table(COUNTRY, [])) is None


def test_the_same_data_give_the_same_country_figure() -> None:
    studies = [study("1", country=["NO", "SE"]), study("2", country=["NO"])]
    first = figures.per_country(field_table(COUNTRY, studies))
    second = figures.per_country(field_table(COUNTRY, studies[::-1]))
    assert first == second
    assert first is not None
    assert first.bars[0].width == 2 * first.bars[1].width
