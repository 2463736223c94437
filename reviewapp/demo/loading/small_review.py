"""The small demo review, in progress at every stage, for visitors to continue.

All its records are invented works of the demo, in new and small exports.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from reviewapp.core.services import protocol
from reviewapp.demo import charts as chart_plan
from reviewapp.demo import plan
from reviewapp.demo.dialects_csv import scholar_table, scopus_table
from reviewapp.demo.dialects_ris import RIS_WRITERS
from reviewapp.demo.generator import database_works
from reviewapp.demo.loading import charting, sample_pdfs, screening, searches, texts
from reviewapp.demo.loading.people import DemoTeam
from reviewapp.demo.loading.screening import AssignedWork, WorksByRecord
from reviewapp.demo.loading.searches import DemoSearch
from reviewapp.demo.loading.steps import LoadSteps
from reviewapp.demo.loading.texts import OtherMethodSource
from reviewapp.demo.seeded_random import SeededRandom
from reviewapp.demo.source_variants import SourceVariant, make_variant
from reviewapp.demo.sources import BY_KEY
from reviewapp.demo.work import ExclusionReason, Work, WorkKind
from screening.decisions.models import Stage
from screening.decisions.services import bulk_votes
from screening.decisions.services.bulk_votes import NewVote
from screening.reports.services import retrieval

OTHERS, BARE, WAITING_FILE = 160, 6, 20
EXCLUDED_AT_FULL_TEXT = 24
# Number of records to include at title and abstract; every eighth is a conflict.
PASSED, CONFLICT_EVERY, SETTLED_CONFLICTS = 20, 8, 2
SOUGHT, LOST, WITH_PDF = 4, 1, 4
INCLUDED, CHARTED = 5, 2
WHY = "No library within reach holds it; the authors did not answer."
DOUBT = plan.PlannedVote(plan.PlannedVerdict.UNSURE, note="Are the peer workers paid?")
SEARCHED = "Small searches made for trying the program out; all records are invented."
OTHER = OtherMethodSource(
    "citation_search",
    "Citation search (invented)",
    "Works that cite an included study; two were found.",
)


@dataclass(frozen=True, slots=True)
class ChosenWorks:
    """The works of the small review, and their stages."""

    screened: tuple[Work, ...]
    bare: tuple[Work, ...]
    later: tuple[Work, ...]
    other: tuple[Work, ...]


def load_small_review(team: DemoTeam, steps: LoadSteps, now: datetime) -> None:
    """Load the review up to the point where the visitor continues."""
    with steps.step("Small review: records and possible duplicates"):
        protocol.save_protocol(actor=team.lead, now=now, **texts.PROTOCOL)
        truth = WorksByRecord(_records(team, now))
    with steps.step("Small review: title and abstract in progress, with conflicts"):
        _titles(team, truth, now)
    with steps.step("Small review: full texts in progress"):
        _full_texts(team, truth, now)
    with steps.step("Small review: charting in progress"):
        _charts(team, truth, now)


@cache
def choose_works() -> ChosenWorks:
    """Return invented articles: enough that pass, others, and some with cut titles."""
    chance = SeededRandom.named("trial")
    found = chance.shuffled(
        [w for w in database_works() if w.invented and w.kind is WorkKind.ARTICLE]
    )
    included = [w for w in found if w.planned.included]
    excluded = [w for w in found if w.planned.reason][:EXCLUDED_AT_FULL_TEXT]
    rest = [w for w in found if not w.planned.passes]
    bare = [w for w in rest if _is_bare(w)][:BARE]
    plain = [w for w in rest if w not in bare]
    other, later = plain[:2], plain[2 : 2 + WAITING_FILE]
    screened = included + excluded + plain[2 + WAITING_FILE :][:OTHERS] + bare
    return ChosenWorks(
        tuple(chance.shuffled(screened)), tuple(bare), tuple(later), tuple(other)
    )


def _is_bare(work: Work) -> bool:
    """Return True if Scholar prints so little of it that a person must decide."""
    seen = make_variant(work, BY_KEY["scholar"], alone=False)
    return not seen.journal and seen.title.endswith("…")


def _records(team: DemoTeam, now: datetime) -> dict[int, Work]:
    files = _files()
    batches = searches.upload_files(team, files, now)
    # The last file is left unconfirmed, for the librarian.
    searches.commit_imports(team, batches[:-1], now)
    searches.run_deduplication(team, now)
    found = searches.works_of_records(batches, files)
    records = searches.add_manually(team, OTHER, choose_works().other, now)
    # One of the two is sent to retrieval, the other is left without a decision.
    retrieval.send_other_to_retrieval(
        actor=team.lead, record_codes=[one.code for one in records[:1]], now=now
    )
    return found | {r.pk: w for r, w in zip(records, choose_works().other, strict=True)}


def _files() -> list[DemoSearch]:
    chosen = choose_works()
    where = SeededRandom.named("trial", "sources")
    medline, both = [], []
    for work in chosen.screened:
        at = where.random()
        if at < 0.6 or work in chosen.bare:
            medline.append(work)
        if at > 0.4:
            both.append(work)
    some = [work for work in chosen.screened[::9] if work not in chosen.bare]
    return [
        _file("medline", medline, _ris),
        _file("scopus", both, scopus_table),
        _file("scholar", [*some, *chosen.bare], scholar_table),
        _file("worldcat", chosen.later, _ris),
    ]


def _ris(found: Sequence[SourceVariant]) -> str:
    write = RIS_WRITERS[found[0].source.key]
    return "".join(write(seen, rank) for rank, seen in enumerate(found, 1))


def _file(
    key: str, found: Sequence[Work], write: Callable[[Sequence[SourceVariant]], str]
) -> DemoSearch:
    source = BY_KEY[key]
    seen = [make_variant(work, source, alone=False) for work in found]
    fields = texts.search_fields(source, len(found)) | {
        "strategy": SEARCHED,
        "hits_reported": len(found),
    }
    return DemoSearch(
        name=source.name,
        fields=fields,
        file_name=source.filename,
        content=write(seen).encode(),
        works=tuple(work.number for work in found),
    )


def _titles(team: DemoTeam, truth: WorksByRecord, now: datetime) -> None:
    """Cast votes on the same first records; at regular intervals they differ."""
    stage = _started(team, Stage.Kind.TITLE_ABSTRACT, now)
    of_a: list[NewVote] = []
    of_b: list[NewVote] = []
    passed = 0
    for i, seat in enumerate(screening.assigned_work(team.first, stage, truth)):
        if passed == PASSED:
            break
        passes = seat.work.planned.passes
        verdict = plan.PlannedVerdict.INCLUDE if passes else plan.PlannedVerdict.EXCLUDE
        differs = i % CONFLICT_EVERY == CONFLICT_EVERY - 1
        passed += passes and not differs
        other = _other(verdict, i) if differs else verdict
        of_a.append(NewVote(seat.round_code, verdict.value))
        of_b.append(NewVote(seat.round_code, other.value))
    bulk_votes.cast_many(actor=team.first, stage_code=stage.code, votes=of_a, now=now)
    bulk_votes.cast_many(actor=team.second, stage_code=stage.code, votes=of_b, now=now)
    screening.resolve_conflicts(team, stage, truth, now, most=SETTLED_CONFLICTS)


def _other(verdict: plan.PlannedVerdict, i: int) -> plan.PlannedVerdict:
    """Return the second reviewer's other vote, by turns: unsure, or the opposite."""
    if i % (2 * CONFLICT_EVERY) == CONFLICT_EVERY - 1:
        return plan.PlannedVerdict.UNSURE
    is_include = verdict is plan.PlannedVerdict.INCLUDE
    return plan.PlannedVerdict.EXCLUDE if is_include else plan.PlannedVerdict.INCLUDE


