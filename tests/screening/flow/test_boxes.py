"""Boxes of the flow: each has a list, a check and a place on the page."""

from __future__ import annotations

import re

from django.conf import settings

from screening.flow.queries.lists import _LISTS, PART_OF
from screening.flow.rules.boxes import BOXES, PENDING
from screening.flow.rules.identities import _RULES

KEYS = {box.key for box in BOXES}
# Shown as parts of other boxes, or as sums only.
NOT_SHOWN_ALONE = {
    "database_results",
    "register_results",
    "dbr_included",
    "other_included",
}


def test_every_box_has_a_list() -> None:
    assert set(_LISTS) == KEYS
    assert set(PART_OF) <= KEYS
    assert set(PENDING) <= KEYS


def test_every_box_is_in_a_check() -> None:
    """A box in no sum could lose records unnoticed."""
    checked = {
        key.removeprefix("sum:")
        for rule in _RULES
        for key in (*rule.left, *rule.plus, *rule.minus)
        if not key.startswith("check:")
    }
    assert checked == KEYS


def test_every_box_is_on_the_page() -> None:
    page = (settings.BASE_DIR / "templates/flow/flow.html").read_text("utf-8")
    shown = set(re.findall(r"=b\.(\w+)", page)) | set(re.findall(r"\bb\.(\w+)\.", page))
    assert shown & KEYS == KEYS - NOT_SHOWN_ALONE


def test_the_documents_list_every_check() -> None:
    text = (settings.BASE_DIR / "docs/architecture.md").read_text("utf-8")
    section = text.partition("## Flow identities")[2].partition("\n## ")[0]
    listed = set(re.findall(r"^\| (I\d\w?) \|", section, re.M))
    # I4 is no equation: it says where a late duplicate is counted.
    assert listed - {"I4"} == {rule.code for rule in _RULES}
