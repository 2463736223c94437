from __future__ import annotations

import csv
import gzip
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

HEADER = "record_id,title,authors,year,journal,volume,issue,pages,doi,abstract\n"
ROWS = (
    'r1,Peer workers in community care,"Larsson, A.",2016,Gut,12,3,230-41,10.5555/x,\n'
    'r2,PEER WORKERS IN COMMUNITY CARE,"Larsson, Anna",2016,Gut,12,,230-241,,\n'
    'r3,Soil moisture in boreal forests,"Berg, O.",2001,Soil,3,1,1-9,,\n'
)


def run(*args: object) -> str:
    said = StringIO()
    call_command("find_duplicates", *map(str, args), stderr=said)
    return said.getvalue()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_every_record_gets_a_cluster_and_duplicates_share_one(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(HEADER + ROWS, encoding="utf-8")
    said = run(source, target)
    cluster = {row["record_id"]: row["cluster_id"] for row in rows(target)}
    assert list(cluster) == ["r1", "r2", "r3"]
    assert cluster["r1"] == cluster["r2"] != cluster["r3"]
    assert "3 records, 1 duplicates" in said


def test_gzip_bom_and_missing_columns_are_read(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv.gz", tmp_path / "out.csv"
    text = "﻿record_id,title,isbn_issn\n1,A title about something,1234-5678\n"
    source.write_bytes(gzip.compress(text.encode()))
    run(source, target)
    assert rows(target) == [{"record_id": "1", "cluster_id": "1"}]


def test_possible_duplicates_are_written_on_request(tmp_path: Path) -> None:
    source, target, asked = (tmp_path / n for n in ("in.csv", "out.csv", "ask.csv"))
    source.write_text(
        HEADER
        + 'r1,Peer workers in community care,"Larsson, A.",2016,Gut,12,3,230-41,,\n'
        + 'r2,Peer workers in community care,"Larsson, A.",2016,Spine,,,,,\n',
        encoding="utf-8",
    )
    run(source, target, "--questions", asked)
    (question,) = rows(asked)
    assert (question["record_id_a"], question["record_id_b"]) == ("r1", "r2")
    assert "the titles are identical" in question["for"]
    assert "the journals differ" in question["against"]


def test_deduplication_settings_are_options(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    title = "Surfactant for preterm infants"
    source.write_text(
        HEADER
        + f'r1,{title},"Soll, R.",2001,Cochrane Database Syst Rev,,2,CD000144,10.1002/14651858.CD000144,\n'
        + f'r2,{title},"Soll, R.",2009,Cochrane Database Syst Rev,,1,CD000144,10.1002/14651858.CD000144.pub2,\n',
        encoding="utf-8",
    )
    run(source, target)
    assert len({row["cluster_id"] for row in rows(target)}) == 1
    run(source, target, "--cochrane-updates", "related")
    assert len({row["cluster_id"] for row in rows(target)}) == 2
    with pytest.raises(CommandError, match="invalid choice"):
        run(source, target, "--preprints", "perhaps")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"id,title\n1,x\n", "no column record_id"),
        (b"record_id,name\n1,x\n", "no column title"),
        (b"record_id,title\n1,x\n1,y\n", "occurs twice"),
        (b"record_id,title\n,x\n", "record_id is empty"),
        (b"record_id,title\n1,K\xf6nig\n", "not UTF-8"),
        (b"\x1f\x8bbroken", "can't be read"),
        (b"", "no column"),
    ],
)
def test_unusable_tables_are_refused_with_a_reason(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(content)
    target.write_text("kept", encoding="utf-8")
    with pytest.raises(CommandError, match=sentence):
        run(source, target)
    assert target.read_text(encoding="utf-8") == "kept"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_missing_file_or_folder_is_refused_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="does not exist"):
        run(tmp_path / "no.csv", tmp_path / "out.csv")
    with pytest.raises(CommandError, match="is a folder"):
        run(tmp_path, tmp_path / "out.csv")
    source = tmp_path / "in.csv"
    source.write_text(HEADER + ROWS, encoding="utf-8")
    with pytest.raises(CommandError, match="can't be written"):
        run(source, tmp_path / "no" / "out.csv")
