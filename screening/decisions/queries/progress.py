"""Numbers of records or reports that each member has screened at a stage.

The one thing that shows whether others have voted under fixed assignment, and only to
those whom the review chose. Never which records, and never how they voted.
"""

from __future__ import annotations

from django.db.models import Sum
from django.utils.translation import gettext as _

from reviewapp.core.models import Member, ProgressFor, Review, Role
from screening.decisions.models import Stage
from screening.decisions.models.rounds import AssignmentTally


def may_see_progress(viewer: Member) -> bool:
    """Return True if the review shows its progress figures to the viewer."""
    shown_to = viewer.review.progress_for
    if shown_to == ProgressFor.TEAM:
        return True
    return shown_to == ProgressFor.LEADS and viewer.role == Role.LEAD


def done_by_member(viewer: Member, stage: Stage) -> dict[str, int] | None:
    """Return numbers of votes in the open wave by code of the member; None if hidden."""
    if not may_see_progress(viewer):
        return None
    rows = (
        AssignmentTally.objects.unblinded(
            reason="progress figures that the review shows"
        )
        .filter(
            review=viewer.review_id,
            stage=stage,
            wave__closed_at=None,
            is_aside=False,
            is_done=True,
        )
        .order_by()
        .values_list("member__code")
        .annotate(sum=Sum("n"))
    )
    return {code: n for code, n in rows if n}


def progress_sentence(review: Review) -> str:
    """Return who can see the progress figures, as a sentence."""
    sentences = {
        ProgressFor.NOBODY: _(
            "While a stage is open, no one can see how many records another member has "
            "screened."
        ),
        ProgressFor.LEADS: _(
            "While a stage is open, leads can see how many records each member has "
            "screened, but not which ones or how they voted."
        ),
        ProgressFor.TEAM: _(
            "While a stage is open, all members can see how many records each member "
            "has screened, but not which ones or how they voted."
        ),
    }
    return sentences[ProgressFor(review.progress_for)]
