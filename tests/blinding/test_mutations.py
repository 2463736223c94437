"""Each safeguard is removed in turn, in a copy of the program: the checks must fail.

A test that passes without its safeguard proves nothing (docs/blinding.md, "Five
safeguards").
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection

from tests.blinding import test_safeguards as safeguards
from tests.conftest import Cast

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("reviewapp", "screening", "charting", "templates", "tests")
FILES = ("manage.py", "pyproject.toml")
PYTEST = (sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider")
LINT = (str(Path(sys.executable).parent / "lint-imports"), "--no-cache")
CHECK = (sys.executable, "manage.py", "check")
DOORS = (*PYTEST, "tests/blinding/test_unblinded_access.py")
CLOSED = (*PYTEST, "tests/blinding/test_safeguards.py", "-k", "every_public_method")


@dataclass(frozen=True)
class Mutation:
    """One change of one file, and the check that must fail with it."""

    safeguard: int
    name: str
    file: str
    old: str
    new: str
    check: tuple[str, ...]


MUTATIONS = [
    Mutation(
        1,
        "the closed manager is open",
        "reviewapp/core/blinding.py",
        'if name.startswith("_") or name in _OPEN:',
        'if name.startswith("_") or name != "none":',
        CLOSED,
    ),
    Mutation(
        1,
        "a view reads all votes",
        "screening/decisions/views/screen.py",
        "def own_votes(",
        'def leak(votes):\n    return votes.unblinded(reason="I need it")\n\n\ndef own_votes(',
        DOORS,
    ),
    Mutation(
        2,
        "a join leads into votes",
        "screening/decisions/models/rounds.py",
        "class Vote(Contribution):",
        "class Vote(Contribution):\n"
        "    again = models.ForeignKey(Round, on_delete=models.PROTECT)",
        CHECK,
    ),
    Mutation(
        3,
        "a table of votes without triggers",
        "screening/decisions/models/rounds.py",
        'triggers = contribution_triggers("decisions_round", "decisions_decision")',
        "triggers: list[object] = []",
        CHECK,
    ),
    Mutation(
        4,
        "another app imports the votes",
        "screening/flow/queries/record_status.py",
        "from reviewapp.core.models import",
        "from screening.decisions.models.rounds import Vote\n"
        "from reviewapp.core.models import",
        LINT,
    ),
    Mutation(
        4,
        "a view imports the votes",
        "screening/decisions/views/screen.py",
        "from typing import Any\n",
        "from typing import Any\nfrom screening.decisions.models.rounds import Vote\n",
        LINT,
    ),
    Mutation(
        5,
        "a form is made of a chart",
        "charting/forms.py",
        "from django import forms\n",
        "from django import forms\nfrom charting.models.charts import Chart\n\n"
        "class ChartForm(forms.ModelForm):\n    class Meta:\n        model = Chart\n"
        '        fields = ["values"]\n',
        DOORS,
    ),
    Mutation(
        5,
        "a template walks to the votes",
        "templates/decisions/screen.html",
        "{% block content %}",
        "{% block content %}{% for one in round.vote_set.all %}{% endfor %}",
        DOORS,
    ),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the program for the mutations."""
    to = tmp_path_factory.mktemp("mutant") / "main"
    nothing = shutil.ignore_patterns("__pycache__", ".*_cache")
    for name in COPIED:
        shutil.copytree(ROOT / name, to / name, ignore=nothing)
    for name in FILES:
        shutil.copy(ROOT / name, to / name)
    for name in ("static", "docs"):
        (to / name).symlink_to(ROOT / name)
    return to


def run(copy: Path, command: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.mark.parametrize("check", sorted({m.check for m in MUTATIONS}), ids=str)
def test_the_checks_pass_in_a_copy_that_is_whole(
    copy: Path, check: tuple[str, ...]
) -> None:
    done = run(copy, check)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@pytest.mark.parametrize(
    "mutation", MUTATIONS, ids=lambda m: f"{m.safeguard}: {m.name}"
)
def test_a_removed_safeguard_is_noticed(copy: Path, mutation: Mutation) -> None:
    file = copy / mutation.file
    whole = file.read_text("utf-8")
    assert mutation.old in whole, "vacuous: the text to change is not there any more"
    file.write_text(whole.replace(mutation.old, mutation.new, 1), "utf-8")
    try:
        assert run(copy, mutation.check).returncode != 0
    finally:
        file.write_text(whole, "utf-8")


def test_all_five_safeguards_are_removed() -> None:
    assert {mutation.safeguard for mutation in MUTATIONS} == {1, 2, 3, 4, 5}


@contextmanager
def without_triggers(table: str) -> Iterator[None]:
    """Remove the third safeguard as its tests see it."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    ("table", "test"),
    [
        ("decisions_vote", safeguards.test_the_database_keeps_votes_as_cast),
        (
            "decisions_vote",
            safeguards.test_the_database_refuses_a_vote_after_the_decision,
        ),
        ("decisions_round", safeguards.test_the_audience_only_widens),
    ],
    ids=["append-only", "decided", "widens"],
)
@pytest.mark.django_db
def test_a_trigger_that_is_gone_is_noticed(cast: Cast, table: str, test) -> None:
    with without_triggers(table), pytest.raises(pytest.fail.Exception, match="RAISE"):
        test(cast)


@pytest.mark.django_db
def test_a_rule_that_lets_everybody_read_is_noticed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = safeguards.Vote.objects._opened
    monkeypatch.setattr(safeguards.Vote.objects, "visible_to", lambda viewer: opened())
    with pytest.raises(AssertionError):
        safeguards.test_a_member_reads_their_own_votes_and_no_others(cast)
