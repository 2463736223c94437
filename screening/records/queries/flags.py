"""Flags of records from the list of retractions that the operator loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.db.models import Q

from screening.records.models import ListedRetraction
from screening.records.queries.record_views import RecordView
from screening.records.rules.flags import Flag, sorted_flags


def with_listed_flags(views: Mapping[int, RecordView]) -> dict[int, RecordView]:
    """Return the records with the flags of the list added; one query.

    Records are matched by DOI or PMID only, never by title.
    """
    listed = _listed(views.values())
    if not listed:
        return dict(views)
    found = {}
    for pk, view in views.items():
        new = [*listed.get(f"doi:{view.doi}", ()), *listed.get(f"pmid:{view.pmid}", ())]
        flags = sorted_flags((*view.flags, *new)) if new else view.flags
        found[pk] = replace(view, flags=flags)
    return found


def _listed(views: Iterable[RecordView]) -> dict[str, list[Flag]]:
    """Return the flags of the list by "doi:…" and "pmid:…"."""
    every = list(views)
    dois = {view.doi for view in every if view.doi}
    pmids = {view.pmid for view in every if view.pmid}
    if not dois and not pmids:
        return {}
    flags: dict[str, list[Flag]] = {}
    for row in ListedRetraction.objects.filter(Q(doi__in=dois) | Q(pmid__in=pmids)):
        text = "; ".join(
            filter(None, (str(row.noticed_on or ""), row.reasons.strip("; ")))
        )
        url = f"https://doi.org/{row.notice_doi}" if row.notice_doi else ""
        flag = Flag(row.kind, text, url, is_listed=True)
        for key in (f"doi:{row.doi}", f"pmid:{row.pmid}"):
            flags.setdefault(key, []).append(flag)
    flags.pop("doi:", None)
    flags.pop("pmid:", None)
    return flags
