"""The list behind each box; the count of a box is the length of its list.

Final decisions, retrieval and duplicates are public. Nothing here reads a vote.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from reviewapp.core.models import Review
from screening.decisions.models import Decision, Reason
from screening.decisions.queries.decisions import included_reports, included_studies
from screening.records.models import Arm, Record, Source
from screening.reports.models import NotSought, Report
from screening.reports.queries.reports import active_reports

Rows = QuerySet[Any]


def _records(review: Review, arm: str) -> Any:
    return Record.objects.filter(review=review, arm=arm).identified()


def _has_report() -> Exists:
    return Exists(Report.objects.filter(record=OuterRef("pk"), is_aside=False))


def _excluded_record() -> Exists:
    return Exists(
        Decision.objects.filter(record=OuterRef("pk"), verdict=Decision.Verdict.EXCLUDE)
    )


def _not_sought() -> Exists:
    return Exists(NotSought.objects.filter(record=OuterRef("pk"), undone_at=None))


def _reports(review: Review, arm: str, state: str = "") -> Rows:
    rows = active_reports(review).filter(record__arm=arm)
    return rows.filter(retrieval=state) if state else rows


def excluded_outcome() -> QuerySet[Decision]:
    """Return the decision that excluded a report (correlated on the report)."""
    return Decision.objects.filter(
        report=OuterRef("pk"), verdict=Decision.Verdict.EXCLUDE
    )


def _assessed(review: Review, arm: str) -> Rows:
    return _reports(review, arm, Report.Retrieval.RETRIEVED)


def _excluded(review: Review, arm: str) -> Rows:
    return _assessed(review, arm).filter(Exists(excluded_outcome()))


def _included(review: Review, arm: str) -> Rows:
    return included_reports(review).filter(record__arm=arm)


def _eligibility_pending(review: Review, arm: str) -> Rows:
    included = included_reports(review).filter(pk=OuterRef("pk"))
    return _assessed(review, arm).filter(~Exists(excluded_outcome()), ~Exists(included))


DB, OT = Arm.DATABASES.value, Arm.OTHER.value
SOUGHT, LOST = Report.Retrieval.SOUGHT.value, Report.Retrieval.NOT_RETRIEVED.value

_LISTS: dict[str, Callable[[Review], Rows]] = {
    "identified": lambda r: _records(r, DB),
    "database_results": lambda r: _records(r, DB).filter(
        source__kind=Source.Kind.DATABASE
    ),
    "register_results": lambda r: _records(r, DB).filter(
        source__kind=Source.Kind.REGISTER
    ),
    "duplicates": lambda r: _records(r, DB).duplicates(),
    # The program has no such step yet. The template has the boxes.
    "excluded_automatic": lambda r: Record.objects.none(),
    "excluded_other": lambda r: Record.objects.none(),
    "records_screened": lambda r: _records(r, DB).unique(),
    "records_excluded": lambda r: (
        _records(r, DB).unique().filter(_excluded_record(), ~_has_report())
    ),
    "records_pending": lambda r: (
        _records(r, DB).unique().filter(~_excluded_record(), ~_has_report())
    ),
    "dbr_sought_reports": lambda r: _reports(r, DB),
    "dbr_notretrieved_reports": lambda r: _reports(r, DB, LOST),
    "dbr_retrieval_pending": lambda r: _reports(r, DB, SOUGHT),
    "dbr_assessed": lambda r: _assessed(r, DB),
    "dbr_excluded": lambda r: _excluded(r, DB),
    "dbr_eligibility_pending": lambda r: _eligibility_pending(r, DB),
    "dbr_included": lambda r: _included(r, DB),
    "other_identified": lambda r: _records(r, OT),
    "other_duplicates": lambda r: _records(r, OT).duplicates(),
    "other_not_sought": lambda r: (
        _records(r, OT).unique().filter(_not_sought(), ~_has_report())
    ),
    "other_undecided": lambda r: (
        _records(r, OT).unique().filter(~_not_sought(), ~_has_report())
    ),
    "other_sought_reports": lambda r: _reports(r, OT),
    "other_notretrieved_reports": lambda r: _reports(r, OT, LOST),
    "other_retrieval_pending": lambda r: _reports(r, OT, SOUGHT),
    "other_assessed": lambda r: _assessed(r, OT),
    "other_excluded": lambda r: _excluded(r, OT),
    "other_eligibility_pending": lambda r: _eligibility_pending(r, OT),
    "other_included": lambda r: _included(r, OT),
    "new_studies": included_studies,
    "new_reports": included_reports,
}

# The field that splits a box into parts.
PART_OF: dict[str, str] = {
    "identified": "source",
    "database_results": "source",
    "register_results": "source",
    "duplicates": "source",
    "other_identified": "source",
    "other_duplicates": "source",
    "dbr_excluded": "reason",
    "other_excluded": "reason",
}


def has_part(review: Review, key: str, part: str) -> bool:
    """Return True if the box has such a part: a source or a reason of the review."""
    kind = PART_OF.get(key)
    if kind == "source":
        return Source.objects.filter(review=review, code=part).exists()
    reasons = Reason.objects.filter(stage__review=review, code=part)
    return kind == "reason" and reasons.exists()


def box_rows(review: Review, key: str, part: str = "") -> Rows:
    """Return the records, reports or studies of a box, or of one part of it.

    ``part`` is the code of a source or of a reason. Raises ``KeyError`` for an unknown
    box.
    """
    found = _LISTS[key](review)
    if not part:
        return found
    if PART_OF.get(key) == "source":
        return found.filter(source__code=part)
    return found.filter(Exists(excluded_outcome().filter(Q(reason__code=part))))
