"""A record that arrives after closing is screened up to a final flow, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from reviewapp.core import hooks as core_hooks
from screening.decisions.models import Stage
from screening.decisions.services import closing
from screening.records import hooks
from tests import factories
from tests.conftest import Cast
from tests.e2e.conftest import Arrivals
from tests.e2e.steps import screening
from tests.screening.flow.histories import NOW, begin, read_all

TITLE = "Title and abstract"


@pytest.fixture
def finished(transactional_db: None, cast: Cast) -> Cast:
    """A closed review in which Ada has excluded three records, and a late record."""
    core_hooks.review_created.call(review=cast.review, actor=cast.dora, now=NOW)
    factories.make_records(cast.lena, 3)
    stage = Stage.objects.get(review=cast.review, subject="record")
    begin(stage, cast)
    read_all(stage, cast.ada, lambda title: False)
    closing.close_wave(actor=cast.dora, stage_code=stage.code, now=NOW)
    late = factories.make_source(cast.lena, "Search update")
    factories.make_records(cast.lena, 1, late)
    hooks.records_changed.call(review=cast.review, actor=cast.lena, now=NOW)
    return cast


def test_a_late_record_is_screened_in_the_second_wave(
    finished: Cast, people: Arrivals
) -> None:
    cast = finished
    review = f"/r/{cast.review.code}/"
    dora, ada = people("Dora", cast.dora.user), people("Ada", cast.ada.user)

    page = dora.open(f"{review}flow/")
    expect(page.get_by_text(f"{TITLE}, wave 2: 1 waits for a decision")).to_be_visible()
    dora.follow(page.get_by_role("link", name=f"{TITLE}, wave 2"))
    rows = page.get_by_role("table").filter(has_text="Wave 2").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Wave 1")
    expect(rows.nth(2)).to_contain_text("Under way")

    said = screening.screen(ada, review, TITLE, lambda title: ("exclude", ""))
    assert len(said) == 1
    screening.finish(ada)

    page = dora.open(review)
    dora.follow(page.get_by_role("link", name="Close wave"))
    expect(page.get_by_text("1 record has one reviewer.")).to_be_visible()
    dora.send("Close wave permanently")
    expect(page.get_by_text("Wave 2 of Title and abstract is closed.")).to_be_visible()

    page = dora.open(f"{review}flow/")
    expect(page.get_by_text("Final. Nothing is pending")).to_be_visible()
