"""The file for the PRISMA2020 R package: its columns, its rows, our counts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace

from django.core.management import call_command
from django.test import Client

from reviewapp.core.models import Member
from screening.flow.queries import flow
from screening.flow.rules.flow import Box, Flow, Part
from screening.flow.rules.prisma2020 import flow_as_prisma2020
from tests.conftest import Cast

ClientOf = Callable[[Member | None], Client]
# Columns and rows of inst/extdata/PRISMA.csv of the package (version 1.1).
COLUMNS = ["data", "node", "box", "description", "boxtext", "tooltips", "url", "n"]
ROWS = [
    "NA/prevstud",
    "previous_studies/box1",
    "previous_reports/box1",
    "NA/newstud",
    "database_results/box2",
    "database_specific_results/box2",
    "register_results/box2",
    "register_specific_results/box2",
    "NA/othstud",
    "website_results/box11",
    "organisation_results/box11",
    "citations_results/box11",
    "duplicates/box3",
    "excluded_automatic/box3",
    "excluded_other/box3",
    "records_screened/box4",
    "records_excluded/box5",
    "dbr_sought_reports/box6",
    "dbr_notretrieved_reports/box7",
    "other_sought_reports/box12",
    "other_notretrieved_reports/box13",
    "dbr_assessed/box8",
    "dbr_excluded/box9",
    "other_assessed/box14",
    "other_excluded/box15",
    "new_studies/box10",
    "new_reports/box10",
    "total_studies/box16",
    "total_reports/box16",
    "identification/identification",
    "screening/screening",
    "included/included",
]
LISTS = {
    "database_specific_results",
    "register_specific_results",
    "dbr_excluded",
    "other_excluded",
}


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def numbers(text: str) -> dict[str, str]:
    return {row["data"]: row["n"] for row in table(text)}


def with_parts(found: Flow, key: str, *parts: Part) -> Flow:
    box = Box(found.boxes[key].kind, sum(part.n for part in parts), parts)
    return replace(found, boxes={**found.boxes, key: box})


def parsed(reasons: str) -> list[tuple[str, int]]:
    """Split a list of reasons as the package does: at semicolons, then at commas."""
    pairs = [one.strip().split(",") for one in reasons.split(";")]
    return [(name, int(n)) for name, n in pairs]


def test_the_file_has_the_columns_and_rows_of_the_package(finished: Cast) -> None:
    text = flow_as_prisma2020(flow.build_flow(finished.review))
    # No byte order mark: read.csv would take it for a part of the first name.
    assert text.startswith("data,node,box,")
    rows = table(text)
    assert list(rows[0]) == COLUMNS
    assert [f"{row['data']}/{row['box']}" for row in rows] == ROWS
    for row in rows:
        assert row["boxtext"]
        assert row["data"] in LISTS or row["n"] == "NA" or row["n"].isdecimal()
        # The package finds a row by a part of its name.
        same = [one for one in rows if row["data"] in one["data"]]
        assert row["data"] == "NA" or len(same) == 1, row["data"]


def test_the_file_has_the_counts_of_the_flow(finished: Cast) -> None:
    found = flow.build_flow(finished.review)
    n = numbers(flow_as_prisma2020(found))
    for key in set(n) & set(found.boxes) - LISTS:
        assert int(n[key]) == found.n(key), key
    assert n["database_specific_results"] == "Medline, 10"
    assert n["register_specific_results"] == "CENTRAL, 2"
    assert sum(count for _, count in parsed(n["dbr_excluded"])) == 1
    assert n["other_excluded"] == "0"
    assert n["total_studies"] == n["new_studies"] == "3"
    assert n["previous_studies"] == n["previous_reports"] == "NA"


def test_each_other_method_is_in_one_row(finished: Cast) -> None:
    found = with_parts(
        flow.build_flow(finished.review),
        "other_identified",
        Part("a", "Ministry", 1, "organisation"),
        Part("b", "Site", 2, "website"),
        Part("c", "Forward", 4, "citation_search"),
        Part("d", "Lists", 8, "reference_list"),
    )
    n = numbers(flow_as_prisma2020(found))
    names = ("organisation_results", "website_results", "citations_results")
    assert [n[name] for name in names] == ["1", "2", "12"]
    texts = {row["data"]: row["boxtext"] for row in table(flow_as_prisma2020(found))}
    assert texts["citations_results"] == "Citation searching"
    more = Part("e", "Experts", 16, "expert")
    found = with_parts(
        found, "other_identified", *found.boxes["other_identified"].parts, more
    )
    rows = {row["data"]: row for row in table(flow_as_prisma2020(found))}
    assert rows["citations_results"]["n"] == "28"
    assert (
        rows["citations_results"]["boxtext"] == "Citation searching and other methods"
    )


def test_names_with_separators_stay_one_reason(finished: Cast) -> None:
    found = with_parts(
        flow.build_flow(finished.review),
        "dbr_excluded",
        Part("a", "Wrong population; children, or adults", 3),
        Part("b", "=cmd", 4),
    )
    n = numbers(flow_as_prisma2020(found))
    assert parsed(n["dbr_excluded"]) == [
        ("Wrong population children or adults", 3),
        ("cmd", 4),
    ]


def test_page_and_command_write_it(finished: Cast, client_of: ClientOf, capsys) -> None:
    code = finished.review.code
    response = client_of(finished.olaf).get(f"/r/{code}/flow-prisma2020.csv")
    text = response.content.decode()
    assert 'filename="flow-prisma2020.csv"' in response["Content-Disposition"]
    [row] = [row for row in table(text) if row["data"] == "records_screened"]
    assert row["url"] == f"http://testserver/r/{code}/flow/records_screened/"
    call_command("export_flow", code, "--format=prisma2020")
    found = flow.build_flow(finished.review)
    assert capsys.readouterr().out == flow_as_prisma2020(found)


def test_other_csv_files_start_with_a_byte_order_mark(
    finished: Cast, client_of: ClientOf
) -> None:
    client, base = client_of(finished.olaf), f"/r/{finished.review.code}/"
    for path in ("flow.csv", "audit-log.csv", "export/file/?as=csv"):
        response = client.get(base + path)
        data = response.getvalue()
        assert data.startswith(b"\xef\xbb\xbf"), path
        assert data.count(b"\xef\xbb\xbf") == 1
    for key in ("asreview", "rayyan"):
        data = client.get(f"{base}export/file/?as={key}").getvalue()
        assert not data.startswith(b"\xef\xbb\xbf")
