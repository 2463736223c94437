"""The vocabulary files: sections of phrases, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

# Domains outside mental health, which use general groups of people and settings.
_GENERAL = {"other", "coproduction", "socialwork", "education", "nursing", "digital", "medicine"}  # fmt: skip
VOCABULARY = Path(__file__).parent / "vocabulary"


def _lines(name: str) -> list[str]:
    text = (VOCABULARY / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _entries(line: str) -> list[str]:
    return [entry.strip() for entry in line.split(";") if entry.strip()]


@cache
def sections(name: str) -> dict[str, tuple[str, ...]]:
    """Return phrases by section of `vocabulary/<name>.txt`, separated by semicolons."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in _lines(name):
        if line.startswith("["):
            current = found.setdefault(line.strip("[]"), [])
        else:
            current.extend(_entries(line))
    return {key: tuple(values) for key, values in found.items()}


@cache
def sentences(name: str) -> dict[str, tuple[str, ...]]:
    """Return sentences by section, one per line."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in _lines(name):
        if line.startswith("["):
            current = found.setdefault(line.strip("[]"), [])
        else:
            current.append(line.strip())
    return {key: tuple(values) for key, values in found.items()}


@cache
def vocabulary_rows(name: str) -> dict[str, tuple[str, ...]]:
    """Return the rows `key = a; b; c` of a vocabulary file."""
    rows = (line.split(" = ", 1) for line in _lines(name))
    return {key.strip(): tuple(_entries(values)) for key, values in rows}


@cache
def things(domain: str) -> tuple[str, ...]:
    """Return the topics of a domain."""
    return _topic(domain, "things")


@cache
def populations(domain: str) -> tuple[str, ...]:
    """Return the domain's groups of people, and shared ones if it has few."""
    own = _topic(domain, "populations")
    shared = sections("shared")[_shared("populations", domain)]
    return own if domain in {"core", "youth"} else own + shared


def settings(domain: str) -> tuple[str, ...]:
    """Return the settings of a domain."""
    return sections("shared")[_shared("settings", domain)]


def _shared(what: str, domain: str) -> str:
    return f"{what}_general" if domain in _GENERAL else what


def _topic(domain: str, what: str) -> tuple[str, ...]:
    for name in ("peer", "society", "clinical"):
        found = sections(name).get(f"{domain}.{what}")
        if found:
            return found
    if what == "populations":
        return _topic("core", what)
    raise KeyError(f"{domain}.{what}")
