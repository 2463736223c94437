"""Taking over decisions made elsewhere: what a mapping of them comes to.

Nothing here depends on a vote: a member's own vote stands whatever the file says, and
whether there is one is told to nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.text import slugify

from reviewapp.core.models import Event, Job, Member
from reviewapp.core.queries.jobs import JobView
from reviewapp.core.queries.jobs import view as job_view
from screening.decisions.models import Reason, Stage
from screening.decisions.models.rounds import Finished, Seat, Verdict
from screening.decisions.queries import policies, subjects
from screening.records.models import Import
from screening.records.queries import prior

JOB = "decisions.prior"
CHUNK = 2000
# Words of Rayyan, Covidence, ASReview, Abstrackr and spreadsheets, to begin with.
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
class Mapping:
    """What a person said the file's names, words and reasons mean.

    ``people``: name in the file → member; ``words``: word → verdict; ``reasons``:
    text → reason of the stage; ``other_reason`` where a record names no known one.
    Names, words and reasons that are not in it are left out.
    """

    stage: Stage
    people: MappingOf[str, Member]
    words: MappingOf[str, str]
    reasons: MappingOf[str, Reason] = field(default_factory=dict)
    other_reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A decision and the round it goes to."""

    round_code: str
    verdict: str
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Share:
    """What a mapping comes to for one member.

    ``places``: decisions with a place of theirs; ``elsewhere``: records that are not
    theirs to read at the stage; ``twofold``: the file says two things of a record;
    ``unreasoned``: exclusions without the reason that the stage needs.
    """

    member: Member
    names: tuple[str, ...]
    places: tuple[Place, ...]
    elsewhere: int
    twofold: int
    unreasoned: int

    @property
    def n(self) -> int:
        """How many decisions can be taken over. Those voted already stay as cast."""
        return len(self.places)


@dataclass(frozen=True, slots=True)
class Received:
    """Votes that a member got by taking over: who did it, and from which file."""

    stage: Stage
    by: str
    file_name: str
    n: int


def stages(viewer: Member) -> list[Stage]:
    """Open record stages with fixed assignment: where votes can be taken over."""
    found = Stage.objects.filter(
        review=viewer.review_id,
        subject=Stage.Subject.RECORD,
        started_at__isnull=False,
        closed_at=None,
    ).order_by("position")
    return [stage for stage in found if policies.places(stage) is None]


def usual(word: str) -> str:
    """The verdict that a tool's word usually means; "" when it is not known."""
    return str(USUAL.get(slugify(word), ""))


def shares(batch: Import, mapping: Mapping) -> list[Share]:
    """What the mapping comes to, for each member, in file order."""
    said: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    reasons: dict[int, Reason] = {}
    for line in prior.lines(batch):
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
    mapping: Mapping,
    said: MappingOf[int, set[str]],
    reasons: MappingOf[int, Reason],
) -> Share:
    rounds = _rounds(member, mapping.stage, list(said))
    places: list[Place] = []
    elsewhere = twofold = unreasoned = 0
    for record, verdicts in said.items():
        if len(verdicts) > 1:
            twofold += 1
            continue
        verdict = next(iter(verdicts))
        reason = None
        if verdict == Verdict.EXCLUDE:
            reason = reasons.get(record, mapping.other_reason)
        if record not in rounds:
            elsewhere += 1
        elif (
            verdict == Verdict.EXCLUDE and mapping.stage.needs_reason and reason is None
        ):
            unreasoned += 1
        else:
            places.append(Place(rounds[record], verdict, reason))
    names = tuple(who for who, one in mapping.people.items() if one == member)
    return Share(member, names, tuple(places), elsewhere, twofold, unreasoned)


def _rounds(member: Member, stage: Stage, records: Sequence[int]) -> dict[int, str]:
    """Rounds by record where the member has a place (public: the policy drew it)."""
    found: dict[int, str] = {}
    for start in range(0, len(records), CHUNK):
        seats = Seat.objects.filter(
            subjects.in_review("round__", stage.subject),
            stage=stage,
            member=member,
            vacated_at=None,
            round__record__in=records[start : start + CHUNK],
        )
        found |= dict(seats.values_list("round__record", "round__code"))
    return found


def job_of(viewer: Member, batch: Import) -> JobView | None:
    """The latest taking over from this import."""
    job = (
        Job.objects.filter(
            review=viewer.review_id, kind=JOB, key__startswith=batch.code
        )
        .order_by("-pk")
        .first()
    )
    return job_view(job) if job else None


def received(viewer: Member) -> list[Received]:
    """Votes taken over in the viewer's name that they have not looked through.

    They have when they say afterwards that they have finished. One's own events only.
    """
    events = Event.objects.filter(
        review=viewer.review_id, kind="prior:received", private_to=viewer
    ).order_by("-pk")[:20]
    found = []
    for event in events:
        stage = Stage.objects.filter(
            review=viewer.review_id, code=event.subject, closed_at=None
        ).first()
        later = Finished.objects.filter(
            stage=stage, member=viewer, at__gt=event.at
        ).exists()
        if stage and not later:
            data = event.data
            found.append(Received(stage, data["by"], data["file_name"], data["n"]))
    return found
