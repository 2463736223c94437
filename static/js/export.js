// The Export page says when a file is complete, and how many records are in it.
//
// <a data-export>: the link to the file. A key is added to its address; the server sets a
//   cookie with this key and the numbers when the file is complete (core/exported.py).
// <p data-export-state data-preparing=… data-done="… {selected} … {written}">: the state.

const POLL_MS = 300;
const GIVE_UP_MS = 600000;

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function numbersOf(key) {
  const found = document.cookie.match(new RegExp(`(?:^|; )exported-${key}=(\\d+)\\.(\\d+)`));
  return found ? { selected: found[1], written: found[2] } : null;
}

function say(text) {
  const state = document.querySelector("[data-export-state]");
  if (!state) return;
  state.textContent = text;
  state.hidden = !text;
}

function waitFor(key, done, until) {
  const numbers = numbersOf(key);
  if (numbers) {
    const group = (text) => Number(text).toLocaleString("en");
    say(done.replace("{selected}", group(numbers.selected)).replace("{written}", group(numbers.written)));
  } else if (Date.now() < until) {
    setTimeout(() => waitFor(key, done, until), POLL_MS);
  } else {
    say("");
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-export]");
  const state = document.querySelector("[data-export-state]");
  if (!link || !state) return;
  const key = newKey();
  const address = new URL(link.href);
  address.searchParams.set("told", key);
  link.href = address.href;
  say(state.dataset.preparing);
  waitFor(key, state.dataset.done, Date.now() + GIVE_UP_MS);
});
