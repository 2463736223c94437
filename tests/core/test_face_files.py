"""Templates, styles and scripts: nothing inline, nothing from other hosts."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
OWN = sorted(
    path
    for folder in ("css", "js", "icons")
    for path in (STATIC / folder).rglob("*")
    if path.is_file()
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ICONS = set(
    re.findall(r'symbol id="([\w-]+)"', (STATIC / "icons/icons.svg").read_text())
)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_vendored_files_are_the_ones_the_list_names() -> None:
    listed = re.findall(
        r"^([0-9a-f]{64})  (\S+)$", (STATIC / "vendor/README.md").read_text(), re.M
    )
    assert len(listed) >= 3
    for digest, path in listed:
        content = (STATIC / "vendor" / path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest, path


@pytest.mark.parametrize("path", OWN, ids=name)
def test_no_style_or_script_asks_another_host(path: Path) -> None:
    hosts = re.findall(r"(?:https?:)?//[\w.-]+\.\w{2,}", path.read_text())
    assert [host for host in hosts if host != "http://www.w3.org"] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_hold_no_inline_script_or_style(path: Path) -> None:
    """The content security policy would block them without a message."""
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|\shx-on", text)
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert [s for s in scripts if "src=" not in s and "application/json" not in s] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_name_only_icons_that_exist(path: Path) -> None:
    named = re.findall(r'(?:icon\.html" with name|\bicon)="([\w-]+)"', path.read_text())
    assert set(named) <= ICONS


def test_our_scripts_stay_small() -> None:
    lines = sum(len(p.read_text().splitlines()) for p in (STATIC / "js").glob("*.js"))
    # Saving what people do in spite of lost networks and sessions takes a third of it.
    assert 100 < lines <= 1000


@pytest.mark.parametrize("path", [p for p in OWN if p.suffix == ".css"], ids=name)
def test_style_sheets_stay_under_four_hundred_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) < 400
