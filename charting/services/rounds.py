"""Rounds of charting: one per included study and form, with assigned reviewers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef

from charting.models import FinalChart, Form, FormDraw, FormWave
from charting.models.charts import Chart, ChartAssignment, ChartRound
from charting.queries import studies, waves
from reviewapp.core import events
from reviewapp.core.models import Member, Review
from reviewapp.core.permissions import Action, can
from screening.decisions.rules import drawing, sampling
from screening.decisions.services.draws import (
    draw_in_numbers,
    store_draws,
    windows_of,
)


@transaction.atomic
def open_chart_rounds(*, form: Form, actor: Member | None, now: datetime) -> int:
    """Create missing rounds and assignments; return the number of new rounds.

    Included studies get rounds in the open wave, and rounds get assignments by the
    form's rules. A study that is included after a closing opens the next wave. Safe to
    call at any time. Active assignments are never removed. Every study without a final
    chart can get new ones: whether it is complete or has discrepancies is not public.
    """
    form = Form.objects.select_for_update().get(pk=form.pk)
    if not form.started_at:
        return 0
    new, back = _new_studies(form), _returned_rounds(form)
    wave = waves.open_wave(form)
    if wave is None:
        if not new and not back:
            return 0
        wave = open_next_wave(form=form, now=now)
    _make_rounds(wave, new, back, now)
    made = len(new) + len(back)
    assigned, draws = _make_assignments(wave, now)
    if made or assigned:
        events.record(
            review=form.review,
            actor=actor,
            kind="studies:dealt",
            now=now,
            subject=form.code,
            wave=wave.number,
            studies=made,
            seats=assigned,
            samples=[draw_in_numbers(one) for one in draws],
        )
    return made


def open_next_wave(*, form: Form, now: datetime) -> FormWave:
    """Open the next wave of a locked form that has no open one, and return it."""
    last = form.waves.order_by("-number").first()
    number = last.number + 1 if last else 1
    return FormWave.objects.create(
        form=form,
        number=number,
        seed=sampling.wave_seed(form.seed, number),
        key=drawing.wave_key(form.key, number),
        opened_at=now,
    )


def _new_studies(form: Form) -> list[tuple[int, str]]:
    """Return primary key and code of included studies without a round."""
    rounds = ChartRound.objects.unblinded(reason="make the missing rounds of a form")
    have = set(rounds.filter(form=form).values_list("study_id", flat=True))
    missing = studies.included_studies(form.review).exclude(pk__in=have)
    return list(missing.values_list("pk", "code"))


def _returned_rounds(form: Form) -> list[int]:
    """Return rounds of closed waves whose studies are included again, not finalised."""
    rounds = ChartRound.objects.unblinded(reason="open rounds move to the next wave")
    return list(
        rounds.filter(
            ~Exists(FinalChart.objects.filter(round=OuterRef("pk"))),
            form=form,
            wave__closed_at__isnull=False,
            study__in=studies.included_studies(form.review),
        ).values_list("pk", flat=True)
    )


def _make_rounds(
    wave: FormWave, new: Sequence[tuple[int, str]], back: Sequence[int], now: datetime
) -> None:
    rounds = ChartRound.objects.unblinded(reason="rounds join the open wave of a form")
    rounds.filter(pk__in=back).update(wave=wave)
    rounds.bulk_create(
        ChartRound(
            review_id=wave.form.review_id,
            form=wave.form,
            wave=wave,
            study_id=pk,
            order=sampling.reading_order(wave.seed, code),
            created_at=now,
        )
        for pk, code in new
    )


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


def _make_assignments(wave: FormWave, now: datetime) -> tuple[int, list[FormDraw]]:
    """Make the assignments that the rules need; return their number and the draws."""
    form = wave.form
    rounds = {
        code: (pk, order)
        for pk, code, order in ChartRound.objects.unblinded(
            reason="assign reviewers in the rounds of a wave"
        )
        .filter(wave=wave, study__in=studies.included_studies(form.review))
        .values_list("pk", "study__code", "order")
    }
    code_of = {pk: code for code, (pk, _) in rounds.items()}
    still_open = lock_unfinalised(code_of)
    standing: dict[str, list[tuple[int, int]]] = {code: [] for code in rounds}
    before: dict[tuple[int, int], ChartAssignment] = {}
    # A place that a member left is handed over, not drawn again.
    left: dict[tuple[int, int], int] = {}
    for assignment in ChartAssignment.objects.filter(form=form, round_id__in=code_of):
        if assignment.vacated_at is None:
            given = assignment.no, assignment.member_id
            standing[code_of[assignment.round_id]].append(given)
        else:
            before[assignment.round_id, assignment.member_id] = assignment
            left[assignment.round_id, assignment.no] = assignment.draw_id
    lines = [line for line in _lines(form) if line.members]
    result = drawing.draw(
        lines,
        key=wave.key,
        undecided=[code_of[pk] for pk in sorted(still_open)],
        standing=standing,
        windows=windows_of(wave),
    )
    drawn = [
        one
        for one in result.assignments
        if (rounds[one.subject][0], one.no) not in left
    ]
    draws = store_draws(wave, lines, result.windows, drawn, len(still_open), now)
    again, new = [], []
    for place in result.assignments:
        pk, order = rounds[place.subject]
        draw = left.get((pk, place.no)) or draws[place.no].pk
        old = before.get((pk, place.member))
        if old is not None:
            # A member who has come back has one row in a round, like everyone.
            old.no, old.vacated_at, old.created_at = place.no, None, now
            old.draw_id = draw
            again.append(old)
            continue
        new.append(
            ChartAssignment(
                form=form,
                round_id=pk,
                order=order,
                no=place.no,
                member_id=place.member,
                draw_id=draw,
                created_at=now,
            )
        )
    ChartAssignment.objects.bulk_update(
        again, ["no", "vacated_at", "created_at", "draw"]
    )
    ChartAssignment.objects.bulk_create(new)
    return len(result.assignments), list(draws.values())


def lock_unfinalised(pks: Collection[int]) -> set[int]:
    """Lock those of the rounds that have no final chart; return their primary keys.

    A chart can finalise a round in the meantime, so this is read after the lock.
    """
    locked = set(
        ChartRound.objects.unblinded(
            reason="assignments change in rounds without a final chart only"
        )
        .filter(pk__in=pks)
        .select_for_update()
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    final = FinalChart.objects.filter(round__in=pks).values_list("round", flat=True)
    return locked - set(final)


def assign_new_studies(*, review: Review, actor: Member | None, now: datetime) -> None:
    """Assign newly included studies at once. Handles the hook ``studies_changed``."""
    started = Form.objects.filter(review=review).exclude(started_at=None)
    for form in started.order_by("id"):
        open_chart_rounds(form=form, actor=actor, now=now)


@transaction.atomic
def remove_assignments(
    *, review: Review, member: Member, actor: Member, now: datetime
) -> None:
    """Remove a leaving member's open assignments and assign them to others.

    Submitted charts are kept. Studies with discrepancies are included, which others may
    not know. Handles the hook ``member_removed``.
    """
    forms = Form.objects.select_for_update().filter(review=review)
    for form in forms.order_by("id"):
        form.first_reviewers.remove(member)
        form.second_reviewers.remove(member)
        _vacate_open(form, member, now)
        open_chart_rounds(form=form, actor=actor, now=now)


def _vacate_open(form: Form, member: Member, now: datetime) -> None:
    """Remove the assignments in which the member sees no submitted chart of their own.

    Others may learn their number, so it depends on the member's own acts only.
    """
    held = ChartAssignment.objects.filter(form=form, member=member, vacated_at=None)
    pks = lock_unfinalised(list(held.values_list("round_id", flat=True)))
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
