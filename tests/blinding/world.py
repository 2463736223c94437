"""A review in which every kind of event has happened, built only with services.

It has 40 records of Medline. Two of them are also in Scopus: one is merged, one was
separated and is a possible duplicate again. Ada screens all, Ben a random 20 % (eight:
``shared``), Cleo adjudicates:

    shared[0] both include → a report      shared[1] both exclude
    shared[2] an open conflict             shared[3] resolved → a report
    shared[4] Ada has voted, Ben not       shared[5:8] neither has voted
    alone[0:4] Ada has voted, nobody else is assigned; in the others she has not

The same holds for full texts (``full``) and charting (``charted``). Hidden actions are
not part of it; tests add them (hidden_actions.py).
"""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from charting.models import FinalChart, Form
from charting.services import forms, reconcile
from reviewapp.core import hooks, jobs
from reviewapp.core.models import Job, Member, ProgressFor, Review, Role
from reviewapp.core.services import protocol, team
from screening.citations.citation import Citation
from screening.conflicts.services import resolutions
from screening.decisions.models import Reason, Stage
from screening.decisions.models.rounds import Assignment, Round
from screening.decisions.services import policies, stages, votes
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.queries import pair_groups as pairs_desk
from screening.duplicates.services import duplicates
from screening.imports.services import column_templates, entries, imports
from screening.records.models import Correction, Duplicate, Import, Source
from screening.records.services import sources
from screening.reports.models import Report
from screening.reports.services import files, retrieval, studies
from tests import factories
from tests.blinding.sample_files import PLACES, SURNAMES, pdf, ris
from tests.charting import factories as charting
from tests.conftest import Cast
from tests.factories import NOW


@dataclass
class World:
    """The review and the codes that its pages use."""

    cast: Cast
    is_pool: bool = False
    token: str = ""
    title: Stage = field(init=False)
    text: Stage = field(init=False)
    form: Form = field(init=False)
    shared: list[str] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)
    full: list[str] = field(default_factory=list)
    charted: list[str] = field(default_factory=list)
    # Codes for the arguments of URLs, by the names in the URL patterns.
    args: dict[str, str] = field(default_factory=dict)
    # Other codes for an argument: the objects behind the hidden rounds.
    alternatives: dict[str, tuple[str, ...]] = field(default_factory=dict)


def make_cast(title: str = "Peer workers in co-production", tag: str = "") -> Cast:
    """Return the cast of tests/conftest.py; ``tag`` makes one with other people."""
    review = factories.make_review(title)
    # Whether others voted is hidden from everybody; test_progress.py has the exception.
    Review.objects.filter(pk=review.pk).update(progress_for=ProgressFor.NOBODY)
    review.refresh_from_db()
    other = factories.make_review(f"A stranger's review{tag}")

    def join(name: str, role: Role, where: Any = review, **extra: Any) -> Member:
        return factories.make_member(where, name + tag, role, **extra)

    cast = Cast(
        review=review,
        ada=join("Ada", Role.REVIEWER),
        ben=join("Ben", Role.REVIEWER),
        cleo=join("Cleo", Role.ADMIN),
        dora=join("Dora", Role.LEAD),
        lena=join("Lena", Role.LIBRARIAN),
        olaf=join("Olaf", Role.OBSERVER),
        rex=join("Rex", Role.REVIEWER, removed_at=NOW),
        eve=join("Eve", Role.LEAD, other),
    )
    hooks.review_created.call(review=review, actor=cast.dora, now=NOW)
    return cast


def build(cast: Cast, *, is_pool: bool = False) -> World:
    """Build the review up to charting; the docstring of the module describes it."""
    world = World(cast, is_pool=is_pool)
    _team_and_protocol(world)
    _records(world)
    _title_and_abstract(world)
    _other_methods(world)
    _full_texts(world)
    _charting(world)
    _name_things(world)
    return world


def _team_and_protocol(world: World) -> None:
    dora = world.cast.dora
    _, world.token = team.invite_member(
        actor=dora,
        email=f"new-{dora.code}@example.org",
        role=Role.REVIEWER,
        now=NOW,
    )
    protocol.save_protocol(
        actor=dora,
        question="What do peer workers do in co-production?",
        population="Peer workers",
        concept="Co-production",
        context="Health care",
        registration="OSF",
        include=["Peer workers take part"],
        exclude=["Not about health"],
        now=NOW,
    )


def _import(actor: Member, source: Source, content: bytes, name: str) -> Import:
    batch = imports.upload_file(
        actor=actor,
        source_code=source.code,
        file=io.BytesIO(content),
        file_name=name,
        now=NOW,
    )
    _run("records.read", batch.code)
    imports.confirm_import(actor=actor, import_code=batch.code, now=NOW)
    _run("records.import", batch.code)
    return batch


def _run(kind: str, key: str) -> None:
    job = jobs.run_claimed_job(Job.objects.get(kind=kind, key=key).pk)
    assert job is not None
    assert job.state == "done", job.error


