"""Every access to the blinded tables is on a list that a person has reviewed.

A new call, import or name fails here with its file. Check whether its result can depend
on a vote that the reader may not know. Then add it below with the reason
(docs/blinding.md).
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.forms import BaseModelForm
from rest_framework.serializers import ModelSerializer

from reviewapp.core.blinding import Contribution, RoundBase

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("reviewapp", "screening", "charting")
SEALED = {
    model.__name__
    for model in apps.get_models()
    if issubclass(model, Contribution | RoundBase)
}

# module → (number of calls of .unblinded(), reason).
UNBLINDED: dict[str, tuple[int, str]] = {
    "screening/decisions/services/round_votes.py": (
        1,
        "the newest vote of each seat decides whether a round is settled",
    ),
    "screening/decisions/services/bulk_votes.py": (
        2,
        "stores one's own votes; locks their rounds",
    ),
    "screening/decisions/services/closing.py": (
        4,
        "closing opens all votes, and is refused for conflicts and open rounds",
    ),
    "screening/decisions/services/finalising.py": (
        2,
        "a vote by the only reviewer becomes final; nothing is shown before",
    ),
    "screening/decisions/services/decisions.py": (
        3,
        "a complete round is sealed and settles; which rounds were reopened is public",
    ),
    "screening/decisions/services/rounds.py": (
        4,
        "rounds are read and locked, sealed or not, to assign them; a round without a "
        "decision moves to the next wave (both public)",
    ),
    "screening/decisions/services/reopening.py": (
        1,
        "a reopened conflict has no decision; public in its review",
    ),
    "screening/decisions/queries/reopening.py": (
        4,
        "which rounds are at a later stage and which were reopened, which is public",
    ),
    "screening/decisions/services/unblinding.py": (
        4,
        "a lead opens a round or a stage, with a reason, logged",
    ),
    "screening/decisions/services/votes.py": (
        2,
        "stores one's own vote; locks its round",
    ),
    "screening/decisions/queries/integrity.py": (
        4,
        "a recount of stored counts; only the command prints what differs",
    ),
    "screening/decisions/queries/stored_counts.py": (
        2,
        "how many are assigned is public; done and open are added up",
    ),
    "screening/decisions/queries/queue.py": (
        1,
        "open pool only: a round leaves the queue when enough have read it (level 2 "
        "does not hold there, and the policy page says so)",
    ),
    "screening/decisions/queries/counted_votes.py": (
        1,
        "agreement while a wave is open: of rounds agreed on or readable, to leads who "
        "do not screen there, if the review chose so before the start",
    ),
    "screening/decisions/queries/progress.py": (
        1,
        "number of votes of each member, to those whom the review chose; never which",
    ),
    "charting/services/charts.py": (5, "stores one's own charts; locks their rounds"),
    "charting/services/closing.py": (2, "closing opens all charts"),
    "charting/services/unblinding.py": (
        1,
        "a lead opens a form, with a reason, logged",
    ),
    "charting/services/rounds.py": (
        6,
        "rounds are made; seats are dealt without a final chart, freed when one leaves",
    ),
    "charting/services/finalising.py": (
        4,
        "charts of a round are compared when all have handed in",
    ),
}

# Modules that may name the tables; import-linter checks the same (safeguard 4).
IMPORTERS = {
    "screening.decisions.models.rounds": ("screening/decisions/",),
    "charting.models.charts": ("charting/",),
}
LAYERS = ("models/__init__.py", "services/", "queries/")

# module → why it reads or writes the progress of a round.
STATE = {"audience", "sealed_at", "revealed_at", "unblinded_at"}
STATE_READERS: dict[str, str] = {
    "reviewapp/core/blinding.py": "the rule itself",
    "screening/decisions/models/rounds.py": "an index of the revealed",
    "screening/decisions/services/bulk_votes.py": "no vote if the author is reached",
    "screening/decisions/services/round_votes.py": "a change in a sealed round is late",
    "screening/decisions/services/closing.py": "seals, widens, refuses",
    "screening/decisions/services/decisions.py": "seals what is complete",
    "screening/decisions/services/finalising.py": "seals what becomes final",
    "screening/decisions/services/rounds.py": "the audience of a new round",
    "screening/decisions/services/unblinding.py": "widens, logged",
    "screening/decisions/services/votes.py": "no result in a sealed round; reach",
    "screening/decisions/queries/counted_votes.py": "conflicts that the viewer reads",
    "screening/decisions/queries/conflicts.py": "the desk: revealed_to, not settled",
    "screening/decisions/queries/queue.py": "what the viewer can read is not offered",
    "charting/services/charts.py": "a change in a sealed round is late",
    "charting/services/closing.py": "seals, widens, refuses",
    "charting/services/reconcile.py": "differences that are open to the actor",
    "charting/services/finalising.py": "seals what is complete",
    "charting/services/unblinding.py": "widens, logged",
    "charting/queries/report.py": "charts that all members may see",
    "charting/queries/discrepancies.py": "the desk: revealed_to, not settled",
}

# module → why it uses raw SQL. None of it may read a blinded table.
RAW = {"cursor", "raw", "extra", "_raw_delete", "_opened"}
RAW_NAMES = {"RawSQL", "_base_manager", "_default_manager"}
RAW_USERS: dict[str, str] = {
    "reviewapp/core/blinding.py": "the doors themselves (_opened)",
    "reviewapp/core/services/tallies.py": "adds up rows of counters, returns none",
    "reviewapp/core/services/deletion.py": "deletes all rows of a review, reads none",
    "reviewapp/core/management/commands/check_integrity.py": "isolation of a recount",
    "reviewapp/core/snapshots.py": "SET TRANSACTION",
    "reviewapp/health.py": "SELECT 1",
    "reviewapp/demo/loading/steps.py": "ANALYZE of the demo",
    "reviewapp/demo/management/commands/load_demo.py": "locks and ANALYZE of the demo",
    "screening/records/queries/clusters.py": "records only: walks along merges",
    "screening/duplicates/services/finding.py": "records only: duplicates",
    "screening/duplicates/services/merge_graph.py": "an advisory lock",
    "screening/imports/services/importing.py": "COPY of records",
    "screening/records/services/titles.py": "titles of records, copied where they are",
    "screening/decisions/services/bulk_votes.py": "settings of the planner",
    "screening/decisions/services/reopening.py": "deletes one decision, settles a state",
    "screening/decisions/services/rounds.py": "COPY of new rounds and seats in",
    "charting/services/forms.py": "drops a draft of a form (no charts)",
}


@cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    """Yield every module of the program with its path from the root; no migrations."""
    return tuple(
        (path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8")))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    )


def calls(tree: ast.Module, name: str) -> int:
    return sum(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == name
        for node in ast.walk(tree)
    )


def words(tree: ast.Module) -> Iterator[str]:
    """Return names, attributes, keywords and parts of lookups (``round__audience``)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.keyword) and node.arg:
            yield from node.arg.split("__")
        elif isinstance(node, ast.Constant) and str(node.value).isidentifier():
            yield from str(node.value).split("__")


