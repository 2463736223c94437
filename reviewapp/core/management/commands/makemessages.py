"""`manage.py makemessages`: collect every translatable message of the program.

It replaces Django's command of this name, which needs the xgettext program. Babel, a
package of requirements/dev.txt, does the same work without it.
"""

from __future__ import annotations

import io
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import redirect_stderr
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

TEMPLATE_SUFFIXES = {".html", ".svg", ".txt"}
SKIPPED_FOLDERS = {"migrations", "__pycache__"}
# Function name → which arguments hold the message; "c" marks its context.
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# No dates and no line numbers: the file changes only when a message does.
HEADER = """\
# Messages of reviewapp. Made by `manage.py makemessages`; do not edit.
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


class Command(BaseCommand):
    """Write locale/en/LC_MESSAGES/django.po, or check that it is up to date."""

    help = "Collect the translatable messages in locale/en/LC_MESSAGES/django.po."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--check``."""
        parser.add_argument(
            "--check",
            action="store_true",
            help="Write nothing; fail if the file is not up to date.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file and print the number of messages.

        Raises CommandError if Babel is missing, if a message cannot be collected, or
        with --check if the file differs.
        """
        try:
            catalog = collect_messages(settings.BASE_DIR)
        except ModuleNotFoundError as error:
            raise CommandError(
                "This command needs Babel: install requirements/dev.txt."
            ) from error
        wanted = HEADER + _as_text(catalog)
        path = settings.BASE_DIR / "locale" / "en" / "LC_MESSAGES" / "django.po"
        if options["check"]:
            present = path.read_text(encoding="utf-8") if path.exists() else ""
            if present != wanted:
                raise CommandError(_describe_difference(present, catalog))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted, encoding="utf-8")
        self.stdout.write(f"{len(catalog)} messages.")


def collect_messages(root: Path) -> Catalog:
    """Return the messages of all Python files and templates below ``root``."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract

    catalog = Catalog(locale="en", charset="utf-8")
    for path in _source_files(root):
        name = path.relative_to(root).as_posix()
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            source = _template_as_python(source, name)
        file = io.BytesIO(source.encode())
        file.name = name
        with redirect_stderr(io.StringIO()) as problems:
            found = list(extract("python", file, KEYWORDS))
        if problems.getvalue():
            # For example an f-string in gettext(): no catalogue can have such a text.
            raise CommandError(problems.getvalue().strip())
        for _line, message, _comments, context in found:
            catalog.add(message, locations=[(name, 0)], context=context)
    return catalog


def _source_files(root: Path) -> Iterator[Path]:
    """Yield the files of the program in a fixed order."""
    names = {config.name.partition(".")[0] for config in apps.get_app_configs()}
    # Installed packages are not below the project, or in its virtual environment.
    packages = [root / name for name in sorted(names) if (root / name).is_dir()]
    for folder in [*packages, root / "templates"]:
        for path in sorted(folder.rglob("*")):
            if SKIPPED_FOLDERS.intersection(path.parts):
                continue
            is_template = "templates" in path.parts and path.suffix in TEMPLATE_SUFFIXES
            if path.suffix == ".py" or is_template:
                yield path


def _template_as_python(source: str, name: str) -> str:
    """Return a template's messages as calls that Babel's Python extractor reads.

    What ``templatize`` leaves between the calls is indented like the template. Python's
    tokenizer refuses such indentation, so it is taken away.
    """
    calls = templatize(source, origin=name)
    return "\n".join(line.lstrip() for line in calls.splitlines())


def _as_text(catalog: Catalog) -> str:
    """Return the catalogue in the format of .po files, sorted, without its header."""
    from babel.messages.pofile import write_po

    file = io.BytesIO()
    write_po(
        file,
        catalog,
        sort_output=True,
        omit_header=True,
        include_lineno=False,
        width=88,
    )
    return file.getvalue().decode()


def _describe_difference(present: str, wanted: Catalog) -> str:
    """Return a text that lists missing and outdated messages of the present file."""
    from babel.messages.pofile import read_po

    found = _message_ids(read_po(io.BytesIO(present.encode()), locale="en"))
    needed = _message_ids(wanted)
    lines = [
        "locale/en/LC_MESSAGES/django.po is not up to date. "
        "Run `./dev manage makemessages` and commit the file.",
        *(f"  missing:  {message}" for message in sorted(needed - found)),
        *(f"  outdated: {message}" for message in sorted(found - needed)),
    ]
    if needed == found:
        lines.append("  The messages are the same; their files or layout changed.")
    return "\n".join(lines)


def _message_ids(catalog: Catalog) -> set[str]:
    """Return every message of a catalogue as one line of text."""
    found = set()
    for message in catalog:
        ids = message.id if isinstance(message.id, tuple | list) else [message.id]
        text = " / ".join(ids)
        found.add(f"{text} ({message.context})" if message.context else text)
    return found - {""}
