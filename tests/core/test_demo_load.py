"""The whole demo, loaded once; plain SQL counts its numbers again."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from reviewapp.core.models import Event, Member, Review, User
from reviewapp.core.refusals import Refused
from reviewapp.demo import charts, plan
from reviewapp.demo.loading import screening, texts
from reviewapp.demo.loading.people import PASSWORD, PEOPLE
from reviewapp.testing import truncation_allowed

pytestmark = pytest.mark.django_db


def run(**options: Any) -> str:
    out = io.StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def said(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[str, str]]:
    """Return the command's output when it is interrupted, and when it continues."""
    with django_db_blocker.unblock():
        try:
            yield _interrupted(), run()
        finally:
            with truncation_allowed():
                call_command("flush", interactive=False, verbosity=0)


def _interrupted() -> str:
    def fail(*args: Any, **kwargs: Any) -> int:
        raise Refused("The power went out.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(screening, "resolve_conflicts", fail)
        with pytest.raises(CommandError) as stopped:
            run()
    return str(stopped.value)


def rows(sql: str, title: str = texts.TITLE) -> list[tuple[Any, ...]]:
    """Return the result of ``sql``, whose one parameter is the review's key."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"review": Review.objects.get(title=title).pk})
        return list(cursor.fetchall())


def count(sql: str, title: str = texts.TITLE) -> int:
    return int(rows(sql, title)[0][0])


UNIQUE = """
    FROM records_record r WHERE r.review_id = %(review)s AND NOT EXISTS (
        SELECT FROM records_duplicate d WHERE d.record_id = r.id AND d.undone_at IS NULL)
"""


def test_an_interrupted_load_says_so_and_goes_on(said: tuple[str, str]) -> None:
    assert "The power went out." in said[0]
    assert "Continuing" in said[1]
    assert "The flow is final." in said[1]


def test_ten_exports_come_to_the_published_number_of_records(
    said: tuple[str, str],
) -> None:
    all_ = "SELECT count(*) FROM records_record WHERE review_id = %(review)s"
    assert count(all_) == 22_848 + 11
    assert count(f"SELECT count(*) {UNIQUE} AND r.arm = 'databases'") == 13_178
    assert count(f"SELECT count(*) {UNIQUE} AND r.arm = 'other'") == 11


def test_no_work_is_left_twice_and_none_is_lost(said: tuple[str, str]) -> None:
    keys = {plan.find_key(doi, t) for doi, t in rows(f"SELECT r.doi, r.title {UNIQUE}")}
    assert keys == set(plan.works_by_key())


def test_the_outcomes_are_the_published_ones(said: tuple[str, str]) -> None:
    assessed = """SELECT rec.arm, count(*) FROM reports_report r
        JOIN records_record rec ON rec.id = r.record_id
        WHERE r.review_id = %(review)s AND r.retrieval = 'retrieved' GROUP BY 1"""
    assert dict(rows(assessed)) == {"databases": 434, "other": 11}
    reasons = """SELECT reason.text, count(*) FROM decisions_decision o
        JOIN decisions_reason reason ON reason.id = o.reason_id
        WHERE o.review_id = %(review)s AND o.verdict = 'exclude'
          AND o.report_id IS NOT NULL GROUP BY 1"""
    found = dict(rows(reasons))
    assert found == {
        r.value: n for r, n in plan.planned_flow().excluded_at_full_text.items()
    }
    assert sum(found.values()) == 273
    studies = """SELECT count(DISTINCT r.study_id) FROM decisions_decision o
        JOIN reports_report r ON r.id = o.report_id
        WHERE o.review_id = %(review)s AND o.verdict = 'include'"""
    assert count(studies) == 172


def test_every_reference_ends_as_planned(said: tuple[str, str]) -> None:
    decisions = """SELECT rec.doi, rec.title, o.verdict = 'include', reason.text
        FROM decisions_decision o JOIN reports_report r ON r.id = o.report_id
        JOIN records_record rec ON rec.id = r.record_id
        LEFT JOIN decisions_reason reason ON reason.id = o.reason_id
        WHERE o.review_id = %(review)s"""
    for doi, title, included, reason in rows(decisions):
        status = plan.planned_status(plan.find_key(doi, title) or "")
        assert included is status.included
        assert reason == (status.reason.value if status.reason else None)


def test_the_second_reader_has_a_fifth_at_both_stages(said: tuple[str, str]) -> None:
    votes = """SELECT s.name, u.email, count(*) FROM decisions_vote v
        JOIN decisions_round r ON r.id = v.round_id
        JOIN decisions_stage s ON s.id = r.stage_id
        JOIN core_member m ON m.id = v.author_id JOIN core_user u ON u.id = m.user_id
        WHERE r.review_id = %(review)s GROUP BY 1, 2 ORDER BY 1, 2"""
    assert rows(votes) == [
        ("Full text", "ada@example.org", 445),
        ("Full text", "ben@example.org", 89),
        ("Title and abstract", "ada@example.org", 13_178),
        ("Title and abstract", "ben@example.org", 2_636),
    ]


def test_each_adjudication_stands_beside_a_disagreement(said: tuple[str, str]) -> None:
    verdicts = """SELECT array_agg(v.verdict::text ORDER BY v.verdict),
               array_agg(v.reason_id)
        FROM decisions_decision o JOIN decisions_vote v ON v.round_id = o.round_id
        WHERE o.review_id = %(review)s AND o.how = 'adjudication' GROUP BY o.id"""
    found = rows(verdicts)
    assert len(found) > 20
    for said_, reasons in found:
        assert len(set(said_)) > 1 or len(set(reasons)) > 1 or said_ == ["unsure"]
    written = "SELECT count(*) FROM conflicts_adjudication WHERE review_id = %(review)s"
    assert count(written) == len(found)


def test_the_charts_are_settled_as_planned(said: tuple[str, str]) -> None:
    settled = """SELECT values->>'role', values->>'research_focus',
        values->>'activities_with_groups' FROM charting_finalchart
        WHERE review_id = %(review)s"""
    found = rows(settled)
    assert len(found) == 172
    planned = charts.planned_charts().values()
    assert sum(groups == "true" for _, _, groups in found) == charts.GROUPS
    for at, field in ((0, "role"), (1, "focus")):
        words = Counter(row[at].replace("_", " ").replace("-", " ") for row in found)
        wanted = Counter(getattr(c, field).replace("-", " ") for c in planned)
        assert words == wanted


def test_the_small_review_has_something_for_everybody(said: tuple[str, str]) -> None:
    def waits(sql: str) -> int:
        return count(f"SELECT count(*) {sql}", texts.TRIAL_TITLE)

    open_seats = """FROM decisions_assignment s JOIN decisions_round r ON r.id = s.round_id
        JOIN core_member m ON m.id = s.member_id JOIN core_user u ON u.id = m.user_id
        WHERE r.review_id = %(review)s AND u.email = '{}' AND NOT EXISTS (
            SELECT FROM decisions_vote v
            WHERE v.round_id = r.id AND v.author_id = s.member_id)"""
    assert waits(open_seats.format("ada@example.org")) > 100
    assert waits(open_seats.format("ben@example.org")) > 100
    conflicts = """FROM decisions_round r WHERE r.review_id = %(review)s
        AND r.audience = 1 AND NOT EXISTS (
            SELECT FROM decisions_decision o WHERE o.round_id = r.id)"""
    assert waits(conflicts) >= 4
    in_review = "WHERE review_id = %(review)s"
    assert (
        waits(f"FROM duplicates_possibleduplicate {in_review} AND answer = 'open'") >= 3
    )
    assert waits(f"FROM records_import {in_review} AND state = 'read'") == 1
    assert waits(f"FROM reports_report {in_review} AND retrieval = 'sought'") >= 3
    assert waits(f"FROM reports_reportfile {in_review}") == 4
    assert waits(f"FROM charting_finalchart {in_review}") == 1
    assert waits(f"FROM charting_chartround {in_review} AND audience = 1") == 1
    assert waits(f"FROM charting_chartround {in_review} AND sealed_at IS NULL") >= 2


def test_a_second_call_changes_nothing(said: tuple[str, str]) -> None:
    before = Event.objects.count(), Member.objects.count()
    again = run()
    assert again.count("is already loaded") == 2
    assert (Event.objects.count(), Member.objects.count()) == before


def test_everybody_can_log_in_with_what_is_printed(said: tuple[str, str]) -> None:
    assert PASSWORD in said[1]
    for person in PEOPLE:
        assert person.email in said[1]
        assert Client().login(username=person.email, password=PASSWORD)


def test_the_known_password_is_refused_where_others_reach_the_site(
    settings: Any,
) -> None:
    settings.SITE_URL = "https://reviews.example.org"
    before = Review.objects.count(), User.objects.count()
    with pytest.raises(CommandError, match="--password"):
        run()
    assert (Review.objects.count(), User.objects.count()) == before
