"""Skipped entries: fixed, dismissed, reopened; found = kept + skipped."""

from __future__ import annotations

import pytest

from reviewapp.core import nav
from reviewapp.core.models import Job
from reviewapp.core.refusals import NotAllowed, Refused
from screening.citations.citation import Citation
from screening.citations.reading.guessing import guess_citation
from screening.citations.reading.reading_report import SkippedText
from screening.imports.models import SkippedEntry
from screening.imports.services import import_undo, skipped_entries
from screening.records.models import Duplicate, Import, Record, Source
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW
from tests.screening.imports.test_imports import imported, ris, run, uploaded
from tests.screening.records.pages import text_of

EMPTY = b"TY  - JOUR\nER  - \n\n"


@pytest.fixture
def batch(cast: Cast, source: Source) -> Import:
    """Return an import of two records and two skipped entries."""
    return imported(cast.lena, source, ris(2) + EMPTY + EMPTY)


def first(batch: Import) -> SkippedEntry:
    return batch.skipped_entries.order_by("position")[0]


def test_skipped_entries_are_stored_with_the_import(cast, source) -> None:
    batch = uploaded(cast.lena, source, ris(2) + EMPTY)
    run("records.read", batch)
    assert batch.skipped_entries.count() == 0
    batch = imported(cast.lena, source, ris(3) + EMPTY + EMPTY, "b.ris")
    assert (batch.found, batch.kept, batch.skipped) == (5, 3, 2)
    pieces = batch.skipped_entries.order_by("position")
    assert [p.position for p in pieces] == [0, 1]
    assert pieces[0].line < pieces[1].line
    assert all(p.reason for p in pieces)


def test_storing_entries_again_adds_none(cast, batch) -> None:
    skipped_entries.store_entries(
        batch, [SkippedText(1, "again", "x"), SkippedText(2, "again", "y\0z")]
    )
    assert batch.skipped_entries.count() == 2


def test_entries_beyond_the_limit_stay_in_the_report(cast, batch, monkeypatch) -> None:
    monkeypatch.setattr(skipped_entries, "KEPT_AT_MOST", 3)
    SkippedEntry.objects.filter(batch=batch).delete()
    pieces = [SkippedText(n, "nothing", "") for n in range(10)]
    assert skipped_entries.store_entries(batch, iter(pieces)) == 3


def test_fixed_entry_becomes_a_record_of_its_import(cast, batch) -> None:
    piece = first(batch)
    entered = skipped_entries.fix_entry(
        actor=cast.lena,
        import_code=piece.batch.code,
        entry_code=piece.code,
        citation=Citation(title="Mended"),
        now=NOW,
    )
    batch.refresh_from_db()
    assert (batch.found, batch.kept, batch.skipped) == (4, 3, 1)
    assert entered.record.batch == batch
    assert (entered.record.position, entered.record.line) == (2, piece.line)
    assert Record.objects.identified().count() == 3
    piece.refresh_from_db()
    assert (piece.state, piece.record) == ("mended", entered.record)


def test_sending_the_form_twice_creates_one_record(cast, batch) -> None:
    for _ in range(2):
        skipped_entries.fix_entry(
            actor=cast.lena,
            import_code=batch.code,
            entry_code=first(batch).code,
            citation=Citation(title="A"),
            now=NOW,
        )
    assert Record.objects.filter(title="A").count() == 1


def test_second_member_is_told_that_an_entry_was_handled(cast, batch) -> None:
    piece = first(batch)
    skipped_entries.fix_entry(
        actor=cast.lena,
        import_code=piece.batch.code,
        entry_code=piece.code,
        citation=Citation(title="A"),
        now=NOW,
    )
    with pytest.raises(Refused, match="Lena has already handled"):
        skipped_entries.fix_entry(
            actor=cast.dora,
            import_code=piece.batch.code,
            entry_code=piece.code,
            citation=Citation(title="B"),
            now=NOW,
        )
    with pytest.raises(Refused, match="Lena has already handled"):
        skipped_entries.dismiss_entry(
            actor=cast.dora,
            import_code=piece.batch.code,
            entry_code=piece.code,
            now=NOW,
        )
    with pytest.raises(Refused, match="It was fixed"):
        skipped_entries.reopen_entry(
            actor=cast.dora,
            import_code=piece.batch.code,
            entry_code=piece.code,
            now=NOW,
        )


