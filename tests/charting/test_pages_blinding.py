"""Visibility of charts on each page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from charting.models import FinalChart, Form
from charting.models.charts import ChartRound
from charting.services import forms, reconcile
from reviewapp.core.models import Member
from tests.charting.factories import (
    FIELDS,
    VALUES,
    make_form,
    make_included,
    rounds_of,
    save,
)
from tests.charting.test_pages import CANARY, double, url
from tests.conftest import Cast
from tests.factories import NOW

ClientOf = Callable[[Member | None], Client]

# ── Visibility ────────────────────────────────────────────────────────────


def pages_of(cast: Cast, form: Form, rounds: list[ChartRound]) -> list[str]:
    """Return the URL of every GET page of charting."""
    plain = ["forms", "new", "results_list"]
    of_form = [
        *(
            "form",
            "included",
            "preview",
            "edit",
            "discard",
            "publish",
            "add_field",
            "assign",
        ),
        *("start", "close", "mine", "mine_csv", "discrepancies", "results", "cross"),
        *("studies", "results_csv", "years", "countries"),
    ]
    of_round = ["chart", "differences"]
    return [
        *(url(cast, name) for name in plain),
        *(url(cast, name, form.code) for name in of_form),
        url(cast, "studies", form.code) + "?field=role&value=support",
        *(url(cast, name, form.code, r.code) for name in of_round for r in rounds),
    ]


def world(
    cast: Cast, client_of: ClientOf, viewer: Member, form: Form, codes: list[ChartRound]
) -> dict[str, tuple[int, str]]:
    found = {}
    for at in pages_of(cast, form, codes):
        answer = client_of(viewer).get(at)
        text = answer.content.decode()
        found[at] = (answer.status_code, mask(text))
    return found


def mask(text: str) -> str:
    """Return the text without tokens and one-time keys, which always differ."""
    import re

    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    text = re.sub(r"X-CSRFToken[^}]+", "", text)
    return re.sub(r'name="key" value="[^"]+"', "", text)


@pytest.mark.parametrize("name", ["ada", "cleo", "dora", "lena", "olaf"])
def test_blinded_charts_of_others_change_no_page(
    cast: Cast, client_of: ClientOf, name: str
) -> None:
    form, rounds = double(cast, 3)
    viewer = getattr(cast, name)
    save(cast.ada, rounds[0], complete=False, design="My own words")
    before = world(cast, client_of, viewer, form, rounds)
    save(cast.ben, rounds[0], design=CANARY)
    save(cast.ben, rounds[1], complete=False, design=CANARY)
    save(cast.ben, rounds[2], design=CANARY)
    after = world(cast, client_of, viewer, form, rounds)
    assert before == after
    assert not any(CANARY in text for _, text in after.values())


def test_only_adjudicators_see_discrepancies(cast: Cast, client_of: ClientOf) -> None:
    form, [round_] = double(cast)
    save(cast.ada, round_)
    save(cast.ben, round_, design=CANARY, role="partner")
    for name in ("ada", "olaf", "lena"):
        found = world(cast, client_of, getattr(cast, name), form, [round_])
        assert not any(CANARY in text for _, text in found.values())
    found = world(cast, client_of, cast.cleo, form, [round_])
    assert CANARY in found[url(cast, "differences", form.code, round_.code)][1]


def test_strangers_and_removed_members_find_nothing(
    cast: Cast, client_of: ClientOf
) -> None:
    form, rounds = double(cast)
    for at in pages_of(cast, form, rounds):
        for member in (cast.eve, cast.rex):
            assert client_of(member).get(at).status_code == 404, at
        assert client_of(None).get(at).status_code == 302, at


def test_a_form_of_another_review_is_not_found(cast: Cast, client_of: ClientOf) -> None:
    form = forms.create_form(actor=cast.eve, name="Theirs", fields=FIELDS, now=NOW)
    assert client_of(cast.dora).get(url(cast, "form", form.code)).status_code == 404


def test_pages_require_their_role(cast: Cast, client_of: ClientOf) -> None:
    form, [round_] = double(cast)
    for name in ("new", "edit", "assign", "start", "close", "publish", "add_field"):
        args = [] if name == "new" else [form.code]
        assert client_of(cast.ada).get(url(cast, name, *args)).status_code == 403
    assert (
        client_of(cast.ada).get(url(cast, "discrepancies", form.code)).status_code
        == 403
    )
    assert client_of(cast.olaf).get(url(cast, "mine", form.code)).status_code == 403
    other = url(cast, "chart", form.code, round_.code)
    assert client_of(cast.cleo).get(other).status_code == 404


def test_all_members_read_all_charts_after_closing(
    cast: Cast, client_of: ClientOf
) -> None:
    form, [round_] = double(cast)
    save(cast.ada, round_, design="Survey")
    save(cast.ben, round_, role="partner")
    reconcile.resolve_discrepancies(
        actor=cast.cleo,
        round_code=round_.code,
        answers=[reconcile.Resolution("role", "partner", "")],
        now=NOW,
    )
    at = url(cast, "final_chart", form.code, FinalChart.objects.get().code)
    assert "Charts as submitted" not in client_of(cast.olaf).get(at).content.decode()
    forms.close_charting(actor=cast.dora, form_code=form.code, now=NOW)
    page = client_of(cast.olaf).get(at).content.decode()
    assert "Charts as submitted" in page
    assert "Ada" in page
    assert FinalChart.objects.get().values == {**VALUES, "role": "partner"}


def test_tasks_appear_on_the_overview(cast: Cast, client_of: ClientOf) -> None:
    from charting.queries.todos import todos

    make_included(cast.dora, 2)
    assert [todo.n for todo in todos(cast.dora)] == [2]
    assert todos(cast.ada) == []
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=100)
    assert [todo.is_waiting for todo in todos(cast.dora)] == [True]
    assert [todo.n for todo in todos(cast.ada)] == [2]
    round_ = rounds_of(form)[0]
    save(cast.ada, round_)
    save(cast.ben, round_, role="partner")
    assert [todo.n for todo in todos(cast.cleo)] == [1]
    assert [todo.n for todo in todos(cast.ada)] == [1]
