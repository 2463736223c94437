// Shows a part of an answer in place of the same part of the page, and moves the focus.

// data-focus in new content gets the focus; data-focus="still" does not scroll.
export function focusIn(root) {
  const wish = root.matches?.("[data-focus]") ? root : root.querySelector?.("[data-focus]");
  if (wish) wish.focus({ preventScroll: wish.dataset.focus === "still" });
}

// Returns false if the answer or the page has no such part.
export function showPart(html, selector) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector(selector);
  const old = document.querySelector(selector);
  if (!fresh || !old) return false;
  const part = document.importNode(fresh, true);
  old.replaceWith(part);
  window.htmx?.process(part);
  window.scrollTo({ top: 0, behavior: "instant" });
  focusIn(part);
  return true;
}