def _records(world: World) -> None:
    lena = world.cast.lena
    medline = sources.add_source(
        actor=lena,
        kind="database",
        name="Medline",
        platform="Ovid",
        searched_on=date(2026, 1, 1),
        strategy="peer* AND co-produc*",
        hits_reported=40,
        now=NOW,
    )
    scopus = sources.add_source(actor=lena, kind="database", name="Scopus", now=NOW)
    _import(lena, medline, ris(range(40)), "medline.ris")
    # The last entry is skipped and can be fixed.
    batch = _import(lena, scopus, ris([38, 39]) + b"TY  - JOUR\nER  - \n", "s.ris")
    template = column_templates.save_template(
        actor=lena, name="Our table", columns=[("Name", "title")], now=NOW
    )
    waiting = imports.upload_file(
        actor=lena,
        source_code=scopus.code,
        file=io.BytesIO(ris([1])),
        file_name="later.ris",
        now=NOW,
    )
    _run("records.read", waiting.code)
    search = Job.objects.filter(review=world.cast.review, kind="records.duplicates")
    for job in search.filter(state="queued"):
        jobs.run_claimed_job(job.pk)
    copies = Duplicate.objects.filter(review=world.cast.review).order_by("record")
    copy, parted = copies
    duplicates.undo_merge(actor=lena, merge_code=parted.code, now=NOW)
    pair = PossibleDuplicate.objects.get(review=world.cast.review)
    duplicates.reopen_pair(actor=lena, pair_code=pair.code, now=NOW)
    world.args |= {
        "source": medline.code,
        "batch": waiting.code,
        "import": waiting.code,
        "committed": batch.code,
        "entry": batch.skipped_entries.get().code,
        "template": template.code,
        "pair": pair.code,
        "duplicate": copy.code,
        "kind": pairs_desk.open_pair_groups(lena)[0].key,
        "job": search.latest("pk").code,
        "record": copy.of.code,
        "correction": Correction.objects.create(
            code=f"fixed{copy.of.code}"[:16],
            review=world.cast.review,
            record=copy.of,
            field="issue",
            value="1",
            origin="The journal",
            created_at=NOW,
            created_by=lena,
        ).code,
    }


def _rounds(stage: Stage, member: Member | None = None) -> list[str]:
    """Return codes of the stage's rounds: in screening order, and those assigned."""
    found = Round.objects.unblinded(reason="tests look behind the curtain")
    found = found.filter(stage=stage).order_by("order", "pk")
    if member:
        seats = Assignment.objects.filter(member=member, vacated_at=None)
        found = found.filter(pk__in=seats.values("round"))
    return list(found.values_list("code", flat=True))


def vote(
    author: Member,
    round_code: str,
    verdict: str,
    reason: Reason | None = None,
    **extra: Any,
) -> None:
    """Cast one vote."""
    votes.cast_vote(
        actor=author,
        round_code=round_code,
        verdict=verdict,
        reason_code=reason.code if reason else "",
        **{"key": uuid.uuid4(), "now": NOW, **extra},
    )


def _title_and_abstract(world: World) -> None:
    cast = world.cast
    world.title = Stage.objects.get(review=cast.review, subject="record")
    lines = [(Decimal(100), [cast.ada]), (Decimal(20), [cast.ben])]
    pool = [(Decimal(100), [cast.ada, cast.ben, cast.cleo])]
    policies.set_policy(
        actor=cast.dora,
        stage_code=world.title.code,
        mode="pool" if world.is_pool else "fixed",
        lines=pool if world.is_pool else lines,
        seed=7,
        now=NOW,
    )
    world.title = stages.start_stage(
        actor=cast.dora, stage_code=world.title.code, now=NOW
    )
    every = _rounds(world.title)
    world.shared = every[:8] if world.is_pool else _rounds(world.title, cast.ben)
    world.alone = [code for code in every if code not in world.shared]
    assert len(world.shared) == 8, len(world.shared)
    said = ["include", "exclude", "include", "exclude"]
    theirs = ["include", "exclude", "exclude", "include"]
    for code, hers, his in zip(world.shared, said, theirs, strict=False):
        vote(cast.ada, code, hers, note="I have read it twice.")
        vote(cast.ben, code, his)
    vote(cast.ada, world.shared[4], "include")
    for code, verdict in zip(world.alone, ["include", "exclude"] * 2, strict=False):
        vote(cast.ada, code, verdict)
    resolutions.post_comment(
        actor=cast.cleo,
        round_code=world.shared[2],
        text="What does the protocol say?",
        key=uuid.uuid4(),
        now=NOW,
    )
    resolutions.resolve(
        actor=cast.cleo,
        round_code=world.shared[3],
        verdict="include",
        rationale="It meets all criteria.",
        now=NOW,
    )


