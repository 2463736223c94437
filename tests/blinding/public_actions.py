"""Public actions of the team, before or after something hidden."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from reviewapp.core import jobs
from reviewapp.core.models import Job, Member, Role
from reviewapp.core.refusals import Refused
from reviewapp.core.services import team
from screening.citations.citation import Citation
from screening.conflicts.services import resolutions
from screening.decisions.models.rounds import Round
from screening.decisions.queries import conflicts, queue
from screening.decisions.services import (
    assignments,
    closing,
    finalising,
    policies,
    stages,
    unblinding,
    votes,
)
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.services import duplicates
from screening.imports.services import entries, import_undo, imports
from screening.records import hooks
from screening.records.models import Duplicate, Import, Source
from tests import factories
from tests.blinding.world import World, vote
from tests.factories import NOW


def nothing(world: World) -> None:
    """Do nothing."""


def a_record_comes_in(world: World) -> None:
    """Add a record; rounds and assignments are added for it."""
    entries.add_record(
        actor=world.cast.lena,
        source_code=Source.objects.get(review=world.cast.review, name="Medline").code,
        citation=Citation(title="A record that came late", doi="10.5555/late.1"),
        now=NOW,
    )


def the_sample_grows(world: World) -> None:
    """Add Cleo: she is assigned rounds that are not sealed."""
    cast = world.cast
    policies.set_policy(
        actor=cast.dora,
        stage_code=world.title.code,
        mode="fixed",
        lines=[
            (Decimal(100), [cast.ada]),
            (Decimal(20), [cast.ben]),
            (Decimal(50), [cast.cleo]),
        ],
        now=NOW,
    )


def a_pair_is_answered(world: World) -> None:
    """Merge a late duplicate, which leaves the stage with its votes."""
    pair = PossibleDuplicate.objects.get(code=world.args["pair"])
    duplicates.decide_pair(
        actor=world.cast.lena, pair_code=pair.code, answer="same", now=NOW
    )


def ada_goes_on(world: World) -> None:
    """Let Ada vote in rounds of her own."""
    for code in world.alone[20:23]:
        vote(world.cast.ada, code, "exclude")


def dora_tries_to_close(world: World) -> None:
    """Try to close too early: the refusal is the same in all worlds."""
    with pytest.raises(Refused, match="You can't close"):
        closing.close_wave(actor=world.cast.dora, stage_code=world.title.code, now=NOW)


def a_merge_is_undone(world: World) -> None:
    """Separate two records again."""
    edge = Duplicate.objects.get(code=world.args["duplicate"])
    duplicates.undo_merge(actor=world.cast.lena, merge_code=edge.code, now=NOW)


def an_import_ends(world: World) -> None:
    """Import the pending file; deduplication runs."""
    batch = Import.objects.get(code=world.args["batch"])
    imports.confirm_import(actor=world.cast.lena, import_code=batch.code, now=NOW)
    waiting = Job.objects.filter(review=world.cast.review, state=Job.State.QUEUED)
    for kind in ("records.import", "records.duplicates"):
        for job in waiting.filter(kind=kind):
            jobs.run_claimed_job(job.pk)


def an_import_is_undone(world: World) -> None:
    """Undo an import with all its records."""
    batch = Import.objects.get(code=world.args["committed"])
    import_undo.undo_import(
        actor=world.cast.lena,
        import_code=batch.code,
        typed_name=batch.file_name,
        now=NOW,
    )


def dora_unblinds_another_one(world: World) -> None:
    """Unblind a round in which Ada has voted and Ben has not; it has nothing hidden."""
    unblinding.unblind_round(
        actor=world.cast.dora, round_code=world.shared[4], reason="Ill", now=NOW
    )


def cleo_settles(world: World) -> None:
    """Resolve the open conflict."""
    resolutions.resolve(
        actor=world.cast.cleo,
        round_code=world.shared[2],
        verdict="exclude",
        rationale="Not about peers.",
        now=NOW,
    )


def cleo_reopens(world: World) -> None:
    """Reopen a resolved conflict; its report has moved on and may be set aside."""
    resolutions.reopen(
        actor=world.cast.cleo,
        round_code=world.shared[3],
        why="A slip of the key.",
        now=NOW,
    )


def dora_includes_it_again(world: World) -> None:
    """Resolve the reopened conflict; its report comes back."""
    resolutions.resolve(
        actor=world.cast.dora,
        round_code=world.shared[3],
        verdict="include",
        rationale="It meets all criteria after all.",
        now=NOW,
    )


def cleo_leaves(world: World) -> None:
    """Remove Cleo; her open assignments are removed."""
    team.remove_member(actor=world.cast.dora, member=world.cast.cleo, now=NOW)


def olaf_becomes_a_librarian(world: World) -> None:
    """Change a role."""
    team.change_role(
        actor=world.cast.dora,
        member=world.cast.olaf,
        role=Role.LIBRARIAN,
        now=NOW,
    )


def ada_changes_her_mind(world: World) -> None:
    """Let Ada change and withdraw votes."""
    vote(world.cast.ada, world.alone[0], "exclude", note="Second thoughts.")
    votes.withdraw_vote(
        actor=world.cast.ada, round_code=world.alone[1], key=uuid.uuid4(), now=NOW
    )


def a_second_wave_opens(world: World) -> None:
    """Screen and close the first wave; ten late records open the second one."""
    cast, stage = world.cast, world.title
    for member in (cast.ada, cast.ben):
        while place := queue.next_place(member, stage):
            vote(member, place.round_code, "include")
        stages.mark_finished(actor=member, stage_code=stage.code, now=NOW)
    for code in conflicts.open_conflict_codes(cast.cleo):
        if Round.objects.seen_by(cast.cleo).filter(code=code, stage=stage).exists():
            resolutions.resolve(
                actor=cast.cleo,
                round_code=code,
                verdict="exclude",
                rationale="Not about peers.",
                now=NOW,
            )
    closing.close_wave(actor=cast.dora, stage_code=stage.code, now=NOW)
    source = Source.objects.get(review=cast.review, name="Medline")
    factories.make_records(cast.lena, 10, source)
    hooks.records_changed.call(review=cast.review, actor=cast.lena, now=NOW)


def dora_finalises(world: World) -> None:
    """Make votes of single reviewers final: what Ada judged alone becomes public."""
    finalising.finalise_singles(
        actor=world.cast.dora, stage_code=world.title.code, now=NOW
    )


def _set_lines(world: World, *lines: tuple[int, list[Member]]) -> None:
    policies.set_policy(
        actor=world.cast.dora,
        stage_code=world.title.code,
        mode="fixed",
        lines=[(Decimal(share), members) for share, members in lines],
        now=NOW,
    )


def _rita(world: World) -> Member:
    """Return a further reviewer of the review, who joins at the first call."""
    review = world.cast.review
    found = Member.objects.filter(review=review, user__name="Rita").first()
    return found or factories.make_member(review, "Rita", Role.REVIEWER)


def ben_screens_everything(world: World) -> None:
    """Raise Ben's sample to 100 %: every record without a decision is assigned."""
    cast = world.cast
    _set_lines(world, (100, [cast.ada]), (100, [cast.ben]))


