"""XML and JSON files made to need much time or memory."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from screening.citations.reading.file_reading import UnreadableFile, read_file
from tests.screening.citations.test_xml import RDF_ROOT, article, entry, read_bytes

ROOT = Path(__file__).resolve().parents[3]

HOSTILE = {
    "deep": lambda: b"<xml><records><record>" + b"<a>" * 100_000,
    "deep and closed": lambda: (
        b"<xml><records><record>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</record>"
    ),
    "attribute": lambda: (
        b"<xml><records><record a='" + b"x" * (24 << 20) + b"'></record>"
    ),
    "attributes": lambda: (
        b"<xml><records><record "
        + b" ".join(b"a%d='1'" % n for n in range(900_000))
        + b"></record>"
    ),
    "text": lambda: b"<xml><records><record><title>" + b"x" * (24 << 20),
    "tags": lambda: b"<xml><records><record>" + b"<a/>" * (3 << 20) + b"</record>",
    "comments": lambda: b"<xml><records><record>" + b"<!--" * (2 << 20),
    "comments, many records": lambda: (
        b"<xml><records>" + b"<record><!--</record>" * 20_000
    ),
    "starts": lambda: b"<xml><records>" + b"<record>" * 20_000,
    "nodes without end": lambda: (
        RDF_ROOT.encode() + b"<bib:Book rdf:about='x'><z:itemType>" * 10_000
    ),
    "nodes without name": lambda: RDF_ROOT.encode() + b"<bib:Book>" * 400_000,
    "declaration": lambda: (
        b"<!DOCTYPE PubmedArticleSet ["
        + b"<!--" * (1 << 20)
        + b"<xml><records><record>"
    ),
    "controls": lambda: (
        b"<xml><records><record><title>" + b"\x01\n" * (2 << 20) + b"</title></record>"
    ),
    "references": lambda: (
        b"<xml><records><record><title>" + b"&#1;&" * (1 << 20) + b"</title></record>"
    ),
    "json, deep lists": lambda: b'[{"title": "A"},' + b"[" * 5_000_000,
    "json, deep objects": lambda: b'[{"title": "A"},' + b'{"a":' * 1_000_000,
    "json, deep in a record": lambda: (
        b'[{"title": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]"
    ),
    "json, many lists": lambda: b'[{"title": [' + b"[]," * (8 << 20) + b"[]]}]",
    "json, long text": lambda: b'[{"title": "' + b"x" * (32 << 20) + b'"}]',
    "json, long number": lambda: (
        b'[{"title": "A", "volume": ' + b"9" * (3 << 20) + b"}]"
    ),
    "json, no quotes": lambda: b'[{"title": "A"},' + b'{"title": "A,' * 500_000,
    "json, quotes": lambda: b'[{"title": "A"},' + b'"' * (4 << 20),
    "json, scalars": lambda: b'[{"title": "A"},' + b"1," * 200_000,
    "json, broken": lambda: b'[{"title": "A"},' + b'{"title" "A"},' * 50_000,
    "json, starts": lambda: b'[{"title": "A"},' + b'{"title":' * 500_000,
}
MEASURE = """
import io, resource, sys, time
sys.path.insert(0, sys.argv[1])
from tests.screening.citations import test_hostile as here
from screening.citations.reading.file_reading import UnreadableFile, read_file
data = here.HOSTILE[sys.argv[2]]()
begun, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    reading = read_file(io.BytesIO(data), name="export")
    kept = sum(1 for _ in reading)
    assert reading.found == kept + reading.skipped_count
except UnreadableFile as refused:
    kept = refused.kind
now = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(kept, time.process_time() - begun, (now - before) // 1024)
"""


def cost_of(kind: str) -> tuple[str, float, int]:
    """Return what was kept, seconds, and MB of memory beyond the file itself."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(ROOT), kind],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    kept, seconds, megabytes = done.stdout.split()
    return kept, float(seconds), int(megabytes)


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_a_hostile_file_costs_little_time_and_memory(kind: str) -> None:
    _, seconds, megabytes = cost_of(kind)
    assert megabytes < 200
    # CPU time, because the machine may be busy with other tasks.
    assert seconds < 10


ENTITY_FILES = {
    "internal": "<!DOCTYPE xml [<!ENTITY a 'ha'>]><xml><records>",
    "after the head": "<!DOCTYPE PubmedArticleSet ["
    + " " * (1 << 17)
    + "<!ENTITY a 'ha'>]><xml><records>",
    "after a comment": "<!DOCTYPE xml [<!-- ]> --><!ENTITY a 'ha'>]><xml><records>",
    "external file": "<!DOCTYPE xml [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><xml>"
    "<records>",
    "external address": "<!DOCTYPE xml [<!ENTITY a SYSTEM 'http://127.0.0.1:9/x'>]>"
    "<xml><records>",
    "parameter": "<!DOCTYPE xml [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x'> %p;]><xml>"
    "<records>",
    "late": "<xml><records>" + entry("One") * 2000 + "<!DOCTYPE xml [<!ENTITY a 'b'>]>",
    "in a record": "<xml><records><record><!ENTITY a 'b'><titles></record>",
}


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("kind", sorted(ENTITY_FILES))
def test_a_file_that_declares_entities_anywhere_is_refused(
    kind: str, codec: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*arguments: object, **named: object) -> None:
        raise AssertionError("something was opened")

    text = (
        "<?xml version='1.0'?>" + ENTITY_FILES[kind] + entry("&a;") + "</records></xml>"
    )
    data = text.encode(codec)
    monkeypatch.setattr("socket.socket", never)
    monkeypatch.setattr("builtins.open", never)
    with pytest.raises(UnreadableFile) as refused:
        read_bytes(data, "export.xml")
    monkeypatch.undo()
    assert refused.value.kind == "xml-entity-forbidden"


def test_an_external_document_type_is_allowed_and_never_fetched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*arguments: object, **named: object) -> None:
        raise AssertionError("something was opened")

    text = (
        '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD X//EN" "http://127.0.0.1:9/x.dtd">'
        + article("<ArticleTitle>&nbsp;A &amp; B</ArticleTitle>").decode()
    )
    monkeypatch.setattr("socket.socket", never)
    monkeypatch.setattr("builtins.open", never)
    _, (citation,) = read_bytes(text.encode())
    monkeypatch.undo()
    assert citation.title == "A & B"


def test_a_record_without_an_element_after_repair_is_skipped() -> None:
    """Check a finding of ./dev fuzz: only text remains if the first tag is not a tag."""
    data = (
        b"<Trials_downloaded_from_ICTRP><Trial <>>words</Trial>"
        b"<Trial><TrialID>NCT1</TrialID><Public_title>One</Public_title></Trial>"
        b"</Trials_downloaded_from_ICTRP>"
    )
    reading = read_file(io.BytesIO(data), name="trials.xml")
    kept = list(reading)
    assert [citation.title for citation in kept][-1] == "One"
    assert reading.found == len(kept) + reading.skipped_count
