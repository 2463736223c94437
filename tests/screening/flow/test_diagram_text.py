"""The texts of the diagram fit their boxes, and it has the template's footnotes."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree

from screening.flow.rules import diagram
from screening.flow.rules.diagram import flow_as_svg
from screening.flow.rules.text_widths import text_width, wrap_text
from tests.screening.flow.diagrams import NAMES, REASON, crowded_flow

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*, is_final: bool = True) -> Element:
    return ElementTree.fromstring(flow_as_svg(crowded_flow(is_final=is_final)))


def number(node: Element, name: str) -> float:
    return float(node.get(name, 0))


def box_of(root: Element, text: Element) -> Element | None:
    """Return the box in which a text begins."""
    x, y = number(text, "x"), number(text, "y")
    for box in root.iter(f"{SVG}rect"):
        left, top = number(box, "x"), number(box, "y")
        is_in = left < x < left + number(box, "width")
        if (
            is_in
            and top < y < top + number(box, "height")
            and box.get("width") == "245"
        ):
            return box
    return None


@pytest.mark.parametrize("is_final", [True, False])
def test_no_text_leaves_its_box_or_the_page(is_final: bool) -> None:
    root = drawn(is_final=is_final)
    in_boxes = 0
    small = {
        text
        for group in root.iter(f"{SVG}g")
        if group.get("font-size") == "10"
        for text in group
    }
    for text in root.iter(f"{SVG}text"):
        words = "".join(text.itertext())
        if text.get("text-anchor"):
            continue
        size = 10 if text in small else 12
        right = number(text, "x") + text_width(words, size)
        box = box_of(root, text)
        in_boxes += box is not None
        edge = number(box, "x") + 245 if box is not None else 1135
        assert right <= edge - 2, words
    assert in_boxes > 100


def test_texts_are_complete() -> None:
    root = drawn()
    texts = "".join(
        "".join(node.itertext()).replace(" ", "") for node in root.iter(f"{SVG}text")
    )
    for name in (*NAMES, REASON[:120]):
        assert name.replace(" ", "") in texts


def test_counts_stay_in_one_line() -> None:
    texts = ["".join(node.itertext()) for node in drawn().iter(f"{SVG}text")]
    counts = [text for text in texts if "n =" in text]
    assert all(re.search(r"\(n = \d+\)$", text) for text in counts)
    assert not any(text.endswith(("(n", "(n =")) for text in texts)


def test_the_asterisks_and_footnotes_of_the_template_are_there() -> None:
    texts = ["".join(node.itertext()) for node in drawn().iter(f"{SVG}text")]
    assert texts.count("Records identified from*:") == 1
    assert any(text.startswith("Records excluded**") for text in texts)
    assert sum(text.startswith("*Consider, if feasible") for text in texts) == 1
    assert sum(text.startswith("**If automation tools") for text in texts) == 1
    assert any("BMJ 2021;372:n71" in text for text in texts)


def test_long_words_of_another_language_fit_the_bands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        diagram, "_", lambda text: text * 4 if text == "Included" else text
    )
    root = drawn()
    for text in root.iter(f"{SVG}text"):
        if "rotate" in text.get("transform", ""):
            band = next(
                box
                for box in root.iter(f"{SVG}rect")
                if box.get("width") == "30"
                and number(box, "y") <= number(text, "y")
                and number(text, "y") <= number(box, "y") + number(box, "height")
            )
            size = number(text, "font-size")
            words = "".join(text.itertext())
            assert text_width(words, size, is_bold=True) <= number(band, "height")


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [("iiii", "wwww"), ("iiii", "IIII MM"), ("abc", "ABC"), ("abcd", "中文中文")],
)
def test_letters_have_their_own_widths(narrow: str, wide: str) -> None:
    assert text_width(narrow) < text_width(wide)


def test_letters_with_accents_are_as_wide_as_the_letters() -> None:
    assert text_width("ấǎśṭ") == pytest.approx(text_width("aast"))
    assert text_width("e\u0301") == text_width("e")


@pytest.mark.parametrize("text", [*NAMES, REASON, "a", "", "中 文", "x " * 40])
@pytest.mark.parametrize("width", [30, 100, 227])
def test_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    lines = wrap_text(text, width)
    assert all(text_width(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(line == line.strip() for line in lines)


def test_small_signs_do_not_begin_a_line() -> None:
    for width in range(30, 120):
        for line in wrap_text("中国知网，学术期刊。全文（数据库）与论文", width):
            assert line[0] not in "，。）"