def test_fixed_entry_that_is_a_duplicate_is_merged(cast, batch) -> None:
    known = Record.objects.order_by("position")[0]
    entered = skipped_entries.fix_entry(
        actor=cast.lena,
        import_code=batch.code,
        entry_code=first(batch).code,
        citation=Citation(
            title=known.title, doi=known.doi, year=known.year, authors=("Byron, A.",)
        ),
        now=NOW,
    )
    edge = Duplicate.objects.get(undone_at=None)
    assert (edge.record, edge.of) == (entered.record, known)


def test_dismissed_entry_can_be_reopened(cast, batch) -> None:
    for _ in range(2):
        skipped_entries.dismiss_entry(
            actor=cast.lena,
            import_code=batch.code,
            entry_code=first(batch).code,
            now=NOW,
        )
    assert first(batch).state == "dropped"
    batch.refresh_from_db()
    assert (batch.kept, batch.skipped) == (2, 2)
    with pytest.raises(Refused):
        skipped_entries.fix_entry(
            actor=cast.lena,
            import_code=batch.code,
            entry_code=first(batch).code,
            citation=Citation(title="A"),
            now=NOW,
        )
    for _ in range(2):
        skipped_entries.reopen_entry(
            actor=cast.dora,
            import_code=batch.code,
            entry_code=first(batch).code,
            now=NOW,
        )
    assert first(batch).state == "open"


def test_a_record_needs_a_title_or_a_doi(cast, batch) -> None:
    with pytest.raises(Refused, match="title or a DOI"):
        skipped_entries.fix_entry(
            actor=cast.lena,
            import_code=batch.code,
            entry_code=first(batch).code,
            citation=Citation(year=2020),
            now=NOW,
        )
    with pytest.raises(NotAllowed):
        skipped_entries.fix_entry(
            actor=cast.ada,
            import_code=batch.code,
            entry_code=first(batch).code,
            citation=Citation(title="A"),
            now=NOW,
        )


def test_entries_of_an_undone_import_cannot_be_fixed(cast, batch) -> None:
    skipped_entries.fix_entry(
        actor=cast.lena,
        import_code=batch.code,
        entry_code=first(batch).code,
        citation=Citation(title="A"),
        now=NOW,
    )
    import_undo.undo_import(actor=cast.lena, import_code=batch.code, now=NOW)
    second = batch.skipped_entries.get(position=1)
    with pytest.raises(Refused, match="can't fix entries of"):
        skipped_entries.fix_entry(
            actor=cast.lena,
            import_code=second.batch.code,
            entry_code=second.code,
            citation=Citation(title="B"),
            now=NOW,
        )
    import_undo.restore_import(actor=cast.lena, import_code=batch.code, now=NOW)
    assert Record.objects.identified().filter(title="A").exists()


def test_import_job_run_again_after_a_fix_adds_nothing(cast, batch) -> None:
    skipped_entries.fix_entry(
        actor=cast.lena,
        import_code=batch.code,
        entry_code=first(batch).code,
        citation=Citation(title="A"),
        now=NOW,
    )
    Job.objects.filter(kind="records.import").update(state="queued")
    run("records.import", batch)
    batch.refresh_from_db()
    assert (Record.objects.count(), batch.kept, batch.skipped) == (3, 3, 1)


