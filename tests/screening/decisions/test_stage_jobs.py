"""Starting, assigning and closing a large stage as jobs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from django.test import Client

from reviewapp.core import jobs
from reviewapp.core.models import Job, Member
from screening.decisions.models import Policy, Stage, Wave
from screening.decisions.models.rounds import Assignment
from screening.decisions.queries import stage_sizes
from screening.decisions.services import stage_jobs, stages
from screening.records.models import Record
from tests import factories
from tests.conftest import Cast
from tests.screening.decisions.conftest import set_policy, vote_all

ClientOf = Callable[[Member | None], Client]
NOW = factories.NOW


@pytest.fixture(autouse=True)
def _all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage_sizes, "LARGE", 1)


def run(job: Job) -> Job:
    done = jobs.run_claimed_job(job.pk)
    assert done is not None
    return done


def the_job() -> Job:
    return Job.objects.get(kind__startswith="decisions.", state=Job.State.QUEUED)


def test_a_large_stage_starts_assigns_and_closes_in_jobs(
    cast: Cast, title_stage: Stage, records: Sequence[Record], client_of: ClientOf
) -> None:
    set_policy(title_stage, cast.dora, (100, [cast.ada]))
    lead = client_of(cast.dora)
    page = f"/r/{cast.review.code}/stages/{title_stage.code}/"
    answer = lead.post(f"{page}start/")
    assert answer.status_code == 302
    assert answer["Location"] == page
    assert Assignment.objects.count() == 0
    job = the_job()
    assert f'id="job-{job.code}"' in lead.get(page).content.decode()
    assert job.code not in client_of(cast.ada).get(page).content.decode()
    assert run(job).state == Job.State.DONE
    assert Assignment.objects.count() == 6
    assert f'id="job-{job.code}"' not in lead.get(page).content.decode()

    more = {"mode": "fixed", "lines": "2", "do": "save", "pool_size": "2"}
    more |= {"share_1": "100", "members_1": cast.ada.code}
    more |= {"share_2": "50", "members_2": cast.ben.code}
    answer = lead.post(f"{page}policy/", more)
    assert answer.status_code == 302, answer.content.decode()
    assert Policy.objects.count() == 1
    assert run(the_job()).state == Job.State.DONE
    assert Policy.objects.count() == 2
    assert Assignment.objects.count() == 9

    vote_all(title_stage, cast.ada)
    vote_all(title_stage, cast.ben)
    for member in (cast.ada, cast.ben):
        stages.mark_finished(actor=member, stage_code=title_stage.code, now=NOW)
    assert lead.post(f"{page}close/").status_code == 302
    assert not Wave.objects.filter(closed_at__isnull=False).exists()
    assert run(the_job()).state == Job.State.DONE
    assert Wave.objects.filter(closed_at__isnull=False).exists()


def test_a_second_click_adds_no_job_and_a_second_run_changes_nothing(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    set_policy(title_stage, cast.dora, (100, [cast.ada]))
    asked = {"actor": cast.dora, "stage_code": title_stage.code, "now": NOW}
    job = stage_jobs.request_start(**asked)
    assert stage_jobs.request_start(**asked) == job
    run(job)
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
    assert run(job).state == Job.State.DONE
    assert Assignment.objects.count() == 6


def test_a_refusal_is_on_the_page_of_whoever_asked(
    cast: Cast, title_stage: Stage, records: Sequence[Record], client_of: ClientOf
) -> None:
    job = stage_jobs.request_start(
        actor=cast.dora, stage_code=title_stage.code, now=NOW
    )
    assert run(job).state == Job.State.FAILED
    page = f"/r/{cast.review.code}/stages/{title_stage.code}/"
    assert "assignments of Title and abstract first" in (
        client_of(cast.dora).get(page).content.decode()
    )
