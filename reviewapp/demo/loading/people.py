"""The invented team of the demo reviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from reviewapp.core.models import Member, Role, User
from reviewapp.core.services import reviews, team

PASSWORD = "seven lanterns at noon"  # noqa: S105  (printed; refused outside localhost)


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A user of the demo; ``tries`` names their tasks."""

    name: str
    email: str
    role: Role
    tries: str


LEAD = DemoUser(
    "Kari Solheim", "kari@example.org", Role.LEAD, "assignments, flow, export"
)
FIRST = DemoUser(
    "Ada Lindqvist", "ada@example.org", Role.REVIEWER, "screens all, charts"
)
SECOND = DemoUser(
    "Ben Okafor", "ben@example.org", Role.REVIEWER, "screens 20 %, charts"
)
ADMIN = DemoUser("Cleo Marchetti", "cleo@example.org", Role.ADMIN, "resolves conflicts")
LIBRARIAN = DemoUser(
    "Lena Vogel", "lena@example.org", Role.LIBRARIAN, "imports records"
)
OBSERVER = DemoUser(
    "Olaf Brandt", "olaf@example.org", Role.OBSERVER, "sees final decisions"
)
PEOPLE = (LEAD, FIRST, SECOND, ADMIN, LIBRARIAN, OBSERVER)


@dataclass(frozen=True, slots=True)
class DemoTeam:
    """The members of one demo review."""

    lead: Member
    first: Member
    second: Member
    admin: Member
    librarian: Member
    observer: Member


def gather_team(*, title: str, password: str, now: datetime) -> DemoTeam:
    """Return the team of the review called ``title``; create what is missing."""
    users = {person: _user(person, password) for person in PEOPLE}
    lead = find_lead(title) or reviews.create_review(
        user=users[LEAD], title=title, now=now
    )
    others = [_member(lead, users[p], p.role, now) for p in PEOPLE[1:]]
    return DemoTeam(lead, *others)


def find_lead(title: str) -> Member | None:
    """Return the demo lead's membership in the review called ``title``, or None."""
    return (
        Member.objects.select_related("review", "user")
        .filter(review__title=title, user__email=LEAD.email, role=Role.LEAD)
        .order_by("pk")
        .first()
    )


@transaction.atomic
def _user(person: DemoUser, password: str) -> User:
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(person.email, password, name=person.name)
        EmailAddress.objects.create(
            user=user, email=person.email, verified=True, primary=True
        )
    return user


@transaction.atomic
def _member(lead: Member, user: User, role: Role, now: datetime) -> Member:
    member = Member.objects.filter(review=lead.review, user=user).first()
    if member is None:
        _, token = team.invite_member(actor=lead, email=user.email, role=role, now=now)
        member = team.accept_invitation(user=user, token=token, now=now)
    # All members share one review object, because services read it from the actor.
    member.review = lead.review
    return member
