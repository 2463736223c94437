"""The report on a file: exact counts, and lists that no file can make too large."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext, ngettext

from screening.citations import translation
from screening.citations.reading import reading_report as report_module
from screening.citations.reading.reading_report import (
    LETTERS_AT_MOST,
    LISTED_AT_MOST,
    RAW_AT_MOST,
    OutsideText,
    ReadingReport,
    ReadingWarning,
    SkippedText,
)
from screening.citations.reading.tables.columns import field_labels

Told = ReadingWarning | SkippedText | OutsideText


def letters(report: ReadingReport) -> int:
    pieces = sum(len(piece.raw) for piece in report.skipped)
    return pieces + sum(len(piece.text) for piece in report.outside)


def test_skipped_entries_of_20_kb_are_all_counted_and_the_first_are_kept() -> None:
    told: list[Told] = []
    report = ReadingReport(sink=told.append)
    for line in range(3_000):
        report.skip(line, "It has no content.", "x" * (RAW_AT_MOST + 5))
    assert report.skipped_count == len(told) == 3_000
    assert letters(report) == LETTERS_AT_MOST
    lines = [piece.line for piece in report.skipped]
    assert lines == list(range(LETTERS_AT_MOST // RAW_AT_MOST))


def test_no_shorter_entry_is_kept_after_the_lists_are_full() -> None:
    report = ReadingReport()
    for line in range(LETTERS_AT_MOST // RAW_AT_MOST + 1):
        report.skip(line, "It has no content.", "x" * RAW_AT_MOST)
    kept = len(report.skipped)
    report.skip(9_999_999, "It has no content.", "short")
    assert len(report.skipped) == kept


def test_text_outside_and_skipped_entries_share_one_limit() -> None:
    report = ReadingReport()
    for line in range(2_000):
        report.put_outside(line, "x" * RAW_AT_MOST)
        report.skip(line, "It has no content.", "x" * RAW_AT_MOST)
    assert letters(report) == LETTERS_AT_MOST
    assert report.warning_counts["text-outside-record"] == 2_000


def test_the_first_ten_thousand_short_entries_are_kept() -> None:
    report = ReadingReport()
    for line in range(LISTED_AT_MOST + 10):
        report.skip(line, "It has no content.", "x")
    assert len(report.skipped) == LISTED_AT_MOST
    assert report.skipped_count == LISTED_AT_MOST + 10


def _untranslated(tree: ast.AST) -> Iterator[int]:
    """Yield the line of each literal that is given to a report or refusal as it is."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        place = {"warn": 2, "skip": 1, "_skip": 1, "UnreadableFile": 1}.get(name)
        if place is None or len(call.args) <= place:
            continue
        message = call.args[place]
        if isinstance(message, ast.JoinedStr | ast.BinOp) or (
            isinstance(message, ast.Constant) and message.value
        ):
            yield call.lineno


def test_every_message_can_be_translated() -> None:
    folder = Path(report_module.__file__).parent
    found = [
        f"{path.name}:{line}"
        for path in sorted(folder.rglob("*.py"))
        for line in _untranslated(ast.parse(path.read_text()))
    ]
    assert not found
    assert list(_untranslated(ast.parse('report.warn("no-title", 1, "No title.")')))


def test_messages_are_translated_when_they_are_made() -> None:
    translation.use_translations(
        lambda message: f"«{message}»", lambda one, many, number: many
    )
    try:
        report = ReadingReport(entry=3)
        report.put_outside(1, "text")
        assert report.warnings[0].message == "«This text is not part of any record.»"
        assert report.warnings[0].entry == 3
        assert field_labels()["notes"] == "«Notes»"
    finally:
        translation.use_translations(gettext, ngettext)
    assert field_labels()["notes"] == "Notes"