def a_third_reviewer_joins(world: World) -> None:
    """Add a third line of 50 %, after Ben's sample."""
    cast = world.cast
    _set_lines(world, (100, [cast.ada]), (20, [cast.ben]), (50, [_rita(world)]))


def rita_screens_too(world: World) -> None:
    """Add Rita to every record; she agrees with Ada where only Ada has voted."""
    cast, rita = world.cast, _rita(world)
    _set_lines(world, (100, [cast.ada]), (20, [cast.ben]), (100, [rita]))
    vote(rita, world.shared[4], "include", key=uuid.UUID(int=1000))


def rita_leaves(world: World) -> None:
    """Remove Rita; rounds that are complete without her are decided or conflicts."""
    team.remove_member(actor=world.cast.dora, member=_rita(world), now=NOW)


def cleo_takes_over_from_rita(world: World) -> None:
    """Remove Rita and hand over what she has not screened."""
    rita_leaves(world)
    _reassign(world, _rita(world), world.cast.cleo)


def rita_takes_over_from_ben(world: World) -> None:
    """Remove Ben and hand over what he has not screened, conflicts included."""
    cast, rita = world.cast, _rita(world)
    team.remove_member(actor=cast.dora, member=cast.ben, now=NOW)
    _reassign(world, cast.ben, rita)


def _reassign(world: World, former: Member, to: Member) -> None:
    assignments.reassign(
        actor=world.cast.dora,
        stage_code=world.title.code,
        former_code=former.code,
        to_code=to.code,
        now=NOW,
    )


def the_pool_grows(world: World) -> None:
    """Ask for three votes on each record of an open pool instead of two."""
    cast = world.cast
    policies.set_policy(
        actor=cast.dora,
        stage_code=world.title.code,
        mode="pool",
        lines=[(Decimal(100), [cast.ada, cast.ben, cast.cleo])],
        pool_size=3,
        now=NOW,
    )


PUBLIC = [
    a_record_comes_in,
    the_sample_grows,
    a_pair_is_answered,
    ada_goes_on,
    dora_tries_to_close,
]


# Public actions around hidden ones, in any order; refusals are compared too.
TEAMWORK = [
    *PUBLIC,
    a_merge_is_undone,
    an_import_ends,
    an_import_is_undone,
    dora_unblinds_another_one,
    cleo_settles,
    cleo_reopens,
    dora_includes_it_again,
    cleo_leaves,
    olaf_becomes_a_librarian,
    ada_changes_her_mind,
    ben_screens_everything,
    a_third_reviewer_joins,
    a_second_wave_opens,
    dora_finalises,
]


def everything(world: World) -> None:
    """Do all of them, one after the other."""
    for action in PUBLIC:
        action(world)


def _both(world: World, first: str, second: str) -> None:
    for name in (first, second):
        author = getattr(world.cast, name)
        for slot, verdict in ((5, "include"), (6, "exclude")):
            vote(author, world.shared[slot], verdict, key=uuid.UUID(int=slot))
        vote(author, world.full[6], "include", key=uuid.UUID(int=9))


def ada_then_ben(world: World) -> None:
    """Let both agree on three rounds; Ben votes last."""
    _both(world, "ada", "ben")


def ben_then_ada(world: World) -> None:
    """Cast the same votes; Ada votes last."""
    _both(world, "ben", "ada")
