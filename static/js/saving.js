// Saved means saved. docs/what-is-kept-where.md lists what is kept where.
//
// <form method="post" action=… data-saves="#card" data-page=…>: sent by this script. The
//   page says "Saved" when the server has confirmed the form's key (sending.js), and
//   then shows the part of the answer with that selector (default #main) or the next
//   page. Until then everything stays as it is, and the outbox keeps what was sent.
//   data-page: the page to return to after a login (default: this one).
// <form data-autosave=URL>: saved while its author types; also before they leave.
// <p data-save-state data-saving=… data-saved=…>: the state, any number of times.
// <a data-save-login hidden>: the way to the login page.
// <… data-save-report>: shows the server's answer to an autosave.

import { showPart } from "./swap.js";
import * as outbox from "./outbox.js";
import { newKey, send } from "./sending.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15000;
const AUTOSAVE_MS = 1500;

const account = () => document.body.dataset.account ?? "";

// State line -------------------------------------------------------------------
let shownState = "";

function say(state, page = "") {
  shownState = state;
  for (const place of document.querySelectorAll("[data-save-state]")) {
    place.dataset.saveState = state;
    place.textContent = place.dataset[state] || "";
  }
  for (const link of document.querySelectorAll("[data-save-login]")) {
    link.hidden = state !== "loggedout";
    if (!link.hidden) {
      const address = new URL(link.href);
      address.searchParams.set("next", page || location.pathname + location.search);
      link.href = address.href;
    }
  }
}

// Waiting: until the time is over, the network is back or the user returns to the tab.
let wakeUp = () => {};

function pause(ms) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    wakeUp = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

window.addEventListener("online", () => wakeUp());
window.addEventListener("pageshow", () => wakeUp());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) wakeUp();
});

// Forms that are sent once ------------------------------------------------------
let current = null;

function rest(form, resting) {
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", String(resting));
}

function fieldsOf(form, submitter) {
  const data = new FormData(form, submitter);
  data.delete("csrfmiddlewaretoken");
  return [...data].filter(([, value]) => typeof value === "string");
}

function itemOf(form, submitter) {
  const input = form.elements.namedItem("key");
  if (!input.value) input.value = newKey();
  return {
    key: input.value,
    account: account(),
    url: form.action,
    page: form.dataset.page ?? location.pathname + location.search,
    fields: fieldsOf(form, submitter),
    at: Date.now(),
  };
}

async function deliver(form, item) {
  if (current) return;
  current = form;
  rest(form, true);
  say("saving");
  // Stored beside the sending: a vote must not wait for the disk.
  const stored = outbox.put(item);
  let wait = FIRST_WAIT_MS;
  let result = await send(item);
  while (form.isConnected && (result.state === "waiting" || result.state === "loggedout")) {
    say(result.state === "waiting" ? "retrying" : "loggedout", item.page);
    await pause(result.state === "waiting" ? wait : LONGEST_WAIT_MS);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    if (form.isConnected) result = await send(item);
  }
  current = null;
  rest(form, false);
  if (result.state !== "saved" && result.state !== "refused") return;
  const removed = stored.then(() => outbox.remove(item.key));
  typed.delete(form);
  if (result.state === "saved" && result.next) {
    await removed;
    location.assign(result.next);
    return;
  }
  if (!showPart(result.html, form.dataset.saves || "#main")) tell(result.html);
  say(result.state);
}

// A refusal without a page of its own: its sentence as a message that stays.
export function tell(html) {
  const said = new DOMParser().parseFromString(html, "text/html");
  const notice = document.getElementById("message-of-script");
  if (!notice) return;
  const toast = notice.content.cloneNode(true);
  toast.querySelector("span").textContent = (said.querySelector(".notice, h1, body")?.textContent ?? "").trim();
  document.getElementById("toasts").append(toast);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-saves]");
  if (!form) return;
  event.preventDefault();
  event.stopPropagation();
  deliver(form, itemOf(form, event.submitter));
}, true);

// What was not sent before a login, a reload or a closed browser
async function sendTheRest() {
  if (!account()) return;
  for (const item of await outbox.itemsOf(account())) {
    const form = [...document.querySelectorAll("form[data-saves]")].find((one) => one.action === item.url);
    if (form) {
      await deliver(fill(form, item), item);
      continue;
    }
    const result = await send(item);
    if (result.state === "waiting" || result.state === "loggedout") return;
    await outbox.remove(item.key);
    const isDraftHere = [...document.querySelectorAll("form[data-autosave]")].some(
      (one) => new URL(one.dataset.autosave, location.href).href === item.url,
    );
    if (isDraftHere && result.state === "saved") location.reload();
    else if (result.state === "refused") tell(result.html);
    else if (!current) say("saved");
  }
}

