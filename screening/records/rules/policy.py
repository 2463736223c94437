"""What a team counts as one work, where the field's customs differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Treatment = Literal["duplicate", "related"]


@dataclass(frozen=True, slots=True)
class Policy:
    """Pairs that are one work to some teams: merged ("duplicate") or kept apart.

    ``cochrane_updates``: versions of one Cochrane review. ``preprints``: a preprint and
    its article. ``congress_abstracts``: one abstract printed by two meetings.
    """

    cochrane_updates: Treatment = "duplicate"
    preprints: Treatment = "related"
    congress_abstracts: Treatment = "related"


USUAL = Policy()
"""What holds unless a team chose otherwise."""
