"""Charting forms: create, publish, assign, start, close."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charting.models import Form, FormVersion
from charting.queries import waves
from charting.queries.forms import newest_published, version_in_use
from charting.rules.schema import FieldSpec
from charting.rules.templates import TEMPLATES
from charting.services import closing, rounds
from charting.services import fields as questions
from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, can, require
from reviewapp.core.queries.lookup import get_by_code
from reviewapp.core.refusals import Refused


@transaction.atomic
def create_form(
    *,
    actor: Member,
    name: str,
    fields: Sequence[FieldSpec],
    now: datetime,
    template: str | None = None,
) -> Form:
    """Create a form whose first version is a draft with ``fields``, and return it.

    ``template``: key of a shipped form (``charting.rules.templates``), whose questions
    come before ``fields``.
    """
    require(actor, Action.EDIT_FORMS)
    name = " ".join(name.split())[:120]
    if not name:
        raise Refused(_("Enter a name for the form."))
    if Form.objects.filter(review=actor.review, name=name).exists():
        raise Refused(_("There is already a form called “{name}”.").format(name=name))
    if template and template not in TEMPLATES:
        raise Refused(_("This template does not exist. Choose one from the list."))
    form = Form.objects.create(
        review=actor.review,
        name=name,
        seed=secrets.randbelow(1_000_000),
        created_at=now,
    )
    draft = FormVersion.objects.create(
        form=form, number=1, created_at=now, created_by=actor
    )
    shipped = TEMPLATES[template].fields if template else ()
    questions.save_fields(draft, [*shipped, *fields])
    _record(actor, form, "form:created", now, name=name)
    return form


@transaction.atomic
def start_draft(*, actor: Member, form_code: str, now: datetime) -> FormVersion:
    """Return the form's draft; copy the published version if there is none."""
    form = _locked(actor, form_code)
    draft = form.versions.filter(published_at=None).first()
    if draft:
        return draft
    newest = version_in_use(form)
    made = FormVersion.objects.create(
        form=form, number=newest.number + 1, created_at=now, created_by=actor
    )
    questions.copy_fields(newest, made)
    _record(actor, form, "form:draft_started", now, version=made.number)
    return made


@transaction.atomic
def discard_draft(*, actor: Member, form_code: str, now: datetime) -> None:
    """Delete the draft. The published version stays in use."""
    draft = questions.lock_draft(actor, form_code)
    if draft.number == 1:
        raise Refused(_("You can't discard the only version of a form."))
    number = draft.number
    draft.fields.all().delete()
    # delete() would look for charts of this version through the closed manager,
    # which refuses. The foreign keys of the database are checked anyway.
    rows = FormVersion.objects.filter(pk=draft.pk)
    rows._raw_delete(rows.db)
    _record(actor, draft.form, "form:draft_discarded", now, version=number)


@transaction.atomic
def publish_form(*, actor: Member, form_code: str, now: datetime) -> FormVersion:
    """Freeze the draft as the version in use, and return it.

    Submitted charts keep their version; draft charts continue with this one.
    """
    draft = questions.lock_draft(actor, form_code)
    if not draft.fields.exists():
        raise Refused(_("Add at least one question before you publish the form."))
    draft.published_at = now
    draft.save(update_fields=["published_at"])
    _record(actor, draft.form, "form:published", now, version=draft.number)
    return draft


