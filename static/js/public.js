/* What every page gains from a script; each page works without. */

/** Let what was just reported be read at once: the summary of errors takes the focus. */
function focusTheSummary() {
  document.querySelector("[data-takes-focus]")?.focus();
}

/** A password can be looked at: the button stands beside the field only where this script runs. */
function revealPasswords() {
  for (const box of document.querySelectorAll("[data-password]")) {
    const input = box.querySelector("input");
    const button = box.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
      button.textContent = shown ? button.dataset.hide : button.dataset.show;
      input.focus();
    });
    // What is sent, and what the browser offers to remember, is a password again.
    input.form?.addEventListener("submit", () => { input.type = "password"; });
  }
}

/** A second press of a sending form does nothing; the page comes to life again when the reader steps back to it. */
function sendOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || "mayRepeat" in form.dataset) return;
    if ("sent" in form.dataset) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "";
    // After the press: a button that is disabled at once does not send its own name and value.
    setTimeout(() => {
      for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", "true");
    });
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
    }
  });
}

/** Pressing an area of a map follows the link of its entry in the list beside it. */
function followTheMap() {
  document.addEventListener("click", (event) => {
    const code = event.target.closest?.("[data-follow]")?.dataset.follow;
    if (code) document.getElementById(code)?.click();
  });
}

/** The phone's menu closes with Escape and gives the focus back. */
function closeTheMenu() {
  const menu = document.querySelector(".nav-folded");
  menu?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

/** Share a page by what the device offers, or copy its address. */
function share() {
  for (const box of document.querySelectorAll("[data-share-box]")) {
    const button = box.querySelector("[data-share]");
    box.hidden = !navigator.share && !navigator.clipboard;
    button.addEventListener("click", async () => {
      const { share: url, title } = button.dataset;
      try {
        if (navigator.share) return await navigator.share({ title, url });
        await navigator.clipboard.writeText(url);
        const told = box.querySelector("[role=status]");
        told.textContent = told.dataset.done;
      } catch {
        // Whoever closes the device's own dialog has decided not to share.
      }
    });
  }
}

focusTheSummary();
share();
revealPasswords();
sendOnce();
followTheMap();
closeTheMenu();
