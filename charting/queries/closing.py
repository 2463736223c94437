"""What closing a wave of charting leaves, from what is public or open to leads."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef
from django.utils.translation import ngettext

from charting.models import FinalChart, Form
from charting.models.charts import ChartAssignment, ChartRound
from charting.queries import discrepancies, studies
from reviewapp.core.models import Member


def closing_sentences(viewer: Member, form: Form) -> tuple[str, ...]:
    """Return one sentence for each thing that closing is refused for, or changes.

    They count assignments, final charts and discrepancies that the viewer may resolve,
    and say nothing about who has submitted a chart.
    """
    differing = len(discrepancies.studies_with_discrepancies(viewer, form))
    no_one, alone = _by_reviewers(viewer, form)
    found = [
        (
            differing,
            ngettext(
                "{n} study has unresolved discrepancies. Resolve them first.",
                "{n} studies have unresolved discrepancies. Resolve them first.",
                differing,
            ),
        ),
        (
            no_one,
            ngettext(
                "{n} study is assigned to no one. Assign it first.",
                "{n} studies are assigned to no one. Assign them first.",
                no_one,
            ),
        ),
        (
            alone,
            ngettext(
                "{n} study has one reviewer. Their chart becomes final.",
                "{n} studies have one reviewer. Their charts become final.",
                alone,
            ),
        ),
    ]
    return tuple(sentence.format(n=f"{n:,}") for n, sentence in found if n)


def _by_reviewers(viewer: Member, form: Form) -> tuple[int, int]:
    """Return the numbers of open studies without, and with one, assigned reviewer."""
    active = (
        ChartAssignment.objects.filter(round=OuterRef("pk"), vacated_at=None)
        .order_by()
        .values("round")
        .annotate(n=Count("pk"))
    )
    rounds = ChartRound.objects.seen_by(viewer).filter(
        ~Exists(FinalChart.objects.filter(round=OuterRef("pk"))),
        form=form,
        wave__closed_at=None,
        study__in=studies.included_studies(viewer.review),
    )
    no_one = rounds.filter(~Exists(active)).count()
    return no_one, rounds.filter(Exists(active.filter(n=1))).count()
