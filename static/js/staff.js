/* What the working pages gain from a script; each of them works without. */

/** A link or button with data-dialog opens the dialog of that id instead of following its address. */
function dialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
      return;
    }
    if (event.target.closest?.("[data-dialog-close]")) {
      const open = event.target.closest("dialog");
      if (open) {
        event.preventDefault();
        open.close();
      }
    }
  });
}

/**
 * Leaving a page with answers that were not saved asks first.
 *
 * A form with data-guard is watched. A script that saves by itself says so with the event "ovop:saved" on the form.
 */
function unsavedChanges() {
  const changed = new Set();
  for (const form of document.querySelectorAll("form[data-guard]")) {
    form.addEventListener("input", () => changed.add(form));
    form.addEventListener("ovop:saved", () => changed.delete(form));
    form.addEventListener("submit", () => changed.delete(form));
  }
  window.addEventListener("beforeunload", (event) => {
    if (changed.size) event.preventDefault();
  });
}

/**
 * How saving stands is shown in every save_state partial. Whoever saves says so:
 * document.dispatchEvent(new CustomEvent("ovop:save-state", { detail: { state: "saved", addition: "pukul 14.32 WIB" } }))
 */
function saveStates() {
  document.addEventListener("ovop:save-state", ({ detail: { state, addition = "" } }) => {
    for (const place of document.querySelectorAll("[data-save-state]")) {
      place.dataset.saveState = state;
      place.className = `save-state save-${state}`;
      place.querySelector("span").textContent = `${place.dataset[state] ?? ""} ${addition}`.trim();
      place.querySelector(".icon")?.remove();
    }
  });
}

/** A page that was scanned on its side is turned by a quarter at each press; it stays so until the page is left. */
function turning() {
  document.addEventListener("click", (event) => {
    const place = event.target.closest?.("[data-turn]")?.closest(".turnable");
    if (!place) return;
    const before = Number(/turned-(\d+)/.exec(place.className)?.[1] ?? 0);
    place.classList.remove(`turned-${before}`);
    if (before < 270) place.classList.add(`turned-${before + 90}`);
  });
}

/** One message at a time at the foot of the window, gone after eight seconds unless it is being read or used. */
function toasts() {
  const all = [...document.querySelectorAll("[data-toast]")];
  for (const earlier of all.slice(0, -1)) earlier.remove();
  const toast = all.at(-1);
  if (!toast) return;
  const close = toast.querySelector("[data-toast-close]");
  close.hidden = false;
  close.addEventListener("click", () => toast.remove());
  const leave = () => {
    if (toast.matches(":hover, :focus-within")) setTimeout(leave, 2000);
    else toast.remove();
  };
  setTimeout(leave, 8000);
}

/** Five minutes before the sign-in ends a dialog offers to go on, without leaving what is being written. */
function sessionWarning() {
  const dialog = document.getElementById("session-dialog");
  const endsAt = Number(document.body.dataset.sessionEnds) * 1000;
  if (!dialog?.showModal || !endsAt) return;
  const status = dialog.querySelector("[data-session-status]");
  const stay = dialog.querySelector("[data-session-stay]");
  let timer = 0;
  let end = 0;
  const watch = (instant) => {
    end = instant;
    clearTimeout(timer);
    // Longer waits than 2^31 ms would end at once.
    timer = setTimeout(() => dialog.showModal(), Math.min(Math.max(end - Date.now() - 5 * 60_000, 0), 2 ** 31 - 1));
  };
  stay.addEventListener("click", async () => {
    status.textContent = "";
    try {
      const answer = await fetch(stay.dataset.renew, { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok || new URL(answer.url).pathname !== stay.dataset.renew) throw new Error("signed out");
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const later = Number(page.body.dataset.sessionEnds) * 1000;
      if (!(later > end)) throw new Error("not prolonged");
      dialog.close();
      watch(later);
    } catch {
      status.textContent = status.dataset.failed;
    }
  });
  watch(endsAt);
}

/** A form that was held back can be sent again (public.js lets each go once). */
function staying(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
}

/**
 * Signing out takes with it what this reader has on the device (offline.js): tablets are shared. What was not sent yet
 * is counted first, and the reader asked; nothing that goes wrong here keeps anybody signed in.
 */
function signingOut() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.action?.endsWith("/keluar/")) return;
    const { leaves, store } = document.querySelector("[data-leaves]")?.dataset ?? {};
    if (!store || !globalThis.indexedDB || !globalThis.caches) return;
    event.preventDefault();
    let isLeaving = true;
    try {
      const { onDevice, wipe, unsentWords } = await import(store);
      const left = await onDevice(leaves);
      isLeaving = !(left.writes + left.photos) || confirm(unsentWords(left));
      if (isLeaving) await wipe(leaves);
    } finally {
      if (isLeaving) form.submit();
      else staying(form);
    }
  });
}

dialogs();
signingOut();
unsavedChanges();
saveStates();
turning();
toasts();
sessionWarning();