def _other_methods(world: World) -> None:
    cast = world.cast
    lists = sources.add_source(
        actor=cast.lena,
        kind="reference_list",
        name="Reference lists",
        provenance="Included studies",
        now=NOW,
    )
    found = [
        entries.add_record(
            actor=cast.lena,
            source_code=lists.code,
            citation=Citation(
                title=f"{name} writes about {place} by hand",
                authors=(f"{name}, {place}",),
                year=1990 + i,
                doi=f"10.5555/hand.{i}",
            ),
            now=NOW,
        ).record
        for i, (name, place) in enumerate(
            zip([*SURNAMES, *SURNAMES[:4]], [*PLACES, "gardens"], strict=True)
        )
    ]
    retrieval.send_other_to_retrieval(
        actor=cast.ada, record_codes=[one.code for one in found[:7]], now=NOW
    )
    retrieval.do_not_retrieve(
        actor=cast.ada, record_code=found[7].code, reason="A book review", now=NOW
    )
    world.args |= {"other_record": found[8].code, "other_source": lists.code}


def _full_texts(world: World) -> None:
    cast = world.cast
    world.text = Stage.objects.get(review=cast.review, subject="report")
    lines = [(Decimal(100), [cast.ada]), (Decimal(100), [cast.ben])]
    policies.set_policy(
        actor=cast.dora,
        stage_code=world.text.code,
        mode="fixed",
        lines=lines,
        seed=7,
        now=NOW,
    )
    world.text = stages.start_stage(
        actor=cast.dora, stage_code=world.text.code, now=NOW
    )
    reports = list(Report.objects.filter(review=cast.review).order_by("pk"))
    assert len(reports) == 9, reports
    kept = files.attach_file(
        actor=cast.lena,
        report_code=reports[0].code,
        file=io.BytesIO(pdf()),
        file_name="paper.pdf",
        now=NOW,
    )
    retrieval.mark_many_retrieved(
        actor=cast.lena, report_codes=[one.code for one in reports[1:7]], now=NOW
    )
    retrieval.mark_not_retrieved(
        actor=cast.lena, report_code=reports[7].code, reason="Out of print", now=NOW
    )
    world.full = _rounds(world.text)
    first, second = world.text.reasons.order_by("position")[:2]
    for code in world.full[:4]:
        vote(cast.ada, code, "include")
        vote(cast.ben, code, "include")
    for author, code, reason in (
        (cast.ada, world.full[4], first),
        (cast.ben, world.full[4], first),
        (cast.ada, world.full[5], first),
        (cast.ben, world.full[5], second),
    ):
        vote(author, code, "exclude", reason=reason)
    study = studies.group_reports(
        actor=cast.ada, report_codes=[one.code for one in reports[7:9]], now=NOW
    )
    world.args |= {
        "report": reports[0].code,
        "file": kept.code,
        "study": study.code,
        "reason": first.code,
    }


def _charting(world: World) -> None:
    cast = world.cast
    world.form = charting.make_form(cast.dora, [cast.ada], [cast.ben], share=100)
    found = charting.rounds_of(world.form)
    for round_, his in zip(
        found[:3], [{}, {"role": "partner"}, {"role": "partner"}], strict=False
    ):
        charting.save(cast.ada, round_)
        charting.save(cast.ben, round_, **his)
    reconcile.resolve_discrepancies(
        actor=cast.cleo,
        round_code=found[2].code,
        answers=[reconcile.Resolution("role", "partner", "See page 3.")],
        now=NOW,
    )
    draft = forms.create_form(
        actor=cast.dora, name="Quality", fields=charting.FIELDS, now=NOW
    )
    world.charted = [round_.code for round_ in found]
    world.args |= {
        "form": world.form.code,
        "draft": draft.code,
        "field": draft.versions.get().fields.first().code,
        "field_key": "role",
    }


def _name_things(world: World) -> None:
    cast, args = world.cast, world.args
    args |= {
        "review": cast.review.code,
        "member": cast.ben.code,
        "invitation": cast.review.invitations.latest("pk").code,
        "token": world.token,
        "device": "none",
        "version": "1",
        "box": "records_screened",
        "stage": world.title.code,
        "full_text_stage": world.text.code,
        "round": world.shared[2],
        "conflict": world.shared[2],
        "own_round": world.shared[4],
        "open_round": world.shared[5],
        "chart_round": world.charted[1],
        "own_chart": world.charted[3],
        "final_chart": FinalChart.objects.filter(form=world.form).latest("pk").code,
    }
    rounds = Round.objects.unblinded(reason="tests look behind the curtain")
    hiding = [world.shared[4], world.shared[5], world.alone[10], world.full[6]]
    found = rounds.filter(code__in=hiding).order_by("pk")
    records = found.values_list("record__code", "report__record__code")
    reports = found.exclude(report=None).values_list("report__code", flat=True)
    world.alternatives = {
        "record": tuple(one or two for one, two in records),
        "report": tuple(reports),
        "round": (world.shared[4], world.shared[5]),
        "round_code": (world.charted[1], world.charted[3]),
    }
