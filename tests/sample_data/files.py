"""Generated files of ``tests/data``, and how they differ from those that are there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tests.sample_data import (
    bibtex,
    damaged,
    json_files,
    labelled,
    packed,
    packed_ods,
    ris_catalogues,
    ris_databases,
    ris_ovid,
    ris_programs,
    tables,
    tables_programs,
    tagged,
    tagged_ovid_wos,
    xml_files,
)
from tests.sample_data.works import Sample

DATA = Path(__file__).resolve().parents[1] / "data"
MODULES = (
    ris_ovid,
    ris_databases,
    ris_catalogues,
    ris_programs,
    tables,
    tables_programs,
    tagged,
    tagged_ovid_wos,
    xml_files,
    json_files,
    bibtex,
    packed,
    packed_ods,
    damaged,
)


def samples() -> Iterator[Sample]:
    """Yield every sample of an export file."""
    for module in MODULES:
        yield from module.samples()


def files() -> dict[str, bytes]:
    """Return the content of each generated file, by its path in ``tests/data``."""
    found: dict[str, bytes] = {}
    entries = {}
    for sample in samples():
        found[f"imports/{sample.name}"] = sample.content
        entries[sample.name] = sample.entry()
    about = "Values expected of the files in this folder; see the README of tests/data."
    expected = {"about": about, "files": dict(sorted(entries.items()))}
    text = json.dumps(expected, indent=1, ensure_ascii=False)
    found["imports/expected.json"] = f"{text}\n".encode()
    found["duplicates/labelled.csv"] = labelled.content()
    return found


def differences() -> list[str]:
    """Return a sentence for each file that differs from the generated one."""
    wanted = files()
    wrong = []
    for path, content in wanted.items():
        file = DATA / path
        if not file.exists():
            wrong.append(f"{path} is missing.")
        elif file.read_bytes() != content:
            wrong.append(f"{path} differs from the generated file.")
    for folder in {path.split("/")[0] for path in wanted}:
        there = sorted(f"{folder}/{file.name}" for file in (DATA / folder).iterdir())
        wrong += [f"{path} is not generated." for path in there if path not in wanted]
    return wrong