def _started(team: DemoTeam, kind: Stage.Kind, now: datetime) -> Stage:
    stage = screening.stage_of(team, kind)
    return screening.start_stage(
        team,
        stage,
        second_share=screening.ALL,
        reasons=texts.REASONS if stage.needs_reason else (),
        now=now,
    )


def _full_texts(team: DemoTeam, truth: WorksByRecord, now: datetime) -> None:
    """Retrieve some full texts and cast some of the votes on them.

    A few reports await retrieval, and one is not available.
    """
    _retrieved(team, truth, now)
    stage = _started(team, Stage.Kind.FULL_TEXT, now)
    read = _first_readings(screening.assigned_work(team.first, stage, truth))
    offered = screening.reasons_of(stage)
    for reader, said in ((team.first, 0), (team.second, 1)):
        cast = [screening.as_new_vote(seat, both[said], offered) for seat, both in read]
        bulk_votes.cast_many(actor=reader, stage_code=stage.code, votes=cast, now=now)


def _retrieved(team: DemoTeam, truth: WorksByRecord, now: datetime) -> None:
    reports = screening.reports_of(team)
    lost, had = reports[SOUGHT : SOUGHT + LOST], reports[SOUGHT + LOST :]
    for report in lost:
        retrieval.mark_not_retrieved(
            actor=team.first, report_code=report.code, reason=WHY, now=now
        )
    sample_pdfs.attach_pdfs(
        team.first, screening.reports_by_work(had, truth), most=WITH_PDF, now=now
    )
    retrieval.mark_many_retrieved(
        actor=team.first, report_codes=[one.code for one in had], now=now
    )


