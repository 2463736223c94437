"""Settings are where a lead looks for them, and buttons fit the member."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.test import Client

from charting.models import Form
from reviewapp.core.models import Member
from screening.decisions.models import Stage
from screening.records.models import Record
from tests.charting.factories import make_form
from tests.conftest import Cast
from tests.screening.decisions.conftest import start
from tests.screening.decisions.test_pages import base

ClientOf = Callable[[Member | None], Client]


def test_hiding_names_is_a_setting_of_the_stage_and_not_of_its_reasons(
    cast: Cast, title_stage: Stage, client_of: ClientOf
) -> None:
    client, here = client_of(cast.dora), f"{base(cast)}stages/{title_stage.code}/"
    label = "Hide reviewers&#x27; names"
    assert label not in client.get(f"{here}reasons/").content.decode()
    assert f"{here}settings/" in client.get(here).content.decode()
    assert label in client.get(f"{here}settings/").content.decode()

    client.post(f"{here}settings/", {})
    title_stage.refresh_from_db()
    assert not title_stage.hides_names
    client.post(f"{here}settings/", {"hides_names": "on"})
    title_stage.refresh_from_db()
    assert title_stage.hides_names


def test_a_refused_setting_comes_back_on_its_form(
    cast: Cast, title_stage: Stage, records: Sequence[Record], client_of: ClientOf
) -> None:
    stage = start(title_stage, cast.dora, (100, [cast.ada]))
    here = f"{base(cast)}stages/{stage.code}/settings/"

    answer = client_of(cast.dora).post(here, {})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "names stay hidden" in page
    assert "Save settings" in page


def test_screening_is_offered_to_those_who_have_something_to_screen(
    cast: Cast, title_stage: Stage, records: Sequence[Record], client_of: ClientOf
) -> None:
    stage = start(title_stage, cast.dora, (100, [cast.ada]))
    screen = f'href="{base(cast)}screen/{stage.code}/"'
    for path in ("stages/", f"stages/{stage.code}/"):
        for member, offered in (
            (cast.ada, True),
            (cast.ben, False),
            (cast.dora, False),
        ):
            page = client_of(member).get(base(cast) + path).content.decode()
            main = page[page.index("<main") : page.index("</main>")]
            assert (screen in main) == offered, (path, member)


def test_no_member_is_ticked_before_the_lead_chooses_who_charts(
    cast: Cast, client_of: ClientOf
) -> None:
    form = Form.objects.get(pk=make_form(cast.dora).pk)
    page = client_of(cast.dora).get(
        f"/r/{cast.review.code}/charting/{form.code}/assignments/"
    )
    assert page.status_code == 200
    assert 'name="first"' in page.content.decode()
    assert "checked" not in page.content.decode().partition('name="first"')[2][:2000]
