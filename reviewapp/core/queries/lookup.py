"""Look-up of rows by their codes, for services."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from reviewapp.core.refusals import Missing

T = TypeVar("T", bound=Model)


def get_by_code(
    rows: QuerySet[T], actor: Member, code: str, *, path: str = "review"
) -> T:
    """Return the row of the actor's review with this code.

    ``path``: from the row to its review, such as ``batch__review``.

    Raises Missing if the review has no such row.
    """
    found = rows.filter(**{"code": code, path: actor.review_id}).first()
    if found is None:
        raise Missing(_("This review has no such item. Nothing was changed."))
    return found
