"""A generated language in which every translated message can be recognised.

Each message is put into ⟦ ⟧ and each of its letters gets an accent: "Start screening"
becomes "⟦Šţàŕţ šçŕééñïñĝ⟧". Placeholders and HTML tags stay. A letter without an accent
on a page is then data, a name, or a text of the program that is not translated.
"""

from __future__ import annotations

import importlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import override_settings
from django.utils import translation

from reviewapp.core.management.commands.makemessages import collect_messages

LANGUAGE = "en-xa"
FOLDER = "en_XA"
SMALL = dict(
    zip("abcdefghijklmnopqrstuvwxyz", "àƀçďéƒĝĥïĵķļɱñöþɋŕšţüṽŵẋýž", strict=True)
)
ACCENTED = SMALL | {
    letter.upper(): accented.upper() for letter, accented in SMALL.items()
}
# Placeholders of both kinds, tags, entities and addresses.
KEPT = re.compile(
    r"%\([^)]*\)[a-z]|%[a-z%]|\{[^{}]*\}|<[^>]*>|&#?\w+;|https?://\S+|\S+@\S+\.\w+"
)
# Packages that bring translations of their own.
PACKAGES = ("django.conf", "django.contrib", "allauth", "rest_framework")


def accented(message: str) -> str:
    """Return a message in the generated language; its placeholders and tags stay."""
    parts, end = [], 0
    for kept in KEPT.finditer(message):
        parts += [_with_accents(message[end : kept.start()]), kept[0]]
        end = kept.end()
    parts.append(_with_accents(message[end:]))
    # Line breaks at either end must be the same in the translation.
    text = "".join(parts)
    core = text.strip("\n")
    return text.replace(core, f"⟦{core}⟧") if core else text


def _with_accents(text: str) -> str:
    return "".join(ACCENTED.get(letter, letter) for letter in text)


def make_catalog() -> Catalog:
    """Return the messages of the program and of its packages, translated."""
    catalog = Catalog(locale="en", charset="utf-8")
    for source in (*_package_catalogs(), collect_messages(settings.BASE_DIR)):
        for message in source:
            if not message.id:
                continue
            ids = message.id
            if isinstance(ids, tuple | list):
                text: object = tuple(accented(each) for each in ids)
            else:
                text = accented(ids)
            catalog.add(message.id, text, context=message.context)  # type: ignore[arg-type]
    return catalog


def _package_catalogs() -> Iterator[Catalog]:
    """Yield the English catalogues of Django, allauth and the REST framework."""
    for package in PACKAGES:
        root = Path(str(importlib.import_module(package).__file__)).parent
        for path in sorted(root.glob("**/locale/en/LC_MESSAGES/django.?o")):
            if path.suffix == ".po":
                yield read_po(io.BytesIO(path.read_bytes()), locale="en")
            elif not path.with_suffix(".po").exists():
                yield read_mo(io.BytesIO(path.read_bytes()))


@contextmanager
def pseudo_language(folder: Path) -> Iterator[None]:
    """Activate the language; its catalogue is written below ``folder``."""
    path = folder / FOLDER / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, make_catalog())
    with override_settings(LOCALE_PATHS=[folder]), translation.override(LANGUAGE):
        yield
