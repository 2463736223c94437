"""A team takes a review from export files to the flow; every number is counted again.

The expected numbers come from only two places: the files, counted by
``tests/e2e/counting.py``, and the actions of the people in the test.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from reviewapp.launcher.children import Child
from tests.e2e import counting
from tests.e2e.conftest import Arrivals
from tests.e2e.people import Person
from tests.e2e.steps import charting, records, screening, team, texts
from tests.screening.citations.imports_expected import Samples

TITLE = "Title and abstract"
TEXT = "Full text"
LIST = "Reference lists"
NOT_SOUGHT = "A dinosaur on a stamp"
NEW = ["Sauropods of the southern hills", "A theropod that swam"]
SHARE = 20


@dataclass
class Told:
    """Votes and resolutions of the people, by title."""

    ada: dict[str, str] = field(default_factory=dict)
    ben: dict[str, str] = field(default_factory=dict)
    cleo: dict[str, str] = field(default_factory=dict)

    def outcomes(self) -> dict[str, str]:
        """Return final decisions: a single vote, two equal votes, or the resolution."""
        found = {}
        for title, hers in self.ada.items():
            votes = {hers, self.ben.get(title, hers)}
            agreed = len(votes) == 1 and "unsure" not in votes
            found[title] = hers if agreed else self.cleo[title]
        return found

    def included(self) -> list[str]:
        """Return the included titles."""
        return [title for title, said in self.outcomes().items() if said == "include"]


@dataclass
class Team:
    """The five people, and the address of their review."""

    dora: Person
    ada: Person
    ben: Person
    cleo: Person
    lena: Person
    review: str = ""


def chance(title: str, of: int) -> bool:
    """Return True for one title in ``of``, always the same ones."""
    return zlib.crc32(title.encode()) % of == 0


def test_a_team_takes_a_review_from_files_to_the_flow(
    people: Arrivals, worker: Child, samples: Samples, tmp_path: Path
) -> None:
    who = Team(*map(people, ["Dora", "Ada", "Ben", "Cleo", "Lena"]))
    folder = samples.folder

    gather(who)
    import_searches(who, folder)
    unique = len(counting.unique(folder))
    same = enter_by_hand(who)
    first = screen_titles(who, unique)
    given_up = retrieve(who, first, tmp_path)
    second = read_full_texts(who)
    studies = len(second.included()) - 1
    group_and_chart(who, second.included())

    found = sum(search.records(folder) for search in counting.SEARCHES)
    excluded = Counter(
        said.removeprefix("exclude ")
        for title, said in second.outcomes().items()
        if said.startswith("exclude") and title not in NEW
    )
    by_hand = [title for title in second.outcomes() if title in NEW]
    expected = {
        "identified": found,
        "database_results": found - 3,
        "register_results": 3,
        "duplicates": found - unique,
        "records_screened": unique,
        "records_excluded": unique - len(first.included()),
        "dbr_sought_reports": len(first.included()),
        "dbr_notretrieved_reports": given_up,
        "dbr_assessed": len(first.included()) - given_up,
        "dbr_excluded": sum(excluded.values()),
        "other_identified": 3 + 1 + 1,
        "other_duplicates": same,
        "other_not_sought": 1,
        "other_sought_reports": len(NEW),
        "other_assessed": len(by_hand),
        "other_excluded": len([t for t in by_hand if t not in second.included()]),
        "new_studies": studies,
        "new_reports": len(second.included()),
    }
    look_at_the_flow(who, expected, excluded, folder)


def gather(who: Team) -> None:
    """Sign up, log in, invite, write the protocol."""
    who.dora.open("/accounts/signup/")
    team.sign_up(who.dora)
    team.log_out_and_in_again(who.dora)
    who.review = team.start_review(who.dora, "Dinosaurs of two hemispheres")
    for guest, role in (
        (who.ada, "Reviewer"),
        (who.ben, "Reviewer"),
        (who.cleo, "Admin"),
        (who.lena, "Librarian"),
    ):
        team.invite(who.dora, who.review, guest, role)
    team.write_protocol(
        who.dora,
        who.review,
        Review_question="What is known of dinosaurs of both hemispheres?",
        Include_if="About dinosaurs\nA study",
        Exclude_if="An editorial",
    )


def import_searches(who: Team, folder: Path) -> None:
    """Upload, check and import the files; certain duplicates are merged."""
    found = 0
    for search in counting.SEARCHES:
        records.add_search(who.lena, who.review, search, search.records(folder))
        records.upload(who.lena, [folder / export.name for export in search.exports])
        found += search.records(folder)
    records.be_refused(who.lena, folder / "bad-login-page.ris", "web page")
    records.search_duplicates(who.lena, who.review)
    counted = records.numbers(who.lena, f"{who.review}duplicates/")
    assert counted["Records"] == found
    assert counted["unique records"] == len(counting.unique(folder))


def enter_by_hand(who: Team) -> int:
    """Add records of reference lists; return the number that are already known."""
    known = who.lena.open(f"{who.review}records/?status=unique")
    title = known.locator("tbody .title").first.inner_text()
    doubtful = known.locator("tbody .title").nth(4).inner_text()
    records.add_reference_list(who.lena, who.review, LIST)
    for new in (*NEW, NOT_SOUGHT):
        records.enter(who.lena, Title=new, Authors="Owen, Richard", Year="1999")
    records.enter(who.lena, is_known=True, Title=title)
    records.enter(who.lena, is_known=True, Title=doubtful, Year="1931")
    records.search_duplicates(who.lena, who.review)
    answered = records.answer_pairs(who.lena, who.review, "s")
    assert answered >= 1, "a title alone is no proof: a person is asked"
    return 2


def screen_titles(who: Team, unique: int) -> Told:
    """Let Ada screen all records and Ben a random share, both by keyboard."""
    drawn = screening.set_policy(
        who.dora, who.review, TITLE, [(100, ["Ada"]), (SHARE, ["Ben"])], seed=4711
    )
    assert drawn == [unique, round(unique * SHARE / 100)]
    screening.start(who.dora, who.review, TITLE)
    screening.undo_first(who.ada, who.review, TITLE)
    told = Told()
    told.ada = screening.screen(
        who.ada,
        who.review,
        TITLE,
        lambda title: ("include" if chance(title, 7) else "exclude", ""),
    )
    screening.finish(who.ada)
    told.ben = screening.screen(who.ben, who.review, TITLE, contrary(told.ada))
    screening.finish(who.ben)
    assert len(told.ada) == unique
    assert len(told.ben) == drawn[1]
    assert told.ben.keys() <= told.ada.keys()
    told.cleo = screening.settle_conflicts(
        who.cleo, who.review, lambda title: ("include", "")
    )
    assert len(told.cleo) == 3
    screening.close(who.dora, who.review, TITLE)
    return told


def contrary(hers: dict[str, str]) -> screening.Judge:
    """Return the same vote, but once unsure and twice the opposite."""
    seen: list[str] = []
    opposite = {"include": "exclude", "exclude": "include"}

    def judge(title: str) -> tuple[str, str]:
        seen.append(title)
        said = hers[title]
        if len(seen) == 1:
            return "unsure", ""
        return (opposite[said] if len(seen) <= 3 else said), ""

    return judge


def retrieve(who: Team, told: Told, folder: Path) -> int:
    """Handle full texts: one not sought, one not retrieved, one PDF, others on paper."""
    texts.leave_unsought(who.lena, who.review, NOT_SOUGHT, "Not about dinosaurs")
    texts.seek_all(who.lena, who.review)
    waiting = texts.sought(who.lena, who.review)
    assert sorted(waiting) == sorted([*told.included(), *NEW])
    lost, kept = told.included()[:2]
    texts.give_up(who.lena, who.review, lost)
    file = folder / "paper.pdf"
    file.write_bytes(texts.pdf("Dinosaurs lived here"))
    texts.attach(who.lena, who.review, kept, file)
    texts.mark_all_retrieved(who.lena, who.review)
    return 1


def read_full_texts(who: Team) -> Told:
    """Let both screen all; they differ in one reason and in one vote."""
    reasons = screening.reasons(who.dora, who.review, TEXT)
    screening.set_policy(
        who.dora, who.review, TEXT, [(100, ["Ada"]), (100, ["Ben"])], seed=1
    )
    screening.start(who.dora, who.review, TEXT)

    def hers(title: str) -> tuple[str, str]:
        is_out = title not in NEW and chance(title, 2)
        return ("exclude", reasons[0]) if is_out else ("include", "")

    def his(title: str) -> tuple[str, str]:
        verdict, reason = hers(title)
        others = [other for other in told.ada if hers(other)[0] == verdict]
        if title != others[0]:
            return verdict, reason
        return "exclude", reasons[1]

    told = Told()
    told.ada = screening.screen(who.ada, who.review, TEXT, hers)
    screening.finish(who.ada)
    told.ben = screening.screen(who.ben, who.review, TEXT, his)
    screening.finish(who.ben)
    differing = [title for title in told.ada if told.ada[title] != told.ben[title]]
    told.cleo = screening.settle_conflicts(who.cleo, who.review, hers)
    assert sorted(told.cleo) == sorted(differing) != []
    screening.close(who.dora, who.review, TEXT)
    return told


def group_and_chart(who: Team, included: list[str]) -> None:
    """Group two reports as one study; chart all studies, half of them twice."""
    texts.group(who.ada, who.review, included[:2])
    form = charting.make_form(
        who.dora,
        who.review,
        "Main form",
        {"Country": "Country", "Number of fossils": "Number"},
    )
    charting.assign(who.dora, form, "Ada", "Ben", 50)
    charted = charting.chart_all(
        who.ada, form, lambda study: {"Country": "Chile", "Number of fossils": "3"}
    )
    again = charting.chart_all(
        who.ben, form, lambda study: {"Country": "Chile", "Number of fossils": "4"}
    )
    assert len(charted) == len(included) - 1
    assert set(again) <= set(charted)
    assert charting.settle_differences(who.cleo, form) == len(again) > 0
    charting.close(who.dora, form)
    page = who.dora.open(f"{form}results/")
    assert f"all {len(charted)} finalised studies" in page.locator(".lead").inner_text()


def look_at_the_flow(
    who: Team, expected: dict[str, int], reasons: Counter[str], folder: Path
) -> None:
    """Compare page, JSON, CSV, SVG and each list with the expected counts."""
    flow = json.loads(fetch(who.dora, "flow.json"))
    boxes: dict[str, Any] = flow["boxes"]
    assert {key: boxes[key]["n"] for key in expected} == expected
    assert flow["is_final"], flow
    assert {
        part["label"]: part["n"] for part in boxes["dbr_excluded"]["parts"]
    } == reasons
    assert {part["label"]: part["n"] for part in boxes["identified"]["parts"]} == {
        search.name: search.records(folder) for search in counting.SEARCHES
    }
    text = fetch(who.dora, "flow.csv").removeprefix("\ufeff")
    rows = csv.DictReader(io.StringIO(text))
    in_csv = {row["key"]: int(row["n"]) for row in rows if row["key"] in expected}
    assert in_csv == expected
    diagram = ElementTree.fromstring(fetch(who.dora, "flow.svg"))  # noqa: S314 (ours)
    drawn = "".join(diagram.itertext())
    numbers = {int(n.replace(",", "")) for n in re.findall(r"n\s*=\s*([\d,]+)", drawn)}
    # The template shows databases and registers, not their sum.
    assert {n for key, n in expected.items() if key != "identified"} <= numbers
    for key, n in expected.items():
        page = who.ada.open(f"{who.review}flow/{key}/")
        assert page.locator(".lead").inner_text().startswith(f"{n} "), key
        rows = page.locator("tbody tr").count()
        while page.get_by_role("link", name="Next").count():
            who.ada.follow(page.get_by_role("link", name="Next"))
            rows += page.locator("tbody tr").count()
        assert rows == n, key


def fetch(person: Person, name: str) -> str:
    """Return a file of the review, fetched with the person's session."""
    answer = person.context.request.get(f"{person.site}{person_review(person)}{name}")
    assert answer.status == 200, name
    return answer.text()


def person_review(person: Person) -> str:
    """Return the path of the open review."""
    found = re.match(r"/r/[^/]+/", person.path)
    assert found, person.path
    return found.group()
