// Votes are retried when the connection fails. A form with data-vote has an empty
// hidden input name="key". It is filled once, and every retry sends the same key, so
// the server can answer a repeated vote with the first result.
//
// <form hx-post=… hx-target=… data-vote data-own-errors>
//   <input type="hidden" name="key">  … buttons name="verdict" …
// </form>
// <p data-vote-state aria-live="polite" data-saving="Saving…"
//    data-retrying="Not saved yet. Trying again…" data-refused="Not saved. …"></p>

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15000;
const PATIENCE_MS = 15000;

function fillKeys(root) {
  for (const input of root.querySelectorAll('form[data-vote] input[name="key"]')) {
    if (!input.value) input.value = newKey();
  }
}

// crypto.randomUUID() exists on https and localhost only.
function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function say(state) {
  for (const place of document.querySelectorAll("[data-vote-state]")) {
    place.dataset.voteState = state;
    place.textContent = place.dataset[state] || "";
  }
}

// After a swap the event comes from an element that is still on the page; the
// request still has the form that sent it.
function voteForm(event) {
  const sender = event.detail.requestConfig?.elt ?? event.detail.elt;
  return sender?.closest?.("form[data-vote]") ?? null;
}

document.addEventListener("htmx:configRequest", (event) => {
  if (voteForm(event)) event.detail.timeout = PATIENCE_MS;
});

const pending = new WeakMap();

function rest(form, resting) {
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-disabled", String(resting));
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-vote]");
  if (!form) return;
  if (pending.has(form)) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  pending.set(form, { submitter: event.submitter, wait: FIRST_WAIT_MS, timer: null });
  rest(form, true);
  say("saving");
}, true);

function retry(form) {
  const state = pending.get(form);
  if (!state || state.timer) return;
  say("retrying");
  state.timer = setTimeout(() => {
    pending.delete(form);
    if (!form.isConnected) return;
    form.requestSubmit(state.submitter);
    const next = pending.get(form);
    if (next) next.wait = Math.min(state.wait * 2, LONGEST_WAIT_MS);
  }, state.wait);
}

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const form = voteForm(event);
    if (form) retry(form);
  });
}

document.addEventListener("htmx:responseError", (event) => {
  const form = voteForm(event);
  if (!form) return;
  if (event.detail.xhr.status >= 500 || event.detail.xhr.status === 429) {
    retry(form);
  } else {
    pending.delete(form);
    rest(form, false);
    say("refused");
  }
});

document.addEventListener("htmx:afterOnLoad", (event) => {
  const form = voteForm(event);
  const status = event.detail.xhr.status;
  // 422: the page shows the same record with the reason why the vote was not saved.
  if (!form || (status >= 400 && status !== 422)) return;
  pending.delete(form);
  rest(form, false);
  say(status === 422 ? "refused" : "saved");
});

document.addEventListener("htmx:afterSwap", (event) => fillKeys(event.detail.target.parentElement ?? document));

// The browser asks before the user leaves a page with an unsaved vote.
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector('[data-vote-state="retrying"]')) event.preventDefault();
});

window.addEventListener("online", () => {
  for (const form of document.querySelectorAll("form[data-vote]")) {
    const state = pending.get(form);
    if (!state?.timer) continue;
    clearTimeout(state.timer);
    pending.delete(form);
    form.requestSubmit(state.submitter);
  }
});

fillKeys(document);
