"""The documents: links and named files exist; nothing outside the repository is cited."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.M | re.S)
# Files beside the repository, which its readers do not have.
OUTSIDE = re.compile(
    r"\b(?:DESIGN|features|dedup|aesthetics|embedded|field_2026|prioritisation"
    r"|reliability_performance)\.md\b|\bDESIGN §|\bfeatures §|\bstyle/english\b"
    r"|\bshared/(?:research|seed|style|bench|findings)\b|\bthe research notes?\b"
)
CITED = re.compile(r"\bdocs/(?!img/)[a-z0-9-]+(?:/[a-z0-9-]+)*(?:\.md)?\b(?!/)")


def tracked() -> list[Path]:
    """Return the files of the repository as git lists them, or all without git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode == 0:
        names = filter(None, listed.stdout.split("\0"))
        return sorted(path for name in names if (path := ROOT / name).is_file())
    unwanted = {".venv", "__pycache__", "node_modules"}
    found = (path for path in ROOT.rglob("*") if path.is_file())
    return sorted(path for path in found if not unwanted & set(path.parts))


EVERYTHING = tracked()
NAMES = [f"/{path.relative_to(ROOT).as_posix()}" for path in EVERYTHING]
DOCUMENTS = [path for path in EVERYTHING if path.suffix == ".md"]


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


CODE = [
    path
    for path in EVERYTHING
    if path.suffix in {".css", ".html", ".js", ".md", ".py", ".toml", ".txt", ".yml"}
    and path != Path(__file__)
    and not {"vendor", "data", "migrations"} & set(path.parts)
]
# A file or folder of the repository, with or without the folders above it. "bl/" is
# short for tests/blinding/ in docs/security.md.
NAMED_FILE = re.compile(
    r"(?<![\w/.:*%-])(?:bl/)?(\w[\w/-]*\.py"
    r"|(?:templates|static|tests|docs|screening|charting|reviewapp)/"
    r"[\w/.-]*\w\.(?:html|css|js|md|tsv|svg|json|po))\b"
)
NAMED_FOLDER = re.compile(
    r"`((?:reviewapp|core|screening|charting|templates|static|tests|docs)/[\w/-]+?)/?`"
)
# Names in made-up examples: files written by a test, or those of the real samples.
INVENTED = {"NAME.py", "score.py", "test_inner.py"}
EXAMPLES = ("tests/attack/wire.py", "tests/core/test_makemessages.py")


def test_every_file_that_is_named_exists() -> None:
    gone = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in CODE
        if path.relative_to(ROOT).as_posix() not in EXAMPLES
        for name in NAMED_FILE.findall(path.read_text("utf-8"))
        if not any(known.endswith(f"/{name}") for known in NAMES)
        and Path(name).name not in INVENTED
    ]
    assert gone == []


def test_every_folder_that_is_named_exists() -> None:
    gone = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in DOCUMENTS
        for name in NAMED_FOLDER.findall(path.read_text("utf-8"))
        if not any(f"/{name}/" in known or f"/{name}." in known for known in NAMES)
        and "/APP" not in name
    ]
    assert gone == []


def test_nothing_outside_the_repository_is_cited() -> None:
    citing = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in CODE
        if (found := OUTSIDE.search(path.read_text("utf-8")))
    ]
    assert citing == []


def test_every_document_that_is_cited_exists() -> None:
    missing = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in CODE
        for name in CITED.findall(path.read_text("utf-8"))
        if not (ROOT / name).exists() and not any(ROOT.glob(f"{name}*.md"))
    ]
    assert missing == []


def test_every_management_command_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    commands = [
        path.stem
        for path in EVERYTHING
        if path.parts[-3:-1] == ("management", "commands") and path.stem != "__init__"
    ]
    assert len(commands) > 5
    assert [name for name in commands if f"`{name}" not in text] == []
