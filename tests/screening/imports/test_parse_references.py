"""Command `parse_references`: JSON on stdout, report on stderr, exit status."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from screening.citations.citation import Citation
from tests.paths import ROOT
from tests.screening.citations.imports_expected import OURS, Samples, differences

KEYS = [
    "title",
    "authors",
    "year",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "accession",
    "abstract",
    "keywords",
    "type",
    "member",
    "prior_labels",
    "prior_reasons",
    "prior_decisions",
    "source_file",
    "line",
]


def run(*names: str, of: Samples = OURS, **options: object) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    files = [str(of.folder / name) for name in names]
    call_command("parse_references", *files, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_each_kept_record_is_one_line_of_json() -> None:
    out, err = run("scopus.ris", "bad-missing-er.ris", json=True)
    records = [json.loads(line) for line in out.splitlines()]
    wanted = OURS.expected["scopus.ris"]["records"]
    assert [list(record) for record in records] == [KEYS] * (len(wanted) + 5)
    assert records[0]["source_file"] == "scopus.ris"
    assert records[-1]["source_file"] == "bad-missing-er.ris"
    assert records[0]["authors"] == wanted[0]["authors"]
    assert records[1]["line"] > records[0]["line"] == 1
    assert "scopus.ris: format=ris platform=Scopus encoding=utf-8-bom" in err
    assert "found 5, kept 5, skipped 0" in err
    assert "warning record-not-terminated, line 1:" in err


def as_citation(record: dict[str, Any]) -> Citation:
    """Return the citation that the printed JSON describes."""
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in record.items()
        if value is not None and key != "source_file"
    }
    return Citation(
        **values | {"prior_decisions": tuple(record["prior_decisions"].items())}
    )


@pytest.mark.samples("import")
def test_a_sample_is_printed_as_expected(samples: Samples, name: str) -> None:
    entry = samples.expected[name]
    out, err = run(name, of=samples, json=True)
    records = [json.loads(line) for line in out.splitlines()]
    kept, skipped = entry["expected_records"], entry["skipped_records"]
    assert len(records) == kept
    assert f"found {kept + skipped}, kept {kept}, skipped {skipped}\n" in err
    assert f"{name}: format={entry['format']} platform=" in err
    assert set(re.findall(r"^  warning ([a-z-]+)", err, re.M)) == set(entry["warnings"])
    for wanted in entry.get("records", ()):
        assert differences(as_citation(records[wanted["index"]]), wanted) == []
    members = Counter(record["member"] for record in records if record["member"])
    assert members == entry.get("members", {})


@pytest.mark.samples("refuse")
def test_refused_sample_prints_its_kind_and_reason(samples: Samples, name: str) -> None:
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 of 1"):
        path = samples.folder / name
        call_command("parse_references", path, stdout=out, stderr=err)
    first, sentence = err.getvalue().splitlines()[:2]
    assert first == f"{name}: refused ({samples.expected[name]['refusal']})"
    assert sentence.strip().startswith(name)
    assert out.getvalue() == ""


def test_missing_fields_are_null() -> None:
    out, _ = run("clinicaltrials-gov.csv", json=True)
    record = json.loads(out.splitlines()[0])
    assert record["doi"] is None
    assert record["abstract"] is None
    assert record["authors"] == []


def test_a_refused_file_ends_in_failure_and_the_others_are_still_read() -> None:
    out, err = StringIO(), StringIO()
    files = [OURS.folder / name for name in ("bad-login-page.ris", "zotero.ris")]
    with pytest.raises(CommandError, match="1 of 2 files were refused"):
        call_command("parse_references", *files, json=True, stdout=out, stderr=err)
    kept = OURS.expected["zotero.ris"]["expected_records"]
    assert len(out.getvalue().splitlines()) == kept
    assert "bad-login-page.ris: refused (html-page)" in err.getvalue()
    assert "is a web page" in err.getvalue()


def test_directory_and_missing_file_are_refused_with_a_reason(tmp_path: Path) -> None:
    err = StringIO()
    with pytest.raises(CommandError, match="2 of 2"):
        call_command("parse_references", tmp_path, tmp_path / "no.ris", stderr=err)
    assert "is a directory" in err.getvalue()
    assert "does not exist" in err.getvalue()


def test_without_json_the_report_is_for_people() -> None:
    out, err = run("eric.nbib")
    assert "found 4, kept 4, skipped 0" in out
    assert err == ""


def command(*arguments: str | Path) -> list[str | Path]:
    return [sys.executable, ROOT / "manage.py", "parse_references", *arguments]


@pytest.mark.parametrize("name", ["zotero.csv", "two-exports.zip", "lens.xlsx"])
def test_it_needs_no_database_no_redis_and_no_environment(
    name: str, tmp_path: Path
) -> None:
    assert_needs_nothing(OURS, name, tmp_path)


def assert_needs_nothing(of: Samples, name: str, tmp_path: Path) -> None:
    """Run the command in an environment that has only an unusable database."""
    done = subprocess.run(
        command(of.folder / name, "--json"),
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "LC_ALL": "C",
            "DATABASE_URL": "postgres://x.invalid/x",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == of.expected[name]["expected_records"]


def test_a_refused_file_exits_with_a_failure() -> None:
    done = subprocess.run(
        command(OURS.folder / "bad-nested.zip"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "bad-nested.zip: refused (archive-nested)" in done.stderr
    assert "Traceback" not in done.stderr


def test_command_ends_quietly_when_its_pipe_is_closed() -> None:
    with subprocess.Popen(
        command("--json", *[OURS.folder / "ictrp.xml"] * 200),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.readline()
        running.stdout.close()
        told = running.stderr.read().decode()
    assert "Traceback" not in told
    assert "BrokenPipe" not in told


def test_encoding_platform_and_columns_are_options(tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_bytes("Ref;What;Who\n1;Høyere læring;Åse Dahl\n".encode("mac-roman"))
    out, err = StringIO(), StringIO()
    call_command(
        "parse_references",
        table,
        "--json",
        "--encoding=mac-roman",
        "--platform=Zotero",
        "--column=What=title",
        "--column=Who=authors",
        stdout=out,
        stderr=err,
    )
    record = json.loads(out.getvalue())
    assert record["title"] == "Høyere læring"
    assert record["authors"] == ["Åse Dahl"]
    assert "platform=Zotero encoding=mac-roman" in err.getvalue()
