"""Related records that a team keeps separate."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from screening.citations.deduplication.cleaning import clean_reference
from screening.citations.deduplication.related_works import relation_of_works
from screening.duplicates.queries import dedup_settings
from screening.duplicates.queries.matches import reference_of_record
from screening.records.models import Record
from screening.records.queries import clusters, titles
from screening.records.queries.record_views import record_view
from screening.records.queries.related import Related

LOOKED_AT = 30
WORDS = 12
"""Number of title words that candidates start with, ignoring case and punctuation."""


def find_related(viewer: Member, record: Record) -> tuple[Related, ...]:
    """Return the records related to this one, such as its preprint.

    This depends on the team's settings; duplicates are not included. Takes four
    queries.
    """
    policy = dedup_settings.get_settings(viewer.review)
    if "related" not in (
        policy.cochrane_updates, policy.preprints, policy.congress_abstracts
    ):  # fmt: skip
        return ()
    one = clean_reference(reference_of_record(record))
    candidates = _candidates(record)
    kept = clusters.kept_of([record.pk, *(other.pk for other in candidates)])
    return tuple(
        Related(record_view(other), _(how))
        for other in candidates
        if kept[other.pk] == other.pk != kept[record.pk]
        and (
            how := relation_of_works(
                one, clean_reference(reference_of_record(other)), policy
            )
        )
    )


def _candidates(record: Record) -> list[Record]:
    """Return records whose titles start alike; the trigram index serves the pattern."""
    words = re.findall(r"\w+", record.title)[:WORDS]
    if len("".join(words)) < 3 * WORDS // 2:
        return []
    column = titles.title_column(record.review_id)
    start = r"^[^[:alnum:]]*" + "[^[:alnum:]]+".join(map(re.escape, words))
    return list(
        Record.objects.identified()
        .filter(review=record.review_id, **{f"{column}__iregex": start})
        .exclude(pk=record.pk)
        .select_related("source")
        .defer("raw", "notes", "keywords")
        .order_by("pk")[:LOOKED_AT]
    )
