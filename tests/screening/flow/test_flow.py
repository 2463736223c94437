"""The flow: counts are lengths of lists, all checks pass, drafts are marked."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from defusedxml import ElementTree
from django.core.management import CommandError, call_command
from django.test import Client

from reviewapp.core.models import Member
from screening.decisions.queries.decisions import included_reports
from screening.flow.queries import box_pages, flow
from screening.flow.queries.flagged import flagged_reports
from screening.flow.rules.boxes import BOXES
from screening.flow.rules.diagram import flow_as_svg
from screening.flow.rules.flow import flow_as_csv, flow_as_json
from screening.flow.rules.identities import _RULES, check_identities
from screening.imports.services import record_corrections
from screening.records.models import Duplicate, ListedRetraction, Record
from screening.reports.services import studies
from tests import factories
from tests.conftest import Cast
from tests.screening.flow.histories import NOW, duplicate

ClientOf = Callable[[Member | None], Client]


def numbers(cast: Cast) -> dict[str, int]:
    return {
        key: box.n for key, box in flow.build_flow(cast.review).boxes.items() if box.n
    }


def test_before_screening_everything_is_pending(
    cast: Cast, records: Sequence[Record]
) -> None:
    assert numbers(cast) == {
        "identified": 12,
        "database_results": 10,
        "register_results": 2,
        "duplicates": 1,
        "records_screened": 11,
        "records_pending": 11,
        "other_identified": 3,
        "other_duplicates": 1,
        "other_undecided": 2,
    }
    found = flow.build_flow(cast.review)
    assert not found.is_final
    assert [box.kind.key for box in found.pending] == [
        "records_pending",
        "other_undecided",
    ]
    assert all(identity.holds for identity in found.identities)


def test_the_flow_of_a_finished_review(finished: Cast) -> None:
    assert numbers(finished) == {
        "identified": 12,
        "database_results": 10,
        "register_results": 2,
        "duplicates": 1,
        "records_screened": 11,
        "records_excluded": 7,
        "dbr_sought_reports": 4,
        "dbr_notretrieved_reports": 1,
        "dbr_assessed": 3,
        "dbr_excluded": 1,
        "dbr_included": 2,
        "other_identified": 3,
        "other_duplicates": 1,
        "other_not_sought": 1,
        "other_sought_reports": 1,
        "other_assessed": 1,
        "other_included": 1,
        "new_studies": 3,
        "new_reports": 3,
    }
    found = flow.build_flow(finished.review)
    assert found.is_final
    assert [part.n for part in found.boxes["dbr_excluded"].parts] == [1]
    assert [part.label for part in found.boxes["identified"].parts] == [
        "Medline",
        "CENTRAL",
    ]


def test_every_count_is_the_length_of_its_list(finished: Cast) -> None:
    for key, box in flow.build_flow(finished.review).boxes.items():
        seen: list[str] = []
        after = ""
        while True:
            found, after, total = box_pages.box_page(
                finished.ada, key, after=after, size=2
            )
            seen += [row.code for row in found]
            if not after:
                break
        assert len(seen) == len(set(seen)) == box.n == total, key
        for part in box.parts:
            _, _, n = box_pages.box_page(finished.ada, key, part=part.code)
            assert n == part.n, (key, part)


def test_included_studies_with_flags_are_listed_and_change_nothing(
    finished: Cast, client_of: ClientOf
) -> None:
    assert flagged_reports(finished.olaf) == ()
    report = included_reports(finished.review).order_by("pk")[0]
    before = numbers(finished)
    record_corrections.correct_record(
        actor=finished.lena,
        record_code=report.record.code,
        field="doi",
        value="10.5555/tea.1",
        origin="The journal",
        now=NOW,
    )
    ListedRetraction.objects.create(
        number="1", kind="retracted", doi="10.5555/tea.1", loaded_at=NOW
    )
    (flagged,) = flagged_reports(finished.olaf)
    assert [flag.kind for flag in flagged.flags] == ["retracted"]
    assert flagged.code == report.code
    page = client_of(finished.olaf).get(f"/r/{finished.review.code}/flow/")
    assert "Included studies with flags" in page.content.decode()
    assert numbers(finished) == before


def test_a_late_duplicate_moves_to_duplicates_removed_and_back(
    finished: Cast, records: Sequence[Record]
) -> None:
    before = numbers(finished)
    edge = duplicate(finished.lena, records[1], records[2])
    late = numbers(finished)
    assert late["duplicates"] == before["duplicates"] + 1
    assert late["records_screened"] == before["records_screened"] - 1
    assert late["dbr_sought_reports"] == before["dbr_sought_reports"] - 1
    assert late["new_studies"] == before["new_studies"] - 1
    assert all(i.holds for i in flow.build_flow(finished.review).identities)
    Duplicate.objects.filter(pk=edge.pk).update(undone_at=NOW, undone_by=finished.lena)
    assert numbers(finished) == before


def test_reports_of_one_study_count_as_one_study(finished: Cast) -> None:
    reports = list(included_reports(finished.review))
    studies.group_reports(
        actor=finished.lena, report_codes=[one.code for one in reports[:2]], now=NOW
    )
    found = numbers(finished)
    assert (found["new_studies"], found["new_reports"]) == (2, 3)
    studies.separate_report(actor=finished.lena, report_code=reports[1].code, now=NOW)
    assert numbers(finished)["new_studies"] == 3


def test_a_wrong_sum_is_found() -> None:
    sound = {box.key: 0 for box in BOXES} | {
        f"sum:{key}": 0
        for key in (
            "identified",
            "dbr_excluded",
            "other_excluded",
            "other_identified",
            "new_studies",
        )
    }
    sound |= {
        key: 0 for rule in _RULES for key in rule.plus if key.startswith("check:")
    }
    assert all(identity.holds for identity in check_identities(sound))
    broken = check_identities({**sound, "records_screened": 1})
    assert [i.code for i in broken if not i.holds] == ["I2", "I3"]


def test_the_query_count_does_not_grow(
    cast: Cast, records: Sequence[Record], django_assert_max_num_queries: Callable
) -> None:
    with django_assert_max_num_queries(60) as few:
        flow.build_flow(cast.review)
    factories.make_records(cast.lena, 50, records[0].source)
    with django_assert_max_num_queries(len(few)):
        flow.build_flow(cast.review)


def test_the_exports_have_the_same_counts(finished: Cast, client_of: ClientOf) -> None:
    found = flow.build_flow(finished.review)
    data = json.loads(flow_as_json(found))
    text = flow_as_csv(found).removeprefix("\ufeff")
    table = {r["key"]: r for r in csv.DictReader(io.StringIO(text))}
    assert data["is_final"] is True
    assert {key: box["n"] for key, box in data["boxes"].items()} == {
        key: int(row["n"]) for key, row in table.items()
    }
    assert table["identified"]["details"] == "Medline, 10; CENTRAL, 2"
    client, base = client_of(finished.olaf), f"/r/{finished.review.code}/flow."
    assert json.loads(client.get(base + "json").content) == data
    assert client.get(base + "csv").content.decode() == flow_as_csv(found)
    assert client.get(base + "svg").content.decode() == flow_as_svg(found)


def test_the_diagram_is_valid_svg_with_the_counts(finished: Cast) -> None:
    finished.review.title = "<script>alert(1)</script> & more"
    finished.review.save()
    svg = flow_as_svg(flow.build_flow(finished.review))
    root = ElementTree.fromstring(svg)
    assert "<script" not in svg
    texts = " ".join(
        "".join(node.itertext())
        for node in root.iter("{http://www.w3.org/2000/svg}text")
    )
    for words in (
        "Records screened (n = 11)",
        "Records excluded** (n = 7)",
        "Reports not retrieved (n = 1)",
        "Studies included in review (n = 3)",
        "Medline (n = 10)",
    ):
        assert words in texts
    assert "DRAFT" not in texts
    boxes = [
        (float(r.get("y", 0)), float(r.get("height", 0)))
        for r in root.iter("{http://www.w3.org/2000/svg}rect")
        if r.get("x") == "60" and r.get("width") == "245"
    ]
    assert len(boxes) == 5
    assert all(y + height < below for (y, height), (below, _) in pairwise(boxes))


def test_a_draft_diagram_says_so(cast: Cast, records: Sequence[Record]) -> None:
    svg = flow_as_svg(flow.build_flow(cast.review))
    assert "DRAFT, not final:" in svg
    assert "Records still in screening (n = 11)" in svg


def test_the_command(finished: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("export_flow", finished.review.code, "--format", "json", "--final")
    assert json.loads(capsys.readouterr().out)["boxes"]["new_studies"]["n"] == 3
    call_command("export_flow", finished.review.title, "--format", "csv")
    assert "new_studies" in capsys.readouterr().out
    with pytest.raises(CommandError, match="No review"):
        call_command("export_flow", "nothing-here")


def test_the_command_refuses_a_draft_as_final(
    cast: Cast, records: Sequence[Record], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("export_flow", cast.review.code)
    said = capsys.readouterr()
    assert "draft" in said.err
    assert json.loads(said.out)["is_final"] is False
    with pytest.raises(CommandError, match="not final"):
        call_command("export_flow", cast.review.code, "--final")


def test_the_pages_open(finished: Cast, client_of: ClientOf) -> None:
    client, base = client_of(finished.olaf), f"/r/{finished.review.code}"
    page = client.get(f"{base}/flow/")
    assert page.status_code == 200
    assert "Final. Nothing is pending" in page.content.decode()
    for box in BOXES:
        assert client.get(f"{base}/flow/{box.key}/").status_code == 200, box.key
    assert client.get(f"{base}/flow/no-such-box/").status_code == 404
    assert client.get(f"{base}/export/").status_code == 200
