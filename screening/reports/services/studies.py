"""Grouping reports into studies, the unit of inclusion and charting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Refused
from screening.reports import hooks
from screening.reports.models import Report, Study
from screening.reports.rules.labels import study_label


@transaction.atomic
def group_reports(*, actor: Member, reports: Sequence[Report], now: datetime) -> Study:
    """Group reports into the first report's study; return the study."""
    require(actor, Action.RETRIEVE)
    if len(reports) < 2:
        raise Refused(_("Select two or more reports of the same study."))
    pks = [report.pk for report in reports]
    locked = {
        report.pk: report
        for report in Report.objects.select_for_update()
        .filter(pk__in=pks, review=actor.review_id)
        .select_related("study")
        .order_by("pk")
    }
    if len(locked) != len(set(pks)):
        raise Refused(_("One of these reports belongs to another review."))
    study = locked[pks[0]].study
    before = {r.code: r.study.code for r in locked.values() if r.study_id != study.pk}
    Report.objects.filter(pk__in=pks).update(study=study)
    _tell(actor, "study:grouped", study, now, before=before)
    return study


@transaction.atomic
def separate_report(*, actor: Member, report: Report, now: datetime) -> Study:
    """Move a report into a separate study; return that study."""
    require(actor, Action.RETRIEVE)
    report = (
        Report.objects.select_for_update(of=("self",))
        .select_related("record", "study")
        .get(pk=report.pk, review=actor.review_id)
    )
    if not Report.objects.filter(study=report.study_id).exclude(pk=report.pk).exists():
        raise Refused(_("You can't remove the only report of a study."))
    record, left = report.record, report.study
    report.study = Study.objects.create(
        review=actor.review,
        label=study_label(record.authors, record.year, record.title),
        created_at=now,
    )
    report.save(update_fields=["study"])
    _tell(actor, "study:parted", report.study, now, before={report.code: left.code})
    return report.study


@transaction.atomic
def rename_study(*, actor: Member, study: Study, label: str, now: datetime) -> Study:
    """Change the label of the study; return the study."""
    require(actor, Action.RETRIEVE)
    label = " ".join(label.split())[:200]
    if not label:
        raise Refused(_("Enter a name for the study."))
    before, study.label = study.label, label
    study.save(update_fields=["label"])
    events.record(
        review=actor.review,
        actor=actor,
        kind="study:renamed",
        now=now,
        subject=study.code,
        before=before,
        after=label,
    )
    return study


def _tell(actor: Member, kind: str, study: Study, now: datetime, **data: Any) -> None:
    events.record(
        review=actor.review,
        actor=actor,
        kind=kind,
        now=now,
        subject=study.code,
        **data,
    )
    hooks.studies_changed.call(review=actor.review, actor=actor, now=now)
