"""The documents: every link resolves, and nothing outside the repository is cited."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.M | re.S)
# Files beside the repository, or of its authors, that no reader has.
OUTSIDE = re.compile(
    r"\bDESIGN(?:\.md|\s*§)|\b(?:features|dedup|aesthetics|imports|embedded"
    r"|prioritisation|reliability_performance|field_2026)\.md\b|\bstyle/english\.md\b"
    r"|\bresearch/|\bresearch notes?\b(?! on|s?</)"
)


def tracked(*patterns: str) -> list[Path]:
    """Return the files of the repository that match, as git lists them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode == 0:
        names = filter(None, listed.stdout.split("\0"))
        return sorted(path for name in names if (path := ROOT / name).is_file())
    found = (path for pattern in patterns for path in ROOT.rglob(pattern))
    return sorted(path for path in found if ".venv" not in path.parts)


DOCUMENTS = tracked("*.md")


def slug(heading: str) -> str:
    """Return the anchor that GitHub makes of a heading."""
    text = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


@cache
def anchors(path: Path) -> set[str]:
    """Return every anchor of a document; a repeated heading gets a number."""
    text = FENCE.sub("", path.read_text("utf-8"))
    found: dict[str, int] = {}
    result = set(re.findall(r'(?:id|name)="([^"]+)"', text))
    for heading in re.findall(r"^#{1,6} +(.+?) *#*$", text, re.M):
        name = slug(heading)
        count = found.get(name, 0)
        result.add(f"{name}-{count}" if count else name)
        found[name] = count + 1
    return result


@pytest.mark.parametrize(
    "path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT))
)
def test_every_relative_link_and_anchor_resolves(path: Path) -> None:
    broken = []
    for target in LINK.findall(FENCE.sub("", path.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        to = (path.parent / name).resolve() if name else path
        exists = to.exists() and to.is_relative_to(ROOT)
        wants_anchor = anchor and to.suffix == ".md"
        if not exists or (wants_anchor and anchor not in anchors(to)):
            broken.append(target)
    assert broken == []
