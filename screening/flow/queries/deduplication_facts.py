"""The automation that the review used, for the methods report: deduplication."""

from __future__ import annotations

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from reviewapp.core.models import Job, Member
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.queries.runs import FIND_JOB
from screening.flow.rules.report import ReportSection
from screening.records.models import Duplicate, Record


def section(viewer: Member) -> ReportSection:
    """Return the section on duplicates and automation; three queries."""
    review = viewer.review
    runs = Job.objects.filter(review=review, kind=FIND_JOB, state=Job.State.DONE)
    found = Duplicate.objects.filter(
        review=review,
        undone_at=None,
        record__in=Record.objects.filter(review=review).identified(),
    ).aggregate(
        certain=Count("pk", filter=Q(how=Duplicate.How.CERTAIN)),
        person=Count("pk", filter=Q(how=Duplicate.How.PERSON)),
    )
    different = PossibleDuplicate.objects.filter(
        review=review, answer=PossibleDuplicate.Answer.DIFFERENT
    ).count()
    n = runs.count()
    if not n and not found["person"]:
        text = _("Records were not compared for duplicates.")
    else:
        text = _(
            "Records were compared for duplicates in {runs} deduplication runs. Duplicates "
            "merged automatically: {certain}; merged by members: {person}. Possible "
            "duplicates that members kept apart: {different}."
        ).format(
            runs=n,
            certain=found["certain"],
            person=found["person"],
            different=different,
        )
    other = _(
        "No record was included or excluded automatically: all decisions rest on votes "
        "of members."
    )
    return ReportSection(_("Duplicates and automation"), (f"{text} {other}",))
