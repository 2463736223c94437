"""Authors of a JSON item, in CSL and in the structures of other programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from screening.citations.people import names_of_list
from screening.citations.reading.json_files.json_stream import Object
from screening.citations.reading.json_files.json_values import json_text, json_value_at


def authors_of(value: Object) -> Iterator[str]:
    """Yield the authors as "Family, Given", from the first list that names any."""
    for name in ("author", "authors", "creators", "authorships", "creator"):
        found = value.get(name)
        if isinstance(found, str) and found.strip():
            yield from names_of_list(found)
            return
        if isinstance(found, dict):
            found = [found]
        if isinstance(found, list):
            names = [one for one in map(_name, found) if one]
            if names:
                yield from names
                return


def _name(person: Any) -> str:
    """Return one author. Family names keep their particle ("van der")."""
    if isinstance(person, str):
        return person.replace(";", ",")
    if not isinstance(person, dict):
        return ""
    # Zotero has one list for everyone. OpenAlex has the person one level deeper.
    if json_text(person.get("creatorType")) not in (
        "",
        "author",
        "inventor",
        "presenter",
    ):
        return ""
    if isinstance(person.get("author"), dict):
        person = person["author"]
    family = _either(person, "family", "lastName", "last_name", "surname", "lastname")
    given = _either(person, "given", "firstName", "first_name", "forename", "firstname")
    particle = json_text(person.get("non-dropping-particle"))
    if particle and family and not family.startswith(f"{particle} "):
        family = f"{particle} {family}"
    rest = (json_text(person.get("dropping-particle")), json_text(person.get("suffix")))
    given = " ".join(filter(None, (given, *rest)))
    if family:
        name = f"{family}, {given}" if given else family
    else:
        name = _either(person, "literal", "name", "display_name", "full_name") or given
    return (name or json_text(json_value_at(person, "raw_author_name"))).replace(
        ";", ","
    )


def _either(person: Object, *names: str) -> str:
    return next(filter(None, (json_text(person.get(name)) for name in names)), "")
