"""Hooks: declaring, registering, calling, and the list in the documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings

from reviewapp.core import hooks
from reviewapp.core.hooks import HOOKS, Hook, hook


@pytest.fixture
def greeting() -> Iterator[Hook[[str], str]]:
    @hook("tests:greeting")
    def greeting(name: str) -> str:
        """Return a greeting for ``name``."""
        raise NotImplementedError

    yield greeting
    del HOOKS["tests:greeting"]


def test_a_call_returns_the_results_in_order_of_registration(
    greeting: Hook[[str], str],
) -> None:
    assert greeting.call("Ada") == []
    greeting.register(lambda name: f"Hello {name}")
    greeting.register(lambda name: f"Goodbye {name}")
    assert greeting.call("Ada") == ["Hello Ada", "Goodbye Ada"]
    assert greeting.call(name="Ben") == ["Hello Ben", "Goodbye Ben"]


def test_an_exception_reaches_the_caller(greeting: Hook[[str], str]) -> None:
    called = []

    def refuse(name: str) -> str:
        raise ValueError(name)

    greeting.register(refuse)
    greeting.register(lambda name: called.append(name) or "")
    with pytest.raises(ValueError, match="Ada"):
        greeting.call("Ada")
    assert called == []


def test_a_provider_is_registered_once(greeting: Hook[[str], str]) -> None:
    greeting.register(str.upper)
    with pytest.raises(ValueError, match="already"):
        greeting.register(str.upper)


def test_a_hook_has_a_name_of_its_own_and_a_docstring(
    greeting: Hook[[str], str],
) -> None:
    assert greeting.purpose == "Return a greeting for ``name``."
    with pytest.raises(ValueError, match="two hooks"):
        hook("tests:greeting")(lambda: None)
    with pytest.raises(ValueError, match="docstring"):
        hook("tests:unexplained")(lambda: None)
    assert "tests:unexplained" not in HOOKS


def test_every_hook_has_a_provider_and_a_row_in_the_documents() -> None:
    text = (settings.BASE_DIR / "docs" / "architecture.md").read_text("utf-8")
    section = text.partition("## Hooks")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `(\w+:\w+)` \|", section, re.M)
    assert sorted(listed) == sorted(HOOKS)
    assert [name for name in HOOKS if not HOOKS[name].providers] == []


def test_hooks_are_declared_in_the_modules_named_hooks() -> None:
    """One search for "hooks.py" finds all of them."""
    for package in ("reviewapp", "screening", "charting"):
        for path in (settings.BASE_DIR / package).rglob("*.py"):
            if "@hook(" in path.read_text("utf-8"):
                assert path.name == "hooks.py", path
    assert hooks.member_removed is HOOKS["member:removed"]
