"""Drafts of charts: confirmed by the key of the page, and never overwritten by a tab."""

from __future__ import annotations

import uuid

from charting.models import Form, Reconciliation
from charting.models.charts import Chart
from charting.queries.discrepancies import GivenAnswer, get_discrepancies
from tests.charting.factories import save
from tests.charting.test_pages import ClientOf, answers, double, url
from tests.conftest import Cast


def versions(cast: Cast) -> list[str]:
    """Return the designs of all versions of Ada's chart."""
    charts = Chart.objects.visible_to(cast.ada).order_by("version")
    return [chart.values["design"] for chart in charts]


def test_an_autosave_confirms_its_key_and_names_the_new_version(
    cast: Cast, client_of: ClientOf
) -> None:
    form, [round_] = double(cast)
    at = url(cast, "autosave", form.code, round_.code)
    key = str(uuid.uuid4())

    answer = client_of(cast.ada).post(
        at, answers(key=key, version="0"), headers={"Save-Request": key}
    )

    assert (answer["Saved-Key"], answer["Saved-Version"]) == (key, "1")


def test_a_stale_tab_is_shown_both_charts_and_can_keep_its_own(
    cast: Cast, client_of: ClientOf
) -> None:
    form, [round_] = double(cast)
    ada = client_of(cast.ada)
    at = url(cast, "chart", form.code, round_.code)
    ada.post(at, answers(do="draft", version="0", **{"a-design": "Survey"}))
    stale = answers(do="draft", version="0", **{"a-design": "Cohort"})

    for name in ("autosave", "chart"):
        answer = ada.post(url(cast, name, form.code, round_.code), stale)
        assert answer.status_code == 409
        assert "in another tab at" in answer.content.decode()
    page = answer.content.decode()
    assert "<td>Survey</td><td>Cohort</td>" in page
    assert 'name="version" value="1"' in page
    assert versions(cast) == ["Survey"]

    ada.post(at, {**stale, "version": "1"})
    assert versions(cast) == ["Survey", "Cohort"]


def test_a_page_whose_answer_was_lost_is_no_other_tab(
    cast: Cast, client_of: ClientOf
) -> None:
    form, [round_] = double(cast)
    at = url(cast, "autosave", form.code, round_.code)
    key = str(uuid.uuid4())
    for design in ("Surv", "Survey"):
        sent = answers(key=key, version="0", **{"a-design": design})
        assert client_of(cast.ada).post(at, sent).status_code == 200

    assert versions(cast) == ["Surv", "Survey"]


def test_a_chart_of_someone_else_makes_no_page_older(
    cast: Cast, client_of: ClientOf
) -> None:
    form, [round_] = double(cast)
    at = url(cast, "autosave", form.code, round_.code)
    for member in (cast.ben, cast.ada):
        sent = answers(version="0", **{"a-design": member.name})
        assert client_of(member).post(at, sent).status_code == 200


def test_resolutions_in_a_stale_tab_are_refused_with_both_values(
    cast: Cast, client_of: ClientOf
) -> None:
    form, [round_] = double(cast)
    save(cast.ada, round_)
    save(cast.ben, round_, role="partner", country=["SE"])
    cleo, at = client_of(cast.cleo), url(cast, "differences", form.code, round_.code)
    first = {"choice-role": "0", "version": "0"}
    given = [value.value for value in role_answers(cast, form, round_.code)]
    other = {"choice-role": "1", "why-role": "as typed", "version": "0"}

    assert cleo.post(at, first).status_code == 302
    assert cleo.post(at, first).status_code == 302, "sent again"
    answer = cleo.post(at, other)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "was resolved as" in page
    assert 'value="as typed"' in page
    assert 'value="1" checked' in page
    assert [row.value for row in Reconciliation.objects.all()] == [given[0]]
    assert cleo.post(at, {**other, "version": "1"}).status_code == 302
    newest = Reconciliation.objects.latest("pk")
    assert (newest.value, newest.rationale) == (given[1], "as typed")


def role_answers(cast: Cast, form: Form, round_code: str) -> tuple[GivenAnswer, ...]:
    """Return the answers to the question "role" in the order of the page."""
    study = get_discrepancies(cast.cleo, form, round_code)
    assert study is not None
    return next(d.given for d in study.differing if d.spec.key == "role")
