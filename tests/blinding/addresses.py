"""Every URL of the program, from its resolver, with the codes of a world."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from tests.blinding.matrix import BY_NAME, OPEN, THIRD_PARTY, Row


@dataclass(frozen=True)
class Address:
    """A URL pattern: its name with namespaces, and its arguments."""

    name: str
    pattern: str
    arguments: tuple[str, ...]

    @property
    def is_exempt(self) -> bool:
        """Return True if the URL is on one of the two reviewed lists of matrix.py."""
        return self.name in OPEN or self.name.startswith(THIRD_PARTY)


def every() -> list[Address]:
    """Return all URL patterns that the program serves."""
    return list(_walk(get_resolver(), "", ()))


def _walk(
    resolver: URLResolver, prefix: str, spaces: tuple[str, ...]
) -> Iterator[Address]:
    for found in resolver.url_patterns:
        pattern = prefix + str(found.pattern)
        if isinstance(found, URLPattern):
            name = ":".join([*spaces, found.name or f"(unnamed: {pattern})"])
            yield Address(name, pattern, _arguments(pattern))
        else:
            inner = (*spaces, found.namespace) if found.namespace else spaces
            yield from _walk(found, pattern, inner)


def _arguments(pattern: str) -> tuple[str, ...]:
    parts = pattern.split("<")[1:]
    return tuple(part.split(">")[0].rpartition(":")[2] for part in parts)


def missing_row(address: Address) -> str:
    """Return what to do about a URL without a row in matrix.py."""
    return (
        f"{address.name} ({address.pattern}) has no row in tests/blinding/matrix.py. "
        f'Add e.g. Row("{address.name}", get=TEAM) and say who may open and send it; '
        "the two-worlds test takes it up from there."
    )


def url(address: Address, codes: Mapping[str, str], row: Row | None = None) -> str:
    """Return the URL with the world's codes; fail if a code is unknown."""
    row = row or BY_NAME[address.name]
    wanted = {name: row.args.get(name, name) for name in address.arguments}
    unknown = [code for code in wanted.values() if code not in codes]
    assert not unknown, (
        f"{address.name}: the world has no code called {unknown}. Give it one in "
        'World.args (tests/blinding/world.py), or map it with Row(args={"…": "…"}).'
    )
    kwargs = {name: codes[code] for name, code in wanted.items()}
    try:
        return reverse(address.name, kwargs=kwargs)
    except NoReverseMatch as error:
        raise AssertionError(f"{address.name}: {error}") from error