def imports(tree: ast.Module) -> Iterator[str]:
    """Return every imported module, and ``a.b`` for ``from a import b``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_unblinded_is_called_in_reviewed_places_only() -> None:
    found = {name: calls(tree, "unblinded") for name, tree in modules()}
    found = {name: n for name, n in found.items() if n}
    listed = {name: n for name, (n, _) in UNBLINDED.items()}
    assert found == listed, (
        "Calls of .unblinded( and the reviewed list differ: "
        f"{set(found.items()) ^ set(listed.items())}"
    )
    assert all(reason for _, reason in UNBLINDED.values())


def test_unblinded_says_why_in_a_text_of_its_own() -> None:
    """A reason that is built elsewhere could not be reviewed next to the call."""
    for name, tree in modules():
        for node in ast.walk(tree):
            if not (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "unblinded"
            ):
                continue
            reasons = [key.value for key in node.keywords if key.arg == "reason"]
            assert len(reasons) == 1, (name, node.lineno)
            assert isinstance(reasons[0], ast.Constant | ast.Name), (name, node.lineno)


def test_blinded_modules_are_imported_by_their_own_app_only() -> None:
    seen = Counter[str]()
    for name, tree in modules():
        for module in imports(tree):
            for sealed, homes in IMPORTERS.items():
                if module == sealed or module.startswith(f"{sealed}."):
                    seen[sealed] += 1
                    inside = any(
                        name.startswith(home + layer)
                        for home in homes
                        for layer in LAYERS
                    )
                    assert inside, f"{name} imports {module}"
    assert set(seen) == set(IMPORTERS), "vacuous: nothing imports the tables"


def test_how_far_a_round_has_come_is_read_in_reviewed_places_only() -> None:
    found = {name for name, tree in modules() if STATE & set(words(tree))}
    # The name is also an ordinary word; here it is not a field of a round.
    found -= {"reviewapp/core/models/review.py"}
    assert found == set(STATE_READERS), found ^ set(STATE_READERS)


# Whether an assignment is done shows that its member has voted.
DONE_READERS = {
    "screening/decisions/models/rounds.py": "its index",
    "screening/decisions/queries/integrity.py": "a recount",
    "screening/decisions/queries/progress.py": "progress figures that the review shows",
    "screening/decisions/queries/queue.py": "the viewer's own queue",
    "screening/decisions/queries/stored_counts.py": "the viewer's own progress",
}


def test_whether_an_assignment_is_done_is_read_in_reviewed_places_only() -> None:
    found = {name for name, tree in modules() if "is_done" in set(words(tree))}
    assert found == set(DONE_READERS), found ^ set(DONE_READERS)


def test_nothing_goes_around_the_closed_managers() -> None:
    found = {
        name
        for name, tree in modules()
        if any(calls(tree, method) for method in RAW) or RAW_NAMES & set(words(tree))
    }
    # Administration of the embedded servers, before any review exists.
    found = {name for name in found if not name.startswith("reviewapp/launcher/")}
    assert found == set(RAW_USERS), f"review and list: {found ^ set(RAW_USERS)}"


@pytest.mark.parametrize("table", ["decisions_vote", "charting_chart"])
def test_no_sql_of_the_program_names_a_table_of_votes_or_charts(table: str) -> None:
    for name, tree in modules():
        # The rule itself, and triggers that return nothing.
        if name.endswith(("core/blinding.py", "models/stored_state_sql.py")):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value.lower()
                is_sql = "select " in text or "update " in text or "copy " in text
                assert not (is_sql and table in text.split()), (name, node.lineno)


def _subclasses(base: type) -> Iterator[type]:
    for found in base.__subclasses__():
        yield found
        yield from _subclasses(found)


@pytest.mark.parametrize("base", [BaseModelForm, ModelSerializer])
def test_no_form_or_serializer_is_made_of_a_blinded_table(base: type) -> None:
    for found in _subclasses(base):
        model = getattr(getattr(found, "Meta", None), "model", None)
        assert getattr(model, "__name__", "") not in SEALED, found


def test_no_blinded_table_is_in_the_django_admin() -> None:
    """There is no admin; if one is added, these tables must not be in it."""
    if apps.is_installed("django.contrib.admin"):
        assert not {model.__name__ for model in admin.site._registry} & SEALED
    for name, tree in modules():
        if "django.contrib.admin" in set(imports(tree)):
            assert not SEALED & set(words(tree)), name


def test_nothing_in_a_template_reaches_a_row_of_votes() -> None:
    """Templates get dataclasses (safeguard 5): no ``*_set``, no manager, no query."""
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            for word in (".objects", "_set.all", ".unblinded", ".visible_to"):
                assert word not in text, (path.relative_to(ROOT), word)
