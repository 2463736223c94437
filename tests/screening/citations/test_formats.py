"""Registry of formats: its rows are complete, documented and covered by samples."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from screening.citations import reference_types
from screening.citations.formats import (
    FORMAT_BY_CODE,
    FORMATS,
    PLATFORM_NAMES,
    Format,
    format_names,
    name_of_format,
)
from screening.citations.reading import item_types
from screening.citations.reading.recognising import HEAD_BYTES, recognise
from screening.flow.exports.presets import PRESETS
from screening.records.forms import UploadForm
from tests.paths import ROOT
from tests.screening.citations.imports_expected import OURS

PAGE = ROOT / "docs" / "methods" / "import-formats.md"


def test_codes_and_names_are_unique() -> None:
    assert max(Counter(format_.code for format_ in FORMATS).values()) == 1
    assert max(Counter(format_.name for format_ in FORMATS).values()) == 1


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.code)
def test_a_format_has_one_reader_and_a_way_to_recognise_it(format_: Format) -> None:
    readers = bool(format_.read_lines) + bool(format_.read_bytes)
    assert readers == (0 if format_.is_archive else 1)
    assert format_.endings
    assert all(ending == ending.lower().strip(".") for ending in format_.endings)
    # Text without any mark is CSV, and a workbook is recognised by the parts of a zip.
    assert format_.marks or format_.magic or format_.code in ("csv", "ods", "xlsx")
    assert bool(format_.media_type) >= bool(format_.write)


def test_every_format_has_a_row_in_the_docs() -> None:
    table = PAGE.read_text("utf-8").split("\n## Formats\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("|")]
    codes = {code for cells in rows for code in re.findall(r"`([\w-]+)`", cells[0])}
    assert codes == set(FORMAT_BY_CODE)
    named = " ".join(cells[1] for cells in rows)
    for format_ in FORMATS:
        assert format_.is_archive or format_.name in named


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.code)
def test_every_format_has_a_sample_with_expected_values(format_: Format) -> None:
    names = OURS.names("import", formats=(format_.code,))
    assert names, "add one to tests/sample_data"
    for name in names:
        head = (OURS.folder / name).read_bytes()[:HEAD_BYTES]
        found = recognise(head, name).format
        assert found == ("zip" if format_.code in ("ods", "xlsx") else format_.code)
    records = [one for name in names for one in OURS.expected[name]["records"]]
    assert any(len(one) > 4 for one in records), "a title alone is not enough"


def test_every_writer_is_offered_as_an_export() -> None:
    offered = {preset.format.code for preset in PRESETS}
    assert offered >= {format_.code for format_ in FORMATS if format_.write}
    assert all(preset.content_type and preset.extension for preset in PRESETS)


def test_the_upload_page_names_every_format() -> None:
    help_text = str(UploadForm().fields["exports"].help_text)
    assert all(name in help_text for name in format_names())


def test_names_of_formats_and_platforms() -> None:
    assert name_of_format("wos-tagged") == "Web of Science (tagged)"
    assert name_of_format("xls") == "XLS"
    assert {"Ovid", "Scopus", "ClinicalTrials.gov"} <= set(PLATFORM_NAMES)
    assert list(PLATFORM_NAMES) == sorted(PLATFORM_NAMES, key=str.casefold)


def test_every_type_of_a_reference_is_marked_for_translation() -> None:
    known = {
        *reference_types.WORDS_OF_RIS.values(),
        *reference_types.WORDS_OF_TEXT.values(),
    }
    known |= {*item_types.WORDS_OF_ITEM.values(), *reference_types.RIS_OF_WORDS}
    assert known <= reference_types.WORDS
