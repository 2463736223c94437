"""The sums that a flow must fulfil, derived from PRISMA 2020.

docs/architecture.md lists them. Both sides are lengths of lists that were queried
independently. So a check can fail, and shows where a record was lost or counted
twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from reviewapp.core.lib.translation import gettext
from reviewapp.core.lib.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Identity:
    """A checked equation: both sides, its ``numbers`` and its ``words`` in English."""

    code: str
    numbers: str
    words: str
    left: int
    right: int

    @property
    def text(self) -> str:
        """Return the equation in English, for files that programs read."""
        return f"{self.numbers} ({self.words})"

    @property
    def label(self) -> str:
        """Return the equation with its words translated."""
        return f"{self.numbers} ({gettext(self.words)})"

    @property
    def holds(self) -> bool:
        """Return True if both sides are equal."""
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class _Rule:
    code: str
    words: str
    left: tuple[str, ...]
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()


_RULES: tuple[_Rule, ...] = (
    _Rule("I1", _("identified = databases + registers"), ("identified",), ("database_results", "register_results")),
    _Rule("I1b", _("identified = sum over the sources"), ("identified",), ("sum:identified",)),
    _Rule("I2", _("screened = identified − duplicates − ineligible by automation − other reasons"), ("records_screened",), ("identified",), ("duplicates", "excluded_automatic", "excluded_other")),
    _Rule("I2b", _("duplicates = records merged into a kept record"), ("duplicates", "other_duplicates"), ("check:merged",)),
    _Rule("I3", _("screened = excluded + reports sought + still in screening"), ("records_screened",), ("records_excluded", "dbr_sought_reports", "records_pending")),
    _Rule("I3b", _("records excluded = records with the final decision exclude"), ("records_excluded",), ("check:records_excluded",)),
    _Rule("I5", _("sought = assessed + not retrieved + awaiting retrieval"), ("dbr_sought_reports",), ("dbr_assessed", "dbr_notretrieved_reports", "dbr_retrieval_pending")),
    _Rule("I5b", _("sought = records included at the last stage before retrieval"), ("dbr_sought_reports",), ("check:records_included",)),
    _Rule("I6", _("assessed = excluded + included + still under assessment"), ("dbr_assessed",), ("dbr_excluded", "dbr_included", "dbr_eligibility_pending")),
    _Rule("I6b", _("reports excluded = sum over the reasons"), ("dbr_excluded",), ("sum:dbr_excluded",)),
    _Rule("I6c", _("reports excluded, both columns = reports with the final decision exclude"), ("dbr_excluded", "other_excluded"), ("check:reports_excluded",)),
    _Rule("I7", _("identified by other methods = duplicates + not sent to retrieval + sought + awaiting a decision"), ("other_identified",), ("other_duplicates", "other_not_sought", "other_sought_reports", "other_undecided")),
    _Rule("I7b", _("identified by other methods = sum over the methods"), ("other_identified",), ("sum:other_identified",)),
    _Rule("I7c", _("other methods: sought = assessed + not retrieved + awaiting retrieval"), ("other_sought_reports",), ("other_assessed", "other_notretrieved_reports", "other_retrieval_pending")),
    _Rule("I7d", _("other methods: assessed = excluded + included + still under assessment"), ("other_assessed",), ("other_excluded", "other_included", "other_eligibility_pending")),
    _Rule("I7e", _("other methods: reports excluded = sum over the reasons"), ("other_excluded",), ("sum:other_excluded",)),
    _Rule("I7f", _("other methods: not sent to retrieval = records that the team decided not to retrieve"), ("other_not_sought",), ("check:not_sought",)),
    _Rule("I8", _("reports included = databases and registers + other methods"), ("new_reports",), ("dbr_included", "other_included")),
    _Rule("I8b", _("reports included = sum over the included studies"), ("new_reports",), ("sum:new_studies",)),
)  # fmt: skip


def check_identities(
    n: Mapping[str, int], *, skipped: Collection[str] = ()
) -> list[Identity]:
    """Check all identities on the counts of boxes and return them.

    ``n`` maps box keys to counts, ``sum:<key>`` to the sum over the box's parts
    (sources, reasons, reports per study), and ``check:<key>`` to a list that is queried
    in another way (queries/checks.py). Raises ``KeyError`` if one is missing.
    ``skipped``: codes that the caller can't check, because it has no second count.
    """
    found = []
    for rule in _RULES:
        if rule.code in skipped:
            continue
        left = sum(n[key] for key in rule.left)
        right = sum(n[key] for key in rule.plus) - sum(n[key] for key in rule.minus)
        numbers = f"{left:,} {_numbers(rule, n)}"
        found.append(Identity(rule.code, numbers, rule.words, left, right))
    return found


def _numbers(rule: _Rule, n: Mapping[str, int]) -> str:
    """Return the right side in numbers: "= 9 − 4"."""
    sums = " + ".join(f"{n[key]:,}" for key in rule.plus)
    less = "".join(f" − {n[key]:,}" for key in rule.minus)
    return f"= {sums}{less}"
