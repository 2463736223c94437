"""Things that others do in the open, before or after something hidden."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from reviewapp.core import jobs
from reviewapp.core.models import Job, Role
from reviewapp.core.refusals import Refused
from reviewapp.core.services import team
from screening.citations.citation import Citation
from screening.conflicts.services import resolutions
from screening.decisions.services import closing, policies, unblinding, votes
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.services import duplicates
from screening.imports.services import entries, import_undo, imports
from screening.records.models import Duplicate, Import, Source
from tests.blinding.world import World, vote
from tests.factories import NOW


def nothing(world: World) -> None:
    """Nothing."""


def a_record_comes_in(world: World) -> None:
    """Rounds and seats are topped up."""
    entries.add_record(
        actor=world.cast.lena,
        source=Source.objects.get(review=world.cast.review, name="Medline"),
        citation=Citation(title="A record that came late", doi="10.5555/late.1"),
        now=NOW,
    )


def the_sample_grows(world: World) -> None:
    """Cleo joins: her seats are dealt among the rounds that are not sealed."""
    cast = world.cast
    policies.set_policy(
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
    pair = PossibleDuplicate.objects.get(code=world.args["pair"])
    duplicates.decide_pair(actor=world.cast.lena, pair=pair, answer="same", now=NOW)


def ada_goes_on(world: World) -> None:
    """Ada votes in rounds of her own."""
    for code in world.alone[20:23]:
        vote(world.cast.ada, code, "exclude")


def dora_tries_to_close(world: World) -> None:
    """Too early: the refusal says the same in all worlds."""
    with pytest.raises(Refused, match="Not closed"):
        closing.close_stage(actor=world.cast.dora, stage=world.title, now=NOW)


def a_merge_is_undone(world: World) -> None:
    """Two records are parted again."""
    edge = Duplicate.objects.get(code=world.args["duplicate"])
    duplicates.undo_merge(actor=world.cast.lena, duplicate=edge, now=NOW)


def an_import_ends(world: World) -> None:
    """The file that waits is imported; duplicates are looked for."""
    batch = Import.objects.get(code=world.args["batch"])
    imports.confirm_import(actor=world.cast.lena, batch=batch, now=NOW)
    waiting = Job.objects.filter(review=world.cast.review, state=Job.State.QUEUED)
    for kind in ("records.import", "records.duplicates"):
        for job in waiting.filter(kind=kind):
            jobs.run_claimed_job(job.pk)


def an_import_is_undone(world: World) -> None:
    """All records of a file leave."""
    batch = Import.objects.get(code=world.args["committed"])
    import_undo.undo_import(
        actor=world.cast.lena, batch=batch, typed_name=batch.file_name, now=NOW
    )


def dora_unblinds_another_one(world: World) -> None:
    """Ada has voted there, Ben has not; nothing hidden is in it."""
    unblinding.unblind_round(
        actor=world.cast.dora, round_code=world.shared[4], reason="Ill", now=NOW
    )


def cleo_settles(world: World) -> None:
    """The conflict that waits is settled."""
    resolutions.resolve(
        actor=world.cast.cleo,
        round_code=world.shared[2],
        verdict="exclude",
        rationale="Not about peers.",
        now=NOW,
    )


def cleo_leaves(world: World) -> None:
    """A member is removed; open places of hers are freed."""
    team.remove_member(actor=world.cast.dora, member=world.cast.cleo, now=NOW)


def olaf_becomes_a_librarian(world: World) -> None:
    """A role changes."""
    team.change_role(
        actor=world.cast.dora,
        member=world.cast.olaf,
        role=Role.LIBRARIAN,
        now=NOW,
    )


def ada_changes_her_mind(world: World) -> None:
    """Votes of hers are changed and taken back."""
    vote(world.cast.ada, world.alone[0], "exclude", note="Second thoughts.")
    votes.withdraw_vote(
        actor=world.cast.ada, round_code=world.alone[1], key=uuid.uuid4(), now=NOW
    )


PUBLIC = [
    a_record_comes_in,
    the_sample_grows,
    a_pair_is_answered,
    ada_goes_on,
    dora_tries_to_close,
]


# What a team may do around hidden acts, in any order; a refusal is an answer too.
TEAMWORK = [
    *PUBLIC,
    a_merge_is_undone,
    an_import_ends,
    an_import_is_undone,
    dora_unblinds_another_one,
    cleo_settles,
    cleo_leaves,
    olaf_becomes_a_librarian,
    ada_changes_her_mind,
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
