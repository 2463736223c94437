"""Texts in Python files that a user may read and that do not go through gettext."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

GETTEXT = {
    "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy",
    "pgettext", "pgettext_lazy", "npgettext",
}  # fmt: skip
# Calls whose texts nobody reads in the interface: logs, errors of programmers, reasons
# for unblinded access, code that is compiled.
NOT_READ = re.compile(
    r"(.*\.)?(debug|info|warning|error|exception|critical|unblinded|compile|execute|"
    r"(Value|Key|Type|Index|Runtime|Lookup|Assertion|NotImplemented|OS)Error|"
    r"ImproperlyConfigured|CommandError|fullmatch|match|search|sub|finditer|findall|"
    r"DoesNotExist|split|r?partition|removeprefix|removesuffix|startswith|endswith|replace|RawSQL|raw|filter|"
    r"Http404|strftime|strptime|Trigger|Func|extend_schema|OpenApi\w+|join|Error|Warning)"
)
SENTENCE = re.compile(r"[A-Za-z]{2,}[,:;.]? [“(\"']?[A-Za-z{]")
HEADER = re.compile(r"^<[a-z]|^(application|text|image|attachment|inline)[/;]|no-store")
SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|CREATE|WHERE|BEGIN|ORDER BY|FROM)\b")


def untranslated(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, text) for every text of two words or more outside gettext."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    yield from _texts(module)


def _texts(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        if name.rpartition(".")[2] in GETTEXT or NOT_READ.fullmatch(name):
            return
    if isinstance(node, ast.Raise | ast.Assert):
        called = getattr(node, "exc", None)
        if isinstance(node, ast.Assert):
            return
        if called is None:
            return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.FunctionDef) and node.name in {"__str__", "__repr__"}:
        return
    if isinstance(node, ast.JoinedStr):
        text = "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{}"
            for part in node.values
        )
        if is_sentence(text):
            yield node.lineno, text
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if is_sentence(node.value):
            yield node.lineno, node.value
        return
    for child in ast.iter_child_nodes(node):
        yield from _texts(child)


def is_sentence(text: str) -> bool:
    """Return True if a text has two words and is no SQL."""
    is_code = SQL.search(text) or HEADER.search(text)
    return bool(SENTENCE.search(text)) and not is_code
