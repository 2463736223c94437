// Keyboard shortcuts, declared in the page: the key in data-key="i" presses the
// link or button, or focuses the field. "?" shows the list of shortcuts.
// data-key-label is the text in that list if the element's own text does not fit.

const typing = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

function visible(element) {
  return element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
}

function find(key) {
  const all = [...document.querySelectorAll("[data-key]")];
  return all.find(
    (element) =>
      element.dataset.key.split(" ").includes(key) &&
      !element.disabled &&
      element.getAttribute("aria-disabled") !== "true" &&
      visible(element),
  );
}

function words(element) {
  if (element.dataset.keyLabel) return element.dataset.keyLabel;
  if (element.labels?.length) return element.labels[0].textContent.trim();
  const copy = element.cloneNode(true);
  for (const key of copy.querySelectorAll(".key, kbd")) key.remove();
  return copy.textContent.trim() || element.getAttribute("aria-label") || "";
}

function fillList(dialog) {
  const list = dialog.querySelector("[data-keys-here]");
  list.replaceChildren();
  for (const element of document.querySelectorAll("[data-key]")) {
    if (!visible(element)) continue;
    const term = document.createElement("dt");
    for (const name of element.dataset.key.split(" ")) {
      const key = document.createElement("kbd");
      key.textContent = name;
      term.append(key, " ");
    }
    const text = document.createElement("dd");
    text.textContent = words(element);
    list.append(term, text);
  }
}

const dialog = document.getElementById("key-list");
dialog?.addEventListener("dialog:opening", () => fillList(dialog));

// Keys that the focused control needs itself: a shortcut never takes them.
const controls = "a[href], button, summary, input, select, textarea, label, audio, video, iframe, [tabindex]:not([tabindex='-1']), [contenteditable]";
const arrows = "input[type=radio], input[type=range], select, [role=tab], [role=slider], [role=menuitem], [role=option]";

function needsKey(target, key) {
  if (key === "Enter" || key === " ") return Boolean(target.closest?.(controls));
  return key.startsWith("Arrow") && Boolean(target.closest?.(arrows));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && event.target.matches?.(typing)) {
    event.target.blur();
    return;
  }
  if (event.isComposing || event.target.closest?.(typing) || needsKey(event.target, event.key)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "?" && dialog) {
    event.preventDefault();
    fillList(dialog);
    dialog.showModal();
    return;
  }
  const element = find(event.key.length === 1 ? event.key.toLowerCase() : event.key);
  // A held key must not vote on one record after another.
  if (!element || event.repeat) return;
  event.preventDefault();
  // data-key-focus: what the button does can't be undone by a key, so Enter presses it.
  if (element.matches(typing) || element.hasAttribute("data-key-focus")) element.focus();
  else element.click();
});
