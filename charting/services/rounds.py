"""Rounds of charting: one per included study and form, with assigned reviewers."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from charting.models import Form
from charting.models.charts import Chart, ChartAssignment, ChartRound
from charting.queries import studies
from reviewapp.core import events
from reviewapp.core.models import Member, Review
from reviewapp.core.permissions import Action, can
from screening.decisions.rules import sampling


@transaction.atomic
def open_chart_rounds(*, form: Form, actor: Member | None, now: datetime) -> int:
    """Create missing rounds and assignments; return the number of new rounds.

    Included studies get rounds, and rounds get assignments by the form's rules. Safe to
    call at any time. Active assignments are never removed, and a finalised round gets
    no new ones.
    """
    form = Form.objects.select_for_update().get(pk=form.pk)
    if not form.started_at or form.closed_at:
        return 0
    made = _make_rounds(form, now)
    assigned = _make_assignments(form, now)
    if made or assigned:
        events.record(
            review=form.review,
            actor=actor,
            kind="studies:dealt",
            now=now,
            subject=form.code,
            studies=made,
            seats=assigned,
        )
    return made


def _make_rounds(form: Form, now: datetime) -> int:
    rounds = ChartRound.objects.unblinded(reason="make the missing rounds of a form")
    have = set(rounds.filter(form=form).values_list("study_id", flat=True))
    missing = studies.included_studies(form.review).exclude(pk__in=have)
    made = [
        ChartRound(
            review_id=form.review_id,
            form=form,
            study_id=pk,
            order=sampling.reading_order(form.seed, code),
            created_at=now,
        )
        for pk, code in missing.values_list("pk", "code")
    ]
    rounds.bulk_create(made)
    return len(made)


def _lines(form: Form) -> list[sampling.SamplingLine]:
    """Return the form's rules as policy lines: all studies once, a sample twice."""

    def able(members: list[Member]) -> tuple[int, ...]:
        return tuple(m.pk for m in members if can(m, Action.CHART))

    lines = [
        sampling.SamplingLine(
            1, Decimal(100), able(list(form.first_reviewers.order_by("id")))
        )
    ]
    if form.second_share:
        seconds = able(list(form.second_reviewers.order_by("id")))
        lines.append(sampling.SamplingLine(2, form.second_share, seconds))
    return lines


def _make_assignments(form: Form, now: datetime) -> int:
    rounds = {
        code: (pk, order, sealed_at)
        for pk, code, order, sealed_at in ChartRound.objects.unblinded(
            reason="assign reviewers in unsealed rounds only"
        )
        .filter(form=form, study__in=studies.included_studies(form.review))
        .values_list("pk", "study__code", "order", "sealed_at")
    }
    standing: dict[str, list[tuple[int, int]]] = {code: [] for code in rounds}
    code_of = {pk: code for code, (pk, _, _) in rounds.items()}
    for assignment in ChartAssignment.objects.filter(form=form, round_id__in=code_of):
        # A removed assignment is made again, but never to the same member.
        no = assignment.no if assignment.vacated_at is None else -assignment.pk
        standing[code_of[assignment.round_id]].append((no, assignment.member_id))
    places = sampling.assignments_to_add(
        _lines(form),
        seed=form.seed,
        total=len(rounds),
        free=[code for code, (_, _, sealed_at) in rounds.items() if not sealed_at],
        standing=standing,
    )
    ChartAssignment.objects.bulk_create(
        ChartAssignment(
            form=form,
            round_id=rounds[place.subject][0],
            order=rounds[place.subject][1],
            no=place.no,
            member_id=place.member,
            created_at=now,
        )
        for place in places
    )
    return len(places)


def assign_new_studies(*, review: Review, actor: Member | None, now: datetime) -> None:
    """Assign newly included studies at once. Handles the hook ``studies_changed``."""
    running = Form.objects.filter(review=review, closed_at=None)
    for form in running.exclude(started_at=None).order_by("id"):
        open_chart_rounds(form=form, actor=actor, now=now)


@transaction.atomic
def remove_assignments(
    *, review: Review, member: Member, actor: Member, now: datetime
) -> None:
    """Remove a leaving member's open assignments and assign them to others.

    Submitted charts are kept. Handles the hook ``member_removed``.
    """
    forms = list(Form.objects.filter(review=review, closed_at=None).order_by("id"))
    for form in Form.objects.select_for_update().filter(pk__in=[f.pk for f in forms]):
        form.first_reviewers.remove(member)
        form.second_reviewers.remove(member)
        _vacate_open(form, member, now)
        open_chart_rounds(form=form, actor=actor, now=now)


def _vacate_open(form: Form, member: Member, now: datetime) -> None:
    open_rounds_of_form = (
        ChartRound.objects.unblinded(reason="remove a member's open assignments")
        .select_for_update()
        .filter(form=form, sealed_at=None)
    )
    pks = [found.pk for found in open_rounds_of_form]
    newest: dict[int, bool] = defaultdict(bool)
    newest.update(
        Chart.objects.unblinded(reason="submitted charts keep their assignment")
        .filter(round_id__in=pks, author=member)
        .order_by("round_id", "-version")
        .distinct("round_id")
        .values_list("round_id", "is_complete")
    )
    submitted = [pk for pk, is_complete in newest.items() if is_complete]
    ChartAssignment.objects.filter(
        round_id__in=pks, member=member, vacated_at=None
    ).exclude(round_id__in=submitted).update(vacated_at=now)
