"""The last step of a review on the overview: exporting the final flow."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from reviewapp.core.nav import Todo
from screening.decisions.models import Wave
from screening.decisions.queries.stage_items import review_stages
from screening.flow.queries import flow


def todos(viewer: Member) -> list[Todo]:
    """Return the export if the flow is final, or the list of what is pending.

    Only when the last stage has been closed and none is under way: before that, the
    tasks of the stages say what to do, and the flow is not counted.
    """
    stages = review_stages(viewer.review_id)
    if not stages or any(getattr(stage, "is_open", False) for stage in stages):
        return []
    if not Wave.objects.filter(stage=stages[-1]).exists():
        return []
    url = reverse("flow:flow", args=[viewer.review.code])
    if flow.stored_flow(viewer.review).is_final:
        text = _("The PRISMA flow is final. Export it with the methods report.")
        return [Todo(text, url, button=_("Export the flow"), order=90)]
    text = _("The PRISMA flow is a draft. Its page lists what is pending.")
    return [Todo(text, url, button=_("Check the flow"), order=88)]
