"""Deletion of an account; votes and charts are kept under a pseudonym."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.accounts import login_sessions
from reviewapp.core import events, hooks
from reviewapp.core.codes import new_code
from reviewapp.core.models import Invitation, Member, Review, Role, User
from reviewapp.core.refusals import Refused


def pseudonym(member: Member) -> str:
    """Return the name of a member without account, such as "Former member 3f9a".

    It is different in each review, so that no one can connect the reviews.
    """
    return _("Former member {code}").format(code=member.code[-4:])


@transaction.atomic
def delete_account(*, user: User, now: datetime) -> None:
    """End all memberships of ``user`` and remove their personal data.

    Votes, charts and events are kept under a pseudonym in each review. Nobody can log
    in to the account any more, and its address can be used again. A review with no
    other members is archived.

    Raises:
        Refused: the user is the only lead of a review with other members.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    members = list(
        Member.objects.filter(user=user).select_related("review").order_by("review")
    )
    reviews = [member.review_id for member in members]
    list(
        Review.objects.select_for_update(no_key=True)
        .filter(pk__in=reviews)
        .order_by("pk")
    )
    _refuse_only_lead([member for member in members if member.is_active])
    for member in members:
        if member.is_active:
            _leave_review(member, now)
        Member.objects.filter(pk=member.pk).update(name=pseudonym(member))
    _remove_personal_data(user, members, now)


def _refuse_only_lead(members: list[Member]) -> None:
    stuck = [
        m.review.title for m in members if m.role == Role.LEAD and _is_only_lead(m)
    ]
    if stuck:
        titles = ", ".join(f"“{title}”" for title in stuck)
        raise Refused(
            _(
                "You are the only lead of {titles}. Make another member a lead first "
                "(Team, Change role). Then you can delete your account."
            ).format(titles=titles)
        )


def _is_only_lead(lead: Member) -> bool:
    others = Member.objects.filter(review=lead.review_id, removed_at=None).exclude(
        pk=lead.pk
    )
    return others.exists() and not others.filter(role=Role.LEAD).exists()


def _leave_review(member: Member, now: datetime) -> None:
    review = member.review
    member.removed_at = now
    member.save(update_fields=["removed_at"])
    events.record(
        review=review, actor=member, kind="member:left", now=now, subject=member.code
    )
    hooks.member_removed.call(review=review, member=member, actor=member, now=now)
    if not Member.objects.filter(review=review, removed_at=None).exists():
        Review.objects.filter(pk=review.pk).update(archived_at=now)
        events.record(
            review=review,
            actor=None,
            kind="review:archived",
            now=now,
            subject=review.code,
        )


def _remove_personal_data(user: User, members: list[Member], now: datetime) -> None:
    nobody = f"former-{new_code()}@deleted.invalid"
    addresses = {user.email.lower()}
    addresses |= set(
        EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    )
    theirs = Invitation.objects.filter(accepted_by__in=members)
    for address in addresses:
        theirs |= Invitation.objects.filter(email__iexact=address)
    pks = list(theirs.values_list("pk", flat=True))
    invitations = Invitation.objects.filter(pk__in=pks)
    invitations.filter(accepted_at=None, revoked_at=None).update(revoked_at=now)
    invitations.update(email=nobody)
    login_sessions.end_all_sessions(user)
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    user.email, user.name, user.is_active = nobody, _("Former member"), False
    user.set_unusable_password()
    user.save()
