"""Facts that a page loads once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reviewapp.core.lib.load_once import load_once, loading_once


def make_counter() -> tuple[list[tuple[int, int]], Callable[..., int]]:
    asked: list[tuple[int, int]] = []

    @load_once
    def load(a: int, b: int = 0) -> int:
        asked.append((a, b))
        return len(asked)

    return asked, load


def test_a_page_loads_each_fact_once() -> None:
    asked, load = make_counter()
    with loading_once():
        assert [load(1), load(1), load(2), load(1, b=3), load(1)] == [1, 1, 2, 3, 1]
    assert asked == [(1, 0), (2, 0), (1, 3)]


def test_a_page_keeps_that_there_is_nothing() -> None:
    asked: list[int] = []

    @load_once
    def load(a: int) -> None:
        asked.append(a)

    with loading_once():
        load(1)
        load(1)
    assert asked == [1]


def test_nothing_is_kept_outside_of_a_page_or_after_it() -> None:
    asked, load = make_counter()
    assert [load(1), load(1)] == [1, 2]
    with loading_once():
        assert load(1) == 3
    with pytest.raises(ValueError, match="page"), loading_once():
        assert load(1) == 4
        raise ValueError("A page that fails.")
    assert load(1) == 5
    assert len(asked) == 5


def test_two_functions_with_the_same_arguments_are_apart() -> None:
    one, load = make_counter()
    two, other = make_counter()
    with loading_once():
        load(1)
        other(1)
    assert len(one) == len(two) == 1
