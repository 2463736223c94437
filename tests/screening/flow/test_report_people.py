"""What the methods report and the stage page say about people: votes, not assignments.

Each test is a way in which assignments and votes differ: a member is removed, work is
reassigned, rules change after the start, or votes come from another tool.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from reviewapp.core import nav
from reviewapp.core.models import Member, Role
from reviewapp.core.services import team
from screening.conflicts.services import resolutions
from screening.decisions.models import Stage
from screening.decisions.queries import queue
from screening.decisions.services import (
    assignments,
    bulk_votes,
    closing,
    policies,
    stages,
)
from screening.flow.queries import report
from screening.flow.rules.report import report_as_text
from screening.records.models import Import, Record
from screening.reports.models import Report
from screening.reports.services import retrieval
from tests import factories
from tests.conftest import Cast
from tests.screening.decisions.conftest import (
    LATER,
    NOW,
    cast_vote,
    rounds_of,
    set_policy,
    start,
    vote_all,
)

ClientOf = Callable[[Member | None], Client]


@pytest.fixture
def records(cast: Cast) -> Sequence[Record]:
    """Six unique records of a database."""
    return factories.make_records(cast.lena, 6)


@pytest.fixture
def title_stage(cast: Cast) -> Stage:
    """Title and abstract, not started, without a policy."""
    return stages.create_default_stages(review=cast.review, actor=cast.dora, now=NOW)[0]


@pytest.fixture
def double(cast: Cast, title_stage: Stage, records: Sequence[Record]) -> Stage:
    """Title and abstract, started: everything is assigned to Ada and Ben."""
    return start(title_stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))


def told(member: Member) -> str:
    """Return the text of the report without line breaks."""
    return " ".join(report_as_text(report.build_report(member, now=LATER)).split())


def finish(cast: Cast, stage: Stage, *members: Member) -> None:
    """Let the members finish, and close the stage."""
    for member in members:
        stages.mark_finished(actor=member, stage_code=stage.code, now=LATER)
    closing.close_wave(actor=cast.dora, stage_code=stage.code, now=LATER)


def page(client: Client, stage: Stage) -> str:
    url = reverse("decisions:stage", args=[stage.review.code, stage.code])
    return " ".join(client.get(url).content.decode().split())


def vote_next(stage: Stage, member: Member, n: int) -> None:
    """Vote on the next records of the member's queue."""
    for _ in range(n):
        place = queue.next_place(member, stage)
        assert place is not None
        cast_vote(member, place.round_code, "exclude")


