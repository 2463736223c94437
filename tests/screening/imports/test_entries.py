"""Records added manually are checked against all earlier records."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reviewapp.core.refusals import NotAllowed, Refused
from screening.citations.citation import Citation
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.queries.matches import matches_for_viewer
from screening.imports.services import entries
from screening.records.hooks import records_changed
from screening.records.models import Duplicate, Record
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW

KNOWN = Citation(
    title="Peer support workers in community mental health: a longitudinal study",
    authors=("Byron, Ada", "Boole, Mary"),
    year=2018,
    journal="Journal of Invented Results",
    volume="14",
    issue="2",
    pages="112-119",
    doi="10.5555/peer.2018.14",
)


def make_known(cast: Cast) -> Record:
    source = factories.make_source(cast.lena)
    known = {
        name: getattr(KNOWN, name)
        for name in ("title", "year", "journal", "volume", "issue", "pages", "doi")
    }
    factories.make_records(cast.lena, 3, source)
    return factories.make_records(
        cast.lena, 1, source, authors=list(KNOWN.authors), abstract="", **known
    )[0]


def test_a_new_record_is_added_to_the_other_methods_arm(cast: Cast) -> None:
    experts = factories.make_source(cast.lena, "Experts", "expert")
    entered = entries.add_record(
        actor=cast.lena, source_code=experts.code, citation=KNOWN, now=NOW
    )
    record = Record.objects.identified().get()
    assert record == entered.record
    assert record.arm == "other"
    assert record.authors == ["Byron, Ada", "Boole, Mary"]
    assert entered.matches == ()


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"doi": ""},
        {"title": KNOWN.title.upper() + "."},
        {"journal": "", "volume": "", "issue": "", "pages": ""},
    ],
)
def test_existing_record_is_found_immediately(cast: Cast, changed: dict) -> None:
    known = make_known(cast)
    found = matches_for_viewer(cast.lena, replace(KNOWN, **changed))
    assert [match.code for match in found][:1] == [known.code]
    assert found[0].is_certain


def test_unrelated_record_has_no_matches(cast: Cast) -> None:
    make_known(cast)
    other = Citation(title="Ticks on sheep in Iceland", year=1999)
    assert matches_for_viewer(cast.lena, other) == ()


def test_certain_duplicate_is_merged_when_added(cast) -> None:
    known = make_known(cast)
    lists = factories.make_source(cast.lena, "Reference lists", "reference_list")
    entered = entries.add_record(
        actor=cast.lena, source_code=lists.code, citation=KNOWN, now=NOW
    )
    edge = Duplicate.objects.get()
    assert (edge.record, edge.of) == (entered.record, known)
    assert edge.reasons
    assert Record.objects.unique().count() == 4


def test_database_record_added_later_becomes_the_kept_record(cast) -> None:
    lists = factories.make_source(cast.lena, "Reference lists", "reference_list")
    first = entries.add_record(
        actor=cast.lena, source_code=lists.code, citation=KNOWN, now=NOW
    ).record
    database = factories.make_source(cast.lena)
    second = entries.add_record(
        actor=cast.lena, source_code=database.code, citation=KNOWN, now=NOW
    )
    edge = Duplicate.objects.get()
    assert (edge.record, edge.of) == (first, second.record)


def test_similar_record_becomes_a_possible_duplicate(cast: Cast) -> None:
    make_known(cast)
    lists = factories.make_source(cast.lena, "Reference lists", "reference_list")
    like = Citation(title=KNOWN.title)
    entered = entries.add_record(
        actor=cast.lena, source_code=lists.code, citation=like, now=NOW
    )
    assert not entered.matches[0].is_certain
    assert PossibleDuplicate.objects.get().answer == "open"
    assert not Duplicate.objects.exists()


def test_a_record_needs_a_title_or_a_doi(cast: Cast) -> None:
    source = factories.make_source(cast.lena, "Experts", "expert")
    with pytest.raises(Refused):
        entries.add_record(
            actor=cast.lena,
            source_code=source.code,
            citation=Citation(year=2001),
            now=NOW,
        )
    by_doi = entries.add_record(
        actor=cast.lena,
        source_code=source.code,
        citation=Citation(doi="10.5555/a"),
        now=NOW,
    )
    assert by_doi.record.title == ""


def test_reviewer_may_not_add_records(cast: Cast) -> None:
    source = factories.make_source(cast.lena, "Experts", "expert")
    with pytest.raises(NotAllowed):
        entries.add_record(
            actor=cast.ada, source_code=source.code, citation=KNOWN, now=NOW
        )


def test_another_review_s_records_are_never_matched(cast: Cast) -> None:
    make_known(cast)
    assert matches_for_viewer(cast.eve, KNOWN) == ()


def test_hook_is_called_for_a_new_record(cast: Cast, monkeypatch) -> None:
    heard = []
    providers = [lambda **arguments: heard.append(arguments)]
    monkeypatch.setattr(records_changed, "providers", providers)
    source = factories.make_source(cast.lena, "Experts", "expert")
    entries.add_record(
        actor=cast.lena, source_code=source.code, citation=KNOWN, now=NOW
    )
    assert [call["review"] for call in heard] == [cast.review]
