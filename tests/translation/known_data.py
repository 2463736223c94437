"""What people typed and uploaded in the worlds of the tests: data, not texts of ours."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache

from screening.citations.formats import FORMATS, PLATFORM_NAMES
from screening.citations.reading import encodings
from tests import conftest, factories
from tests.blinding import public_actions, sample_files, world
from tests.charting import factories as charting
from tests.translation import typed
from tests.translation.words import NO_WORDS

MODULES = (conftest, factories, sample_files, public_actions, world, charting, typed)
# What is put together from parts, in tests/blinding/sample_files.py and elsewhere.
COMPOSED = (
    r"(Peer workers|Lived experience|Co-production|Recovery colleges|Service users)"
    r" in [a-z]+: a study of [a-z]+ and [a-z -]+",
    # The same, cut short in a message.
    r"(Peer workers|Lived experience|Co-production|Recovery colleges|Service users)"
    r" in [a-z: ]+…",
    r"Record number \d+ about peer support",
    r"Journal of [a-z]+",
    r"Abstract (number|of record) \d+",
    r"Another topic",
    r"TY - JOUR.*",
    r"[A-Z][a-z]+ writes about [a-z]+ by hand",
    # Codes and hashes.
    r"\b[2-9a-z]{14}\b",
    r"\b[0-9a-f]{12,64}\b",
    r"\b[\w.-]+@[\w.-]+",
    # The key of a question, which the audit log names.
    r"^role$",
)
IDENTIFIER = re.compile(r"[a-z_]+(:[a-z_]+)?")


def without_data(text: str) -> str:
    """Return a text without the words of the tests' data."""
    # First addresses: the code of a review is a part of them.
    return _pattern().sub(" ", NO_WORDS.sub(" ", " ".join(text.split())))


@cache
def _pattern() -> re.Pattern[str]:
    # The longest first: a title before the words in it.
    literals = sorted(set(_literals()), key=len, reverse=True)
    # Members of a second world have a number behind their names.
    written = [rf"(?<!\w){re.escape(literal)}\d?(?!\w)" for literal in literals]
    return re.compile("|".join([*COMPOSED, *written]))


def _literals() -> Iterator[str]:
    """Yield the strings in the modules that make the worlds, line by line."""
    for module in MODULES:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                for line in node.value.splitlines():
                    text = line.strip()
                    # A stored value such as "include" is no data that is shown.
                    if len(text) > 1 and not IDENTIFIER.fullmatch(text):
                        yield text
    # Names of databases, formats and encodings, which every language shares.
    yield from (*PLATFORM_NAMES, *encodings.CHOICES, "ascii")
    yield from (format_.name for format_ in FORMATS)
    # Other parts of titles, and options and the key of a question.
    yield from ("gardens", "support = Peer support", "partner = Partner")
    yield from (*sample_files.PLACES, *(place.title() for place in sample_files.PLACES))
