"""The Export page says when a file is complete, and how many records it has."""

from __future__ import annotations

from playwright.sync_api import expect

from screening.flow.queries import export_selection
from screening.flow.queries.export_selection import ExportFilters
from tests.blinding.world import World
from tests.e2e.conftest import Arrivals


def test_the_page_states_the_numbers_of_the_downloaded_file(
    world: World, people: Arrivals
) -> None:
    review = world.cast.review
    n = export_selection.count_selected(review, ExportFilters())
    assert n > 0
    olaf = people("Olaf", world.cast.olaf.user)
    page = olaf.open(f"/r/{review.code}/export/")
    # The download link is replaced when a choice changes.
    page.get_by_label("ASReview").check()
    link = page.get_by_role("link", name="Download for ASReview")
    expect(link).to_be_visible()
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == f"asreview-{n}.csv"
    state = page.locator("[data-export-state]")
    expect(state).to_have_text(
        f"File complete. Records selected: {n}. Records written: {n}."
    )
