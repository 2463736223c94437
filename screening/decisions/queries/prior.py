"""Importing earlier decisions: the effect of a mapping.

Nothing here depends on votes. A member's own vote counts more than the file, and no
one learns whether there is one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.text import slugify

from reviewapp.core.models import Event, Job, Member
from reviewapp.core.queries.jobs import JobView
from reviewapp.core.queries.jobs import job_view as job_view
from screening.decisions.models import Reason, Stage
from screening.decisions.models.rounds import Assignment, Finished, Verdict
from screening.decisions.queries import policies, stage_items, waves
from screening.imports.queries import prior
from screening.records.models import Import

JOB = "decisions.prior"
CHUNK = 2000
# Initial values for words of Rayyan, Covidence, ASReview, Abstrackr and spreadsheets.
USUAL = {
    "include": Verdict.INCLUDE, "included": Verdict.INCLUDE, "yes": Verdict.INCLUDE,
    "relevant": Verdict.INCLUDE, "1": Verdict.INCLUDE,
    "exclude": Verdict.EXCLUDE, "excluded": Verdict.EXCLUDE, "no": Verdict.EXCLUDE,
    "irrelevant": Verdict.EXCLUDE, "not-relevant": Verdict.EXCLUDE,
    "0": Verdict.EXCLUDE,
    "maybe": Verdict.UNSURE, "unsure": Verdict.UNSURE, "undecided": Verdict.UNSURE,
    "borderline": Verdict.UNSURE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PriorMapping:
    """The meaning of the file's names, words and reasons.

    ``people``: name in the file → member; ``words``: word → verdict; ``reasons``:
    text → reason of the stage; ``other_reason``: for records with no known reason.
    Other names, words and reasons are not imported.
    """

    stage: Stage
    people: MappingOf[str, Member]
    words: MappingOf[str, str]
    reasons: MappingOf[str, Reason] = field(default_factory=dict)
    other_reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class PriorDecision:
    """A decision of the file and the round that it belongs to."""

    round_code: str
    verdict: str
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class MemberShare:
    """The effect of a mapping for one member.

    ``places``: decisions in rounds where they have an assignment. ``not_assigned``:
    number of records that are not assigned to them at the stage. ``contradictory``:
    number of records with contradictory decisions. ``without_reason``: number of
    exclusions without the reason that the stage needs.
    """

    member: Member
    names: tuple[str, ...]
    places: tuple[PriorDecision, ...]
    not_assigned: int
    contradictory: int
    without_reason: int

    @property
    def n(self) -> int:
        """Return the number of decisions that can be imported."""
        return len(self.places)


@dataclass(frozen=True, slots=True)
class ReceivedVotes:
    """Imported votes of a member: who imported them, and from which file."""

    stage: Stage
    by: str
    file_name: str
    n: int


def stages_for_prior(viewer: Member) -> list[Stage]:
    """Return record stages under way with fixed assignment, which can take votes."""
    found = Stage.objects.filter(
        waves.under_way(), review=viewer.review_id, subject=Stage.Subject.RECORD
    ).order_by("position")
    return [stage for stage in found if policies.pool_size_of(stage) is None]


def usual_verdict(word: str) -> str:
    """Return the usual verdict of a tool's word, or ""."""
    return str(USUAL.get(slugify(word), ""))


def member_shares(batch: Import, mapping: PriorMapping) -> list[MemberShare]:
    """Return the effect of the mapping for each member, in the order of the file."""
    said: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    reasons: dict[int, Reason] = {}
    for line in prior.prior_lines(batch):
        known = [mapping.reasons[r] for r in line.reasons if r in mapping.reasons]
        if known:
            reasons.setdefault(line.record, known[0])
        for who, word in line.decisions:
            if who in mapping.people and word in mapping.words:
                verdict = mapping.words[word]
                said[mapping.people[who].pk][line.record].add(verdict)
    return [
        _share(member, mapping, said[member.pk], reasons)
        for member in dict.fromkeys(mapping.people.values())
    ]


def _share(
    member: Member,
    mapping: PriorMapping,
    said: MappingOf[int, set[str]],
    reasons: MappingOf[int, Reason],
) -> MemberShare:
    rounds = _rounds(member, mapping.stage, list(said))
    places: list[PriorDecision] = []
    not_assigned = contradictory = without_reason = 0
    for record, verdicts in said.items():
        if len(verdicts) > 1:
            contradictory += 1
            continue
        verdict = next(iter(verdicts))
        reason = None
        if verdict == Verdict.EXCLUDE:
            reason = reasons.get(record, mapping.other_reason)
        if record not in rounds:
            not_assigned += 1
        elif (
            verdict == Verdict.EXCLUDE and mapping.stage.needs_reason and reason is None
        ):
            without_reason += 1
        else:
            places.append(PriorDecision(rounds[record], verdict, reason))
    names = tuple(who for who, one in mapping.people.items() if one == member)
    return MemberShare(
        member, names, tuple(places), not_assigned, contradictory, without_reason
    )


def _rounds(member: Member, stage: Stage, records: Sequence[int]) -> dict[int, str]:
    """Return round codes of the records that are assigned to the member (public)."""
    found: dict[int, str] = {}
    for start in range(0, len(records), CHUNK):
        assignments = Assignment.objects.filter(
            stage_items.subject_in_review("round__"),
            stage=stage,
            round__wave__closed_at=None,
            member=member,
            vacated_at=None,
            round__record__in=records[start : start + CHUNK],
        )
        found |= dict(assignments.values_list("round__record", "round__code"))
    return found


def latest_job(viewer: Member, batch: Import) -> JobView | None:
    """Return the latest import of decisions from this file, or None."""
    job = (
        Job.objects.filter(
            review=viewer.review_id, kind=JOB, key__startswith=batch.code
        )
        .order_by("-pk")
        .first()
    )
    return job_view(job) if job else None


def received_votes(viewer: Member) -> list[ReceivedVotes]:
    """Return imported votes of the viewer that they have not checked.

    They have checked them if they mark their screening as finished later. Uses the
    viewer's own events only.
    """
    events = Event.objects.filter(
        review=viewer.review_id, kind="prior:received", private_to=viewer
    ).order_by("-pk")[:20]
    found = []
    for event in events:
        stage = Stage.objects.filter(
            waves.under_way(), review=viewer.review_id, code=event.subject
        ).first()
        later = Finished.objects.filter(
            wave__stage=stage, member=viewer, at__gt=event.at
        ).exists()
        if stage and not later:
            data = event.data
            found.append(ReceivedVotes(stage, data["by"], data["file_name"], data["n"]))
    return found
