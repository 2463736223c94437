from __future__ import annotations

import builtins
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

HEADER = "record_id,gold_cluster_id,title,authors,year,journal,volume,pages,doi\n"
ROWS = (
    'r1,1,Peer workers in community care,"Larsson, A.",2016,Gut,12,230-41,10.5555/x\n'
    'r2,1,PEER WORKERS IN COMMUNITY CARE,"Larsson, Anna",2016,Gut,12,230-241,\n'
    'r3,2,Soil moisture in boreal forests,"Berg, O.",2001,Soil,3,1-9,\n'
)


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def run(*args: object) -> str:
    said = StringIO()
    call_command("evaluate_duplicates", *map(str, args), stdout=said)
    return said.getvalue()


def numbers(said: str, name: str) -> list[str]:
    line = next(line for line in said.splitlines() if line.startswith(name))
    return line.removeprefix(name).split()[:4]


def test_the_matcher_is_run_and_counted_at_both_levels(gold: Path) -> None:
    said = run(gold)
    assert numbers(said, "reviewapp, records") == ["1", "0", "0", "2"]
    assert numbers(said, "reviewapp, pairs") == ["1", "0", "0", "2"]
    assert "possible duplicates: 0 pairs (0.0 per 1,000 records)" in said
    assert "CPU seconds, peak memory" in said


def test_given_predictions_are_scored_and_their_errors_listed(
    gold: Path, tmp_path: Path
) -> None:
    guess = tmp_path / "out.csv"
    guess.write_text("record_id,cluster_id\nr1,a\nr2,b\nr3,a\n", encoding="utf-8")
    said = run(gold, "--predictions", guess, "--errors", 5)
    assert numbers(said, "predictions, records") == ["0", "1", "1", "1"]
    assert said.splitlines()[-2:] == ["FP r1 r3", "FN r1 r2"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("record_id,cluster_id\nr1,a\n", "2 records of the gold table have no"),
        ("record_id,cluster_id\nr1,a\nx,b\n", "1 predicted records are not in"),
        ("record_id,cluster_id\nr1,a\nr1,b\n", "occurs twice"),
        ("record_id,cluster\nr1,a\n", "needs a record_id and a cluster_id"),
        ("record_id,cluster_id\n", "has no rows"),
    ],
)
def test_mismatched_predictions_are_refused_with_a_reason(
    gold: Path, tmp_path: Path, content: str, sentence: str
) -> None:
    guess = tmp_path / "out.csv"
    guess.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=sentence):
        run(gold, "--predictions", guess)


def test_missing_gold_table_is_refused_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="can't be read"):
        run(tmp_path / "no.csv")


def test_without_bibdedupe_the_command_says_where_it_comes_from(
    gold: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def missing(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("bib_dedupe"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(CommandError, match=r"requirements/bench\.txt"):
        run(gold, "--bibdedupe")
