"""A merge by hand: finding the other record, and what the merge would do."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from screening.citations.deduplication.cleaning import clean_reference
from screening.citations.deduplication.matching import Judgement, judge_pair
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.queries import dedup_settings, keep_order
from screening.duplicates.queries.duplicates import ComparedField, compare_fields
from screening.duplicates.queries.matches import reference_of_record
from screening.records.models import Arm, Import, Record
from screening.records.queries import clusters, status_providers, titles
from screening.records.queries.records import RecordView, record_view

SHOWN = 20
SHORTEST = 3
"""Letters. Shorter texts are in too many titles."""


@dataclass(frozen=True, slots=True)
class MergePreview:
    """The two records side by side, and what their merge would do.

    ``first_kept`` and ``second_kept`` are the kept records of their clusters, perhaps
    they themselves; ``kept`` is the one of the two that stays, and ``rule`` says why.
    ``n`` is the number of records in the joined cluster. ``refusal`` is the reason why
    they can't be merged, or "".
    """

    first: RecordView
    second: RecordView
    first_kept: RecordView
    second_kept: RecordView
    first_status: str
    second_status: str
    fields: tuple[ComparedField, ...]
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]
    kept: RecordView
    rule: str
    n: int
    refusal: str


def search_records(viewer: Member, record: Record, q: str) -> list[RecordView]:
    """Return records that ``q`` finds: a code, DOI, PMID or words of the title.

    The record itself and those already merged with it are left out.
    """
    q = q.strip()
    if not q:
        return []
    root = clusters.kept_of([record.pk])[record.pk]
    wanted = Q(code=q) | Q(doi__iexact=q.removeprefix("https://doi.org/"))
    if q.isdecimal():
        wanted |= Q(pmid=q)
    if len(q) >= SHORTEST:
        column = titles.title_column(viewer.review_id)
        words = Q()
        for word in q.split():
            words &= Q(**{f"{column}__icontains": word})
        wanted |= words
    rows = (
        Record.objects.identified()
        .filter(wanted, review=viewer.review_id)
        .exclude(pk__in=clusters.cluster_members([root])[root])
        .select_related("source")
        .defer("raw", "abstract")
        .order_by("pk")
    )
    return [record_view(row) for row in rows[:SHOWN]]


def merge_preview(viewer: Member, first: Record, second: Record) -> MergePreview:
    """Return what a merge of the two would do; it depends on public facts only."""
    roots = clusters.kept_of([first.pk, second.pk])
    one, other = roots[first.pk], roots[second.pk]
    members = clusters.cluster_members({one, other})
    ordered = keep_order.in_keep_order({one, other})
    views = {row.pk: record_view(row) for row in _with_sources({one, other})}
    known = status_providers.status_of_records(viewer, {one, other})
    judged = judged_pair(viewer, first, second)
    a, b = record_view(first), record_view(second)
    return MergePreview(
        first=a,
        second=b,
        first_kept=views[one],
        second_kept=views[other],
        first_status=known.get(one, ""),
        second_status=known.get(other, ""),
        fields=tuple(compare_fields(a, b)),
        reasons_for=tuple(_(reason) for reason in judged.reasons_for),
        reasons_against=tuple(_(reason) for reason in judged.reasons_against),
        kept=views[ordered[0].pk],
        rule=_rule(ordered),
        n=sum(len(cluster) for cluster in members.values()),
        refusal=_refusal(viewer, first, second, members),
    )


def judged_pair(viewer: Member, first: Record, second: Record) -> Judgement:
    """Return how the rules judge the two; the evidence is in English, as it is stored."""
    policy = dedup_settings.get_settings(viewer.review)
    a, b = (clean_reference(reference_of_record(one)) for one in (first, second))
    return judge_pair(a, b, policy)


def _with_sources(pks: set[int]) -> list[Record]:
    rows = Record.objects.filter(pk__in=pks).select_related("source")
    return list(rows.defer("raw", "abstract"))


def _rule(ordered: list[Record]) -> str:
    """Return the rule by which the first of the records is kept."""
    if len(ordered) < 2:
        return ""
    kept, other = ordered
    decided = keep_order.decided_ranks([kept.pk, other.pk])
    if decided[kept.pk] > decided[other.pk]:
        if not decided[other.pk]:
            return _("It has a final decision, and the other record has none.")
        return _("Both have final decisions, and it came further in the review.")
    if kept.arm != other.arm and kept.arm == Arm.DATABASES:
        return _("It is from a database or register.")
    return _("It was added earlier.")


def _refusal(
    viewer: Member, first: Record, second: Record, members: dict[int, list[int]]
) -> str:
    if any(
        one.batch and one.batch.state != Import.State.COMMITTED
        for one in (first, second)
    ):
        return _("One of the records does not count in the review at present.")
    if len(members) < 2:
        return _("These two records are already merged.")
    left, right = members.values()
    different = PossibleDuplicate.objects.filter(
        Q(first__in=left, second__in=right) | Q(first__in=right, second__in=left),
        review=viewer.review_id,
        answer=PossibleDuplicate.Answer.DIFFERENT,
    )
    if different.exists():
        return _(
            "These records, or duplicates of them, were marked as different. Reopen that "
            "pair under Duplicate decisions first."
        )
    return ""
