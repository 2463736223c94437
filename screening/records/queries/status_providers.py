"""Screening status of records, as higher apps report it; public facts only."""

from __future__ import annotations

from collections.abc import Collection

from reviewapp.core.models import Member
from screening.records import hooks


def status_of_records(viewer: Member, pks: Collection[int]) -> dict[int, str]:
    """Return the screening status by primary key.

    A status reads, for example, "excluded at Title and abstract (2 January 2026)".
    Records without a final decision are left out.
    """
    found: dict[int, str] = {}
    if pks:
        for statuses in hooks.record_status.call(viewer, pks):
            found.update(statuses)
    return found
