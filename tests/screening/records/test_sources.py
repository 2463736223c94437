"""Services of sources: the search log."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from reviewapp.core.models import Event
from reviewapp.core.refusals import Missing, NotAllowed, Refused
from screening.records.models import Arm, Source
from screening.records.services import sources
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW


def test_a_source_keeps_its_prisma_s_fields(cast: Cast) -> None:
    source = sources.add_source(
        actor=cast.lena,
        kind="database",
        name="  Medline  ALL ",
        platform="Ovid",
        searched_on=date(2021, 3, 14),
        strategy="exp Peer Group/",
        limits="English",
        hits_reported=4102,
        now=NOW,
    )
    source.refresh_from_db()
    assert source.name == "Medline ALL"
    assert source.arm is Arm.DATABASES
    assert (source.platform, source.hits_reported) == ("Ovid", 4102)
    assert Event.objects.get(kind="source:added").subject == source.code


@pytest.mark.parametrize(
    ("kind", "arm"),
    [("register", Arm.DATABASES), ("expert", Arm.OTHER), ("reference_list", Arm.OTHER)],
)
def test_the_kind_decides_the_arm(cast: Cast, kind: str, arm: Arm) -> None:
    assert sources.add_source(actor=cast.lena, kind=kind, name="x", now=NOW).arm is arm


def test_two_sources_of_a_review_cannot_have_one_name(cast: Cast) -> None:
    sources.add_source(actor=cast.lena, kind="database", name="Scopus", now=NOW)
    with pytest.raises(Refused, match="already has a source named Scopus"):
        sources.add_source(actor=cast.dora, kind="register", name="Scopus", now=NOW)
    sources.add_source(actor=cast.eve, kind="database", name="Scopus", now=NOW)
    assert Source.objects.count() == 2


@pytest.mark.parametrize("name", ["", "   "])
def test_a_source_needs_a_name(cast: Cast, name: str) -> None:
    with pytest.raises(Refused):
        sources.add_source(actor=cast.lena, kind="database", name=name, now=NOW)


def test_a_kind_that_does_not_exist_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused):
        sources.add_source(actor=cast.lena, kind="crystal ball", name="x", now=NOW)


def test_a_reviewer_may_not_add_a_source(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        sources.add_source(actor=cast.ada, kind="database", name="x", now=NOW)


def test_change_is_in_the_audit_log_with_old_and_new_values(cast: Cast) -> None:
    source = factories.make_source(cast.lena, "Medline")
    sources.change_source(
        actor=cast.lena,
        source_code=source.code,
        kind="database",
        name="Medline",
        hits_reported=12,
        searched_on=date(2021, 3, 14),
        now=NOW,
    )
    changed = Event.objects.get(kind="source:changed").data["changed"]
    assert changed == {"hits_reported": [None, 12], "searched_on": [None, "2021-03-14"]}


def test_saving_without_a_change_leaves_no_event(cast: Cast) -> None:
    source = factories.make_source(cast.lena, "Medline")
    sources.change_source(
        actor=cast.lena,
        source_code=source.code,
        kind="database",
        name="Medline",
        now=NOW,
    )
    assert not Event.objects.filter(kind="source:changed").exists()


def test_a_source_with_records_stays_in_its_arm(cast: Cast) -> None:
    source = factories.make_source(cast.lena, "Medline")
    factories.make_records(cast.lena, 1, source)
    with pytest.raises(Refused, match="other column"):
        sources.change_source(
            actor=cast.lena,
            source_code=source.code,
            kind="expert",
            name="Medline",
            now=NOW,
        )
    source.refresh_from_db()
    assert source.kind == "database"


def test_another_review_s_source_cannot_be_changed(cast: Cast) -> None:
    source = factories.make_source(cast.lena, "Medline")
    with pytest.raises(Missing):
        sources.change_source(
            actor=cast.eve,
            source_code=source.code,
            kind="database",
            name="Mine",
            now=NOW,
        )


@pytest.mark.django_db
def test_the_database_keeps_records_in_the_review_of_their_source(cast: Cast) -> None:
    source = factories.make_source(cast.lena)
    factories.make_records(cast.lena, 1, source)
    connection.check_constraints()
    assert cast.eve.review != source.review
    with pytest.raises(IntegrityError, match="records_record_source_in_review"):
        with transaction.atomic():
            factories.make_records(cast.lena, 1, source, review=cast.eve.review)
            connection.check_constraints()