Both = tuple[plan.PlannedVote, plan.PlannedVote]


def _first_readings(found: Sequence[AssignedWork]) -> list[tuple[AssignedWork, Both]]:
    """Return the votes of both reviewers on the first reports.

    The first two are conflicts: one on the decision, one unsure vote. The others agree,
    until enough studies are included.
    """
    read: list[tuple[AssignedWork, Both]] = []
    included = 0
    for i, seat in enumerate(found):
        if included == INCLUDED:
            break
        vote = plan.full_text_vote_of_a(seat.work.key, double=False)
        other = (_unlike(vote), DOUBT)[i] if i < 2 else vote
        included += i > 1 and vote.verdict is plan.PlannedVerdict.INCLUDE
        read.append((seat, (vote, other)))
    return read


def _unlike(vote: plan.PlannedVote) -> plan.PlannedVote:
    if vote.verdict is plan.PlannedVerdict.INCLUDE:
        return plan.PlannedVote(plan.PlannedVerdict.EXCLUDE, ExclusionReason.UNCLEAR)
    return plan.PlannedVote(plan.PlannedVerdict.INCLUDE)


def _charts(team: DemoTeam, truth: WorksByRecord, now: datetime) -> None:
    """Submit both reviewers' charts of the first studies: one agrees, one differs."""
    form = charting.start_charting(team, second_share=screening.ALL, now=now)
    first = charting.open_studies(team.first, form, truth)[:CHARTED]
    charts = chart_plan.planned_charts()
    charting.submit_charts(team.first, [(p, charts[p.work.key]) for p in first], now)
    mine = {place.round_code for place in first}
    theirs = charting.open_studies(team.second, form, truth)
    second = [place for place in theirs if place.round_code in mine]
    of_b = [
        (place, charts[place.work.key] if i else _differing(place.work))
        for i, place in enumerate(second)
    ]
    charting.submit_charts(team.second, of_b, now)


def _differing(work: Work) -> chart_plan.PlannedChart:
    first = chart_plan.planned_charts()[work.key]
    other = "team" if first.multidisciplinary != "team" else "environment"
    return replace(first, multidisciplinary=other, groups=not first.groups)
