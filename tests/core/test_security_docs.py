"""docs/security.md and others name existing tests and answer every requirement."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.attack.__main__ import attacks

ROOT = Path(__file__).resolve().parents[2]
DOCS = ("security.md", "blinding.md", "privacy.md")
# Section of ASVS 5.0 → its number of requirements of level 1 or 2. These come first;
# the requirements of level 3 follow.
ASVS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
    "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
SHORT = {
    "sec": ("core/test_security.py", "core/test_security_forms.py"),
    "lim": ("core/test_limits.py",),
    "acc": ("core/test_accounts.py",),
    "ev": ("core/test_events.py",),
}


@cache
def doc(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


@cache
def sources() -> dict[str, str]:
    """Return every file of tests by its path below tests/."""
    return {
        path.relative_to(ROOT / "tests").as_posix(): path.read_text("utf-8")
        for path in sorted((ROOT / "tests").rglob("*.py"))
    }


def functions(files: tuple[str, ...]) -> set[str]:
    found = (
        re.findall(r"^def (test_\w+)", sources()[name], re.MULTILINE) for name in files
    )
    return {name for names in found for name in names}


def answered() -> set[str]:
    """Return the requirements in the tables, with ranges and sections expanded."""
    found: set[str] = set()
    for line in doc("security.md").partition("## V1 ")[2].splitlines():
        if not line.startswith("| ") or line.startswith("| #"):
            continue
        for part in re.split(r",\s*", line.split("|")[1].strip()):
            first, _, last = re.sub(r"\s*\(L3\)", "", part).partition("–")
            if last:
                section, _, start = first.rpartition(".")
                end = int(last.rpartition(".")[2])
                found |= {f"{section}.{n}" for n in range(int(start), end + 1)}
            else:
                whole = [one for one in required() if one.startswith(f"{first}.")]
                found |= {first, *whole}
    return found


def required() -> list[str]:
    return [
        f"{section}.{n}" for section, last in ASVS.items() for n in range(1, last + 1)
    ]


def test_every_requirement_of_level_1_and_2_has_a_line() -> None:
    missing = [one for one in required() if one not in answered()]
    assert missing == []
    assert len(required()) == 253


def test_every_gap_is_in_the_list_of_gaps() -> None:
    text = doc("security.md")
    listed = text.partition("## Not met, in one list")[2].partition("## V1 ")[0]
    for line in text.partition("## V1 ")[2].splitlines():
        if "**not met**" in line and line.startswith("| "):
            number = re.split(r"[,–]", line.split("|")[1].strip())[0]
            assert number in listed, line


@pytest.mark.parametrize("name", DOCS)
def test_every_test_and_file_that_is_named_exists(name: str) -> None:
    every = functions(tuple(sources()))
    quoted = set(re.findall(r"`([^`\n]+)`", doc(name)))
    gone = []
    for quote in quoted:
        path, _, test = quote.removeprefix("bl/").partition("::")
        if re.fullmatch(r"(tests/)?[\w/]*test_\w+\.py", path):
            below = path.removeprefix("tests/")
            if not any(f"/{known}".endswith(f"/{below}") for known in sources()):
                gone.append(quote)
        if re.match(r"test_\w+(…)?$", test or path):
            start = (test or path).rstrip("…_")
            if not any(known.startswith(start) for known in every):
                gone.append(quote)
        if re.fullmatch(
            r"(core|screening|charting|reviewapp|templates|tests|static)/[\w/.]+", path
        ):
            places = (ROOT / path, ROOT / "reviewapp" / path)
            if not any(place.exists() for place in places):
                gone.append(quote)
    assert gone == []


def test_a_test_that_is_named_after_a_file_is_in_that_file() -> None:
    for short, test in re.findall(
        r"\b(sec|lim|acc|ev) `(test_\w+)", doc("security.md")
    ):
        found = functions(SHORT[short])
        assert any(name.startswith(test.rstrip("_")) for name in found), (short, test)
    headings = re.findall(r'\b(sec|lim|acc|ev), "([^"]+)"', doc("security.md"))
    assert headings
    for short, heading in headings:
        text = "".join(sources()[name] for name in SHORT[short])
        assert f"# ── {heading}" in text, (short, heading)


def test_every_attack_and_setting_that_is_named_exists() -> None:
    known = set(attacks())
    settings = (ROOT / "reviewapp" / "settings.py").read_text("utf-8")
    around = settings + (ROOT / "docker-compose.yml").read_text("utf-8")
    around += "".join(text for name, text in sources().items() if "blinding/" in name)
    for name in DOCS:
        for names in re.findall(r"`\./dev attack ([\w ]+)`", doc(name)):
            assert set(names.split()) <= known, (name, names)
        for word in re.findall(r"`([A-Z][A-Z_]{5,})`", doc(name)):
            assert word in around, (name, word)
