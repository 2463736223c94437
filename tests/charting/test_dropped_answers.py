"""Answers that a later form version dropped, and files with several answers."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from charting import exports
from charting.models import FinalChart, Form
from charting.models.charts import ChartRound
from charting.rules.schema import (
    AnswerOption,
    FieldSpec,
    answer_text,
    clean_answer,
    merge_versions,
)
from charting.services import fields, forms, reconcile
from reviewapp.core.models import Member
from tests.charting.factories import make_form, make_included, rounds_of, save
from tests.conftest import Cast
from tests.factories import NOW
from tests.sessions import in_another_session

ClientOf = Callable[[Member | None], Client]
PAIN = FieldSpec(
    "symptoms",
    "choose_all",
    "Symptoms",
    options=(
        AnswerOption("pain", "Pain, acute"),
        AnswerOption("mood", "Mood; low"),
        AnswerOption("sleep", "Sleep"),
    ),
)
WITHOUT_MOOD = replace(PAIN, options=(PAIN.options[0], PAIN.options[2]))
SETTING = FieldSpec(
    "setting",
    "choose_one",
    "Setting",
    options=(AnswerOption("home", "Home; visits"), AnswerOption("ward", "Ward")),
)


def publish(cast: Cast, form: Form, *specs: FieldSpec) -> None:
    """Publish a version in which these questions have changed."""
    draft = forms.start_draft(actor=cast.dora, form_code=form.code, now=NOW)
    for spec in specs:
        fields.change_field(
            actor=cast.dora,
            form_code=form.code,
            code=draft.fields.get(key=spec.key).code,
            spec=spec,
            now=NOW,
        )
    forms.publish_form(actor=cast.dora, form_code=form.code, now=NOW)


def charted(cast: Cast) -> tuple[Form, list[ChartRound]]:
    """Return a form with one study finalised on its first version, one not begun."""
    make_included(cast.dora, 2)
    form = make_form(
        cast.dora, [cast.ada], [cast.ben], share=100, fields=[PAIN, SETTING]
    )
    rounds = rounds_of(form)
    for member in (cast.ada, cast.ben):
        save(member, rounds[0], symptoms=["pain", "mood"], setting="home")
    assert FinalChart.objects.count() == 1
    return form, rounds


def table(client: Client, cast: Cast, name: str, form: Form) -> list[dict[str, str]]:
    url = reverse(f"charting:{name}", args=[cast.review.code, form.code])
    text = client.get(url).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_dropped_answer_keeps_its_label_in_the_file_and_on_the_pages(
    cast: Cast, client_of: ClientOf
) -> None:
    form, _ = charted(cast)
    publish(cast, form, WITHOUT_MOOD)
    client = client_of(cast.olaf)
    [row] = table(client, cast, "results_csv", form)
    assert row["Symptoms"] == 'Pain, acute; "Mood; low"'
    page = client.get(reverse("charting:results", args=[cast.review.code, form.code]))
    assert "Mood; low (earlier version)" in page.content.decode()
    assert "mood (earlier version)" not in page.content.decode()
    final = FinalChart.objects.get()
    page = client.get(
        reverse("charting:final_chart", args=[cast.review.code, form.code, final.code])
    )
    assert "Mood; low" in page.content.decode()
    [own] = table(client_of(cast.ada), cast, "mine_csv", form)
    assert own["Symptoms"] == 'Pain, acute; "Mood; low"'


def test_choose_all_has_a_column_for_each_answer(
    cast: Cast, client_of: ClientOf
) -> None:
    form, rounds = charted(cast)
    later = replace(
        WITHOUT_MOOD, options=(*WITHOUT_MOOD.options, AnswerOption("gait", "Gait"))
    )
    publish(cast, form, later)
    for member in (cast.ada, cast.ben):
        save(member, rounds[1], symptoms=["gait"], setting="ward")
    found = table(client_of(cast.olaf), cast, "results_csv", form)
    rows = {row["form version"]: row for row in found}
    answers = ("Pain, acute", "Mood; low", "Sleep", "Gait")
    columns = [f"Symptoms: {answer}" for answer in answers]
    # An answer that the form version did not offer is neither chosen nor left.
    assert [rows["1"][name] for name in columns] == ["1", "1", "0", ""]
    assert [rows["2"][name] for name in columns] == ["0", "", "0", "1"]
    assert list(rows["1"]).index("Symptoms") + 1 == list(rows["1"]).index(
        "Symptoms: Pain, acute"
    )


def test_a_study_without_an_answer_has_empty_cells(
    cast: Cast, client_of: ClientOf
) -> None:
    make_included(cast.dora, 1)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=100, fields=[PAIN])
    [round_] = rounds_of(form)
    for member in (cast.ada, cast.ben):
        save(member, round_)
    [row] = table(client_of(cast.olaf), cast, "results_csv", form)
    assert {v for name, v in row.items() if name.startswith("Symptoms")} == {""}


def test_a_discrepancy_can_be_resolved_with_a_dropped_answer(cast: Cast) -> None:
    make_included(cast.dora, 1)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=100, fields=[PAIN])
    [round_] = rounds_of(form)
    save(cast.ada, round_, symptoms=["pain", "mood"])
    publish(cast, form, WITHOUT_MOOD)
    save(cast.ben, round_, symptoms=["pain"])
    result = reconcile.resolve_discrepancies(
        actor=cast.cleo,
        round_code=round_.code,
        answers=[reconcile.Resolution("symptoms", ["pain", "mood"])],
        now=NOW,
    )
    assert result.errors == {}
    assert FinalChart.objects.get().values == {"symptoms": ["pain", "mood"]}


def test_files_of_charts_state_how_many_they_hold(
    cast: Cast, client_of: ClientOf, caplog: pytest.LogCaptureFixture
) -> None:
    form, _ = charted(cast)
    for member, name, file in (
        (cast.olaf, "results_csv", f"charts-{form.code}-1.csv"),
        (cast.ada, "mine_csv", f"own-charts-{form.code}-1.csv"),
    ):
        caplog.clear()
        with caplog.at_level(logging.INFO, "reviewapp.exports"):
            response = client_of(member).get(
                reverse(f"charting:{name}", args=[cast.review.code, form.code])
            )
        assert response["X-Records-Selected"] == response["X-Records-Written"] == "1"
        assert response["Content-Disposition"] == f'attachment; filename="{file}"'
        # How many studies a member has charted is blinded, also in the log.
        code, is_public = cast.review.code, name == "results_csv"
        line = f"review {code}: selected 1, written 1, file {file}"
        logged = [r for r in caplog.records if r.name == "reviewapp.exports"]
        assert [r.getMessage() for r in logged] == ([line] if is_public else [])


@pytest.mark.django_db(transaction=True)
def test_a_study_finalised_during_the_export_is_in_the_next_file(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, rounds = charted(cast)
    count = exports.count_finalised

    def disturbed(form: Form) -> int:
        n = count(form)
        in_another_session(
            lambda: [
                save(member, rounds[1], symptoms=["sleep"], setting="ward")
                for member in (cast.ada, cast.ben)
            ]
        )
        return n

    with monkeypatch.context() as patch:
        patch.setattr(exports, "count_finalised", disturbed)
        file = exports.final_charts_csv(cast.olaf, form)
    assert (file.stated.selected, file.stated.written) == (1, 1)
    assert file.text.count("\r\n") == 2
    assert exports.final_charts_csv(cast.olaf, form).stated.written == 2


@pytest.mark.parametrize(
    ("chosen", "text"),
    [
        (["pain"], "Pain, acute"),
        (["mood"], '"Mood; low"'),
        (["pain", "mood", "sleep"], 'Pain, acute; "Mood; low"; Sleep'),
        (["quoted"], '"""Bad"" day"'),
        (["unknown"], "unknown"),
    ],
)
def test_a_label_with_a_semicolon_is_one_answer(chosen: list[str], text: str) -> None:
    quoted = AnswerOption("quoted", '"Bad" day')
    spec = replace(PAIN, options=(*PAIN.options, quoted))
    assert answer_text(chosen, spec) == text
    # The cell is itself a line of CSV with semicolons.
    labels = [spec.label_of(one) for one in chosen]
    read = csv.reader([text], delimiter=";", skipinitialspace=True)
    assert next(read) == labels


def test_one_answer_of_one_is_not_quoted() -> None:
    assert answer_text("home", SETTING) == "Home; visits"


def test_versions_are_merged_with_the_newest_wording() -> None:
    reworded = replace(
        WITHOUT_MOOD, label="Which symptoms?", options=(AnswerOption("pain", "Pain"),)
    )
    [merged] = merge_versions([[reworded], [WITHOUT_MOOD], [PAIN]])
    assert merged.label == "Which symptoms?"
    assert merged.options == reworded.options
    assert [option.label for option in merged.dropped] == ["Sleep", "Mood; low"]
    assert clean_answer(["mood", "pain"], merged) == ["pain", "mood"]
