"""Fields that no form has, sent to every form (mass assignment)."""

from __future__ import annotations

import hashlib

from tests.attack.ledger import Ledger
from tests.attack.site import Site
from tests.attack.tenants import VOTE, of_reviews
from tests.blinding import addresses

LONG_AGO = "1999-01-01"


def fields(site: Site) -> dict[str, str]:
    """Return fields that would change the author, the owner or the role."""
    ours = site.ours.cast
    return {
        "id": "1",
        "pk": "1",
        "code": "aaaaaaaaaaaaaa",
        "order": "-1",
        "review": ours.review.code,
        "review_id": str(ours.review.pk),
        "user": str(ours.ada.user.pk),
        "user_id": str(ours.ada.user.pk),
        "author": str(ours.ada.pk),
        "created_by": str(ours.ada.pk),
        "actor": str(ours.ada.pk),
        "member": ours.ada.code,
        "is_staff": "on",
        "is_superuser": "on",
        "is_active": "on",
        "created_at": LONG_AGO,
        "added_at": LONG_AGO,
        "joined_at": LONG_AGO,
        "removed_at": "",
        "revealed_at": LONG_AGO,
        "sealed_at": LONG_AGO,
        "audience": "members",
        "stage": site.ours.title.code,
        "state": "done",
        "outcome": "include",
        "verdict": "include",
        "prior": "{}",
        "token_digest": "0",
        "expires_at": "2999-01-01",
        "version": "99",
    }


def _of(review_pk: int) -> str:
    """Return a digest of all data of a review; nothing in it may change."""
    from django.apps import apps
    from django.db import connection

    found = hashlib.sha256()
    for model in sorted(apps.get_models(), key=lambda m: m._meta.db_table):
        names = {field.name: field for field in model._meta.concrete_fields}
        if "review" not in names:
            continue
        table, column = model._meta.db_table, names["review"].column
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t '  # noqa: S608
                f'WHERE "{column}" = %s',
                [review_pk],
            )
            found.update(f"{table} {cursor.fetchone()}".encode())
    return found.hexdigest()


def _roles(review_pk: int) -> list[tuple[str, str, bool]]:
    from reviewapp.core.models import Member

    rows = Member.objects.filter(review=review_pk).order_by("pk")
    return [(m.code, m.role, m.removed_at is None) for m in rows]


def stuffed(site: Site, ledger: Ledger) -> None:
    """Send extra fields in the other review, which no later attack needs.

    First a reviewer tries to become lead, then the lead tries to reach our review.
    """
    from reviewapp.core.models import Review, User
    from tests.factories import PASSWORD

    review = site.theirs.cast.review
    before, roles = _of(site.ours.cast.review.pk), _roles(review.pk)
    identity = Review.objects.values_list("pk", "code", "created_at", "created_by")
    was = identity.get(pk=review.pk)
    reviewer = site.somebody("reviewer")
    reviewer.log_in(site.theirs.cast.ada.user.email, PASSWORD)
    wanted = {**fields(site), "role": "lead"}
    people = {"a reviewer": (reviewer, wanted), "a lead": (site.stranger, fields(site))}
    skip = {"review:remove_member", "review:change_role"}
    for who, (caller, form) in people.items():
        for address, row in of_reviews():
            if not row.post or (who == "a lead" and address.name in skip):
                continue
            url = addresses.url(address, site.theirs.args, row)
            if who == "a lead" and address.name in ACCEPTED:
                continue
            if url.startswith("/api/"):
                answer = caller.post_json(url, {**form, **VOTE})
            else:
                answer = caller.post(url, form)
            ledger.tried(f"{who} stuffs POST {url}", answer, 200 <= answer.status < 500)
        for path in ("/reviews/new/", "/accounts/delete/"):
            answer = caller.post(path, form)
            ledger.tried(f"{who} stuffs POST {path}", answer, answer.status < 500)
    _accepted(site, ledger)
    told = _of(site.ours.cast.review.pk)
    ledger.tried("what that changed in our review", told[:12], told == before)
    now = _roles(review.pk)
    ledger.tried("what that changed in roles", f"{len(now)} members", now == roles)
    is_same = identity.get(pk=review.pk) == was
    ledger.tried("who made the review, and when", was[1], is_same)
    flags = [n for n in ("is_staff", "is_superuser") if hasattr(User, n)]
    mighty = sum(User.objects.filter(**{name: True}).count() for name in flags)
    ledger.tried("users who became staff", mighty, mighty == 0)
    _dates(ledger)


# Forms that are accepted; their extra fields must have no effect.
ACCEPTED: dict[str, dict[str, str]] = {
    "review:rename": {"title": "Stuffed"},
    "review:invite": {"email": "stuffed@example.org", "role": "observer"},
    "review:configure": {"keep_until": "2031-01-01"},
    "records:source_add": {"kind": "database", "name": "Stuffed"},
    "charting:new": {"name": "Stuffed", "template": "empty"},
}


def _accepted(site: Site, ledger: Ledger) -> None:
    """Send forms that the lead fills in correctly, with the extra fields."""
    from reviewapp.core.models import Event

    review = site.theirs.cast.review
    for address, row in of_reviews():
        if address.name not in ACCEPTED:
            continue
        before = Event.objects.filter(review=review).count()
        url = addresses.url(address, site.theirs.args, row)
        stuffing = {**fields(site), "role": "lead", **ACCEPTED[address.name]}
        answer = site.stranger.post(url, stuffing)
        after = Event.objects.filter(review=review).order_by("-pk")
        acts = list(after[: after.count() - before])
        by = {act.actor_id for act in acts}
        held = answer.status == 302 and by == {site.theirs.cast.dora.pk}
        told = f"{answer}, {len(acts)} events"
        ledger.tried(f"stuffed and taken: {url}", told, held)


def _dates(ledger: Ledger) -> None:
    """Return dates by SQL, because the managers of votes refuse every read."""
    from django.apps import apps
    from django.db import connection
    from django.db.models import DateTimeField

    found = []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if not isinstance(field, DateTimeField):
                continue
            table, column = model._meta.db_table, field.column
            with connection.cursor() as cursor:
                cursor.execute(
                    f'SELECT 1 FROM "{table}" WHERE "{column}" < %s LIMIT 1',  # noqa: S608
                    ["2000-01-01T00:00:00Z"],
                )
                found += [f"{table}.{column}"] if cursor.fetchone() else []
    ledger.tried("times that were sent and believed", found, not found)
