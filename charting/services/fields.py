"""Questions of a form's draft: add, change, move, remove."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from charting.models import Field, Form, FormVersion
from charting.queries.forms import field_spec
from charting.rules import schema
from charting.rules.schema import FieldSpec
from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.queries.lookup import get_by_code
from reviewapp.core.refusals import Refused

MOST_FIELDS = 200
MOST_OPTIONS = 100


def check_field(spec: FieldSpec) -> None:
    """Raise Refused if a question could not be answered or displayed."""
    if spec.kind not in Field.Kind.values:
        raise Refused(
            _("There is no answer type “{kind}”.").format(kind=spec.kind[:40])
        )
    if not spec.label.strip():
        raise Refused(_("Enter the text of the question."))
    if spec.kind not in schema.CHOICES:
        return
    values = [option.value for option in spec.options]
    if len(values) < 2 or len(values) > MOST_OPTIONS:
        raise Refused(
            _("“{question}” needs between 2 and {most} answer options.").format(
                question=spec.label[:80], most=MOST_OPTIONS
            )
        )
    if len(set(values)) < len(values):
        raise Refused(
            _("“{question}” has the same answer option twice.").format(
                question=spec.label[:80]
            )
        )


def save_fields(version: FormVersion, specs: list[FieldSpec]) -> None:
    """Save ``specs`` as the fields of a draft, in this order."""
    if len(specs) > MOST_FIELDS:
        raise Refused(
            _("A form can have at most {most} questions.").format(most=MOST_FIELDS)
        )
    for spec in specs:
        check_field(spec)
    Field.objects.bulk_create(
        _row(version, spec, position) for position, spec in enumerate(specs, 1)
    )


def _row(version: FormVersion, spec: FieldSpec, position: int) -> Field:
    return Field(
        version=version,
        key=spec.key,
        position=position,
        kind=spec.kind,
        label=spec.label.strip()[:200],
        help=spec.help.strip(),
        section=spec.section.strip()[:120],
        options=_options(spec),
        is_required=spec.is_required,
    )


def _options(spec: FieldSpec) -> list[dict[str, str]]:
    chosen = spec.options if spec.kind in schema.CHOICES else ()
    return [asdict(option) for option in chosen]


def lock_draft(actor: Member, form_code: str) -> FormVersion:
    """Return the form's draft, locked. Raises Refused if there is none."""
    require(actor, Action.EDIT_FORMS)
    locked = get_by_code(Form.objects.select_for_update(), actor, form_code)
    draft = locked.versions.filter(published_at=None).first()
    if draft is None:
        raise Refused(
            _(
                "You can't edit a published version. Start a new draft of the form first."
            )
        )
    return draft


@transaction.atomic
def add_field(
    *, actor: Member, form_code: str, spec: FieldSpec, now: datetime
) -> Field:
    """Add a question at the end of the draft and return it. Makes a missing key."""
    draft = lock_draft(actor, form_code)
    check_field(spec)
    taken = list(
        Field.objects.filter(version__form=draft.form_id).values_list("key", flat=True)
    )
    if draft.fields.count() >= MOST_FIELDS:
        raise Refused(
            _("A form can have at most {most} questions.").format(most=MOST_FIELDS)
        )
    key = spec.key or schema.make_field_key(spec.label, taken)
    last = draft.fields.order_by("-position").first()
    row = _row(draft, spec, last.position + 1 if last else 1)
    row.key = key
    row.save()
    _record(actor, draft.form, "form:question_added", row, now)
    return row


@transaction.atomic
def change_field(
    *, actor: Member, form_code: str, code: str, spec: FieldSpec, now: datetime
) -> Field:
    """Change a question of the draft and return it. Its key stays the same.

    Its answer type stays the same too once a version with the question is published,
    because charted values of different types can't be compared.
    """
    draft = lock_draft(actor, form_code)
    row = _field(draft, code)
    check_field(spec)
    earlier = Field.objects.filter(version__form=draft.form_id, key=row.key).exclude(
        pk=row.pk
    )
    if spec.kind != row.kind and earlier.exists():
        raise Refused(
            _(
                "You can't change the answer type of this question, because an earlier "
                "version uses another one. Remove it and add a new question instead."
            )
        )
    changed = _row(draft, spec, row.position)
    for name in ("kind", "label", "help", "section", "options", "is_required"):
        setattr(row, name, getattr(changed, name))
    row.save()
    _record(actor, draft.form, "form:question_changed", row, now)
    return row


@transaction.atomic
def move_field(
    *, actor: Member, form_code: str, code: str, by: int, now: datetime
) -> None:
    """Move a question of the draft by ``by`` positions (negative: up)."""
    draft = lock_draft(actor, form_code)
    row = _field(draft, code)
    rows = list(draft.fields.order_by("position", "id"))
    index = next(i for i, one in enumerate(rows) if one.pk == row.pk)
    rows.insert(max(0, min(len(rows) - 1, index + by)), rows.pop(index))
    for position, one in enumerate(rows, 1):
        one.position = position
    Field.objects.bulk_update(rows, ["position"])
    _record(actor, draft.form, "form:question_moved", row, now)


@transaction.atomic
def remove_field(*, actor: Member, form_code: str, code: str, now: datetime) -> None:
    """Remove a question from the draft. Earlier versions and their charts keep it."""
    draft = lock_draft(actor, form_code)
    row = _field(draft, code)
    _record(actor, draft.form, "form:question_removed", row, now)
    row.delete()


def _field(draft: FormVersion, code: str) -> Field:
    row = draft.fields.filter(code=code).first()
    if row is None:
        raise Refused(_("This question is no longer in the draft. Reload the page."))
    return row


def _record(actor: Member, form: Form, kind: str, row: Field, now: datetime) -> None:
    events.record(
        review=actor.review,
        actor=actor,
        kind=kind,
        now=now,
        subject=form.code,
        key=row.key,
        label=row.label,
    )


def copy_fields(source: FormVersion, target: FormVersion) -> None:
    """Copy all questions of a version to a new draft."""
    save_fields(
        target, [field_spec(f) for f in source.fields.order_by("position", "id")]
    )
