"""Merged field values for display: the best value of each field of a duplicate cluster.

Records never change; the values are merged when they are read. A record without
duplicates is shown as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from screening.records.models import Duplicate, FieldChoice, Record
from screening.records.queries import clusters
from screening.records.queries.corrections import apply_corrections
from screening.records.queries.record_views import RecordView, record_view
from screening.records.rules import best_fields
from screening.records.rules.best_fields import FIELDS
from screening.records.rules.flags import sorted_flags


@dataclass(frozen=True, slots=True)
class TakenField:
    """A field value shown from a duplicate. ``is_chosen``: a member chose it."""

    field: str
    label: str
    source_name: str
    record_code: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class MergedRecord:
    """A kept record as it is displayed, with its code and source.

    ``copies`` has the primary keys of its duplicates.
    """

    record: RecordView
    taken: tuple[TakenField, ...] = ()
    copies: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldValue:
    """The value of a field in one record of the cluster."""

    record_code: str
    source_name: str
    is_kept: bool
    value: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class FieldOptions:
    """A field with its value in each record, and why one of them is shown."""

    field: str
    label: str
    rule: str
    chosen_by: str
    options: tuple[FieldValue, ...]

    @property
    def differs(self) -> bool:
        """Return True if the records have different values."""
        return len({option.value for option in self.options}) > 1


@dataclass(frozen=True, slots=True)
class _Cluster:
    """The records of a cluster, the kept one first, and the source of each field."""

    copies: list[Record]
    shown: dict[str, int]
    choices: dict[str, FieldChoice]


def merge_fields(records: Sequence[Record]) -> dict[int, MergedRecord]:
    """Return the displayed values of kept records by primary key.

    ``records`` need their ``source``. Takes two queries if none has duplicates, else
    five.
    """
    apply_corrections(records)
    found = {record.pk: MergedRecord(record_view(record)) for record in records}
    for root, cluster in _clusters(found).items():
        found[root] = _best(cluster)
    return found


def displayed_records(records: Sequence[Record]) -> dict[int, RecordView]:
    """Return the displayed values of listed records by primary key.

    Kept records get merged values; duplicates and single records are shown as imported.
    Deferred fields stay empty. Takes three queries if none has duplicates, else six.
    """
    apply_corrections(records)
    found = {record.pk: record_view(record) for record in records}
    repeats = Duplicate.objects.filter(record__in=found, undone_at=None)
    kept = set(found).difference(repeats.values_list("record", flat=True))
    left_out = {name for record in records for name in record.get_deferred_fields()}
    for root, cluster in _clusters(kept, left_out).items():
        found[root] = _best(cluster).record
    return found


def displayed_record(record: Record) -> MergedRecord:
    """Return one kept record as it is displayed."""
    return merge_fields([record])[record.pk]


def field_options(record: Record) -> tuple[FieldOptions, ...]:
    """Return the values of each field in a cluster; () for a single record."""
    kept = clusters.kept_of([record.pk])[record.pk]
    cluster = _clusters([kept]).get(kept)
    if cluster is None:
        return ()
    lines = (_options(cluster, name) for name in FIELDS)
    return tuple(line for line in lines if any(one.value for one in line.options))


def _clusters(
    kept: Collection[int], left_out: Collection[str] = ()
) -> dict[int, _Cluster]:
    """Return the clusters of those kept records that have duplicates.

    ``left_out`` names fields that are not needed and not read.
    """
    members = {
        root: pks
        for root, pks in clusters.cluster_members(kept).items()
        if len(pks) > 1
    }
    if not members:
        return {}
    every = [pk for pks in members.values() for pk in pks]
    records = {
        record.pk: record
        for record in Record.objects.filter(pk__in=every)
        .select_related("source")
        .defer("raw", "prior", *left_out)
    }
    corrected = apply_corrections(records.values())
    choices: dict[int, list[FieldChoice]] = {}
    for choice in (
        FieldChoice.objects.filter(record__in=every, undone_at=None)
        .select_related("created_by")
        .order_by("pk")
    ):
        choices.setdefault(choice.record_id, []).append(choice)
    return {
        root: _cluster([records[pk] for pk in pks], choices, corrected)
        for root, pks in members.items()
    }


def _cluster(
    members: list[Record],
    choices: dict[int, list[FieldChoice]],
    corrected: dict[int, frozenset[str]],
) -> _Cluster:
    kept, *others = members
    others.sort(key=lambda r: (r.arm, r.added_at, r.batch_id or 0, r.position, r.pk))
    copies = [kept, *others]
    left_out = kept.get_deferred_fields()
    values = [
        {name: "" if name in left_out else getattr(r, name) for name in FIELDS}
        for r in copies
    ]
    shown = best_fields.best_values(values)
    shown = {name: place for name, place in shown.items() if name not in left_out}
    standing = sorted((c for r in members for c in choices.get(r.pk, ())), key=_age)
    by_field = {choice.field: choice for choice in standing if choice.field in shown}
    place = {record.pk: number for number, record in enumerate(copies)}
    chosen = {name: place[choice.record_id] for name, choice in by_field.items()}
    # A correction says what is right, so it comes before choice and rule.
    for number, record in reversed(list(enumerate(copies))):
        for name in corrected.get(record.pk, ()):
            if name in shown:
                chosen[name] = number
    return _Cluster(copies, shown | chosen, by_field)


def _age(choice: FieldChoice) -> int:
    return choice.pk


def _best(cluster: _Cluster) -> MergedRecord:
    kept = cluster.copies[0]
    taken = tuple(
        _taken(cluster, name)
        for name, place in cluster.shown.items()
        if place and getattr(cluster.copies[place], name) != getattr(kept, name)
    )
    values: dict[str, Any] = {
        one.field: _value(cluster.copies[cluster.shown[one.field]], one.field)
        for one in taken
    }
    flags = [flag for copy in cluster.copies for flag in record_view(copy).flags]
    return MergedRecord(
        replace(record_view(kept), **values, flags=sorted_flags(flags)),
        taken,
        tuple(copy.pk for copy in cluster.copies[1:]),
    )


def _taken(cluster: _Cluster, name: str) -> TakenField:
    copy = cluster.copies[cluster.shown[name]]
    return TakenField(
        field=name,
        label=_(FIELDS[name]),
        source_name=copy.source.name,
        record_code=copy.code,
        is_chosen=name in cluster.choices,
    )


def _value(record: Record, name: str) -> Any:
    value = getattr(record, name)
    return tuple(value) if isinstance(value, list) else value


def _options(cluster: _Cluster, name: str) -> FieldOptions:
    choice = cluster.choices.get(name)
    return FieldOptions(
        field=name,
        label=_(FIELDS[name]),
        rule=_(best_fields.RULES.get(name, best_fields.FIRST)),
        chosen_by=choice.created_by.name if choice else "",
        options=tuple(
            FieldValue(
                record_code=copy.code,
                source_name=copy.source.name,
                is_kept=number == 0,
                value=_text(copy, name),
                is_shown=cluster.shown[name] == number,
            )
            for number, copy in enumerate(cluster.copies)
        ),
    )


def _text(record: Record, name: str) -> str:
    value = getattr(record, name)
    if isinstance(value, list):
        return "; ".join(value)
    return "" if value is None else str(value)
