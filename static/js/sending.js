// Sends one piece of work and reads the answer. It is saved only if the answer names
// the key that this page made: reviewapp/core/saving.py.

const PATIENCE_MS = 15000;

// crypto.randomUUID() exists on https and localhost only.
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

let token = null;

function tokenOf(root) {
  return JSON.parse(root.body?.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
}

// After a login in another tab the token of this page is out of date.
async function renewToken() {
  try {
    const answer = await fetch(location.href, { redirect: "manual" });
    if (answer.ok) token = tokenOf(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // The next try asks again.
  }
}

function post({ url, key, fields }, keepalive) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  return fetch(url, {
    method: "POST",
    body: new URLSearchParams(fields),
    // A redirect can lead to the login page, whose answer is no answer to this.
    redirect: "manual",
    credentials: "same-origin",
    keepalive,
    signal: patience.signal,
    headers: { "Save-Request": key, "X-CSRFToken": token ?? tokenOf(document) },
  }).finally(() => clearTimeout(timer));
}

// Returns {state, html, next, version, status}. state: saved; refused (the server has
// said no, and why); loggedout; waiting (anything else: try again).
export async function send(item, { keepalive = false, again = true } = {}) {
  let answer;
  let html;
  try {
    answer = await post(item, keepalive);
    html = answer.type === "opaqueredirect" ? "" : await answer.text();
  } catch {
    return { state: "waiting" };
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) return { state: "loggedout" };
  const result = {
    html,
    status: answer.status,
    next: answer.headers.get("Saved-Next"),
    version: answer.headers.get("Saved-Version"),
  };
  // With status 422: stored as a draft, with what is missing to complete it.
  const isAnswer = answer.ok || answer.status === 422;
  if (isAnswer && answer.headers.get("Saved-Key") === item.key) return { ...result, state: "saved" };
  if (!answer.ok && answer.headers.get("Refused-Key") === item.key && answer.status !== 429) {
    return { ...result, state: "refused" };
  }
  if (answer.status === 403 && again) {
    await renewToken();
    return send(item, { keepalive, again: false });
  }
  return { ...result, state: "waiting" };
}
