"""A team takes a review from real files to the flow; every number counted again."""

from __future__ import annotations

from pathlib import Path

from reviewapp.up.children import Child
from tests.e2e import counting
from tests.e2e.acts import records, team
from tests.e2e.conftest import Arrivals


def test_a_team_takes_a_review_from_real_files_to_the_flow(
    people: Arrivals, worker: Child, shared_data: Path
) -> None:
    folder = shared_data / "imports"
    dora, ada, ben, cleo, lena = map(people, ["Dora", "Ada", "Ben", "Cleo", "Lena"])

    dora.open("/accounts/signup/")
    team.sign_up(dora)
    team.log_out_and_in_again(dora)
    review = team.start_review(dora, "Dinosaurs of two hemispheres")
    for guest, role in (
        (ada, "Reviewer"),
        (ben, "Reviewer"),
        (cleo, "Admin"),
        (lena, "Librarian"),
    ):
        team.invite(dora, review, guest, role)
    team.write_protocol(
        dora,
        review,
        Review_question="What is known of dinosaurs of both hemispheres?",
        Include_if="About dinosaurs\nA study",
        Exclude_if="An editorial",
    )

    for search in counting.SEARCHES:
        records.add_search(lena, review, search, search.records(folder))
        records.upload(lena, [folder / export.name for export in search.exports])
    records.be_refused(lena, folder / "bad-login-page.ris", "web page")
    known = counting.unique(folder)
    found = sum(search.records(folder) for search in counting.SEARCHES)
    records.search_duplicates(lena, review)
    counted = records.numbers(lena, f"{review}duplicates/")
    assert counted["Records"] == found
    assert counted["left"] == len(known)
