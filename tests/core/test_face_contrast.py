"""The colours of the design tokens meet WCAG 2.2 AA in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "static/css/tokens.css"
GROUNDS = ("sunken", "paper", "surface", "hover")
# (text or line, background, least ratio): 4.5 for text (1.4.3), 3 for the borders of
# controls (1.4.11).
PAIRS = [
    *((ink, ground, 4.5) for ink in ("ink", "ink-soft") for ground in GROUNDS),
    *(("ink-faint", ground, 4.5) for ground in GROUNDS),
    *(("line-strong", ground, 3.0) for ground in ("paper", "surface")),
    *(("accent", ground, 4.5) for ground in (*GROUNDS, "accent-soft")),
    ("accent-ink", "accent", 4.5),
    ("accent-ink", "accent-hover", 4.5),
    ("danger-ink", "exclude", 4.5),
    *(
        (verdict, ground, 4.5)
        for verdict in ("include", "exclude", "unsure")
        for ground in ("paper", "surface", "hover", f"{verdict}-soft")
    ),
    *(("ink", f"{soft}-soft", 4.5) for soft in ("include", "exclude", "unsure")),
    ("ink", "mark", 4.5),
    *(("focus", ground, 3.0) for ground in GROUNDS),
]


def colours(theme: int) -> dict[str, str]:
    found = re.findall(
        r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", TOKENS.read_text()
    )
    return {name: (light, dark)[theme] for name, light, dark in found}


def luminance(colour: str) -> float:
    """Return the relative luminance of "#rrggbb" as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    r, g, b = (
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    )
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_has_the_known_ratio() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_every_pair_of_text_and_background_is_readable(
    theme: int, text: str, ground: str, least: float
) -> None:
    palette = colours(theme)
    assert contrast(palette[text], palette[ground]) >= least
