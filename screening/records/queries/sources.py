"""Sources with their counts: the search log of a review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from reviewapp.core.models import Member
from screening.records.models import Arm, Import, Source
from screening.records.queries import stored_counts


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source with its counts; ``records`` = ``unique`` + ``duplicates``."""

    code: str
    name: str
    kind: str
    kind_words: str
    arm: str
    platform: str
    searched_on: date | None
    strategy: str
    limits: str
    hits_reported: int | None
    provenance: str
    records: int
    duplicates: int
    imports: int
    waiting: int

    @property
    def unique(self) -> int:
        """Return the records that are not duplicates."""
        return self.records - self.duplicates

    @property
    def is_other(self) -> bool:
        """Return True if it is an other method."""
        return self.arm == Arm.OTHER


@dataclass(frozen=True, slots=True)
class ArmSources:
    """The sources of one arm of the flow, with their sums."""

    arm: str
    words: str
    sources: tuple[SourceView, ...]

    @property
    def records(self) -> int:
        """Return the number of records of all sources of the arm."""
        return sum(source.records for source in self.sources)

    @property
    def duplicates(self) -> int:
        """Return the number of duplicates among them."""
        return sum(source.duplicates for source in self.sources)

    @property
    def unique(self) -> int:
        """Return the records that are not duplicates."""
        return self.records - self.duplicates


def find_source(viewer: Member, code: str) -> Source | None:
    """Return the source with this code in the viewer's review, or None."""
    return (
        Source.objects.select_related("review")
        .filter(review=viewer.review_id, code=code)
        .first()
    )


def source_detail(viewer: Member, code: str) -> SourceView | None:
    """Return one source with its counts, or None; five queries."""
    return next(iter(_views(viewer, code=code)), None)


def sources_by_arm(viewer: Member) -> tuple[ArmSources, ...]:
    """Return the sources by arm, in the order they were added; five queries."""
    views = _views(viewer)
    return tuple(
        ArmSources(arm.value, str(arm.label), tuple(v for v in views if v.arm == arm))
        for arm in Arm
    )


def source_options(viewer: Member) -> list[tuple[str, str]]:
    """Return code and name of all sources, for the filter of the records."""
    sources = Source.objects.filter(review=viewer.review_id).order_by("pk")
    return list(sources.values_list("code", "name"))


def _views(viewer: Member, **filters: str) -> list[SourceView]:
    sources = Source.objects.filter(review=viewer.review_id, **filters).order_by("pk")
    counts = stored_counts.counts_by_source(viewer.review_id)
    imports = _import_counts(viewer)
    return [
        SourceView(
            code=s.code,
            name=s.name,
            kind=s.kind,
            kind_words=s.get_kind_display(),
            arm=s.arm.value,
            platform=s.platform,
            searched_on=s.searched_on,
            strategy=s.strategy,
            limits=s.limits,
            hits_reported=s.hits_reported,
            provenance=s.provenance,
            records=counts.get(s.pk, stored_counts.NONE).records,
            duplicates=counts.get(s.pk, stored_counts.NONE).duplicates,
            imports=imports.get(s.pk, (0, 0))[0],
            waiting=imports.get(s.pk, (0, 0))[1],
        )
        for s in sources
    ]


def _import_counts(viewer: Member) -> dict[int, tuple[int, int]]:
    rows = (
        Import.objects.filter(review=viewer.review_id)
        .exclude(state=Import.State.DISCARDED)
        .order_by()
        .values("source")
        .annotate(n=Count("pk"), waiting=Count("pk", filter=Q(state=Import.State.READ)))
    )
    return {row["source"]: (row["n"], row["waiting"]) for row in rows}
