"""Every text of templates and Python files goes through gettext.

The tests of pages (test_pages.py) see what they show; these read the sources, so they
also find refusals and branches that no test page shows.
"""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from tests.translation import static_python, static_templates

ROOT: Path = settings.BASE_DIR
TEMPLATES = [
    path
    for path in sorted((ROOT / "templates").rglob("*"))
    if path.suffix in {".html", ".svg", ".txt"}
]
# Templates for developers, or without text.
NO_TEXTS = re.compile(
    r"templates/styleguide"
    # It builds a tag from parts, which looks like text.
    r"|templates/allauth/elements/button\.html"
)
PACKAGES = ("reviewapp", "screening", "charting")
NOT_SHOWN = re.compile(
    r".*/(migrations|management)/"
    r"|reviewapp/(demo|launcher)/"
    # Startup, tests, logs and errors of programmers.
    r"|reviewapp/(settings\w*|testing|health)\.py"
    r"|reviewapp/core/(hooks|blinding|checks|security_log|parsers)\.py"
    # Printed by manage.py verify_events and check_integrity only.
    r"|reviewapp/core/queries/(hash_chains|deletion_records)\.py"
    r"|screening/decisions/queries/integrity\.py"
    # Statements of SQL, and names of tables that no page shows.
    r"|screening/decisions/models/stored_state(_sql)?\.py"
    # The description of the API for programs, in English.
    r"|reviewapp/core/api(_base)?\.py"
)
# Readers and writers of files hold the vocabulary of formats; only their sentences are
# ours. The same for the rules of deduplication.
LIBRARY = re.compile(r"screening/citations/")
A_SENTENCE = re.compile(r"^[A-Z“{].* .* .*[.:?!]$", re.DOTALL)
# (file, text, why).
ALLOWED = [
    (r"screening/decisions/services/prior\.py", r"Imported from .*", "a stored note"),
    (r"screening/flow/queries/record_status\.py", r".*", "values of exported files"),
    (r".*", r"\{\} et al\.", "the same in every language"),
    (r".*", r"[Ss]andbox; default-src 'none'", "a header for browsers"),
    (
        r"reviewapp/accounts/login_sessions\.py",
        r"Mac OS X",
        "a part of what browsers send",
    ),
    (r"screening/flow/rules/text_widths\.py", r"Arial, .*", "names of fonts"),
    (r"screening/flow/rules/boxes\.py", r"other methods", "looked for in a key"),
    (r".*/stored_counts\.py", r"records and .*", "printed by check_integrity"),
    (
        r"screening/records/services/retractions\.py",
        r"expression of concern|Record ID",
        "words and a header of another program's file",
    ),
    (r".*/services/copied_rows\.py", r"\(DELIMITER .*", "an option of SQL"),
    (r"charting/rules/countries\.py", r"[a-z ]+", "names that an import may hold"),
    (r".*/models/\w+\.py", r"OLD\.\w+ <> NEW\..*|[a-z]+ tallies", "SQL or no text"),
    (r"reviewapp/core/web\.py", r"The database .*|Something .*", "the API's answers"),
    (r"screening/flow/queries/flow\.py", r"flow, .*", "printed by check_integrity"),
    (r"screening/flow/rules/prisma2020\.py", r".*", "what an R package reads"),
    (r".*/exports\.py", r"[a-z ]+", "headers of a machine-readable table"),
    (r".*/exports/.*\.py", r"[A-Z][a-z ]+|Outcome: .*", "read back on import"),
]


def test_templates() -> None:
    found = []
    for path in TEMPLATES:
        name = path.relative_to(ROOT).as_posix()
        if not NO_TEXTS.match(name):
            found += [
                f"{name}:{line}: {text}"
                for line, text in static_templates.untranslated(path)
            ]
    assert not found, "\n".join(found)


def test_python_files() -> None:
    found = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not NOT_SHOWN.match(name):
                found += [
                    f"{name}:{line}: {text}"
                    for line, text in static_python.untranslated(path)
                    if not _is_allowed(name, text)
                ]
    assert not found, "\n".join(found)


def _is_allowed(name: str, text: str) -> bool:
    if LIBRARY.match(name) and not A_SENTENCE.fullmatch(text):
        return True
    return any(
        re.fullmatch(file, name) and re.fullmatch(words, text)
        for file, words, _ in ALLOWED
    )