def test_a_member_who_was_removed_without_a_vote_screened_none(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    vote_all(double, cast.ada)
    team.remove_member(actor=cast.dora, member=cast.ben, now=LATER)
    finish(cast, double, cast.ada)
    text = told(cast.olaf)
    assert "Ben screened 0 of 6 assigned." in text
    assert "Unscreened and not reassigned to anyone: 6." in text
    assert "Each record was screened by one reviewer only." in text
    assert "independent" not in text
    assert "by one reviewer: 6" in text
    assert "Ben screened 0 of 6 assigned." in page(client_of(cast.dora), double)
    assert "Screened: 0 of 6." in page(client_of(cast.dora), double)


def test_the_report_names_who_took_over_and_how_many_each_screened(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    vote_all(double, cast.ada)
    vote_next(double, cast.ben, 2)
    team.remove_member(actor=cast.dora, member=cast.ben, now=LATER)
    assignments.reassign(
        actor=cast.dora,
        stage_code=double.code,
        former_code=cast.ben.code,
        to_code=cast.cleo.code,
        now=LATER,
    )
    before = told(cast.olaf)
    assert "Ben: 6 assigned. Unscreened and reassigned to others: 4." in before
    assert "Cleo: 4 reassigned from Ben." in before
    assert "screened 2" not in before
    vote_all(double, cast.cleo)
    finish(cast, double, cast.ada, cast.cleo)
    for text in (told(cast.olaf), page(client_of(cast.olaf), double)):
        assert "Ada screened 6 of 6 assigned." in text
        assert "Ben screened 2 of 6 assigned." in text
        assert "Unscreened and reassigned to others: 4." in text
        assert "Cleo screened 4 of 4 reassigned from Ben." in text
    assert "by one reviewer only: 0." in told(cast.olaf)


def test_work_that_changed_hands_twice_names_both_former_members(
    cast: Cast, double: Stage
) -> None:
    vote_all(double, cast.ada)
    for leaving, to, n in ((cast.ben, cast.cleo, 1), (cast.cleo, cast.dora, 2)):
        vote_next(double, leaving, n)
        team.change_role(actor=cast.dora, member=leaving, role=Role.OBSERVER, now=LATER)
        assignments.reassign(
            actor=cast.dora,
            stage_code=double.code,
            former_code=leaving.code,
            to_code=to.code,
            now=LATER,
        )
    vote_all(double, cast.dora)
    finish(cast, double, cast.ada, cast.dora)
    text = told(cast.olaf)
    assert "Ben screened 1 of 6 assigned." in text
    assert "Cleo screened 2 of 5 reassigned from Ben." in text
    assert "Dora screened 3 of 3 reassigned from Cleo." in text


def test_rules_swapped_after_the_start_do_not_swap_the_numbers(
    cast: Cast, title_stage: Stage, records: Sequence[Record], client_of: ClientOf
) -> None:
    stage = start(title_stage, cast.dora, (100, [cast.ada]), (50, [cast.ben]))
    set_policy(stage, cast.dora, (50, [cast.ben]), (100, [cast.ada]))
    shown = page(client_of(cast.dora), stage)
    assert "Ben screens a random 50 %. Assigned: 3 of 6." in shown
    assert "Ada screens 100 %. Assigned: 6 of 6." in shown
    for member in (cast.ada, cast.ben):
        vote_all(stage, member)
    finish(cast, stage, cast.ada, cast.ben)
    text = told(cast.olaf)
    assert "Ada screened 6 of 6 assigned." in text
    assert "Ben screened 3 of 3 assigned." in text


def test_a_share_lowered_after_the_start_keeps_what_was_assigned(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    stage = start(title_stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))
    factories.make_records(cast.lena, 1, factories.make_source(cast.lena, "Late"))
    policies.set_policy(
        actor=cast.dora,
        stage_code=stage.code,
        mode="fixed",
        lines=[(Decimal(100), [cast.ada]), (Decimal(20), [cast.ben])],
        now=LATER,
    )
    for member in (cast.ada, cast.ben):
        vote_all(stage, member)
    finish(cast, stage, cast.ada, cast.ben)
    text = told(cast.olaf)
    assert (
        "Assignments set before the start: Ada: all records. Ben: all records." in text
    )
    assert (
        "Assignments changed on 2 January 2026: Ada: all records. Ben: a random 20"
        in text
    )
    # The late record has a chance of 20 % to be in Ben's sample.
    n = queue.own_votes(cast.ben).values("round").distinct().count()
    assert n in {6, 7}
    assert f"Ben screened {n} of {n} assigned." in text
    assert f"by two or more reviewers: {n}; by one reviewer only: {7 - n}." in text


def test_an_open_stage_reports_assignments_and_no_votes(
    cast: Cast, double: Stage
) -> None:
    before = told(cast.olaf)
    assert "Ada: 6 assigned." in before
    vote_next(double, cast.ada, 3)
    assert told(cast.olaf) == before


def test_imported_votes_are_said_to_be_so_and_not_blind(
    cast: Cast, double: Stage
) -> None:
    batch = Import.objects.create(
        review=cast.review,
        source=factories.make_source(cast.lena, "Elsewhere"),
        file_name="elsewhere.csv",
        size=1,
        state=Import.State.COMMITTED,
        created_at=NOW,
        created_by=cast.lena,
    )
    codes = list(rounds_of(double).values())
    for member, verdict in ((cast.ada, "include"), (cast.ben, "include")):
        bulk_votes.cast_many(
            actor=member,
            stage_code=double.code,
            votes=[
                bulk_votes.NewVote(code, verdict, imported_from=batch.pk)
                for code in codes[:4]
            ],
            now=LATER,
        )
    cast_vote(cast.ada, codes[4], "include")
    cast_vote(cast.ben, codes[4], "include")
    cast_vote(cast.ada, codes[5], "exclude")
    cast_vote(cast.ben, codes[5], "exclude")
    finish(cast, double, cast.ada, cast.ben)
    text = told(cast.olaf)
    assert "Ada screened 6 of 6 assigned. Of these votes, 4 were imported" in text
    assert "Votes imported from another tool: on 4 of them." in text
    assert "Agreement is measured on 2 records." in text
    assert "Reviewer 1 and Reviewer 2: n = 2," in text


def test_conflicts_and_an_adjudicator_who_also_screened_are_reported(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    stage = start(title_stage, cast.dora, (100, [cast.ada]), (100, [cast.cleo]))
    codes = list(rounds_of(stage).values())
    verdicts = [("include", "exclude"), ("unsure", "include"), *[("exclude",) * 2] * 4]
    for code, (hers, other) in zip(codes, verdicts, strict=True):
        cast_vote(cast.ada, code, hers)
        cast_vote(cast.cleo, code, other)
    for code, by, verdict in (
        (codes[0], cast.cleo, "include"),
        (codes[1], cast.dora, "exclude"),
    ):
        resolutions.resolve(
            actor=by, round_code=code, verdict=verdict, rationale="So.", now=LATER
        )
    finish(cast, stage, cast.ada, cast.cleo)
    text = told(cast.olaf)
    assert "Conflicts: 2, all resolved: 1 included and 1 excluded." in text
    assert (
        "on inclusion: 1; on the reason for exclusion: 0; a reviewer was unsure: 1"
        in text
    )
    assert (
        "Cleo resolved 1. Cleo also screened at this stage and had voted on 1" in text
    )
    assert "Dora resolved 1." in text
    assert "Dora also screened" not in text
    assert "reviewers: 4; by one reviewer: 0; by resolving a conflict: 2." in text


def test_a_slip_that_is_corrected_before_the_other_vote_is_no_disagreement(
    cast: Cast, double: Stage
) -> None:
    codes = list(rounds_of(double).values())
    cast_vote(cast.ada, codes[0], "include")
    cast_vote(cast.ada, codes[0], "exclude")
    for code in codes:
        cast_vote(cast.ben, code, "exclude")
    for code in codes[1:]:
        cast_vote(cast.ada, code, "exclude")
    finish(cast, double, cast.ada, cast.ben)
    assert "Reviewer 1 and Reviewer 2: n = 6, agreement 1.000" in told(cast.olaf)


def test_full_text_agreement_is_also_reported_with_reasons(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    first = start(title_stage, cast.dora, (100, [cast.ada]))
    vote_all(first, cast.ada, "include")
    finish(cast, first, cast.ada)
    retrieval.mark_many_retrieved(
        actor=cast.lena,
        report_codes=list(Report.objects.values_list("code", flat=True)),
        now=LATER,
    )
    full = Stage.objects.get(review=cast.review, kind="full_text")
    full = start(full, cast.dora, (100, [cast.ada]), (100, [cast.ben]))
    one, other = full.reasons.order_by("position")[:2]
    for number, code in enumerate(rounds_of(full).values()):
        cast_vote(cast.ada, code, "exclude", one)
        cast_vote(cast.ben, code, "exclude", other if number < 2 else one)
        if number < 2:
            resolutions.resolve(
                actor=cast.cleo,
                round_code=code,
                verdict="exclude",
                reason_code=one.code,
                rationale="So.",
                now=LATER,
            )
    finish(cast, full, cast.ada, cast.ben)
    text = told(cast.olaf)
    assert "Reviewer 1 and Reviewer 2: n = 6, agreement 1.000" in text
    assert "with the reason for exclusion: n = 6, agreement 0.667" in text
    assert "on the reason for exclusion: 2;" in text


def removed_and_invited_again(cast: Cast) -> None:
    team.remove_member(actor=cast.dora, member=cast.ben, now=LATER)
    _, token = team.invite_member(
        actor=cast.dora, email=cast.ben.user.email, role=Role.REVIEWER, now=LATER
    )
    team.accept_invitation(user=cast.ben.user, token=token, now=LATER)


def observer_and_back(cast: Cast) -> None:
    for role in (Role.OBSERVER, Role.REVIEWER):
        team.change_role(actor=cast.dora, member=cast.ben, role=role, now=LATER)


@pytest.mark.parametrize("returns", [removed_and_invited_again, observer_and_back])
def test_a_member_who_returns_is_counted_with_what_they_hold(
    cast: Cast,
    double: Stage,
    client_of: ClientOf,
    returns: Callable[[Cast], None],
) -> None:
    vote_all(double, cast.ada)
    vote_next(double, cast.ben, 1)
    returns(cast)
    shown = page(client_of(cast.dora), double)
    assert "Ben screens 100 %. Assigned: 1 of 6." in shown
    assert "Ada screens 100 %. Assigned: 6 of 6." in shown
    assert "Ben: 6 assigned. Unscreened and not reassigned to anyone: 5." in told(
        cast.olaf
    )
    buttons = [todo.button for todo in nav.viewer_todos(cast.dora)]
    assert "Reassign work" in buttons
