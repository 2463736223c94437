// Behaviour of every page: theme, toasts, menus, double submits, focus, polling.
import { tell } from "./saving.js";
import { focusIn } from "./swap.js";

// Theme ---------------------------------------------------------------------
function showTheme(theme) {
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
  }
}

function chooseTheme(theme) {
  if (theme === "auto") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Storage is not available: the choice applies only to this page.
  }
  showTheme(theme);
}

// Toasts: errors stay until closed; others close unless the user points at them
const TOAST_MS = 7000;

function closeToast(toast) {
  toast.classList.add("leaving");
  setTimeout(() => toast.remove(), 150);
}

function watchToasts() {
  for (const toast of document.querySelectorAll(".toast:not([data-watched])")) {
    toast.dataset.watched = "";
    if (toast.dataset.toast === "error") continue;
    const leave = () => {
      if (toast.matches(":hover, :focus-within")) setTimeout(leave, 1000);
      else closeToast(toast);
    };
    setTimeout(leave, TOAST_MS);
  }
}

// Clicks --------------------------------------------------------------------
document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-theme-choice], .toast-close, [data-open-dialog]");
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  if (!target) return;
  if (target.dataset.themeChoice) chooseTheme(target.dataset.themeChoice);
  else if (target.dataset.openDialog) openDialog(target.dataset.openDialog);
  else closeToast(target.closest(".toast"));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) {
    dialog.dispatchEvent(new CustomEvent("dialog:opening"));
    dialog.showModal();
  }
}

// A form is sent once: its buttons are disabled until the next page loads ----
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (form.matches("[hx-post], [hx-get], [data-hx-post], [data-repeatable]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post") return;
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    button.setAttribute("aria-busy", "true");
  }
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
});

// htmx ----------------------------------------------------------------------
document.addEventListener("htmx:beforeRequest", (event) => {
  const trigger = event.detail.elt.getAttribute("hx-trigger") || "";
  // Polling pauses while the page is hidden and continues with the next tick.
  if (document.hidden && trigger.includes("every")) event.preventDefault();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  // A form with errors comes back with status 422: show it like other answers.
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  watchToasts();
  // With an outer swap event.detail.target is the old element, which is gone.
  focusIn(event.target);
});

for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    const notice = document.getElementById("request-failed");
    const sender = event.detail.requestConfig?.elt ?? event.detail.elt;
    if (sender.closest("[data-own-errors]") || !notice) return;
    if ((sender.getAttribute("hx-trigger") || "").includes("every")) return;
    const answer = event.detail.xhr;
    if (answer?.status === 401) {
      const toast = document.getElementById("logged-out").content.cloneNode(true);
      toast.querySelector("a").search = new URLSearchParams({ next: location.pathname + location.search });
      document.getElementById("toasts").append(toast);
    } else if (answer?.status >= 400 && answer.status < 500 && answer.responseText.includes('class="notice')) {
      // The server has refused the request and says why.
      tell(answer.responseText);
    } else {
      document.getElementById("toasts").append(notice.content.cloneNode(true));
    }
  });
}

// Start ---------------------------------------------------------------------
let stored = null;
try {
  stored = localStorage.getItem("theme");
} catch {
  // Storage is not available.
}
showTheme(stored || "auto");
for (const hidden of document.querySelectorAll("[data-theme-choices], [data-open-dialog]")) hidden.hidden = false;
watchToasts();
document.querySelector(".error-summary[data-focus]")?.focus();
