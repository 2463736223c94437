"""The large demo review, from ten exports to the results of charting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from reviewapp.core.services import protocol
from reviewapp.demo import plan
from reviewapp.demo.exports import all_exports
from reviewapp.demo.generator import other_works
from reviewapp.demo.loading import charting, sample_pdfs, screening, searches, texts
from reviewapp.demo.loading.people import DemoTeam
from reviewapp.demo.loading.screening import WorksByRecord
from reviewapp.demo.loading.searches import DemoSearch
from reviewapp.demo.loading.steps import LoadSteps
from reviewapp.demo.work import FoundBy, Work
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


def load_published(team: DemoTeam, steps: LoadSteps, now: datetime) -> None:
    """Do all steps that are not done yet."""
    with steps.step("Protocol"):
        protocol.save_protocol(actor=team.lead, now=now, **texts.PROTOCOL)
    by_record = _databases(team, steps, now)
    with steps.step("Other methods: 11 records added manually, sent to retrieval"):
        by_record |= _others(team, now)
    truth = WorksByRecord(by_record)
    _titles(team, truth, steps, now)
    _full_texts(team, truth, steps, now)
    _charts(team, truth, steps, now)


def _databases(team: DemoTeam, steps: LoadSteps, now: datetime) -> dict[int, Work]:
    with steps.step("Ten exports generated"):
        files = [
            DemoSearch(
                name=one.source.name,
                fields=texts.search_fields(one.source, len(one.works)),
                file_name=one.filename,
                content=one.content,
                works=one.works,
            )
            for one in all_exports()
        ]
    with steps.step("Ten files uploaded and read"):
        batches = searches.upload_files(team, files, now)
    with steps.step("Records imported", grown=RECORDS):
        searches.commit_imports(team, batches, now)
    with steps.step("Deduplication", grown=DUPLICATES):
        searches.run_deduplication(team, now)
    by_record = searches.works_of_records(batches, files)
    with steps.step("Possible duplicates decided"):
        searches.decide_pairs(team, by_record, now)
    return by_record


def _others(team: DemoTeam, now: datetime) -> dict[int, Work]:
    by_record: dict[int, Work] = {}
    for way in FoundBy:
        found = [work for work in other_works() if work.planned.way is way]
        records = searches.add_manually(team, texts.OTHER_SOURCES[way], found, now)
        by_record |= {r.pk: w for r, w in zip(records, found, strict=True)}
    searches.decide_pairs(team, _with_all(team, by_record), now)
    records = list(Record.objects.filter(pk__in=by_record).unique())
    retrieval.send_other_to_retrieval(
        actor=team.lead, record_codes=[one.code for one in records], now=now
    )
    return by_record


def _with_all(team: DemoTeam, by_record: dict[int, Work]) -> dict[int, Work]:
    """Return the works behind all records, for pairs across both columns."""
    rows = Record.objects.filter(review=team.lead.review).exclude(pk__in=by_record)
    works = plan.works_by_key()
    found = {
        pk: works[key]
        for pk, doi, title in rows.values_list("pk", "doi", "title")
        if (key := plan.find_key(doi, title))
    }
    return found | by_record


def _titles(
    team: DemoTeam, truth: WorksByRecord, steps: LoadSteps, now: datetime
) -> None:
    stage = screening.stage_of(team, Stage.Kind.TITLE_ABSTRACT)
    with steps.step("Title and abstract: screening assigned, stage started"):
        stage = _started(team, stage, (), now)
    _judged(team, stage, truth, steps, now)


def _full_texts(
    team: DemoTeam, truth: WorksByRecord, steps: LoadSteps, now: datetime
) -> None:
    with steps.step("Full texts retrieved"):
        reports = screening.reports_of(team)
        sample_pdfs.attach_pdfs(
            team.first,
            screening.reports_by_work(reports, truth),
            most=WITH_PDF,
            now=now,
        )
        retrieval.mark_many_retrieved(
            actor=team.first, report_codes=[one.code for one in reports], now=now
        )
    stage = screening.stage_of(team, Stage.Kind.FULL_TEXT)
    with steps.step("Full text: reasons set, screening assigned, stage started"):
        stage = _started(team, stage, texts.REASONS, now)
    _judged(team, stage, truth, steps, now)


def _started(
    team: DemoTeam, stage: Stage, reasons: Sequence[str], now: datetime
) -> Stage:
    return screening.start_stage(
        team,
        stage,
        second_share=SECOND_SHARE,
        reasons=tuple(reasons),
        now=now,
    )


def _judged(
    team: DemoTeam, stage: Stage, truth: WorksByRecord, steps: LoadSteps, now: datetime
) -> None:
    """Vote, resolve the conflicts and close the stage, unless it is closed."""
    if not screening.is_open(stage):
        return
    with steps.step(f"{stage.name}: votes of both reviewers", grown=VOTES):
        screening.vote_all(team, stage, truth, now)
    with steps.step(f"{stage.name}: conflicts resolved"):
        screening.resolve_conflicts(team, stage, truth, now)
    with steps.step(f"{stage.name}: closed", grown=OUTCOMES):
        screening.close_stage(team, stage, now)


def _charts(
    team: DemoTeam, truth: WorksByRecord, steps: LoadSteps, now: datetime
) -> None:
    with steps.step("Charting: form published, studies assigned", grown=CHART_ROUNDS):
        form = charting.start_charting(team, second_share=SECOND_SHARE, now=now)
    if not charting.is_open(form):
        return
    with steps.step("Charting: charts of both reviewers", grown=CHARTS):
        charting.chart_all(team, form, truth, now)
    with steps.step("Charting: discrepancies resolved, charting closed"):
        charting.resolve_discrepancies(team, form, truth, now)
        charting.close_charting(team, form, now)
