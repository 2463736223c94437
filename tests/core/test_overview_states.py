"""The overview names the next step of each role in each state of a review.

docs/overview-states.md has the table. One review goes through all its states here, and
in each state the overview of every role is compared with the row.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial

from django.conf import settings
from django.test import Client
from django.utils import timezone

from charting.services import forms, reconcile
from reviewapp.core import hooks, jobs, nav
from reviewapp.core.models import Job, Member, Role, User
from reviewapp.core.services import protocol, reviews, team
from screening.citations.citation import Citation
from screening.conflicts.services import resolutions
from screening.decisions.models import Stage
from screening.decisions.services import assignments, closing, policies, stages
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.services import duplicates
from screening.imports.services import entries, imports
from screening.records.models import Import, Source
from screening.records.services import sources
from screening.reports.models import Report
from screening.reports.services import retrieval
from tests import factories
from tests.charting import factories as charting
from tests.conftest import Cast
from tests.factories import NOW
from tests.screening.decisions.conftest import cast_vote, rounds_of, vote_all

ClientOf = Callable[[Member | None], Client]
ROLES = ("lead", "admin", "reviewer", "librarian", "observer")
WAITS = {
    "records": "Waiting for the first records",
    "assignments": "Waiting for a lead to set the screening assignments",
    "start": "Waiting for a lead to start",
    "reviewers": "Waiting for",
    "closing": "Waiting for a lead to close it",
    "retrieval": "to be retrieved",
}


def table() -> dict[str, dict[str, str]]:
    """Return the cells of the documented table by state and role."""
    text = (settings.BASE_DIR / "docs/overview-states.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.count("|") == 8
    ]
    assert rows[0][2:] == list(ROLES)
    return {row[0]: dict(zip(ROLES, row[2:], strict=True)) for row in rows[2:]}


TABLE = table()


class Tour:
    """A review that goes through the states, and the people who look at it."""

    def __init__(self, cast: Cast, client_of: ClientOf) -> None:
        self.cast = cast
        self.clients = {name: client_of(getattr(cast, who)) for name, who in WHO}
        hooks.review_created.call(review=cast.review, actor=cast.dora, now=NOW)
        self.title, self.text = Stage.objects.filter(review=cast.review).order_by(
            "position"
        )

    def check(self, state: str) -> None:
        for role, who in WHO:
            member = Member.objects.select_related("review").get(
                pk=getattr(self.cast, who).pk
            )
            compare(state, role, member, self.clients[role])


WHO = (
    ("lead", "dora"),
    ("admin", "cleo"),
    ("reviewer", "ada"),
    ("librarian", "lena"),
    ("observer", "olaf"),
)


def compare(state: str, role: str, member: Member, client: Client) -> None:
    """Compare the first task of a member, and open its link."""
    cell = TABLE[state][role]
    todos = nav.viewer_todos(member)
    assert todos, f"{state}: {role} has neither a task nor something to wait for"
    first = todos[0]
    if cell.startswith("**"):
        assert (first.button, first.is_waiting) == (cell.strip("*"), False), (
            state,
            role,
            todos,
        )
        assert first.is_primary
    else:
        assert first.is_waiting, (state, role, todos)
        assert WAITS[cell.strip("*")] in first.text, (state, role, first)
    page = client.get(first.url, follow=True)
    assert page.status_code == 200, (state, role, first.url, page.status_code)
    overview = client.get(f"/r/{member.review.code}/").content.decode()
    assert f'href="{first.url}"'.replace("&", "&amp;") in overview


def write_protocol(lead: Member) -> None:
    blank = dict.fromkeys(("population", "concept", "context", "registration"), "")
    protocol.save_protocol(
        actor=lead, question="What?", include=["A"], exclude=[], now=NOW, **blank
    )


def test_an_empty_review_with_a_lead_alone(db: None, client_of: ClientOf) -> None:
    user: User = factories.make_user("Nora")
    lead = reviews.create_review(user=user, title="Alone", now=NOW)
    compare("new", "lead", lead, client_of(lead))
    write_protocol(lead)
    compare("protocol", "lead", lead, client_of(lead))
    assert nav.viewer_todos(lead)[1].button == "Add a source"
    team.invite_member(
        actor=lead, email="new@example.org", role=Role.REVIEWER, now=timezone.now()
    )
    todos = nav.viewer_todos(lead)
    assert [todo.button for todo in todos] == ["Add a source", "View the team"]
    assert "1 invited person" in todos[1].text


def test_what_can_be_put_off_does_not_stay_the_first_task(cast: Cast) -> None:
    factories.make_source(cast.lena)
    buttons = [todo.button for todo in nav.viewer_todos(cast.dora)]
    assert buttons == ["Upload a file", "Write the protocol"]


def test_each_state_names_the_next_step_of_each_role(
    cast: Cast, client_of: ClientOf
) -> None:
    tour = Tour(cast, client_of)
    write_protocol(cast.dora)
    seen = {"new", "protocol"}
    for state in history(tour):
        tour.check(state)
        seen.add(state)
    assert seen == set(TABLE), "each row of the table is a state of the tour"


def history(tour: Tour) -> Iterator[str]:
    """Bring the review from state to state, and yield the name of each."""
    yield "team"
    yield from _identify(tour)
    yield from _screen_records(tour)
    yield from _screen_reports(tour)
    yield from _chart(tour)


def run(kind: str, key: str = "") -> None:
    found = Job.objects.filter(kind=kind, state="queued")
    for job in found.filter(key=key) if key else found:
        assert jobs.run_claimed_job(job.pk) is not None


RIS = "\n".join(
    f"TY  - JOUR\nTI  - {title}\nAU  - Vestad, Runa\nPY  - 2020\n"
    f"JO  - Journal of Tides\nVL  - {volume}\nSP  - {pages}\nER  - \n"
    for title, volume, pages in (
        ("Limpets and the tide in two harbours", 1, 1),
        ("Pilots who sleep at sea in winter", 2, 11),
        ("A survey of quays and their lamps", 3, 21),
    )
)


def _identify(tour: Tour) -> Iterator[str]:
    cast = tour.cast
    source = sources.add_source(
        actor=cast.lena, kind="database", name="Medline", now=NOW
    )
    yield "source"
    batch = imports.upload_file(
        actor=cast.lena,
        source_code=source.code,
        file=io.BytesIO(RIS.encode()),
        file_name="medline.ris",
        now=NOW,
    )
    run("records.read", batch.code)
    yield "file"
    imports.confirm_import(actor=cast.lena, import_code=batch.code, now=NOW)
    run("records.import", batch.code)
    assert Import.objects.get(pk=batch.pk).state == "committed"
    yield "comparing"
    waiting = Job.objects.filter(kind="records.duplicates", state="queued")
    waiting.update(state="failed")
    yield "imported"
    Job.objects.filter(kind="records.duplicates").update(state="queued")
    run("records.duplicates")
    first, second, _ = source.records.order_by("pk")
    pair = PossibleDuplicate.objects.create(
        review=cast.review, first=first, second=second, score=0.5, created_at=NOW
    )
    yield "pairs"
    duplicates.decide_pair(
        actor=cast.lena, pair_code=pair.code, answer="different", now=NOW
    )
    yield "compared"


def _begin(tour: Tour, stage: Stage) -> None:
    cast = tour.cast
    policies.set_policy(
        actor=cast.dora,
        stage_code=stage.code,
        mode="fixed",
        lines=[(Decimal(100), [cast.ada]), (Decimal(100), [cast.ben])],
        seed=1,
        now=NOW,
    )


def _screen_records(tour: Tour) -> Iterator[str]:
    cast, stage = tour.cast, tour.title
    mark = partial(stages.mark_finished, stage_code=stage.code, now=NOW)
    _begin(tour, stage)
    yield "assigned"
    stage = stages.start_stage(actor=cast.dora, stage_code=stage.code, now=NOW)
    yield "started"
    vote_all(stage, cast.ada, "include")
    yield "voted"
    team.remove_member(actor=cast.dora, member=cast.ben, now=NOW)
    yield "left"
    _return(cast, stage)
    mark(actor=cast.ada)
    yield "marked"
    codes = list(rounds_of(stage).values())
    for code, verdict in zip(codes, ["exclude", "include", "include"], strict=True):
        cast_vote(cast.ben, code, verdict)
    mark(actor=cast.ben)
    yield "conflict"
    resolutions.resolve(
        actor=cast.cleo,
        round_code=codes[0],
        verdict="exclude",
        rationale="So.",
        now=NOW,
    )
    yield "resolved"
    closing.close_wave(actor=cast.dora, stage_code=stage.code, now=NOW)
    yield "closed"


def _return(cast: Cast, stage: Stage) -> None:
    """Let Ben come back and take his own records again."""
    _, token = team.invite_member(
        actor=cast.dora, email=cast.ben.user.email, role=Role.REVIEWER, now=NOW
    )
    team.accept_invitation(user=cast.ben.user, token=token, now=NOW)
    cast.ben.refresh_from_db()
    assignments.reassign(
        actor=cast.dora,
        stage_code=stage.code,
        former_code=cast.ben.code,
        to_code=cast.ben.code,
        now=NOW,
    )


def _screen_reports(tour: Tour) -> Iterator[str]:
    cast, stage = tour.cast, tour.text
    codes = list(Report.objects.values_list("code", flat=True))
    retrieval.mark_many_retrieved(actor=cast.lena, report_codes=codes, now=NOW)
    yield "retrieved"
    _begin(tour, stage)
    stage = stages.start_stage(actor=cast.dora, stage_code=stage.code, now=NOW)
    yield "full text"
    _vote_and_mark(cast, stage)
    yield "assessed"
    closing.close_wave(actor=cast.dora, stage_code=stage.code, now=NOW)
    entries.add_record(
        actor=cast.lena,
        source_code=Source.objects.get(name="Medline").code,
        citation=Citation(title="Something else entirely", doi="10.5555/late.9"),
        now=NOW,
    )
    run("records.duplicates")
    yield "late"
    _vote_and_mark(cast, tour.title, "exclude")
    closing.close_wave(actor=cast.dora, stage_code=tour.title.code, now=NOW)
    yield "included"


def _vote_and_mark(cast: Cast, stage: Stage, verdict: str = "include") -> None:
    for member in (cast.ada, cast.ben):
        vote_all(stage, member, verdict)
        stages.mark_finished(actor=member, stage_code=stage.code, now=NOW)


def _chart(tour: Tour) -> Iterator[str]:
    cast = tour.cast
    form = forms.create_form(
        actor=cast.dora, name="Main", fields=charting.FIELDS, now=NOW
    )
    yield "draft"
    forms.publish_form(actor=cast.dora, form_code=form.code, now=NOW)
    yield "published"
    forms.assign_charting(
        actor=cast.dora,
        form_code=form.code,
        first=[cast.ada],
        second=[cast.ben],
        second_share=Decimal(100),
        seed=1,
        now=NOW,
    )
    yield "chart assigned"
    forms.start_charting(actor=cast.dora, form_code=form.code, now=NOW)
    yield "charting"
    rounds = charting.rounds_of(form)
    for number, round_ in enumerate(rounds):
        charting.save(cast.ada, round_)
        changes = {"role": "partner"} if number == 0 else {}
        charting.save(cast.ben, round_, **changes)
    yield "differences"
    reconcile.resolve_discrepancies(
        actor=cast.cleo,
        round_code=rounds[0].code,
        answers=[reconcile.Resolution("role", "partner", "See page 3.")],
        now=NOW,
    )
    yield "charted"
    forms.close_charting(actor=cast.dora, form_code=form.code, now=NOW)
    yield "final"


def test_an_open_pool_names_no_one_and_ends_with_the_closing(
    cast: Cast, client_of: ClientOf
) -> None:
    factories.make_records(cast.lena, 2)
    tour = Tour(cast, client_of)
    policies.set_policy(
        actor=cast.dora,
        stage_code=tour.title.code,
        mode="pool",
        lines=[(Decimal(100), [cast.ada, cast.ben])],
        pool_size=2,
        now=NOW,
    )
    stage = stages.start_stage(actor=cast.dora, stage_code=tour.title.code, now=NOW)
    vote_all(stage, cast.ada)

    def screening(member: Member) -> list[str]:
        return [one.text for one in nav.viewer_todos(member) if stage.name in one.text]

    assert screening(cast.ada) == [f"Waiting for other reviewers at {stage.name}."]
    assert screening(cast.dora) == [f"Waiting for other reviewers at {stage.name}."]
    vote_all(stage, cast.ben)
    assert screening(cast.dora) == [
        f"All reviewers have finished {stage.name}. Close it to go on."
    ]


def test_records_that_are_assigned_to_no_one_are_named(
    cast: Cast, client_of: ClientOf
) -> None:
    factories.make_records(cast.lena, 4)
    tour = Tour(cast, client_of)
    policies.set_policy(
        actor=cast.dora,
        stage_code=tour.title.code,
        mode="fixed",
        lines=[(Decimal(50), [cast.ada])],
        now=NOW,
    )
    stage = stages.start_stage(actor=cast.dora, stage_code=tour.title.code, now=NOW)
    vote_all(stage, cast.ada)
    stages.mark_finished(actor=cast.ada, stage_code=stage.code, now=NOW)
    buttons = [todo.button for todo in nav.viewer_todos(cast.dora)]
    assert "Change assignments" in buttons
    assert "Close stage" not in buttons
