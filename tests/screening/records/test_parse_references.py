"""The command scripts rely on: JSON on stdout, the report on stderr, exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.screening.records.imports_expected import FOLDER, expected

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
    "source_file",
    "line",
]


def run(*names: str, **options: object) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    files = [str(FOLDER / name) for name in names]
    call_command("parse_references", *files, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_each_kept_record_is_one_line_of_json() -> None:
    out, err = run("scopus.ris", "bad-missing-er.ris", json=True)
    records = [json.loads(line) for line in out.splitlines()]
    assert [list(record) for record in records] == [KEYS] * 15
    assert records[0]["source_file"] == "scopus.ris"
    assert records[-1]["source_file"] == "bad-missing-er.ris"
    assert records[0]["authors"][0] == "Wilson, L.N."
    assert records[1]["line"] > records[0]["line"] == 1
    assert "scopus.ris: format=ris platform=Scopus encoding=utf-8-bom" in err
    assert "found 5, kept 5, skipped 0" in err
    assert "warning record-not-terminated, line 1:" in err


def test_what_a_record_lacks_is_null() -> None:
    out, _ = run("clinicaltrials-gov.csv", json=True)
    record = json.loads(out.splitlines()[0])
    assert record["doi"] is None
    assert record["abstract"] is None
    assert record["authors"] == []


def test_a_refused_file_ends_in_failure_and_the_others_are_still_read() -> None:
    out, err = StringIO(), StringIO()
    files = [str(FOLDER / name) for name in ("bad-login-page.ris", "zotero.ris")]
    with pytest.raises(CommandError, match="1 of 2 files were refused"):
        call_command("parse_references", *files, json=True, stdout=out, stderr=err)
    assert (
        len(out.getvalue().splitlines()) == expected()["zotero.ris"]["expected_records"]
    )
    assert "bad-login-page.ris: refused (html-page)" in err.getvalue()
    assert "is a web page" in err.getvalue()


def test_a_directory_and_a_missing_file_each_get_a_sentence(tmp_path: Path) -> None:
    err = StringIO()
    with pytest.raises(CommandError, match="2 of 2"):
        call_command("parse_references", tmp_path, tmp_path / "no.ris", stderr=err)
    assert "is a directory" in err.getvalue()
    assert "does not exist" in err.getvalue()


def test_without_json_the_report_is_for_people() -> None:
    out, err = run("eric.nbib")
    assert "found 3, kept 3, skipped 0" in out
    assert err == ""


def test_it_needs_no_database_no_redis_and_no_environment(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [
            sys.executable,
            root / "manage.py",
            "parse_references",
            FOLDER / "zotero.csv",
            "--json",
        ],
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
    assert len(done.stdout.splitlines()) == 10
