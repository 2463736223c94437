"""Sending records to retrieval, and marking reports as retrieved or not."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Missing, Refused
from screening.records.models import Arm, Record
from screening.reports import hooks
from screening.reports.models import NotSought, Report, Study
from screening.reports.rules.labels import study_label


@transaction.atomic
def send_to_retrieval(
    *,
    actor: Member,
    records: Iterable[Record],
    is_named: bool = True,
    now: datetime,
) -> list[Report]:
    """Make a report for each record, with a separate study; return the new reports.

    A record keeps the report it has. The caller has checked that the actor may do this:
    there is a final decision, or a member decides on a record from other methods. With
    ``is_named`` False the event does not name the actor, who may be the last to vote.
    """
    wanted = {record.pk: record for record in records}
    had = set(
        Report.objects.filter(record__in=wanted).values_list("record_id", flat=True)
    )
    new = [record for pk, record in wanted.items() if pk not in had]
    studies = Study.objects.bulk_create(
        Study(
            review=actor.review,
            label=study_label(record.authors, record.year, record.title),
            created_at=now,
        )
        for record in new
    )
    reports = Report.objects.bulk_create(
        Report(review=actor.review, record=record, study=study, created_at=now)
        for record, study in zip(new, studies, strict=True)
    )
    if reports:
        events.record(
            review=actor.review,
            actor=actor if is_named else None,
            kind="reports:sought",
            now=now,
            subject=reports[0].code if len(reports) == 1 else "",
            n=len(reports),
        )
    return reports


@transaction.atomic
def send_other_to_retrieval(
    *, actor: Member, record_codes: Collection[str], now: datetime
) -> list[Report]:
    """Send records from other methods to retrieval; return the new reports."""
    require(actor, Action.RETRIEVE)
    records = list(
        Record.objects.filter(review=actor.review_id, code__in=record_codes).order_by(
            "pk"
        )
    )
    if any(record.arm != Arm.OTHER for record in records):
        raise Refused(
            _(
                "Records from databases and registers go to retrieval when title and "
                "abstract screening includes them. You can only send records from "
                "other methods to retrieval directly."
            )
        )
    NotSought.objects.filter(record__in=records, undone_at=None).update(undone_at=now)
    return send_to_retrieval(actor=actor, records=records, now=now)


@transaction.atomic
def do_not_retrieve(
    *, actor: Member, record_code: str, reason: str, now: datetime
) -> None:
    """Store why a record from other methods is not retrieved."""
    require(actor, Action.RETRIEVE)
    if not reason.strip():
        raise Refused(
            _("Enter a reason for not retrieving the report. The PRISMA flow shows it.")
        )
    record = Record.objects.filter(code=record_code, review=actor.review_id).first()
    if record is None:
        raise Missing(_("There is no such record."))
    if record.arm != Arm.OTHER or Report.objects.filter(record=record).exists():
        raise Refused(_("This report has already been sent to retrieval."))
    __, made = NotSought.objects.get_or_create(
        record=record,
        undone_at=None,
        defaults={
            "review": actor.review,
            "reason": reason.strip(),
            "created_at": now,
            "created_by": actor,
        },
    )
    if made:
        events.record(
            review=actor.review,
            actor=actor,
            kind="record:not_sought",
            now=now,
            subject=record.code,
            reason=reason.strip(),
        )


def _locked(actor: Member, code: str) -> Report:
    require(actor, Action.RETRIEVE)
    report = (
        Report.objects.select_for_update()
        .filter(code=code, review=actor.review_id)
        .first()
    )
    if report is None:
        raise Missing(_("There is no such report."))
    if report.is_aside:
        raise Refused(
            _(
                "This report is set aside: the conflict about its record was reopened. "
                "It comes back if the record is included again."
            )
        )
    return report


def _set(report: Report, state: str, reason: str, actor: Member, now: datetime) -> None:
    report.retrieval = state
    report.not_retrieved_reason = reason
    report.retrieval_at = now
    report.retrieval_by = actor
    report.save(
        update_fields=[
            "retrieval",
            "not_retrieved_reason",
            "retrieval_at",
            "retrieval_by",
        ]
    )


@transaction.atomic
def mark_retrieved(*, actor: Member, report_code: str, now: datetime) -> Report:
    """Mark the report as retrieved, so it goes to the report stages; return it."""
    report = _locked(actor, report_code)
    if report.retrieval == Report.Retrieval.RETRIEVED:
        return report
    _set(report, Report.Retrieval.RETRIEVED, "", actor, now)
    events.record(
        review=actor.review,
        actor=actor,
        kind="report:retrieved",
        now=now,
        subject=report.code,
    )
    hooks.report_retrieved.call(
        review=actor.review, report=report, actor=actor, now=now
    )
    return report


@transaction.atomic
def mark_many_retrieved(
    *, actor: Member, report_codes: Collection[str], now: datetime
) -> int:
    """Mark reports as retrieved; return the number of changed reports."""
    require(actor, Action.RETRIEVE)
    changed = Report.objects.filter(
        code__in=report_codes,
        review=actor.review_id,
        retrieval=Report.Retrieval.SOUGHT,
        is_aside=False,
    ).update(retrieval=Report.Retrieval.RETRIEVED, retrieval_at=now, retrieval_by=actor)
    if changed:
        events.record(
            review=actor.review,
            actor=actor,
            kind="reports:retrieved",
            now=now,
            n=changed,
        )
        hooks.report_retrieved.call(
            review=actor.review, report=None, actor=actor, now=now
        )
    return changed


@transaction.atomic
def mark_not_retrieved(
    *, actor: Member, report_code: str, reason: str, now: datetime
) -> Report:
    """Mark the report as not retrieved, with a reason (PRISMA boxes 7 and 13)."""
    report = _locked(actor, report_code)
    if not reason.strip():
        raise Refused(_("Enter a reason why the report was not retrieved."))
    if report.retrieval == Report.Retrieval.RETRIEVED:
        raise Refused(
            _("A report that was retrieved can't be marked as not retrieved.")
        )
    _set(report, Report.Retrieval.NOT_RETRIEVED, reason.strip(), actor, now)
    events.record(
        review=actor.review,
        actor=actor,
        kind="report:not_retrieved",
        now=now,
        subject=report.code,
        reason=reason.strip(),
    )
    return report


@transaction.atomic
def reopen_retrieval(*, actor: Member, report_code: str, now: datetime) -> Report:
    """Set a report that was not retrieved to "awaiting retrieval"; return it."""
    report = _locked(actor, report_code)
    if report.retrieval != Report.Retrieval.NOT_RETRIEVED:
        raise Refused(
            _("You can only reopen retrieval of a report that was not retrieved.")
        )
    before = report.not_retrieved_reason
    _set(report, Report.Retrieval.SOUGHT, "", actor, now)
    events.record(
        review=actor.review,
        actor=actor,
        kind="report:sought_again",
        now=now,
        subject=report.code,
        before=before,
    )
    return report
