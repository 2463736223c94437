"""Charting forms for pages. Forms are open to all members of the review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q

from charting.models import Field, FinalChart, Form, FormVersion
from charting.queries import studies, waves
from charting.queries.waves import FormWaveView
from charting.rules.schema import AnswerOption, FieldSpec
from reviewapp.core.lib.load_once import load_once
from reviewapp.core.models import Member
from reviewapp.core.queries.lookup import get_by_code


@dataclass(frozen=True, slots=True)
class FieldView:
    """A question with its public code, by which drafts are edited."""

    code: str
    spec: FieldSpec
    kind_label: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of a form; ``published_at`` is None for a draft."""

    pk: int
    number: int
    published_at: datetime | None
    fields: tuple[FieldView, ...]

    @property
    def specs(self) -> tuple[FieldSpec, ...]:
        """Return the questions, in the order of the form."""
        return tuple(field.spec for field in self.fields)


@dataclass(frozen=True, slots=True)
class FormView:
    """A form with its newest published version and its draft.

    ``state``: draft (nothing published), ready, running, closed. ``included`` and
    ``finalised``: numbers of studies; both are public.
    """

    code: str
    name: str
    state: str
    published: VersionView | None
    draft: VersionView | None
    first: tuple[str, ...]
    second: tuple[str, ...]
    second_share: Decimal
    seed: int
    hides_names: bool
    started_at: datetime | None
    waves: tuple[FormWaveView, ...]
    included: int
    finalised: int

    @property
    def wave(self) -> FormWaveView | None:
        """Return the latest wave: the open one, if any."""
        return self.waves[-1] if self.waves else None

    @property
    def closed_at(self) -> datetime | None:
        """Return when the last wave was closed, or None while one is open."""
        return self.waves[-1].closed_at if self.waves else None

    @property
    def waiting(self) -> int:
        """Return the number of included studies that are not finalised."""
        return self.included - self.finalised

    @property
    def shown_version(self) -> VersionView | None:
        """Return the version in use: the published one, else the first draft."""
        return self.published or self.draft


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form in the list of forms."""

    code: str
    name: str
    state: str
    version: int | None
    fields: int
    finalised: int
    included: int


def get_form(viewer: Member, code: str) -> Form:
    """Return the form. Raises Missing if the viewer's review lacks it."""
    return get_by_code(Form.objects.select_related("review"), viewer, code)


def form_state(
    form: Form, published: FormVersion | VersionView | None, *, is_open: bool
) -> str:
    """Return draft, ready, running (a wave is open) or closed."""
    if form.started_at:
        return "running" if is_open else "closed"
    return "ready" if published else "draft"


def field_spec(field: Field) -> FieldSpec:
    """Return a stored question as a value of the rules."""
    return FieldSpec(
        key=field.key,
        kind=field.kind,
        label=field.label,
        help=field.help,
        section=field.section,
        options=tuple(AnswerOption(**option) for option in field.options),
        is_required=field.is_required,
    )


def field_specs(versions: Collection[int]) -> dict[int, tuple[FieldSpec, ...]]:
    """Return the questions of form versions by the primary key of the version."""
    found: dict[int, list[FieldSpec]] = defaultdict(list)
    rows = Field.objects.filter(version_id__in=versions).order_by("position", "id")
    for field in rows:
        found[field.version_id].append(field_spec(field))
    return {pk: tuple(found[pk]) for pk in versions}


def newest_published(form: Form) -> FormVersion | None:
    """Return the version for new charts, or None."""
    return form.versions.exclude(published_at=None).order_by("-number").first()


def version_in_use(form: Form) -> FormVersion:
    """Return the newest published version. Raises DoesNotExist if there is none."""
    newest = newest_published(form)
    if newest is None:
        raise FormVersion.DoesNotExist(f"{form.code} has no published version")
    return newest


def version_view(version: FormVersion | None) -> VersionView | None:
    """Return a version with its fields (one query), or None."""
    if version is None:
        return None
    fields = tuple(
        FieldView(field.code, field_spec(field), field.get_kind_display())
        for field in version.fields.order_by("position", "id")
    )
    return VersionView(version.pk, version.number, version.published_at, fields)


def count_finalised(form: Form) -> int:
    """Return the number of included studies that are finalised with the form."""
    return FinalChart.objects.filter(
        form=form, study__in=studies.included_studies(form.review)
    ).count()


def get_form_view(viewer: Member, form: Form) -> FormView:
    """Return everything the form's page shows."""
    published = version_view(newest_published(form))
    found = waves.wave_views(viewer, form)
    is_open = bool(found) and found[-1].closed_at is None
    return FormView(
        code=form.code,
        name=form.name,
        state=form_state(form, published, is_open=is_open),
        published=published,
        draft=version_view(form.versions.filter(published_at=None).first()),
        first=tuple(
            form.first_reviewers.order_by("name").values_list("name", flat=True)
        ),
        second=tuple(
            form.second_reviewers.order_by("name").values_list("name", flat=True)
        ),
        second_share=form.second_share,
        seed=form.seed,
        hides_names=form.hides_names,
        started_at=form.started_at,
        waves=found,
        included=studies.included_studies(form.review).count(),
        finalised=count_finalised(form),
    )


@load_once
def has_forms(review_id: int) -> bool:
    """Return True if the review has a charting form."""
    return Form.objects.filter(review=review_id).exists()


def list_forms(viewer: Member) -> list[FormLine]:
    """Return all forms of the review, oldest first."""
    included = studies.included_studies(viewer.review)
    total = included.count()
    finalised = dict(
        FinalChart.objects.filter(review=viewer.review_id, study__in=included)
        .values_list("form_id")
        .annotate(n=Count("id"))
    )
    versions: dict[int, list[FormVersion]] = defaultdict(list)
    rows = FormVersion.objects.filter(form__review=viewer.review_id)
    for version in rows.annotate(n=Count("fields")).order_by("number"):
        versions[version.form_id].append(version)
    return [
        _line(form, versions[form.pk], finalised.get(form.pk, 0), total)
        for form in Form.objects.filter(review=viewer.review_id)
        .annotate(is_open=waves.under_way())
        .order_by("id")
    ]


def _line(
    form: Form, versions: list[FormVersion], finalised: int, included: int
) -> FormLine:
    published = [version for version in versions if version.published_at]
    shown = (published or versions)[-1]
    return FormLine(
        code=form.code,
        name=form.name,
        state=form_state(
            form,
            published[-1] if published else None,
            is_open=form.is_open,  # type: ignore[attr-defined]
        ),
        version=published[-1].number if published else None,
        fields=shown.n,  # type: ignore[attr-defined]
        finalised=finalised,
        included=included,
    )


def members_who_chart(viewer: Member) -> list[Member]:
    """Return the members of the review who may chart, by name."""
    from reviewapp.core.permissions import ROLES, Action

    return list(
        Member.objects.filter(
            Q(role__in=ROLES[Action.CHART]),
            review=viewer.review_id,
            removed_at=None,
        ).order_by("name", "id")
    )


def assigned_codes(form: Form) -> tuple[list[str], list[str]]:
    """Return the codes of the first and of the second reviewers of a form."""
    return (
        list(form.first_reviewers.values_list("code", flat=True)),
        list(form.second_reviewers.values_list("code", flat=True)),
    )


def draft_question(view: FormView, code: str) -> FieldView | None:
    """Return a question of the form's draft by its code, or None."""
    fields = view.draft.fields if view.draft else ()
    return next((field for field in fields if field.code == code), None)
