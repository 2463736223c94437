"""Effects of an undone import on stages, votes, decisions, reports and the flow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from reviewapp.core.models import Member
from reviewapp.core.refusals import Refused
from screening.decisions.models import Decision, Stage
from screening.decisions.models.rounds import Vote
from screening.decisions.queries import decisions, queue
from screening.decisions.queries import stages as stage_queries
from screening.flow.queries import lists
from screening.imports.queries import import_dependencies
from screening.imports.services import import_undo
from screening.records.models import Import
from screening.reports.queries import reports
from screening.reports.services import retrieval
from tests import factories
from tests.conftest import Cast
from tests.screening.decisions.conftest import NOW, cast_vote, rounds_of, start
from tests.screening.imports.test_imports import imported, ris


@pytest.fixture
def batch(cast: Cast) -> Import:
    """Three records of a file, next to two that were added manually."""
    source = factories.make_source(cast.lena)
    factories.make_records(cast.lena, 2, source)
    return imported(cast.lena, source, ris(3))


@pytest.fixture
def stage(cast: Cast, title_stage: Stage, batch: Import) -> Stage:
    return start(title_stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))


def undo(cast: Cast, batch: Import) -> None:
    import_undo.undo_import(
        actor=cast.lena, import_code=batch.code, typed_name="a.ris", now=NOW
    )


def round_codes(stage: Stage, batch: Import) -> list[str]:
    codes = rounds_of(stage)
    return [codes[record.code] for record in batch.records.order_by("position")]


def test_records_of_an_undone_import_leave_queues_and_counts(
    cast, batch, stage
) -> None:
    assert queue.own_progress(cast.ada, stage).total == 5
    undo(cast, batch)
    assert queue.own_progress(cast.ada, stage).total == 2
    assert stage_queries.stage_detail(cast.dora, stage).total == 2
    for box in ("identified", "records_screened", "records_pending"):
        assert len(lists.box_rows(cast.review, box)) == 2, box
    import_undo.restore_import(actor=cast.lena, import_code=batch.code, now=NOW)
    assert queue.own_progress(cast.ada, stage).total == 5
    assert len(lists.box_rows(cast.review, "identified")) == 5


def test_undoing_and_restoring_assigns_nothing_twice(cast, batch, stage) -> None:
    before = rounds_of(stage)
    for _ in range(2):
        undo(cast, batch)
        import_undo.restore_import(actor=cast.lena, import_code=batch.code, now=NOW)
    assert rounds_of(stage) == before
    words = {mark.name: mark.assigned for mark in queue.finished_marks(stage)}
    assert words == {"Ada": 5, "Ben": 5}


def test_a_page_opened_before_the_undo_casts_no_vote(cast, batch, stage) -> None:
    code = round_codes(stage, batch)[0]
    undo(cast, batch)
    with pytest.raises(Refused, match="undone in the meantime"):
        cast_vote(cast.ada, code, "include")
    assert not Vote.objects.unblinded(reason="test").exists()
    import_undo.restore_import(actor=cast.lena, import_code=batch.code, now=NOW)
    cast_vote(cast.ada, code, "include")


def test_assigned_records_are_counted_and_decided_ones_listed(
    cast, batch, stage
) -> None:
    found = import_dependencies.dependencies_of_import(cast.lena, batch)
    assert [(line.n, line.where) for line in found.dealt] == [(3, stage.name)]
    assert found.decided_total == 0
    code = round_codes(stage, batch)[0]
    cast_vote(cast.ada, code, "exclude")
    assert import_dependencies.dependencies_of_import(cast.lena, batch) == found
    cast_vote(cast.ben, code, "include")
    assert import_dependencies.dependencies_of_import(cast.lena, batch) == found, (
        "a conflict is nobody's business"
    )
    settled = round_codes(stage, batch)[1]
    for member in (cast.ada, cast.ben):
        cast_vote(member, settled, "exclude")
    found = import_dependencies.dependencies_of_import(cast.lena, batch)
    assert found.decided_total == 1
    assert found.decided[0].record_code == batch.records.get(position=1).code
    assert found.decided[0].words == "Exclude (Agreement)"
    with pytest.raises(Refused, match="final decision"):
        undo(cast, batch)
    assert decisions.active_decisions(cast.review).count() == 1


def test_decisions_on_other_files_do_not_block_the_undo(cast, batch, stage) -> None:
    codes = rounds_of(stage)
    own = set(round_codes(stage, batch))
    other = next(code for code in codes.values() if code not in own)
    for member in (cast.ada, cast.ben):
        cast_vote(member, other, "include")
    undo(cast, batch)
    assert (
        Decision.objects.count() == decisions.active_decisions(cast.review).count() == 1
    )


def test_reports_from_other_methods_leave_and_return(cast, title_stage) -> None:
    source = factories.make_source(cast.lena, "Experts", "expert")
    batch = imported(cast.lena, source, ris(2))
    records = list(batch.records.order_by("position"))
    retrieval.send_other_to_retrieval(
        actor=cast.ada, record_codes=[one.code for one in records[:1]], now=NOW
    )
    dealt = import_dependencies.dependencies_of_import(cast.lena, batch).dealt
    assert [(line.n, line.where) for line in dealt] == [(1, "Full texts")]
    undo(cast, batch)
    assert reports.active_reports(cast.review).count() == 0
    assert len(lists.box_rows(cast.review, "other_sought_reports")) == 0
    assert reports.other_methods(cast.ada) == []
    import_undo.restore_import(actor=cast.lena, import_code=batch.code, now=NOW)
    assert reports.active_reports(cast.review).count() == 1
    assert len(reports.other_methods(cast.ada)) == 2


def test_the_undo_pages_list_the_effects(
    cast: Cast,
    batch: Import,
    stage: Stage,
    client_of: Callable[[Member], Client],
) -> None:
    lena = client_of(cast.lena)
    url = reverse("imports:import_undo", args=[cast.review.code, batch.code])
    page = lena.get(url).content.decode()
    assert "3 of them are in progress at Title and abstract" in page
    wrong = lena.post(url, {"typed_name": "b.ris"})
    assert wrong.status_code == 422
    assert "name does not match" in wrong.content.decode()
    done = lena.post(url, {"typed_name": "a.ris"}, follow=True).content.decode()
    assert "its records no longer count in the review" in done
    assert "Restore import" in done
    record = batch.records.get(position=0)
    shown = reverse("records:record", args=[cast.review.code, record.code])
    assert "its import was undone" in lena.get(shown).content.decode()
    olaf = client_of(cast.olaf)
    own = reverse("imports:import", args=[cast.review.code, batch.code])
    assert "Restore import" not in olaf.get(own).content.decode()
    restore = reverse("imports:import_restore", args=[cast.review.code, batch.code])
    assert olaf.post(restore).status_code == 403
    assert lena.post(restore).status_code == 302
    code = round_codes(stage, batch)[0]
    for member in (cast.ada, cast.ben):
        cast_vote(member, code, "exclude")
    held = lena.get(url).content.decode()
    assert "it has 1 final decision." in held
    assert record.code in held
    assert "upload the correct file" in held
