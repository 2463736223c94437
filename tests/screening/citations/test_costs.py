"""Limits for hostile and refused files: 2 seconds and 200 MB.

Each file is read in a separate process, which prints its CPU seconds (so that a busy
machine fails no test) and its peak memory.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.paths import ROOT
from tests.screening.citations.imports_expected import Samples

SECONDS = 2
MEGABYTES = 200
MEASURE = """
import json, resource, sys
sys.path.insert(0, sys.argv[1])
from screening.citations.reading.file_reading import UnreadableFile, read_file

def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    # ru_maxrss would count what the test process held before this one began.
    with open("/proc/self/status") as status:
        peak = next(line for line in status if line.startswith("VmHWM"))
    return usage.ru_utime + usage.ru_stime, int(peak.split()[1]) / 1024

results = {}
for path in sys.argv[2:]:
    begun, _ = used()
    with open(path, "rb") as stream:
        try:
            kind = f"kept {sum(1 for _ in read_file(stream, name=path))}"
        except UnreadableFile as refused:
            kind = refused.kind
    results[path] = kind, used()[0] - begun, used()[1]
print(json.dumps(results))
"""


def measured(*paths: Path) -> dict[str, tuple[str, float, float]]:
    """Return outcome, seconds and megabytes by path, measured in one process."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, ROOT, *paths],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return {
        Path(path).name: (kind, seconds, megabytes)
        for path, (kind, seconds, megabytes) in json.loads(done.stdout).items()
    }


def test_the_damaged_samples_cost_little(samples: Samples) -> None:
    damaged = [name for name in samples.names() if name.startswith("bad-")]
    results = measured(*(samples.folder / name for name in damaged))
    for name in samples.names("refuse"):
        assert results[name][0] == samples.expected[name]["refusal"]
    assert max(seconds for _, seconds, _ in results.values()) < SECONDS
    assert max(megabytes for _, _, megabytes in results.values()) < MEGABYTES


def zip_of_zeros() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("refs.ris", bytes(100 << 20))
    return out.getvalue()


def zip_of_many() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"{number:0200}.ris", b"")
    return out.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "zeros.zip": (zip_of_zeros, "archive-too-large"),
    "many.zip": (zip_of_many, "archive-too-large"),
    "zeros.ris": (lambda: bytes(100 << 20), "empty-file"),
    "page.ris": (lambda: b"<html>" + b"x" * (50 << 20), "html-page"),
    "paper.ris": (lambda: b"%PDF-1.7" + bytes(50 << 20), "pdf-file"),
    "words.txt": (lambda: b"words " * (5 << 20), "no-records-found"),
    "commas.csv": (lambda: b"Title,Year\n" + b"," * (20 << 20), "no-records-found"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_little(name: str, tmp_path: Path) -> None:
    make, kind = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(make())
    told, seconds, megabytes = measured(path)[name]
    assert told == kind
    assert seconds < SECONDS
    assert megabytes < MEGABYTES


@pytest.mark.parametrize(
    ("head", "filling"),
    [
        (b"Title,Authors\n", b'"'),
        (b"TY  - JOUR\nTI  - ", b"x"),
        (b"Title;Year\nA;2019\n", b"\xff"),
    ],
)
def test_memory_stays_constant_for_a_line_without_an_end(
    head: bytes, filling: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "line"
    path.write_bytes(head + filling * (20 << 20))
    told, _, megabytes = measured(path)["line"]
    assert told.startswith("kept")
    assert megabytes < MEGABYTES
