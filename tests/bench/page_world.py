"""A large review in mid-screening, written by SQL so that a million records take minutes.

Ten sources; 30 % of the records are duplicates. Five reviewers share all records, five
more a fifth of them. A share of the rounds is decided; some records were merged late.
The triggers run as in the program, so the stored counts come from them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from reviewapp.core import jobs
from reviewapp.core.models import Job, Member, Review, Role
from screening.decisions.models import Stage
from screening.decisions.services import policies, stages
from screening.records.models import Import, Source
from tests import factories

NOW = factories.NOW
SOURCES = 10
TITLES = "peer support in community care of adults with long term conditions"


@dataclass(frozen=True)
class PageWorld:
    """The review, its lead and a reviewer with many assignments."""

    review: Review
    lead: Member
    reader: Member
    stage: Stage


def timed(label: str, work: Callable[[], object]) -> float:
    """Print and return the wall seconds of a step."""
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    print(f"    {label:44}{seconds:8.2f} s", flush=True)
    return seconds


def make_world(records: int) -> PageWorld:
    """Create a review with ``records`` records in screening."""
    review = factories.make_review("A large review")
    lead = factories.make_member(review, "Dora", Role.LEAD)
    team = [
        factories.make_member(review, f"Reader{i}", Role.REVIEWER) for i in range(10)
    ]
    stage, full = stages.create_default_stages(review=review, actor=lead, now=NOW)
    timed("records", lambda: _records(review, lead, records))
    timed("duplicates", lambda: _merge(review, lead, (10, 0, 2)))
    _execute("ANALYZE")
    timed("assignments set", lambda: _assign(stage, lead, team))
    timed("stage started", lambda: _start(stage, lead))
    _execute("ANALYZE")
    timed("votes and decisions", lambda: _vote(review, stage))
    timed("reports", lambda: _report(review))
    timed("late duplicates", lambda: _merge(review, lead, (5000, 4, 4)))
    _assign(full, lead, team[:2])
    timed("full text started", lambda: _start(full, lead))
    _execute("ANALYZE")
    return PageWorld(review, lead, team[0], Stage.objects.get(pk=stage.pk))


def _execute(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def _records(review: Review, lead: Member, records: int) -> None:
    for i in range(SOURCES):
        source = factories.make_source(lead, f"Database {i}", Source.Kind.DATABASE)
        n = records // SOURCES + (i < records % SOURCES)
        batch = Import.objects.create(
            review=review,
            source=source,
            file_name=f"{i}.ris",
            sha256=str(i),
            size=1,
            state=Import.State.COMMITTED,
            found=n,
            kept=n,
            created_at=NOW,
            created_by=lead,
            committed_at=NOW,
            titled_at=NOW,
        )
        _execute(
            """
            INSERT INTO records_record (
                code, review_id, source_id, arm, batch_id, position, line,
                archive_path, raw, title, authors, year, journal, volume, issue, pages,
                doi, pmid, accession, abstract, keywords, type, url, language, issn,
                notes, notices, prior, added_at, added_by_id)
            SELECT 'b' || substr(md5(%s || '-' || i), 1, 13), %s, %s, 'databases', %s,
                   i, i, '', '', 'Trial ' || i || ' of ' || %s,
                   ARRAY['Author' || i %% 997 || ', A'], 2000 + i %% 25, 'Journal', '',
                   '', '', '', '', '', repeat('word' || i || ' ', 60), '{}', '', '',
                   '', '', '', '[]', '{}', %s, %s
            FROM generate_series(1, %s) AS i
            """,
            source.pk,
            review.pk,
            source.pk,
            batch.pk,
            TITLES,
            NOW,
            lead.pk,
            n,
        )


def _merge(review: Review, lead: Member, which: tuple[int, int, int]) -> None:
    """Merge records whose place, modulo a number, is between two into a neighbour."""
    _execute(
        """
        INSERT INTO records_duplicate (
            code, review_id, record_id, of_id, how, reasons, created_at, created_by_id)
        SELECT 'd' || substr(md5('d' || r.id), 1, 13), r.review_id, r.id, k.id,
               'certain', '[]', %s, %s
        FROM records_record r JOIN records_record k ON k.batch_id = r.batch_id
             AND k.position = r.position - mod(r.position, 10) + 5
        WHERE r.review_id = %s AND mod(r.position, %s) BETWEEN %s AND %s
        """,
        NOW,
        lead.pk,
        review.pk,
        *which,
    )


def _assign(stage: Stage, lead: Member, team: list[Member]) -> None:
    shares = [(Decimal(100), team[:5])]
    if team[5:]:
        shares.append((Decimal(20), team[5:]))
    if stage.needs_reason:
        shares = [(Decimal(100), team)]
    policies.set_policy(
        actor=lead, stage_code=stage.code, mode="fixed", lines=shares, seed=7, now=NOW
    )
    finish_jobs(stage.review)


def _start(stage: Stage, lead: Member) -> None:
    stages.start_stage(actor=lead, stage_code=stage.code, now=NOW)
    finish_jobs(stage.review)


def finish_jobs(review: Review) -> None:
    """Run what is queued, as a worker would."""
    for job in Job.objects.filter(review=review, state=Job.State.QUEUED):
        done = jobs.run_claimed_job(job.pk)
        assert done is None or done.state == Job.State.DONE, done.error


def _vote(review: Review, stage: Stage) -> None:
    """Vote on 40 % of the rounds; decide those in which all have voted alike."""
    _execute(
        """
        INSERT INTO decisions_vote (
            author_id, version, created_at, key, verdict, note, is_late, round_id)
        SELECT a.member_id, 1, %s, gen_random_uuid(),
               CASE WHEN r.id %% 20 = 0 THEN 'include' ELSE 'exclude' END, '', false,
               r.id
        FROM decisions_assignment a JOIN decisions_round r ON r.id = a.round_id
        WHERE a.stage_id = %s AND r.turn %% 10 < 4
        """,
        NOW,
        stage.pk,
    )
    _execute(
        """
        INSERT INTO decisions_decision (
            code, review_id, stage_id, round_id, record_id, verdict, how, decided_at)
        SELECT 'e' || substr(md5('e' || r.id), 1, 13), r.review_id, r.stage_id, r.id,
               r.record_id, CASE WHEN r.id %% 20 = 0 THEN 'include' ELSE 'exclude' END,
               'agreement', %s
        FROM decisions_round r WHERE r.stage_id = %s AND r.turn %% 10 < 3
        """,
        NOW,
        stage.pk,
    )


def _report(review: Review) -> None:
    _execute(
        """
        INSERT INTO reports_study (code, review_id, label, created_at)
        SELECT 's' || substr(md5('s' || d.id), 1, 13), d.review_id, d.code, %s
        FROM decisions_decision d WHERE d.review_id = %s AND d.verdict = 'include'
        """,
        NOW,
        review.pk,
    )
    _execute(
        """
        INSERT INTO reports_report (
            code, review_id, record_id, study_id, retrieval, not_retrieved_reason,
            created_at)
        SELECT 'p' || substr(md5('p' || d.id), 1, 13), d.review_id, d.record_id, s.id,
               CASE WHEN d.id %% 3 = 0 THEN 'sought' ELSE 'retrieved' END, '', %s
        FROM decisions_decision d JOIN reports_study s ON s.label = d.code
        WHERE d.review_id = %s AND d.verdict = 'include'
        """,
        NOW,
        review.pk,
    )
