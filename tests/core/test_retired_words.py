"""Words that the interface and the documents no longer use do not come back.

docs/glossary.md lists the words to use. Text in templates is checked as messages of the
catalogue: tests/translation/ fails for a text that is not in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from django.conf import settings

from reviewapp.core.management.commands.makemessages import collect_messages

# Pattern → what to write. Patterns ignore case and match whole words.
EVERYWHERE = {
    r"(un)?settl(e|es|ed|ing|ements?)": "decide, resolve or finalise",
    r"outcomes?": "final decision, or status",
    r"readers?": "reviewer",
    r"charters?": "reviewer",
    r"seats?": "assignment",
    r"dealt|freed": "assigned, unassigned",
    r"hand(s|ed|ing)? over": "reassign",
    r"hand(s|ed|ing)? in": "submit",
    r"who screens what|who charts": "screening or charting assignments",
    r"before (its|their|the) time": "early",
    r"open(s|ed|ing)? (up )?(the|its|all|these) (votes|judgements)": "unblind",
    r"desks?": "Conflicts page",
    r"doors?": "guarded queries",
    r"trails?": "audit log",
    r"end of the chain": "latest hash",
    r"arms?": "column",
    r"numbers add up": "consistency checks",
    r"report to cite": "methods report",
    r"doubtful": "possible duplicate",
    r"customs": "deduplication settings",
    r"count(s|ed)? as one work": "deduplication settings",
    r"one and the same": "evidence for a match",
    r"pieces?": "entry",
    r"mend(s|ed|ing)?": "fix",
    r"text between (the )?records": "text outside records",
    r"tak(e|es|en|ing) over": "import earlier decisions",
    r"decisions made elsewhere": "earlier decisions",
    r"seek(s|ing)?": "retrieve",
    r"being sought": "awaiting retrieval",
    r"can['’]t be had": "not available",
    r"eras(e|es|ed|ing|ures?)": "delete, deletion",
    r"call(s|ed|ing)? back": "cancel deletion",
    r"tombstones?": "deletion record",
    r"second factors?": "two-factor authentication",
    r"log-ins?": "session",
    r"(e-)?mails?": "email",
    r"bec(ame|omes?) of": "status",
    r"fates?": "status",
    r"what happened to it": "history",
    r"repeats": "is a duplicate of",
}
# Words that have a technical sense in documents for programmers.
IN_MESSAGES = {
    r"rounds?": "until all assigned reviewers have voted",
    r"polic(y|ies)": "screening assignments",
    r"places": "assignments",
    r"copies": "duplicates",
    r"chains?": "hash chain",
    r"the program": "System, or no actor",
}
# (file or message, the words in it that may stay, why).
ALLOWED: list[tuple[str, str, str]] = [
    (r".*", r"screen readers?", "software that reads the screen aloud"),
    (r".*", r"mail servers?", "the technical term"),
    (r".*", r"hash chains?", "the technical term"),
    (r".*", r"sought for retrieval", "the name of a box of PRISMA 2020"),
    (r".*", r"readers of the review", "people who read the published review"),
    (
        r"CONTRIBUTING\.md|docs/(adr/.*|architecture|commands|development|security|"
        r"methods/import-formats)\.md",
        r"readers?",
        "a module that reads files of a format",
    ),
    (r"docs/exporting\.md", r"Outcome: [a-z ]+", "a keyword that is read back"),
    (r"docs/published-review\.md", r"outcomes", "measured effects in a review"),
    (r"charting/rules/templates\.py", r"Outcomes", "measured effects in a review"),
    (r"docs/methods/duplicate-errors\.md", r"outcomes?|repeats", "titles of papers"),
    (r"docs/glossary\.md", r".*", "lists the retired words"),
]
CODE = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)]*\)|https?://\S+|<[^>]+>", re.DOTALL)
PLACEHOLDER = re.compile(r"%\([^)]*\)s|\{[^{}]*\}|<[^>]+>")


def retired_words(text: str, where: str, words: dict[str, str]) -> list[str]:
    """Return what is wrong in a text: each retired word and what replaces it."""
    for place, allowed, _reason in ALLOWED:
        if re.fullmatch(place, where):
            text = re.sub(rf"\b(?:{allowed})\b", " ", text, flags=re.IGNORECASE)
    return [
        f"{found[0]!r} → {better}"
        for pattern, better in words.items()
        for found in re.finditer(rf"(?<![\w-])(?:{pattern})(?![\w-])", text, re.I)
    ]


@cache
def messages() -> tuple[tuple[str, str], ...]:
    """Return (file, message) for every message of the program."""
    found = []
    for message in collect_messages(settings.BASE_DIR):
        ids = message.id if isinstance(message.id, tuple | list) else [message.id]
        files = ", ".join(sorted({name for name, _ in message.locations}))
        found += [(files, PLACEHOLDER.sub(" … ", text)) for text in ids if text]
    return tuple(found)


def documents() -> Iterator[tuple[str, int, str]]:
    """Yield (file, line number, line) of every document, without code and links."""
    root = settings.BASE_DIR
    for path in sorted([*root.glob("*.md"), *root.glob("docs/**/*.md")]):
        text = path.read_text(encoding="utf-8")
        text = CODE.sub(lambda code: "\n" * code[0].count("\n"), text)
        for number, line in enumerate(text.splitlines(), 1):
            yield path.relative_to(root).as_posix(), number, line


def wrong_messages() -> list[str]:
    """Return every message with a retired word."""
    return [
        f"{files}: {text}: {wrong}"
        for files, text in messages()
        for wrong in retired_words(text, files, EVERYWHERE | IN_MESSAGES)
    ]


def wrong_documents() -> list[str]:
    """Return every line of a document with a retired word."""
    return [
        f"{name}:{number}: {wrong}"
        for name, number, line in documents()
        for wrong in retired_words(line, name, EVERYWHERE)
    ]


def test_messages_have_no_retired_words() -> None:
    assert not wrong_messages(), "\n".join(wrong_messages())


def test_documents_have_no_retired_words() -> None:
    assert not wrong_documents(), "\n".join(wrong_documents())


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The record is settled by the readers.", 2),
        ("Not settled? Mend it at the desk.", 3),
        ("A screen reader reads the final decision.", 0),
        ("Reports sought for retrieval", 0),
    ],
)
def test_retired_words_are_found(text: str, count: int) -> None:
    assert len(retired_words(text, "", EVERYWHERE)) == count