# ── Pages ────────────────────────────────────────────────────────────────────
def test_entries_are_listed_fixed_and_counted(cast, lena, url, batch) -> None:
    assert "Review skipped entries" in text_of(lena.get(url("imports:import", batch)))
    assert any("2 skipped entries need" in t.text for t in nav.viewer_todos(cast.lena))
    assert not any("skipped entr" in t.text for t in nav.viewer_todos(cast.ada))
    page = lena.get(url("imports:skipped_entries", batch), {"state": "open"})
    assert page.context["page"].waiting == len(page.context["page"].entries) == 2
    one, two = batch.skipped_entries.order_by("position")
    assert "Original text" in text_of(
        lena.get(url("imports:skipped_entry", batch, one))
    )
    refused = lena.post(url("imports:skipped_entry", batch, one), {"year": "2020"})
    assert refused.status_code == 422
    onward = lena.post(
        url("imports:skipped_entry", batch, one), {"title": "Mended by hand"}
    )
    assert onward.url == url("imports:skipped_entry", batch, two)
    back = lena.post(url("imports:skipped_entry_dismiss", batch, two))
    assert back.url == url("imports:skipped_entries", batch)
    listed = lena.get(url("records:list"), {"import": batch.code})
    assert listed.context["page"].total == 3
    record = Record.objects.get(title="Mended by hand")
    assert "Fixed by Lena from line" in text_of(lena.get(url("records:record", record)))
    assert "Fixed and imported" in text_of(
        lena.get(url("imports:skipped_entry", batch, one))
    )
    assert "Marked as not a record by Lena" in text_of(
        lena.get(url("imports:skipped_entry", batch, two))
    )
    lena.post(url("imports:skipped_entry_reopen", batch, two))
    assert "Import record" in text_of(
        lena.get(url("imports:skipped_entry", batch, two))
    )


def test_duplicates_are_shown_before_an_entry_is_imported(lena, url, batch) -> None:
    known = Record.objects.order_by("position")[0]
    data = {"title": known.title, "doi": known.doi, "year": known.year}
    piece = first(batch)
    assert "Certain duplicate:" in text_of(
        lena.post(url("imports:skipped_entry", batch, piece), data)
    )
    assert Record.objects.count() == 2
    lena.post(url("imports:skipped_entry", batch, piece), {**data, "sure": "1"})
    assert Record.objects.count() == 3


def test_entries_are_listed_by_page(cast, lena, url, source) -> None:
    batch = imported(cast.lena, source, ris(1) + EMPTY * 120)
    seen, address = [], url("imports:skipped_entries", batch) + "?state="
    for _ in range(3):
        page = lena.get(address).context["page"]
        seen += [piece.position for piece in page.entries]
        address = url("imports:skipped_entries", batch) + f"?state=&after={page.next}"
    assert seen == list(range(120))
    assert page.next == ""


def test_entry_of_another_review_is_not_found(cast, client_of, url, batch) -> None:
    eve = client_of(cast.eve)
    assert eve.get(url("imports:skipped_entry", batch, first(batch))).status_code == 404
    other = factories.make_source(cast.eve)
    foreign = imported(cast.eve, other, ris(1) + EMPTY)
    own = url("imports:skipped_entry", foreign, first(batch)).replace(
        cast.review.code, cast.eve.review.code
    )
    assert eve.get(own).status_code == 404


# ── What a piece may mean ────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("raw", "title", "authors", "year", "doi"),
    [
        (
            "TI  - A study\nAU  - Byron, A\nAU  - Boole, G\nPY  - 2019/03//\n"
            "DO  - https://doi.org/10.5555/X.1",
            "A study", ("Byron, A", "Boole, G"), 2019, "10.5555/x.1",
        ),
        ("%T A study\n%A Byron, A\n%D 2001", "A study", ("Byron, A",), 2001, ""),
        (
            "@article{x, title = {A study},\n title = {A study},\n"
            " author = {Byron, A and Boole, G},\n year = 1998,",
            "A study", ("Byron, A", "Boole, G"), 1998, "",
        ),
        ("some words\nThe longest line of them all 10.1000/ab", "The longest line of "
         "them all 10.1000/ab", (), None, "10.1000/ab"),
        ("", "", (), None, ""),
    ],
)  # fmt: skip
def test_form_starts_with_the_recognised_fields(raw, title, authors, year, doi) -> None:
    found = guess_citation(raw)
    assert (found.title, found.authors, found.year, found.doi) == (
        title,
        authors,
        year,
        doi,
    )
