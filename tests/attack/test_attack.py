"""Part of `./dev attack` in every test run; `./dev attack` runs all of it.

Attacks that take minutes are left out here. Other tests cover them too: all URLs for
all people (tests/blinding/test_matrix.py), hostile text on all pages
(tests/e2e/test_hostile.py), times of answers, bombs.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.attack.caller import Answer
from tests.attack.ledger import Ledger
from tests.attack.payloads import FORMULAS, LINKS, MARK, SCRIPTS
from tests.attack.reading import formulas, running
from tests.core.up_instance import clean_environment

ROOT = Path(__file__).resolve().parents[2]
QUICK = ["headers", "paths", "methods", "keys", "redirects", "sessions", "invitations"]


def test_nothing_gets_through() -> None:
    names = [] if os.environ.get("DEEP") else QUICK
    done = subprocess.run(
        [sys.executable, "-m", "tests.attack", *names],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
    assert done.stdout.count("\nheld") >= 100
    assert "NOT HELD" not in done.stdout


# ── A successful attack is reported ──────────────────────────────────────────
def page(html: str) -> Answer:
    return Answer(200, {"content-type": "text/html"}, html.encode(), 0)


def table(text: str) -> Answer:
    return Answer(200, {"content-type": "text/csv"}, text.encode(), 0)


def test_a_page_that_does_not_escape_is_noticed() -> None:
    live = [text for text in SCRIPTS if text.startswith("<") and "<scr<" not in text]
    unnoticed = [text for text in live if not running(page(f"<p>{text}</p>"))]
    assert not unnoticed
    quoted = [text for text in SCRIPTS if text.startswith(('"', "'>"))]
    assert all(running(page(f'<input value="{text}">')) for text in quoted[:1])


def test_a_page_that_escapes_is_not_blamed() -> None:
    from html import escape

    for text in (*SCRIPTS, *LINKS):
        held = f'<p title="{escape(text)}">{escape(text)}</p><a href="/x?{MARK[:3]}">'
        assert not running(page(held)), text


def test_a_link_that_runs_is_noticed() -> None:
    from html import escape

    for link in LINKS[:7]:
        assert running(page(f'<a href="{escape(link)}">it</a>')), link


def test_a_formula_in_a_table_is_noticed_and_a_number_is_not() -> None:
    assert formulas(table("a,-3\nb,+4.5\nc,'=1+1\nd,10%\n")) == []
    for text in FORMULAS[:12]:
        quoted = text.replace('"', '""')
        assert formulas(table(f'a,"{quoted}"\n')), text


def test_the_ledger_fails_when_nothing_was_tried_or_something_got_through(
    capsys: object,
) -> None:
    empty, broken, whole = Ledger(), Ledger(), Ledger()
    broken.tried("this", 200, held=False)
    whole.tried("that\x1b[2J", 404, held=True)
    assert [each.total() for each in (empty, broken, whole)] == [1, 1, 0]
    told = capsys.readouterr().out  # type: ignore[attr-defined]
    assert "NOT HELD  this → 200" in told
    assert "\x1b" not in told
