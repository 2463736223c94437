"""Column templates of a team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Missing, Refused
from screening.imports.models import ColumnTemplate


@transaction.atomic
def save_template(
    *, actor: Member, name: str, columns: Sequence[tuple[str, str]], now: datetime
) -> ColumnTemplate:
    """Store a column mapping under a name and return the template.

    Raises:
        Refused: the name is missing, nothing is mapped, or another mapping has the
            name.
    """
    require(actor, Action.IMPORT)
    name, mapping = name.strip()[:100], [list(pair) for pair in columns]
    if not name:
        raise Refused(_("Enter a name for the template."))
    if not any(field for _, field in columns):
        raise Refused(_("Choose a field for at least one column."))
    template, made = ColumnTemplate.objects.get_or_create(
        review=actor.review,
        name=name,
        defaults={"columns": mapping, "created_at": now, "created_by": actor},
    )
    if not made:
        if template.columns == mapping:
            return template
        raise Refused(
            _(
                "A template named “{name}” with different columns already exists. "
                "Choose another name, or delete the existing template first."
            ).format(name=name)
        )
    events.record(
        review=actor.review,
        actor=actor,
        kind="template:saved",
        now=now,
        subject=template.code,
        name=name,
    )
    return template


@transaction.atomic
def delete_template(*, actor: Member, template_code: str, now: datetime) -> str:
    """Delete a template and return its name; past imports keep their mapping.

    Raises:
        Missing: the actor's review has no such template.
    """
    require(actor, Action.IMPORT)
    templates = ColumnTemplate.objects.filter(review=actor.review, code=template_code)
    template = templates.select_for_update().first()
    if template is None:
        raise Missing(_("This review has no such template."))
    template.delete()
    events.record(
        review=actor.review,
        actor=actor,
        kind="template:deleted",
        now=now,
        subject=template.code,
        name=template.name,
    )
    return template.name
