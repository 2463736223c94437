from __future__ import annotations

import csv
import hashlib
import io
import json
import re

from reviewapp.demo.cited import cited_works
from reviewapp.demo.exports import DemoExport, all_exports
from reviewapp.demo.generator import all_works
from reviewapp.demo.source_variants import as_latin1, initials, title_case
from reviewapp.demo.work import MARK, PUBLISHER
from tests.paths import DATA

# Digest of all ten files. It changes only with the generator or its words, never with
# the machine or the run.
DIGEST = "6c25be76d8f8b358554a5475aaa724c252800357ee871d93e5018ac7a8d3fc90"


def text_of(export: DemoExport) -> str:
    code = "latin-1" if export.source.key == "oria" else "utf-8-sig"
    return export.content.decode(code)


def records_in(export: DemoExport) -> int:
    text = text_of(export)
    if export.filename.endswith(".csv"):
        return len(list(csv.reader(io.StringIO(text)))) - 1
    return len(re.findall(r"^ER  - ?\r?$", text, re.MULTILINE))


def test_the_same_bytes_come_out_on_every_machine() -> None:
    digest = hashlib.sha256(b"".join(e.content for e in all_exports())).hexdigest()
    assert digest == DIGEST


def test_there_is_one_export_for_each_database_of_the_review() -> None:
    numbers = json.loads((DATA / "demo/numbers.json").read_text("utf-8"))
    assert [e.source.name for e in all_exports()] == numbers["databases"]


def test_all_exports_together_show_each_database_work_at_least_once() -> None:
    seen = {number for export in all_exports() for number in export.works}
    found = {w.number for w in all_works() if w.planned.way is None}
    assert seen == found
    assert len(seen) == 13_178


def test_every_file_holds_as_many_records_as_it_tells() -> None:
    for export in all_exports():
        assert records_in(export) == len(export.works), export.filename


def test_the_hits_come_to_a_realistic_sum_with_many_duplicates() -> None:
    sizes = {e.source.key: len(e.works) for e in all_exports()}
    assert 20_000 <= sum(sizes.values()) <= 24_000
    assert sizes["scholar"] == 980
    assert all(size > 900 for size in sizes.values())


def test_no_doi_lies_outside_the_test_prefix_except_the_cited_ones() -> None:
    cited = {w.doi for w in cited_works()}
    for export in all_exports():
        for doi in re.findall(r"\b10\.\d{4,9}/[^\s\"|,;]+", text_of(export)):
            assert doi.startswith("10.5555/") or doi in cited, doi


def test_every_invented_record_is_marked_in_its_file() -> None:
    invented = {w.number for w in all_works() if w.invented}
    for export in all_exports():
        text = text_of(export)
        mark = PUBLISHER if export.source.key == "scholar" else MARK
        count = sum(number in invented for number in export.works)
        assert text.count(mark) >= count, export.filename


def test_no_database_shows_a_work_of_the_other_methods() -> None:
    others = {w.number for w in all_works() if w.planned.way}
    assert not others & {n for e in all_exports() for n in e.works}


def test_dialects_keep_their_quirks() -> None:
    texts = {e.source.key: text_of(e) for e in all_exports()}
    assert texts["medline"].startswith("1.\nTY  - JOUR\n")
    assert "Link to the Ovid Full Text" in texts["medline"]
    assert "\r\n" in texts["psycinfo"]
    assert "DB  - psyh" in texts["psycinfo"]
    assert re.search(r"^L3  - 10\.5555/", texts["ase"], re.MULTILINE)
    assert re.search(r"^A1  - [^,]+, ([A-Z]\.)+$", texts["embase"], re.MULTILINE)
    assert re.search(r"^T1  - .+ : .+", texts["oria"], re.MULTILINE)
    assert re.search(r"^Y1  - \d{4}///$", texts["worldcat"], re.MULTILINE)
    assert texts["scholar"].startswith("Authors,Title,Publication,Volume,Number")
    assert texts["scopus"].splitlines()[0].count('","') == 45
    assert re.search(r"^AN  - WOS:9999\d+$", texts["wos"], re.MULTILINE)


def test_words_are_changed_as_databases_change_them() -> None:
    assert initials("Ji-woo M.") == "J.W.M."
    assert initials("Wei Ling", "") == "WL"
    assert title_case("a door in the wall") == "A Door in the Wall"
    assert as_latin1("Łódź, Øst") == "Lódz, Øst"
