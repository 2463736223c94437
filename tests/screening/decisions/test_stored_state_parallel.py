"""Stored counts stay right when members and leads act at the same moment."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from threading import Barrier, Thread

import pytest
from django.db import connection

from reviewapp.core.management.commands.check_integrity import differences
from screening.decisions.models import RoundTally, Stage
from screening.decisions.models.rounds import Assignment
from screening.decisions.services import votes
from screening.duplicates.services import merge_graph
from screening.records.models import Duplicate, Record
from tests import factories
from tests.conftest import Cast
from tests.screening.decisions.conftest import rounds_of

NOW = factories.NOW


def at_once(*works: Callable[[], object]) -> None:
    """Run each in a thread with its own connection, all starting together."""
    errors: list[BaseException] = []
    barrier = Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            barrier.wait()
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


@pytest.mark.django_db(transaction=True)
def test_votes_merges_and_sweeps_at_the_same_moment_lose_no_count(
    cast: Cast, double: Stage, records: Sequence[Record]
) -> None:
    from reviewapp.core.services import tallies

    rounds = rounds_of(double)

    def vote_all(member: object) -> Callable[[], None]:
        def work() -> None:
            for code in rounds.values():
                votes.cast_vote(
                    actor=member,  # type: ignore[arg-type]
                    round_code=code,
                    verdict="exclude",
                    key=uuid.uuid4(),
                    now=NOW,
                )

        return work

    def merge() -> None:
        from django.db import transaction

        for record in records[1:4]:
            with transaction.atomic():
                merge_graph.lock_edges(cast.review)
                Duplicate.objects.create(
                    review=cast.review,
                    record=record,
                    of=records[0],
                    how=Duplicate.How.PERSON,
                    created_at=NOW,
                    created_by=cast.lena,
                )

    def sweep() -> None:
        for _ in range(10):
            tallies.fold_tallies()

    at_once(vote_all(cast.ada), vote_all(cast.ben), merge, sweep)
    assert differences(cast.review) == []
    assert Assignment.objects.filter(is_done=True).count() == 12
    assert Assignment.objects.filter(is_aside=True).count() == 6
    tallies.fold_tallies()
    assert differences(cast.review) == []
    assert not RoundTally.objects.filter(is_folded=False).exists()


@pytest.mark.django_db
def test_a_count_that_differs_is_found(cast: Cast, double: Stage) -> None:
    assert differences(cast.review) == []
    RoundTally.objects.create(
        review=cast.review,
        stage=double,
        wave=double.waves.get(),
        is_aside=False,
        verdict="include",
        how="agreement",
        n=1,
    )
    assert any("number of rounds" in line for line in differences(cast.review))
