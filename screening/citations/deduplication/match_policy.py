"""Deduplication settings: what counts as one work, where teams differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Treatment = Literal["duplicate", "related"]


@dataclass(frozen=True, slots=True)
class MatchPolicy:
    """Pairs that some teams count as one work: merged ("duplicate") or kept apart.

    ``cochrane_updates``: versions of one Cochrane review. ``preprints``: a preprint and
    its article. ``congress_abstracts``: one abstract printed by two meetings.
    """

    cochrane_updates: Treatment = "duplicate"
    preprints: Treatment = "related"
    congress_abstracts: Treatment = "related"


USUAL = MatchPolicy()
"""The settings of a team that did not change them."""
