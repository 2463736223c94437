"""The diagram in a browser: no text leaves its box, measured by the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from screening.flow.rules.diagram import flow_as_svg
from tests.screening.flow.diagrams import crowded_flow

OVERFLOWING = """() => {
  const boxes = [...document.querySelectorAll("rect[width='245']")].map((r) => r.getBBox());
  const over = [];
  for (const text of document.querySelectorAll("svg > text, svg g > text")) {
    const t = text.getBBox();
    const box = boxes.find((b) => b.x < t.x && t.x < b.x + b.width && b.y < t.y && t.y < b.y + b.height);
    const edge = box ? box.x + box.width : 1135;
    if (!text.hasAttribute("transform") && t.x + t.width > edge) over.push(text.textContent);
  }
  return over;
}"""


@pytest.mark.parametrize("is_final", [True, False])
def test_no_text_leaves_its_box_in_a_browser(browser: Browser, is_final: bool) -> None:
    page = browser.new_page()
    page.set_content(flow_as_svg(crowded_flow(is_final=is_final)))
    assert page.locator("text").count() > 100
    assert page.evaluate(OVERFLOWING) == []
    page.close()