@transaction.atomic
def assign_charting(
    *,
    actor: Member,
    form_code: str,
    first: Sequence[Member],
    second: Sequence[Member],
    second_share: Decimal,
    now: datetime,
    seed: int | None = None,
    key: str = "",
    hides_names: bool | None = None,
) -> None:
    """Assign each study to one of ``first``, and a random sample to one of ``second``.

    ``second_share``: percentage of the included studies that are charted twice, drawn
    by the form's secret ``key`` ("" keeps it). ``seed`` determines the order. After the start, assigned studies stay with their
    reviewers; a larger percentage adds studies that are not finalised.
    """
    form = _locked(actor, form_code)
    _check_charters(actor, first, second, second_share)
    if seed is not None and seed != form.seed:
        if form.started_at:
            raise Refused(
                _("You can't change the random seed after charting has started.")
            )
        form.seed = seed
    if key and not form.started_at:
        form.key = key
    form.second_share = second_share
    if hides_names is not None:
        form.hides_names = hides_names
    form.save(update_fields=["second_share", "seed", "key", "hides_names"])
    form.first_reviewers.set(first)
    form.second_reviewers.set(second)
    _record(
        actor,
        form,
        "form:assigned",
        now,
        first=[member.code for member in first],
        second=[member.code for member in second],
        second_share=str(second_share),
        seed=form.seed,
    )
    rounds.open_chart_rounds(form=form, actor=actor, now=now)


def _check_charters(
    actor: Member, first: Sequence[Member], second: Sequence[Member], share: Decimal
) -> None:
    if not 0 <= share <= 100:
        raise Refused(_("Enter a percentage between 0 and 100 for double charting."))
    if not first:
        raise Refused(_("Choose at least one reviewer."))
    if share and not second:
        raise Refused(
            _("Choose a second reviewer, or set the percentage charted twice to 0.")
        )
    chosen = {member.pk: member for member in (*first, *second)}.values()
    wrong = [
        member.name
        for member in chosen
        if member.review_id != actor.review_id or not can(member, Action.CHART)
    ]
    if wrong:
        raise Refused(
            ngettext(
                "{names} can't chart in this review. Choose another member.",
                "{names} can't chart in this review. Choose other members.",
                len(wrong),
            ).format(names=get_text_list(wrong, _("and")))
        )
    if share and any({member.pk for member in second} == {one.pk} for one in first):
        raise Refused(
            _(
                "{name} can't be both the first and the only second reviewer of a "
                "study. Remove {name} from the reviewers, or choose another second "
                "reviewer."
            ).format(name=second[0].name)
        )


@transaction.atomic
def start_charting(*, actor: Member, form_code: str, now: datetime) -> int:
    """Assign the included studies to their reviewers; return the number of studies."""
    form = _locked(actor, form_code)
    if form.started_at:
        raise Refused(_("Charting with this form has already started."))
    if newest_published(form) is None:
        raise Refused(_("Publish the form before you start charting."))
    if not form.first_reviewers.exists():
        raise Refused(_("Assign reviewers before you start charting."))
    form.started_at = now
    form.save(update_fields=["started_at"])
    _record(actor, form, "form:started", now)
    rounds.open_next_wave(form=form, now=now)
    return rounds.open_chart_rounds(form=form, actor=actor, now=now)


@transaction.atomic
def close_charting(*, actor: Member, form_code: str, now: datetime) -> None:
    """Close the open wave: finalise single charts and reveal its charts to all members.

    A study that is included later opens the next wave. This can't be undone. Raises Refused while an assigned chart is not submitted, a
    study has no reviewer, or a discrepancy is unresolved.
    """
    form = _locked(actor, form_code)
    if not form.started_at:
        raise Refused(_("Charting with this form has not started."))
    rounds.open_chart_rounds(form=form, actor=actor, now=now)
    wave = waves.open_wave(form)
    if wave is None:
        raise Refused(_("Charting with this form is already closed."))
    singles = closing.finalise_all(wave=wave, actor=actor, now=now)
    wave.closed_at = now
    wave.save(update_fields=["closed_at"])
    _record(actor, form, "form:closed", now, wave=wave.number, singles=singles)


def _locked(actor: Member, form_code: str) -> Form:
    require(actor, Action.EDIT_FORMS)
    forms = Form.objects.select_for_update(of=("self",)).select_related("review")
    return get_by_code(forms, actor, form_code)


def _record(actor: Member, form: Form, kind: str, now: datetime, **data: Any) -> None:
    events.record(
        review=actor.review, actor=actor, kind=kind, now=now, subject=form.code, **data
    )
