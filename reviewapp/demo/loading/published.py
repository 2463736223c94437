"""The large demo review, from ten exports to the results of charting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from reviewapp.core.services import protocol
from reviewapp.demo import plan
from reviewapp.demo.exports import exports
from reviewapp.demo.generator import other_works
from reviewapp.demo.loading import charting, sample_pdfs, screening, searches, texts
from reviewapp.demo.loading.people import Team
from reviewapp.demo.loading.screening import Truth
from reviewapp.demo.loading.searches import Search
from reviewapp.demo.loading.steps import Steps
from reviewapp.demo.work import Way, Work
from screening.decisions.models import Stage
from screening.records.models import Record
from screening.reports.services import retrieval

SECOND_SHARE = Decimal(20)
WITH_PDF = 8
# Tables filled by a step, by name, because blinded tables may not be imported here.
RECORDS = ("records_record",)
DUPLICATES = ("records_duplicate",)
VOTES = ("decisions_round", "decisions_vote", "decisions_decision", "reports_report")
OUTCOMES = ("decisions_round", "decisions_decision", "reports_report", "reports_study")
CHART_ROUNDS = ("charting_chartround", "charting_chartassignment")
CHARTS = ("charting_chart", "charting_finalchart")


def load(team: Team, steps: Steps, now: datetime) -> None:
    """Do all steps that are not done yet."""
    with steps.step("Protocol"):
        protocol.save_protocol(actor=team.lead, now=now, **texts.PROTOCOL)
    by_record = _databases(team, steps, now)
    with steps.step("Other methods: 11 records added manually, sent to retrieval"):
        by_record |= _others(team, now)
    truth = Truth(by_record)
    _titles(team, truth, steps, now)
    _full_texts(team, truth, steps, now)
    _charts(team, truth, steps, now)


def _databases(team: Team, steps: Steps, now: datetime) -> dict[int, Work]:
    with steps.step("Ten exports generated"):
        files = [
            Search(
                name=one.source.name,
                fields=texts.of_database(one.source, len(one.works)),
                file_name=one.filename,
                content=one.content,
                works=one.works,
            )
            for one in exports()
        ]
    with steps.step("Ten files uploaded and read"):
        batches = searches.upload(team, files, now)
    with steps.step("Records imported", grown=RECORDS):
        searches.commit(team, batches, now)
    with steps.step("Deduplication", grown=DUPLICATES):
        searches.find_duplicates(team, now)
    by_record = searches.works_of_records(batches, files)
    with steps.step("Possible duplicates decided"):
        searches.answer_pairs(team, by_record, now)
    return by_record


def _others(team: Team, now: datetime) -> dict[int, Work]:
    by_record: dict[int, Work] = {}
    for way in Way:
        found = [work for work in other_works() if work.fate.way is way]
        records = searches.enter(team, texts.OTHER_SOURCES[way], found, now)
        by_record |= {r.pk: w for r, w in zip(records, found, strict=True)}
    searches.answer_pairs(team, _with_all(team, by_record), now)
    records = list(Record.objects.filter(pk__in=by_record).unique())
    retrieval.seek_other(actor=team.lead, records=records, now=now)
    return by_record


def _with_all(team: Team, by_record: dict[int, Work]) -> dict[int, Work]:
    """Return the works behind all records, for pairs across both columns."""
    rows = Record.objects.filter(review=team.lead.review).exclude(pk__in=by_record)
    works = plan.by_key()
    found = {
        pk: works[key]
        for pk, doi, title in rows.values_list("pk", "doi", "title")
        if (key := plan.find_key(doi, title))
    }
    return found | by_record


def _titles(team: Team, truth: Truth, steps: Steps, now: datetime) -> None:
    stage = screening.stage_of(team, Stage.Kind.TITLE_ABSTRACT)
    with steps.step("Title and abstract: screening assigned, stage started"):
        stage = _started(team, stage, (), now)
    _judged(team, stage, truth, steps, now)


def _full_texts(team: Team, truth: Truth, steps: Steps, now: datetime) -> None:
    with steps.step("Full texts retrieved"):
        reports = screening.reports_of(team)
        sample_pdfs.attach(
            team.first, screening.by_work(reports, truth), most=WITH_PDF, now=now
        )
        retrieval.mark_many_retrieved(actor=team.first, reports=reports, now=now)
    stage = screening.stage_of(team, Stage.Kind.FULL_TEXT)
    with steps.step("Full text: reasons set, screening assigned, stage started"):
        stage = _started(team, stage, texts.REASONS, now)
    _judged(team, stage, truth, steps, now)


def _started(team: Team, stage: Stage, reasons: Sequence[str], now: datetime) -> Stage:
    return screening.start(
        team,
        stage,
        second_share=SECOND_SHARE,
        reasons=tuple(reasons),
        now=now,
    )


def _judged(
    team: Team, stage: Stage, truth: Truth, steps: Steps, now: datetime
) -> None:
    """Vote, resolve the conflicts and close the stage, unless it is closed."""
    if stage.closed_at is not None:
        return
    with steps.step(f"{stage.name}: votes of both reviewers", grown=VOTES):
        screening.vote_all(team, stage, truth, now)
    with steps.step(f"{stage.name}: conflicts resolved"):
        screening.settle(team, stage, truth, now)
    with steps.step(f"{stage.name}: closed", grown=OUTCOMES):
        screening.close(team, stage, now)


def _charts(team: Team, truth: Truth, steps: Steps, now: datetime) -> None:
    with steps.step("Charting: form published, studies assigned", grown=CHART_ROUNDS):
        form = charting.start(team, second_share=SECOND_SHARE, now=now)
    if form.closed_at is not None:
        return
    with steps.step("Charting: charts of both reviewers", grown=CHARTS):
        charting.chart_all(team, form, truth, now)
    with steps.step("Charting: discrepancies resolved, charting closed"):
        charting.settle(team, form, truth, now)
        charting.close(team, form, now)
