"""The safeguards of reviewapp/core/blinding.py, each on its own."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.db import (
    DatabaseError,
    IntegrityError,
    connection,
    models,
    transaction,
)
from django.db.models import Exists, OuterRef, Subquery

from charting.models.charts import Chart, ChartRound
from reviewapp.core import checks
from reviewapp.core.blinding import (
    Audience,
    BlindingError,
    ClosedQuerySet,
    Contribution,
    RoundBase,
)
from screening.decisions.models import Decision, Stage
from screening.decisions.models.rounds import Round, Vote
from tests import factories
from tests.conftest import Cast

SEALED = [Vote, Chart, Round, ChartRound]


def make_round(cast: Cast, **extra: Any) -> Round:
    stage, _ = Stage.objects.get_or_create(
        review=cast.review,
        position=1,
        defaults={
            "kind": "title_abstract",
            "subject": "record",
            "name": "Title and abstract",
            "created_at": factories.NOW,
        },
    )
    record = factories.make_records(
        cast.dora, 1, factories.make_source(cast.dora, uuid.uuid4().hex)
    )[0]
    return Round.objects.unblinded(reason="test").create(
        review=cast.review,
        stage=stage,
        wave=factories.make_wave(cast.dora, stage),
        record=record,
        order=1,
        created_at=factories.NOW,
        **extra,
    )


def make_vote(round_: Round, author: Any, version: int = 1) -> Vote:
    return Vote.objects.unblinded(reason="test").create(
        round=round_,
        author=author,
        version=version,
        verdict="include",
        key=uuid.uuid4(),
        created_at=factories.NOW,
    )


def make_decision(round_: Round) -> Decision:
    return Decision.objects.create(
        review=round_.review,
        stage=round_.stage,
        round=round_,
        record=round_.record,
        verdict="include",
        how=Decision.How.AGREEMENT,
        decided_at=factories.NOW,
    )


PUBLIC = [
    name
    for name in dir(models.QuerySet)
    if not name.startswith("_") and name not in {"as_manager"}
]


@pytest.mark.parametrize("model", SEALED)
@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_method_of_a_queryset_is_closed(
    model: type[models.Model], name: str
) -> None:
    queryset = model.objects.get_queryset()
    assert isinstance(queryset, ClosedQuerySet)
    with pytest.raises(BlindingError):
        value = getattr(queryset, name)
        value() if callable(value) else value


@pytest.mark.parametrize("model", SEALED)
def test_the_manager_is_closed_too(model: type[models.Model]) -> None:
    for call in (
        lambda: model.objects.all(),
        lambda: model.objects.filter(pk=1),
        lambda: model.objects.count(),
        lambda: model.objects.none(),
        lambda: model._base_manager.all(),
        lambda: model._default_manager.first(),
        lambda: list(model.objects.get_queryset()),
        lambda: bool(model.objects.get_queryset()),
        lambda: len(model.objects.get_queryset()),
        lambda: model.objects.get_queryset()[0],
        lambda: model.objects.get_queryset() | model.objects.get_queryset(),
    ):
        with pytest.raises(BlindingError):
            call()


@pytest.mark.parametrize("model", SEALED)
def test_it_fails_when_the_query_is_built_not_when_it_runs(
    model: type[models.Model],
) -> None:
    with pytest.raises(BlindingError):
        Exists(model.objects.get_queryset())
    with pytest.raises(BlindingError):
        Subquery(model.objects.get_queryset())
    with pytest.raises(BlindingError):
        Stage.objects.filter(pk__in=model.objects.get_queryset())
    with pytest.raises(BlindingError):
        Stage.objects.annotate(x=Exists(model.objects.filter(pk=OuterRef("pk"))))


def test_unblinded_wants_a_reason() -> None:
    with pytest.raises(BlindingError):
        Vote.objects.unblinded(reason=" ")


def test_a_member_reads_their_own_votes_and_no_others(cast: Cast) -> None:
    round_ = make_round(cast)
    mine = make_vote(round_, cast.ada)
    make_vote(round_, cast.ben)
    assert [v.pk for v in Vote.objects.visible_to(cast.ada)] == [mine.pk]
    for other in (cast.cleo, cast.dora, cast.olaf, cast.eve):
        assert not Vote.objects.visible_to(other).exists()


def test_the_audience_decides_who_reads(cast: Cast) -> None:
    round_ = make_round(cast)
    make_vote(round_, cast.ada)
    rounds = Round.objects.unblinded(reason="test").filter(pk=round_.pk)
    rounds.update(
        audience=Audience.ADJUDICATORS,
        sealed_at=factories.NOW,
        revealed_at=factories.NOW,
    )
    assert Vote.objects.visible_to(cast.cleo).count() == 1
    assert Vote.objects.visible_to(cast.dora).count() == 1
    assert Vote.objects.visible_to(cast.ben).count() == 0
    assert Vote.objects.visible_to(cast.eve).count() == 0
    rounds.update(audience=Audience.MEMBERS)
    assert Vote.objects.visible_to(cast.ben).count() == 1
    assert Vote.objects.visible_to(cast.olaf).count() == 1
    assert Vote.objects.visible_to(cast.eve).count() == 0


def test_a_round_seen_by_a_member_does_not_tell_how_far_it_is(cast: Cast) -> None:
    make_round(cast)
    seen = Round.objects.seen_by(cast.ben).get()
    for secret in ("audience", "sealed_at", "revealed_at", "unblinded_at"):
        with pytest.raises(BlindingError):
            getattr(seen, secret)
    assert not Round.objects.seen_by(cast.eve).exists()
    assert not Round.objects.revealed_to(cast.cleo).exists()


def test_an_instance_cannot_be_refreshed_or_saved_again(cast: Cast) -> None:
    vote = make_vote(make_round(cast), cast.ada)
    with pytest.raises(BlindingError):
        vote.refresh_from_db()
    with pytest.raises(BlindingError):
        vote.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        vote.delete()


def test_no_join_leads_into_a_blinded_table() -> None:
    sealed = [m for m in apps.get_models() if issubclass(m, Contribution | RoundBase)]
    assert set(sealed) == set(SEALED)
    for model in apps.get_models():
        for relation in model._meta.related_objects:
            if not relation.hidden:
                assert relation.related_model not in sealed, (model, relation)


def test_the_system_checks_hold() -> None:
    assert checks.blinding_safeguards(None) == []


def test_a_check_refuses_a_way_in_and_a_table_that_points_at_a_vote() -> None:
    class Leak(models.Model):
        vote = models.ForeignKey(Vote, on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "tests_only"

    class OpenVote(Contribution):
        round = models.ForeignKey(Round, on_delete=models.PROTECT)

        class Meta:
            app_label = "tests_only"

    assert [e.id for e in checks._missing_safeguards(Leak)] == ["core.E002"]
    assert {e.id for e in checks._missing_safeguards(OpenVote)} >= {
        "core.E001",
        "core.E004",
    }


def refused(sql: str, *params: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql, params)


def test_the_database_keeps_votes_as_cast(cast: Cast) -> None:
    vote = make_vote(make_round(cast), cast.ada)
    refused("UPDATE decisions_vote SET verdict = 'exclude' WHERE id = %s", vote.pk)
    refused("DELETE FROM decisions_vote WHERE id = %s", vote.pk)
    refused("DELETE FROM decisions_round")


def test_the_database_takes_a_vote_in_a_sealed_round(cast: Cast) -> None:
    """Its author may not know that all have voted, so nothing can be refused."""
    round_ = make_round(cast, sealed_at=factories.NOW)
    make_vote(round_, cast.ada)


def test_the_database_refuses_a_vote_after_the_decision(cast: Cast) -> None:
    round_ = make_round(cast, sealed_at=factories.NOW)
    make_decision(round_)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_vote(round_, cast.ada)


@pytest.mark.parametrize("audience", [Audience.ADJUDICATORS, Audience.MEMBERS])
def test_the_database_refuses_a_vote_of_who_can_read_the_others(
    cast: Cast, audience: Audience
) -> None:
    """This also compares ``Member.reach`` with the SQL of the trigger."""
    round_ = make_round(cast, revealed_at=factories.NOW, audience=audience)
    for member in (cast.ada, cast.cleo, cast.dora, cast.lena, cast.olaf):
        if audience < member.reach:
            make_vote(round_, member)
        else:
            with pytest.raises(IntegrityError), transaction.atomic():
                make_vote(round_, member)


def test_the_audience_only_widens(cast: Cast) -> None:
    make_round(
        cast,
        sealed_at=factories.NOW,
        revealed_at=factories.NOW,
        audience=Audience.MEMBERS,
    )
    refused("UPDATE decisions_round SET audience = 1")
    refused("UPDATE decisions_round SET sealed_at = NULL")
    refused("UPDATE decisions_round SET revealed_at = now()")


def test_a_widened_audience_has_a_time(cast: Cast) -> None:
    round_ = make_round(cast)
    refused("UPDATE decisions_round SET audience = 1 WHERE id = %s", round_.pk)
    refused("UPDATE decisions_round SET revealed_at = now() WHERE id = %s", round_.pk)


@pytest.mark.django_db(transaction=True)
def test_a_vote_that_races_the_reveal_waits_and_is_refused(cast: Cast) -> None:
    round_ = make_round(cast)
    started, results = threading.Event(), []

    def vote() -> None:
        started.set()
        try:
            make_vote(round_, cast.ada)
            results.append("cast")
        except IntegrityError:
            results.append("refused")
        finally:
            connection.close()

    thread = threading.Thread(target=vote)
    with transaction.atomic():
        Round.objects.unblinded(reason="test").filter(pk=round_.pk).update(
            audience=Audience.MEMBERS,
            sealed_at=factories.NOW,
            revealed_at=factories.NOW,
        )
        thread.start()
        started.wait(5)
        thread.join(0.5)
        assert results == []  # the vote waits for the reveal
    thread.join(10)
    assert results == ["refused"]
