"""Undoing an import and restoring it."""

from __future__ import annotations

import pytest

from reviewapp.core import jobs
from reviewapp.core.models import Event, Job
from reviewapp.core.refusals import NotAllowed, Refused
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.queries import duplicates as duplicate_queries
from screening.duplicates.services import duplicates
from screening.imports.hooks import import_dependencies
from screening.imports.queries.import_dependencies import (
    DecidedRecord,
    ImportDependencies,
    InProgress,
)
from screening.imports.services import import_undo, imports
from screening.records.models import Duplicate, Import, Record, Source
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW
from tests.screening.imports.test_imports import imported, ris, uploaded


@pytest.fixture
def source(cast: Cast) -> Source:
    return factories.make_source(cast.lena)


def search(cast: Cast) -> None:
    """Run the queued deduplication runs."""
    for job in Job.objects.filter(kind="records.duplicates", state="queued"):
        assert jobs.run_claimed_job(job.pk).state == "done"


def edges() -> set[tuple[int, int]]:
    """Return the active edges as positions of the records."""
    standing = Duplicate.objects.filter(undone_at=None)
    return set(standing.values_list("record", "of"))


def three_files(cast: Cast) -> list[Import]:
    """Return imports of three databases: two shared records and one other in each."""
    found = []
    for number, name in enumerate(["Medline", "Scopus", "Embase"]):
        source = factories.make_source(cast.lena, name)
        content = ris(2) + ris(1, start=10 + number)
        found.append(imported(cast.lena, source, content, f"{name}.ris"))
        search(cast)
    return found


def record(batch: Import, position: int) -> int:
    return Record.objects.values_list("pk", flat=True).get(
        batch=batch, position=position
    )


def test_undone_import_leaves_lists_and_counts_and_stays_stored(cast, source) -> None:
    batch = imported(cast.lena, source, ris(3))
    factories.make_records(cast.lena, 1, source)
    undone = import_undo.undo_import(actor=cast.lena, import_code=batch.code, now=NOW)
    assert (undone.state, undone.undone_by) == ("undone", cast.lena)
    assert Record.objects.count() == 4
    assert Record.objects.identified().count() == 1
    assert undone.found == undone.kept + undone.skipped == 3


def test_rest_of_a_cluster_stays_together_and_is_restored_exactly(cast) -> None:
    medline, scopus, embase = three_files(cast)
    before = edges()
    assert before == {(record(scopus, n), record(medline, n)) for n in (0, 1)} | {
        (record(embase, n), record(medline, n)) for n in (0, 1)
    }

    import_undo.undo_import(actor=cast.lena, import_code=medline.code, now=NOW)
    search(cast)
    assert edges() == {(record(embase, n), record(scopus, n)) for n in (0, 1)}
    assert Record.objects.identified().unique().count() == 4

    import_undo.restore_import(actor=cast.lena, import_code=medline.code, now=NOW)
    assert edges() == before
    search(cast)
    assert edges() == before
    assert Record.objects.identified().unique().count() == 5


@pytest.mark.parametrize("back", [(0, 1), (1, 0)])
def test_two_undone_imports_are_restored_in_any_order(cast: Cast, back) -> None:
    files = three_files(cast)
    before = edges()
    for batch in files[:2]:
        import_undo.undo_import(actor=cast.lena, import_code=batch.code, now=NOW)
    assert edges() == set()
    assert Record.objects.identified().unique().count() == 3
    for number in back:
        import_undo.restore_import(
            actor=cast.lena, import_code=files[number].code, now=NOW
        )
        kept = {of for _, of in edges()}
        gone = Record.objects.filter(batch__state="undone")
        assert not kept & set(gone.values_list("pk", flat=True))
    assert edges() == before


def test_merge_undone_by_a_member_meanwhile_stays_undone(cast) -> None:
    medline, scopus, embase = three_files(cast)
    import_undo.undo_import(actor=cast.lena, import_code=medline.code, now=NOW)
    edge = Duplicate.objects.get(record=record(embase, 0), undone_at=None)
    duplicates.undo_merge(actor=cast.ada, merge_code=edge.code, now=NOW)
    import_undo.restore_import(actor=cast.lena, import_code=medline.code, now=NOW)
    search(cast)
    found = edges()
    assert (record(scopus, 0), record(medline, 0)) in found
    assert not any(a == record(embase, 0) for a, _ in found)


def test_records_added_during_an_undo_are_compared_after_the_restore(
    cast: Cast,
) -> None:
    source = factories.make_source(cast.lena)
    batch = imported(cast.lena, source, ris(2))
    search(cast)
    import_undo.undo_import(actor=cast.lena, import_code=batch.code, now=NOW)
    search(cast)
    later = imported(cast.lena, factories.make_source(cast.lena, "New"), ris(2))
    search(cast)
    assert edges() == set()
    import_undo.restore_import(actor=cast.lena, import_code=batch.code, now=NOW)
    search(cast)
    assert edges() == {(record(later, n), record(batch, n)) for n in (0, 1)}


