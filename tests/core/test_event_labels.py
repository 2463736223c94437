"""Every event that the program records has a label in the audit log."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest
from django.conf import settings

from reviewapp.core import events

KIND = re.compile(r"[a-z_]+:[a-z_]+")
PACKAGES = ("reviewapp", "screening", "charting")
# Their first argument looks like a kind: the name of a URL.
OTHER_CALLS = ("reverse",)
# Arguments of events.record that are no data.
NO_DATA = {"review", "actor", "kind", "now", "subject", "private"}


def test_every_event_kind_has_a_label() -> None:
    missing = [name for name in _kinds() if name[1] not in events.all_labels().kinds]
    assert not missing, f"add to EVENT_LABELS of the app's event_labels.py: {missing}"


def test_every_label_belongs_to_a_recorded_kind() -> None:
    assert set(events.all_labels().kinds) == {kind for _, kind in _kinds()}


def test_every_key_of_an_events_data_has_a_label() -> None:
    missing = [name for name in _keys() if name[1] not in events.all_labels().details]
    assert not missing, f"add to DETAIL_LABELS of the app's event_labels.py: {missing}"


def test_labels_are_translated_when_they_are_shown() -> None:
    """A plain string would keep the language of the process's start."""
    known = events.all_labels()
    labels = {**known.kinds, **known.details}
    for choices in known.choices.values():
        labels.update(choices)
    assert [name for name, label in labels.items() if isinstance(label, str)] == []


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("seats:freed", "Assignments removed"),
        ("rounds:settled", "Decisions recorded"),
        ("some:old_kind", "Some old kind"),
    ],
)
def test_a_kind_is_shown_by_its_label_or_by_its_own_words(
    kind: str, label: str
) -> None:
    assert events.event_label(kind) == label


def test_stored_choices_are_shown_by_their_labels() -> None:
    assert events.value_label("member:joined", "role", "librarian") != "librarian"
    assert events.value_label("member:joined", "role", "cook") == "cook"
    assert events.value_label("review:renamed", "after", "lead") == "lead"


@cache
def _recording_modules() -> list[tuple[str, ast.Module]]:
    """Return every module that records events, with its path."""
    found = []
    for package in PACKAGES:
        for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            if "events.record(" in source:
                name = path.relative_to(settings.BASE_DIR).as_posix()
                found.append((name, ast.parse(source)))
    assert len(found) > 20
    return found


def _kinds() -> Iterator[tuple[str, str]]:
    """Yield (file, kind) for every string that is the kind of an event."""
    for path, module in _recording_modules():
        others = set()
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in OTHER_CALLS:
                others.update(id(argument) for argument in node.args)
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_text and KIND.fullmatch(node.value) and id(node) not in others:
                yield path, node.value


def _keys() -> Iterator[tuple[str, str]]:
    """Yield (file, key) for every value that is written out in a recording call."""
    for path, module in _recording_modules():
        calls = [node for node in ast.walk(module) if isinstance(node, ast.Call)]
        for call in calls:
            if ast.unparse(call.func) != "events.record":
                continue
            for keyword in call.keywords:
                if keyword.arg and keyword.arg not in NO_DATA:
                    yield path, keyword.arg
