"""The pages of charting, by HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from charting.models import FinalChart, Form
from charting.models.charts import Chart, ChartRound
from reviewapp.core.models import Member
from tests.charting.factories import (
    make_form,
    make_included,
    rounds_of,
    save,
)
from tests.conftest import Cast

ClientOf = Callable[[Member | None], Client]
CANARY = "kanarienvogel"


def url(cast: Cast, name: str, *args: str) -> str:
    return reverse(f"charting:{name}", args=[cast.review.code, *args])


def answers(**changes: str) -> dict[str, object]:
    sent = {
        "a-year": "2020",
        "a-country": "Norway",
        "a-role": "support",
        "a-phases": ["design"],
        "a-design": "Survey",
        "key": str(uuid.uuid4()),
        "do": "complete",
    }
    return {**sent, **changes}


def double(cast: Cast, n: int = 1) -> tuple[Form, list[ChartRound]]:
    make_included(cast.dora, n)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=100)
    return form, rounds_of(form)


# ── Charting through the pages ──────────────────────────────────────────


def test_a_lead_creates_publishes_assigns_and_starts_a_form(
    cast: Cast, client_of: ClientOf
) -> None:
    make_included(cast.dora, 2)
    lead = client_of(cast.dora)
    page = lead.post(
        url(cast, "new"), {"name": "Ours", "template": "peer_workers"}, follow=True
    )
    form = Form.objects.get()
    assert "Main research focus" in page.content.decode()
    lead.post(
        url(cast, "add_field", form.code),
        {
            "label": "Pay",
            "kind": "choose_one",
            "options": "paid = Paid | With a wage\nVoluntary\n",
            "section": "Service",
        },
    )
    added = form.versions.get().fields.get(key="pay")
    assert added.options == [
        {"value": "paid", "label": "Paid", "help": "With a wage"},
        {"value": "voluntary", "label": "Voluntary", "help": ""},
    ]
    lead.post(url(cast, "move", form.code, added.code), {"to": "up"})
    lead.post(url(cast, "publish", form.code))
    sent = {
        "first": [cast.ada.code],
        "second": [cast.ben.code],
        "second_share": "50",
        "seed": "7",
        "hides_names": "on",
    }
    lead.post(url(cast, "assign", form.code), sent)
    page = lead.post(url(cast, "start", form.code), follow=True)
    assert "2 studies are assigned" in page.content.decode()
    assert len(rounds_of(form, cast.ben)) == 1


def test_a_reviewer_submits_a_chart_and_gets_the_next_study(
    cast: Cast, client_of: ClientOf
) -> None:
    form, [first, second] = double(cast, 2)
    ada = client_of(cast.ada)
    at = url(cast, "chart", form.code, first.code)
    assert "Study design" in ada.get(at).content.decode()
    answer = ada.post(at, answers())
    assert answer["Location"] == url(cast, "chart", form.code, second.code)
    answer = ada.post(answer["Location"], answers())
    assert answer["Location"] == url(cast, "mine", form.code)
    page = ada.get(at).content.decode()
    assert "Reopen chart" in page
    assert "Norway" in page


def test_errors_return_the_entered_text_and_valid_answers_are_saved(
    cast: Cast, client_of: ClientOf
) -> None:
    form, [round_] = double(cast)
    answer = client_of(cast.ada).post(
        url(cast, "chart", form.code, round_.code),
        answers(**{"a-year": "two thousand", "a-role": ""}),
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "four digits" in page
    assert 'value="two thousand"' in page
    assert "saved as a draft" in page
    kept = Chart.objects.visible_to(cast.ada).get()
    assert (kept.is_complete, kept.values["design"]) == (False, "Survey")


def test_a_draft_is_saved_while_typing_and_names_invalid_answers(
    cast: Cast, client_of: ClientOf
) -> None:
    form, [round_] = double(cast)
    ada = client_of(cast.ada)
    at = url(cast, "autosave", form.code, round_.code)
    page = ada.post(at, answers(), headers={"HX-Request": "true"}).content.decode()
    assert "Draft saved at" in page
    assert "<html" not in page
    page = ada.post(at, answers(**{"a-year": "20"})).content.decode()
    assert "Draft saved, except these answers" in page
    assert Chart.objects.visible_to(cast.ada).count() == 2


def test_a_late_autosave_does_not_reopen_a_chart(
    cast: Cast, client_of: ClientOf
) -> None:
    form, [round_] = double(cast)
    ada = client_of(cast.ada)
    ada.post(url(cast, "chart", form.code, round_.code), answers())
    late = answers(**{"a-design": "Sur"})
    assert (
        ada.post(url(cast, "autosave", form.code, round_.code), late).status_code == 409
    )
    newest = Chart.objects.visible_to(cast.ada).latest("version")
    assert newest.is_complete


def test_an_adjudicator_resolves_discrepancies_on_one_page(
    cast: Cast, client_of: ClientOf
) -> None:
    form, [round_] = double(cast)
    save(cast.ada, round_)
    save(cast.ben, round_, role="partner", country=["SE"])
    cleo = client_of(cast.cleo)
    at = url(cast, "differences", form.code, round_.code)
    page = cleo.get(at).content.decode()
    assert "Peer support" in page
    assert "Partner" in page
    assert "Reviewer 1" in page
    assert "Ada" not in page
    cleo.post(at, {"choice-role": "0", "why-role": "Page 3."})
    assert not FinalChart.objects.exists()
    bad = cleo.post(at, {"choice-country": "other", "a-country": "Atlantis"})
    assert bad.status_code == 422
    assert "Atlantis" in bad.content.decode()
    page = cleo.post(
        at, {"choice-country": "other", "a-country": "Norway; Sweden"}, follow=True
    )
    assert "is finalised" in page.content.decode()
    final = FinalChart.objects.get()
    assert final.values["country"] == ["NO", "SE"]
    page = client_of(cast.olaf).get(url(cast, "final_chart", form.code, final.code))
    assert "Page 3." in page.content.decode()


def test_every_count_of_the_results_is_the_length_of_its_list(
    cast: Cast, client_of: ClientOf
) -> None:
    form, rounds = double(cast, 4)
    for i, round_ in enumerate(rounds):
        changes = {
            "year": 2019 + i % 2,
            "role": ["support", "partner"][i // 3],
            "country": ["NO", "SE"][: 1 + i % 2],
        }
        save(cast.ada, round_, **changes)
        save(cast.ben, round_, **changes)
    olaf = client_of(cast.olaf)
    page = olaf.get(url(cast, "results", form.code)).content.decode()
    assert "out of 4 finalised studies" in page
    assert "more than 100 %" in page
    checked = 0
    for key, value, n in [
        ("role", "support", 3),
        ("country", "SE", 2),
        ("year", "2019", 2),
        ("phases", "delivery", 0),
    ]:
        at = f"{url(cast, 'studies', form.code)}?field={key}&value={value}"
        assert at.replace("&", "&amp;") in page
        assert olaf.get(at).content.decode().count("/final-charts/") == n
        checked += 1
    assert checked == 4
    cross = olaf.get(
        url(cast, "cross", form.code), {"down": "role", "across": "year"}
    ).content.decode()
    assert "field=role&amp;value=support&amp;field2=year&amp;value2=2019" in cross
    cell = olaf.get(
        url(cast, "studies", form.code),
        {"field": "role", "value": "support", "field2": "year", "value2": "2019"},
    )
    assert cell.content.decode().count("/final-charts/") == 2


def test_figures_are_svg_files_with_title_and_description(
    cast: Cast, client_of: ClientOf
) -> None:
    form, [round_] = double(cast)
    olaf = client_of(cast.olaf)
    assert olaf.get(url(cast, "years", form.code)).status_code == 404
    save(cast.ada, round_)
    save(cast.ben, round_)
    for name, words in [("years", "2020: 1 (100.0 %)"), ("countries", "Norway: 1")]:
        answer = olaf.get(url(cast, name, form.code))
        text = answer.content.decode()
        assert answer["Content-Type"] == "image/svg+xml"
        assert text.startswith("<svg")
        assert "<title" in text
        assert words in text
        assert "style=" not in text
        assert text == olaf.get(url(cast, name, form.code)).content.decode()


def test_csv_cells_that_could_be_formulas_are_neutralised(
    cast: Cast, client_of: ClientOf
) -> None:
    form, [round_] = double(cast)
    for member in (cast.ada, cast.ben):
        save(member, round_, design="=HYPERLINK(1)")
    text = (
        client_of(cast.olaf).get(url(cast, "results_csv", form.code)).content.decode()
    )
    assert "'=HYPERLINK(1)" in text
    assert "Agreement" in text
    own = client_of(cast.ada).get(url(cast, "mine_csv", form.code)).content.decode()
    assert "submitted" in own
    assert own.count("\n") == 2


def test_input_is_shown_as_text_never_as_markup(
    cast: Cast, client_of: ClientOf
) -> None:
    form, [round_] = double(cast)
    for member in (cast.ada, cast.ben):
        save(member, round_, design="<script>alert(1)</script>")
    for name in ("results", "final_chart"):
        args = [FinalChart.objects.get().code] if name == "final_chart" else []
        page = client_of(cast.olaf).get(url(cast, name, form.code, *args))
        assert "<script>alert" not in page.content.decode()
        assert "&lt;script&gt;alert" in page.content.decode()


def test_a_page_reads_its_form_once(cast: Cast, client_of: ClientOf) -> None:
    form, _ = double(cast)
    client = client_of(cast.dora)
    client.get(url(cast, "form", form.code))
    for name in ("form", "preview", "edit", "assign", "close"):
        with CaptureQueriesContext(connection) as queries:
            client.get(url(cast, name, form.code))
        reads = [q["sql"] for q in queries if 'FROM "charting_form" ' in q["sql"]]
        by_code = [sql for sql in reads if f"'{form.code}'" in sql]
        assert len(by_code) == 1, (name, by_code)


def test_a_form_of_another_review_is_missing(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.dora)
    for name in ("form", "results", "edit"):
        assert client.get(url(cast, name, "no-such-form")).status_code == 404
