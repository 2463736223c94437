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
from reviewapp.core.refusals import Missing, Refused
from screening.reports import hooks
from screening.reports.models import Report, Study
from screening.reports.rules.labels import study_label


@transaction.atomic
def group_reports(
    *, actor: Member, report_codes: Sequence[str], now: datetime
) -> Study:
    """Group reports into the first report's study; return the study."""
    require(actor, Action.RETRIEVE)
    codes = list(dict.fromkeys(report_codes))
    if len(codes) < 2:
        raise Refused(_("Select two or more reports of the same study."))
    locked = {
        report.code: report
        for report in Report.objects.select_for_update()
        .filter(code__in=codes, review=actor.review_id)
        .select_related("study")
        .order_by("pk")
    }
    if len(locked) != len(codes):
        raise Refused(_("One of these reports belongs to another review."))
    study = locked[codes[0]].study
    before = {r.code: r.study.code for r in locked.values() if r.study_id != study.pk}
    pks = [report.pk for report in locked.values()]
    Report.objects.filter(pk__in=pks).update(study=study)
    _tell(actor, "study:grouped", study, now, before=before)
    return study


@transaction.atomic
def separate_report(*, actor: Member, report_code: str, now: datetime) -> Study:
    """Move a report into a separate study; return that study."""
    require(actor, Action.RETRIEVE)
    report = (
        Report.objects.select_for_update(of=("self",))
        .select_related("record", "study")
        .filter(code=report_code, review=actor.review_id)
        .first()
    )
    if report is None:
        raise Missing(_("There is no such report."))
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
def rename_study(*, actor: Member, study_code: str, label: str, now: datetime) -> Study:
    """Change the label of the study; return the study."""
    require(actor, Action.RETRIEVE)
    study = (
        Study.objects.select_for_update(no_key=True)
        .filter(code=study_code, review=actor.review_id)
        .first()
    )
    if study is None:
        raise Missing(_("There is no such study."))
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
