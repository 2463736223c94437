"""The arithmetic that a flow must fulfil (features.md §3.3, derived from PRISMA 2020).

Each identity is checked on the lengths of lists that were queried independently, so
it can fail, and then names where a record was lost or counted twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """One checked equation: ``left`` = sum of ``right`` (box keys)."""

    code: str
    text: str
    left: int
    right: int

    @property
    def holds(self) -> bool:
        """Whether both sides are equal."""
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class _Rule:
    code: str
    words: str
    left: tuple[str, ...]
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()


_RULES: tuple[_Rule, ...] = (
    _Rule("I1", "identified = databases + registers", ("identified",), ("database_results", "register_results")),
    _Rule("I1b", "identified = sum over the sources", ("identified",), ("sum:identified",)),
    _Rule("I2", "screened = identified − duplicates − ineligible by automation − other reasons", ("records_screened",), ("identified",), ("duplicates", "excluded_automatic", "excluded_other")),
    _Rule("I3", "screened = excluded + reports sought + still in screening", ("records_screened",), ("records_excluded", "dbr_sought_reports", "records_pending")),
    _Rule("I5", "sought = assessed + not retrieved + still being sought", ("dbr_sought_reports",), ("dbr_assessed", "dbr_notretrieved_reports", "dbr_retrieval_pending")),
    _Rule("I6", "assessed = excluded + included + still under assessment", ("dbr_assessed",), ("dbr_excluded", "dbr_included", "dbr_eligibility_pending")),
    _Rule("I6b", "reports excluded = sum over the reasons", ("dbr_excluded",), ("sum:dbr_excluded",)),
    _Rule("I7", "other identified = duplicates + not sought + sought + waiting", ("other_identified",), ("other_duplicates", "other_not_sought", "other_sought_reports", "other_undecided")),
    _Rule("I7b", "other identified = sum over the methods", ("other_identified",), ("sum:other_identified",)),
    _Rule("I7c", "other sought = assessed + not retrieved + still being sought", ("other_sought_reports",), ("other_assessed", "other_notretrieved_reports", "other_retrieval_pending")),
    _Rule("I7d", "other assessed = excluded + included + still under assessment", ("other_assessed",), ("other_excluded", "other_included", "other_eligibility_pending")),
    _Rule("I7e", "other reports excluded = sum over the reasons", ("other_excluded",), ("sum:other_excluded",)),
    _Rule("I8", "reports included = both arms together", ("new_reports",), ("dbr_included", "other_included")),
    _Rule("I8b", "reports included = sum over the included studies", ("new_reports",), ("sum:new_studies",)),
)  # fmt: skip


def check(n: Mapping[str, int]) -> list[Identity]:
    """Check all identities on box counts.

    ``n`` maps box keys to counts, and ``sum:<key>`` to the sum over the box's parts
    (sources, reasons, reports per study). Raises ``KeyError`` if one is missing.
    """
    found = []
    for rule in _RULES:
        left = sum(n[key] for key in rule.left)
        right = sum(n[key] for key in rule.plus) - sum(n[key] for key in rule.minus)
        found.append(Identity(rule.code, f"{left:,} {_numbers(rule, n)}", left, right))
    return found


def _numbers(rule: _Rule, n: Mapping[str, int]) -> str:
    """The equation in words with its numbers: "(screened = …): 5 = 9 − 4"."""
    sums = " + ".join(f"{n[key]:,}" for key in rule.plus)
    less = "".join(f" − {n[key]:,}" for key in rule.minus)
    return f"= {sums}{less} ({rule.words})"
