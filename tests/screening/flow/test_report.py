"""The methods report, and early unblinding in every export of the flow."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from charting.services.unblinding import unblind_form
from reviewapp.accounts.services import accounts
from reviewapp.core.models import Event, Member, Role
from screening.decisions.models import Stage
from screening.decisions.rules.agreement import measure_agreement
from screening.decisions.services import unblinding, votes
from screening.flow.queries import flow, report
from screening.flow.rules import report as rules
from screening.flow.rules.boxes import BOXES
from screening.flow.rules.diagram import flow_as_svg
from screening.flow.rules.flow import Box, EarlyUnblinding, Flow
from screening.flow.rules.report_stages import (
    ReviewerPair,
    Rules,
    Screened,
    StageFacts,
)
from screening.records.models import Record
from tests import factories
from tests.charting.factories import make_form, make_included
from tests.conftest import Cast
from tests.factories import NOW
from tests.screening.decisions.conftest import rounds_of
from tests.screening.flow.histories import begin

ClientOf = Callable[[Member | None], Client]
WHY = "The funder asks <b>now</b>\nand\u2028at once"
TOLD = " ".join(WHY.split())


@pytest.fixture
def stage(cast: Cast, records: list[Record]) -> Stage:
    """Title and abstract, in progress, with one vote of Ada."""
    from screening.decisions.services import stages

    first, _ = stages.create_default_stages(
        review=cast.review, actor=cast.dora, now=NOW
    )
    begin(first, cast)
    votes.cast_vote(
        actor=cast.ada,
        round_code=next(iter(rounds_of(first).values())),
        verdict="include",
        note="",
        key=uuid.uuid4(),
        now=NOW,
    )
    return first


def open_one(cast: Cast, stage: Stage) -> None:
    code = next(iter(rounds_of(stage).values()))
    unblinding.unblind_round(actor=cast.dora, round_code=code, reason=WHY, now=NOW)


def open_stage(cast: Cast, stage: Stage) -> None:
    unblinding.unblind_stage(
        actor=cast.dora, stage_code=stage.code, reason=WHY, now=NOW
    )


def open_form(cast: Cast, stage: Stage) -> None:
    make_included(cast.lena, 1)
    form = make_form(cast.dora, [cast.ada])
    unblind_form(actor=cast.dora, form_code=form.code, reason=WHY, now=NOW)


def open_review(cast: Cast, stage: Stage) -> None:
    unblinding.unblind_review(actor=cast.dora, reason=WHY, now=NOW)


OPENED: list[tuple[Any, list[str]]] = [
    (open_one, ["One record or report"]),
    (open_stage, ["A stage"]),
    (open_form, ["A charting form"]),
    (open_review, ["A stage", "The review"]),
]


@pytest.mark.parametrize(("opened", "scopes"), OPENED)
def test_every_export_of_the_flow_lists_early_unblinding(
    cast: Cast,
    stage: Stage,
    client_of: ClientOf,
    opened: Callable[[Cast, Stage], None],
    scopes: list[str],
) -> None:
    here = f"/r/{cast.review.code}/"
    before = client_of(cast.olaf).get(f"{here}report.txt").content.decode()
    assert "None." in before.split("## Early unblinding")[1]
    opened(cast, stage)
    client = client_of(cast.olaf)
    listed = json.loads(client.get(f"{here}flow.json").content)["opened_early"]
    assert sorted(one["what"] for one in listed) == scopes
    for one in listed:
        assert (one["by"], one["reason"]) == (cast.dora.name, WHY.strip())
        assert one["at"] == NOW.isoformat()
        assert one["of"] or one["what"] == "The review"
        assert Event.objects.get(subject=one["code"], kind__endswith=":unblinded")
    over_api = client.get(f"/api/v1/reviews/{cast.review.code}/flow/").json()
    assert over_api["opened_early"] == listed
    text = client.get(f"{here}report.txt").content.decode()
    assert " ".join(text.split()).count(f"{cast.dora.name}: {TOLD}") == len(scopes)
    for name in scopes:
        assert f"- {name}" in text
    picture = client.get(f"{here}flow.svg").content.decode()
    assert picture.count("&lt;b&gt;now&lt;/b&gt;") == len(scopes)
    page = client.get(f"{here}flow/").content.decode()
    assert page.count("&lt;b&gt;now&lt;/b&gt;") == len(scopes)


def test_the_report_describes_assignments_blinding_and_counts(
    cast: Cast, stage: Stage
) -> None:
    text = rules.report_as_text(report.build_report(cast.olaf, now=NOW))
    assert text.startswith(f"# {cast.review.title}\n")
    assert "The flow is a draft. Pending: Records still in screening: 11" in " ".join(
        text.split()
    )
    flat = " ".join(text.split())
    # Only Ada is assigned, so the report must not claim independent screening.
    assert "Each record is assigned to one reviewer only." in flat
    assert "independent" not in flat
    assert "- Records screened: 11" in flat
    assert "(Medline: 10; CENTRAL: 2)" in flat
    assert "### Full text\n\nNot started.\n" in text
    # Agreement in an open stage would reveal other reviewers' votes.
    assert "kappa" not in flat
    assert max(map(len, text.splitlines())) <= 100


def test_the_report_has_the_agreement_of_closed_stages(finished: Cast) -> None:
    found = report.build_report(finished.olaf, now=NOW)
    assert [stage.screened is not None for stage in found.stages] == [True, True]
    text = rules.report_as_text(found)
    assert "The flow is final." in text
    assert (
        text.count("Agreement is measured") + text.count("Nothing was screened blind")
        == 2
    )


def test_all_members_read_the_same_report(cast: Cast, stage: Stage) -> None:
    texts = {
        rules.report_as_text(report.build_report(member, now=NOW))
        for member in (cast.ada, cast.ben, cast.cleo, cast.dora, cast.lena, cast.olaf)
    }
    assert len(texts) == 1


def _never_two() -> ReviewerPair:
    """Return a pair that only ever excluded, so kappa cannot be estimated."""
    measures = measure_agreement([[0, 0], [0, 2]])
    assert measures is not None
    return ReviewerPair("Ada and Ben", measures)


def test_the_report_says_what_an_open_pool_reveals() -> None:
    facts = StageFacts(
        name="Title\nand abstract",
        subject="records",
        is_pool=True,
        is_alone=False,
        rules=(Rules(None, ("each record is screened by any 2 of Ada and Ben.",)),),
        started_at=NOW,
        closed_at=NOW,
        total=2,
        included=1,
        excluded=1,
        screened=Screened(
            total=2, double=2, single=0, imported=0, pairs=(_never_two(),)
        ),
    )
    empty = Flow("T", {kind.key: Box(kind, 0) for kind in BOXES}, (), ())
    text = rules.report_as_text(rules.MethodsReport(NOW, (facts,), empty))
    assert "### Title and abstract\n" in text
    assert "or whether" not in text
    assert "left the queue" in " ".join(text.split())
    assert "Exceptions are listed" not in text
    opening = EarlyUnblinding(NOW, "Dora", "A stage", facts.name, "code", WHY)
    opened = Flow("T", empty.boxes, (), (), (opening,))
    text = rules.report_as_text(
        rules.MethodsReport(NOW, (replace(facts, is_unblinded=True),), opened)
    )
    assert "Exceptions are listed" in " ".join(text.split())
    fixed = replace(facts, is_pool=False)
    text = rules.report_as_text(rules.MethodsReport(NOW, (fixed,), empty))
    assert "or whether it had been cast" in " ".join(text.split())
    assert "Cohen's kappa not estimable" in " ".join(text.split())


def test_a_member_who_left_is_named_by_the_pseudonym(cast: Cast, stage: Stage) -> None:
    open_stage(cast, stage)
    second = factories.make_member(cast.review, "Lea", role=Role.LEAD)
    accounts.delete_account(user=cast.dora.user, now=NOW)
    [one] = flow.build_flow(cast.review).unblindings
    assert one.by == accounts.pseudonym(cast.dora)
    assert "Dora" not in flow_as_svg(flow.build_flow(second.review))
