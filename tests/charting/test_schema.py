from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from charting.models import Field
from charting.rules import countries, schema, tables
from charting.rules.compare import ChartAnswers, compare_charts
from charting.rules.schema import (
    AnswerOption,
    FieldSpec,
    answer_text,
    make_field_key,
    validate_answers,
)
from charting.rules.templates import PEER_WORKERS, TEMPLATES

ROLE = FieldSpec(
    "role",
    "choose_one",
    "Role",
    options=(AnswerOption("a", "Alpha"), AnswerOption("b", "Beta")),
)
PHASES = FieldSpec(
    "phases",
    "choose_all",
    "Phases",
    options=(AnswerOption("d", "Design"), AnswerOption("e", "Delivery")),
)


def spec(kind: str, **extra: Any) -> FieldSpec:
    return FieldSpec("q", kind, "Question", **extra)


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [
        ("short_text", "  two   words\nin a line ", "two words in a line"),
        ("short_text", "nul\x00byte", "nulbyte"),
        ("long_text", "first\nsecond", "first\nsecond"),
        ("number", "12", 12),
        ("number", "3,5", 3.5),
        ("number", "1,500", 1500),
        ("number", "1 234.5", 1234.5),
        ("number", "−4", -4),
        ("year", "2021", 2021),
        ("yes_no", "yes", True),
        ("yes_no", "No", False),
        ("yes_no", False, False),
        ("country", "usa; Norway; Côte d'Ivoire", ["CI", "NO", "US"]),
        ("country", ["GB", "Scotland"], ["GB"]),
    ],
)
def test_an_answer_is_cleaned_to_the_value_of_its_type(
    kind: str, given: Any, stored: Any
) -> None:
    result = validate_answers({"q": given}, [spec(kind)], complete=True)
    assert result.errors == {}
    assert result.values == {"q": stored}


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        ("number", "twelve", "Enter a number"),
        ("number", "1e999", "Enter a number"),
        ("number", "9" * 40, "too large"),
        ("year", "21", "four digits"),
        ("year", "0003", "four digits"),
        ("yes_no", "perhaps", "yes or no"),
        ("country", "Atlantis", "not in the list of countries"),
        ("short_text", "x" * 501, "Shorten"),
        ("short_text", {"a": 1}, "one answer"),
    ],
)
def test_an_invalid_answer_is_refused_with_an_example(
    kind: str, given: Any, words: str
) -> None:
    result = validate_answers({"q": given}, [spec(kind)], complete=False)
    assert words in result.errors["q"]
    assert "q" not in result.values


def test_choices_are_found_by_value_and_by_label_in_the_order_of_the_form() -> None:
    given = {"role": "beta", "phases": ["Delivery", "d", "d"]}
    result = validate_answers(given, [ROLE, PHASES], complete=True)
    assert result.values == {"role": "b", "phases": ["d", "e"]}


def test_an_option_that_is_not_in_the_list_and_a_second_choice_are_refused() -> None:
    result = validate_answers(
        {"role": "c", "phases": ["x"]}, [ROLE, PHASES], complete=True
    )
    assert set(result.errors) == {"role", "phases"}
    assert (
        "one answer"
        in validate_answers({"role": ["a", "b"]}, [ROLE], complete=True).errors["role"]
    )


def test_a_required_question_may_be_open_in_a_draft_only() -> None:
    field = spec("year", is_required=True)
    assert validate_answers({}, [field], complete=False).errors == {}
    assert (
        "before you submit" in validate_answers({}, [field], complete=True).errors["q"]
    )


def test_unknown_keys_are_dropped_and_blanks_are_not_stored() -> None:
    result = validate_answers(
        {"q": "  ", "stranger": "x"}, [spec("long_text")], complete=True
    )
    assert result == type(result)({}, {})


def test_values_are_shown_as_text() -> None:
    assert answer_text(["d", "e"], PHASES) == "Design; Delivery"
    assert answer_text(["NO", "US"], spec("country")) == "Norway; United States"
    assert answer_text(False, spec("yes_no")) == "No"
    assert answer_text(None, ROLE) == ""


def test_keys_are_made_of_labels_and_never_taken_twice() -> None:
    assert make_field_key("Year published?", []) == "year_published"
    assert make_field_key("Year published?", ["year_published"]) == "year_published_2"
    assert make_field_key("数", []) == "question"


def test_every_iso_country_is_found_by_its_code_and_its_name() -> None:
    assert len(countries.NAMES) == 249
    for code, name in countries.NAMES.items():
        assert countries.country_code(name) == code
        assert countries.country_code(code.lower()) == code


def test_shipped_forms_have_distinct_keys_and_options_for_every_choice() -> None:
    for template in TEMPLATES.values():
        keys = [field.key for field in template.fields]
        assert len(set(keys)) == len(keys)
        for field in template.fields:
            values = [option.value for option in field.options]
            assert (len(values) > 1) == field.kind.startswith("choose")
            assert len(set(values)) == len(values)
    assert len(PEER_WORKERS.fields) == 14


def charted(asked: str = "role phases q", **values: Any) -> ChartAnswers:
    return ChartAnswers(values, frozenset(asked.split()))


def test_case_spaces_full_stops_and_order_make_no_difference() -> None:
    text = spec("short_text")
    compared = compare_charts(
        [
            charted(q="Mixed methods.", phases=["d", "e"]),
            charted(q="mixed  methods", phases=["e", "d"]),
        ],
        [text, ROLE, PHASES],
    )
    assert compared.differing == ()
    assert compared.agreed == {"q": "Mixed methods.", "phases": ["d", "e"]}


def test_a_blank_differs_from_an_answer_and_no_differs_from_a_blank() -> None:
    compared = compare_charts(
        [charted(role="a"), charted(q=False)], [spec("yes_no"), ROLE, PHASES]
    )
    assert compared.differing == ("q", "role")


def test_a_question_of_one_version_only_is_no_discrepancy() -> None:
    compared = compare_charts(
        [charted(role="a", q="new"), charted(asked="role", role="a")],
        [ROLE, spec("short_text")],
    )
    assert compared.differing == ()
    assert compared.agreed == {"role": "a", "q": "new"}


def test_three_charts_differ_when_one_of_them_does() -> None:
    compared = compare_charts([charted(role=r) for r in "aab"], [ROLE])
    assert compared.differing == ("role",)


def test_every_answer_type_is_cleaned_counted_offered_and_documented() -> None:
    types = set(Field.Kind.values)
    assert set(schema._CLEANERS) == types
    assert set(tables._ROWS) == types
    guide = (settings.BASE_DIR / "docs" / "charting.md").read_text("utf-8")
    missing = [kind.label for kind in Field.Kind if f"| {kind.label} |" not in guide]
    assert missing == []
