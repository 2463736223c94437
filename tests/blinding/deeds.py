"""Things that others do in the open, before or after something hidden."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from reviewapp.core.refusals import Refused
from screening.decisions.services import closing, policies
from screening.records.formats.citation import Citation
from screening.records.models import DoubtfulPair, Source
from screening.records.services import duplicates, entries
from tests.blinding.world import World, vote
from tests.factories import NOW


def nothing(world: World) -> None:
    """Nothing."""


def a_record_comes_in(world: World) -> None:
    """Rounds and seats are topped up."""
    entries.add(
        actor=world.cast.lena,
        source=Source.objects.get(review=world.cast.review, name="Medline"),
        citation=Citation(title="A record that came late", doi="10.5555/late.1"),
        now=NOW,
    )


def the_sample_grows(world: World) -> None:
    """Cleo joins: her seats are dealt among the rounds that are not sealed."""
    cast = world.cast
    policies.set(
        actor=cast.dora,
        stage=world.title,
        mode="fixed",
        lines=[
            (Decimal(100), [cast.ada]),
            (Decimal(20), [cast.ben]),
            (Decimal(50), [cast.cleo]),
        ],
        now=NOW,
    )


def a_pair_is_answered(world: World) -> None:
    """A late duplicate leaves the stage, with whatever was said about it."""
    pair = DoubtfulPair.objects.get(review=world.cast.review)
    duplicates.answer(actor=world.cast.lena, pair=pair, answer="same", now=NOW)


def ada_goes_on(world: World) -> None:
    """Ada votes in rounds of her own."""
    for code in world.alone[20:23]:
        vote(world.cast.ada, code, "exclude")


def dora_tries_to_close(world: World) -> None:
    """Too early: the refusal says the same in all worlds."""
    with pytest.raises(Refused, match="Not closed"):
        closing.close(actor=world.cast.dora, stage=world.title, now=NOW)


PUBLIC = [
    a_record_comes_in,
    the_sample_grows,
    a_pair_is_answered,
    ada_goes_on,
    dora_tries_to_close,
]


def everything(world: World) -> None:
    """All of them, one after the other."""
    for deed in PUBLIC:
        deed(world)


def _both(world: World, first: str, second: str) -> None:
    for name in (first, second):
        author = getattr(world.cast, name)
        for slot, verdict in ((5, "include"), (6, "exclude")):
            vote(author, world.shared[slot], verdict, key=uuid.UUID(int=slot))
        vote(author, world.full[6], "include", key=uuid.UUID(int=9))


def ada_then_ben(world: World) -> None:
    """They agree on three rounds; Ben is the last one."""
    _both(world, "ada", "ben")


def ben_then_ada(world: World) -> None:
    """The same votes; Ada is the last one."""
    _both(world, "ben", "ada")