def test_running_deduplication_skips_records_undone_meanwhile(
    cast: Cast, monkeypatch
) -> None:
    from screening.duplicates.services import finding

    one = imported(cast.lena, factories.make_source(cast.lena), ris(2))
    imported(cast.lena, factories.make_source(cast.lena, "Scopus"), ris(2))
    real = finding._compare

    def undo_after(*args):
        found = real(*args)
        import_undo.undo_import(actor=cast.lena, import_code=one.code, now=NOW)
        return found

    monkeypatch.setattr(finding, "_compare", undo_after)
    job = Job.objects.get(kind="records.duplicates")
    assert jobs.run_claimed_job(job.pk).state == "done"
    assert edges() == set()


def test_open_pairs_of_an_undone_import_wait_for_it(cast, source) -> None:
    batch = imported(cast.lena, source, ris(1))
    other = factories.make_records(cast.lena, 1, source)[0]
    first, second = sorted([record(batch, 0), other.pk])
    pair = PossibleDuplicate.objects.create(
        review=cast.review, first_id=first, second_id=second, score=0.5, created_at=NOW
    )
    import_undo.undo_import(actor=cast.lena, import_code=batch.code, now=NOW)
    assert duplicate_queries.count_open_pairs(cast.ada) == 0
    assert duplicate_queries.next_pair(cast.ada) == ""
    with pytest.raises(Refused, match="undone"):
        duplicates.decide_pair(
            actor=cast.ada, pair_code=pair.code, answer="same", now=NOW
        )
    import_undo.restore_import(actor=cast.lena, import_code=batch.code, now=NOW)
    assert duplicate_queries.count_open_pairs(cast.ada) == 1


def test_undoing_and_restoring_twice_change_nothing_more(cast, source) -> None:
    batch = imported(cast.lena, source, ris(2))
    for _ in range(2):
        import_undo.undo_import(actor=cast.lena, import_code=batch.code, now=NOW)
    for _ in range(2):
        import_undo.restore_import(actor=cast.lena, import_code=batch.code, now=NOW)
    kinds = Event.objects.filter(kind__in=["import:undone", "import:restored"])
    assert list(kinds.values_list("kind", flat=True).order_by("pk")) == [
        "import:undone",
        "import:restored",
    ]


def test_reuploaded_file_keeps_the_first_import_undone(cast, source) -> None:
    batch = imported(cast.lena, source, ris(2))
    import_undo.undo_import(actor=cast.lena, import_code=batch.code, now=NOW)
    imported(cast.lena, source, ris(2))
    with pytest.raises(Refused, match="again"):
        import_undo.restore_import(actor=cast.lena, import_code=batch.code, now=NOW)
    assert Record.objects.identified().count() == 2


def test_only_committed_imports_are_undone(cast: Cast, source: Source) -> None:
    batch = uploaded(cast.lena, source, ris(1))
    with pytest.raises(Refused, match="can't undo the import"):
        import_undo.undo_import(actor=cast.lena, import_code=batch.code, now=NOW)
    with pytest.raises(Refused, match="can't restore"):
        import_undo.restore_import(actor=cast.lena, import_code=batch.code, now=NOW)
    with pytest.raises(NotAllowed):
        import_undo.undo_import(actor=cast.ada, import_code=batch.code, now=NOW)


def test_import_with_final_decisions_cannot_be_undone(
    cast, source, monkeypatch
) -> None:
    batch = imported(cast.lena, source, ris(1))
    line = DecidedRecord(
        "abc", "A title", "Title and abstract", "Include, by agreement"
    )
    found = ImportDependencies(1, (line,))
    monkeypatch.setattr(import_dependencies, "providers", [lambda v, b: found])
    with pytest.raises(Refused, match="1 final decision"):
        import_undo.undo_import(
            actor=cast.lena, import_code=batch.code, typed_name="a.ris", now=NOW
        )
    batch.refresh_from_db()
    assert batch.state == "committed"


def test_assigned_records_require_the_file_name(cast, source, monkeypatch) -> None:
    batch = imported(cast.lena, source, ris(1))
    dealt = ImportDependencies(dealt=(InProgress(1, "Title and abstract"),))
    monkeypatch.setattr(import_dependencies, "providers", [lambda v, b: dealt])
    for typed in ("", "b.ris"):
        with pytest.raises(Refused, match="type"):
            import_undo.undo_import(
                actor=cast.lena, import_code=batch.code, typed_name=typed, now=NOW
            )
    import_undo.undo_import(
        actor=cast.lena, import_code=batch.code, typed_name=" a.ris ", now=NOW
    )
    assert Record.objects.identified().count() == 0


def test_an_undone_import_cannot_be_discarded_or_committed(cast, source) -> None:
    batch = imported(cast.lena, source, ris(1))
    import_undo.undo_import(actor=cast.lena, import_code=batch.code, now=NOW)
    with pytest.raises(Refused):
        imports.discard_import(actor=cast.lena, import_code=batch.code, now=NOW)
    with pytest.raises(Refused):
        imports.confirm_import(actor=cast.lena, import_code=batch.code, now=NOW)