// The page shows again what was typed, in case that the server refuses it.
function fill(form, item) {
  for (const [name, value] of item.fields) {
    const field = form.elements.namedItem(name);
    if (field instanceof RadioNodeList || field?.matches?.("textarea, select, input:not([type=checkbox])")) field.value = value;
  }
  return form;
}

// Autosave ------------------------------------------------------------------------
const changed = new Map();
const underway = new Map();

async function flush(form, options) {
  clearTimeout(changed.get(form));
  if (underway.has(form)) {
    await underway.get(form);
    if (!changed.has(form)) return true;
  }
  changed.delete(form);
  const saving = autosave(form, options);
  underway.set(form, saving);
  const isSaved = await saving;
  underway.delete(form);
  return isSaved;
}

async function autosave(form, options) {
  say("saving");
  // The key stays until an answer confirms it, so that the server knows this page again.
  const item = { ...itemOf(form), url: new URL(form.dataset.autosave, location.href).href };
  const result = await send(item, options);
  if (result.state === "saved" || result.state === "refused") outbox.remove(item.key);
  else outbox.put(item);
  if (result.state === "saved") {
    form.elements.namedItem("key").value = newKey();
    form.elements.namedItem("version").value = result.version ?? "";
    report(form, result.html);
    typed.delete(form);
    if (!changed.has(form)) say("saved");
    return true;
  }
  if (result.state === "refused") {
    report(form, result.html);
    say("refused");
    return false;
  }
  say(result.state === "loggedout" ? "loggedout" : "retrying");
  if (!changed.has(form)) schedule(form, LONGEST_WAIT_MS / 3);
  return false;
}

function report(form, html) {
  const place = form.querySelector("[data-save-report]");
  // The region stays, so that a screen reader announces its new text.
  if (place) place.innerHTML = html;
}

function schedule(form, ms = AUTOSAVE_MS) {
  clearTimeout(changed.get(form));
  changed.set(form, setTimeout(() => flush(form), ms));
}

window.addEventListener("online", () => {
  for (const form of changed.keys()) flush(form);
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) for (const form of changed.keys()) flush(form, { keepalive: true });
});

// Leaving the page -----------------------------------------------------------------
const typed = new Set();

for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    const form = event.target.form;
    if (!form || form.method !== "post" || !form.closest(".frame")) return;
    typed.add(form);
    if (form.dataset.autosave) schedule(form);
  });
}

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  typed.delete(event.target);
  clearTimeout(changed.get(event.target));
  changed.delete(event.target);
});

function differs(form) {
  return [...form.elements].some((field) => {
    if (["hidden", "submit", "button"].includes(field.type)) return false;
    if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
    if (field.options) {
      const first = Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
      return field.multiple
        ? [...field.options].some((option) => option.selected !== option.defaultSelected)
        : field.selectedIndex !== first;
    }
    return "defaultValue" in field && field.value !== field.defaultValue;
  });
}

function isUnsaved() {
  if (current || changed.size || underway.size) return true;
  return [...typed].some((form) => form.isConnected && !form.dataset.autosave && differs(form));
}

// The browser asks before the user leaves a page with unsaved work.
window.addEventListener("beforeunload", (event) => {
  if (isUnsaved() && shownState !== "loggedout") event.preventDefault();
});

// A link out of a form that saves itself: first save, then go.
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[href]");
  const isPlain = !event.defaultPrevented && event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || link.target || link.hasAttribute("download") || link.hash) return;
  const open = [...new Set([...changed.keys(), ...underway.keys()])].filter((form) => form.isConnected);
  if (!open.length) return;
  event.preventDefault();
  await Promise.all(open.map((form) => flush(form)));
  location.assign(link.href);
});

// Log-out: what was not sent is removed from this browser after asking.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("form[data-logout]");
  if (!form || form.dataset.emptied) return;
  event.preventDefault();
  await outbox.clear(account());
  form.dataset.emptied = "yes";
  form.requestSubmit();
}, true);

async function warnBeforeLogout() {
  const warning = document.querySelector("[data-outbox-warning]");
  if (warning) warning.hidden = (await outbox.itemsOf(account())).length === 0;
}

if (document.querySelector("[data-outbox-warning]")) warnBeforeLogout();
else sendTheRest();
