/*
 * A form of answers saves itself while one types.
 *
 * Each form[data-autosave] is sent to its own address 800 ms after the last change, with the version it was opened with
 * (in its field "version", or in the one that data-autosave names);
 * what the server answers decides what the page says. "Tersimpan" is said only of what the server has: whoever types
 * on reads "Menyimpan…" until it has that too. Where the line is broken it says so, tries again, and at once when the
 * line is back. Without this script the form is an ordinary one. Tells the form "ovop:saved" (staff.js).
 */

const QUIET = 800; // milliseconds after the last change
const AGAIN_AFTER = [3000, 10_000, 30_000];

class Autosave {
  constructor(form) {
    this.form = form;
    this.timer = 0;
    this.changes = 0; // raised with every change: an answer to an earlier state is not the last word
    this.saved = 0;
    this.failures = 0;
    this.isSending = false;
    this.isHeld = false; // two people gave the same answer: a person decides, not this script
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", () => this.leave());
    window.addEventListener("online", () => this.changes > this.saved && this.send());
    window.addEventListener("offline", () => this.changes > this.saved && this.say("failed", form.dataset.sayOffline));
  }

  changed() {
    this.changes += 1;
    if (this.isHeld) return;
    if (navigator.onLine) this.say("saving");
    else this.say("failed", this.form.dataset.sayOffline);
    this.later(QUIET);
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  /** The person presses a button: the form itself brings everything, with today's token. */
  leave() {
    this.form.elements.csrfmiddlewaretoken.value = token(this.form);
    clearTimeout(this.timer);
    this.isHeld = true;
  }

  async send() {
    if (this.isHeld || this.isSending) return;
    clearTimeout(this.timer);
    this.isSending = true;
    const state = this.changes;
    try {
      const body = new FormData(this.form);
      body.delete("csrfmiddlewaretoken");
      const answer = await fetch(this.form.action, {
        method: "POST",
        body: new URLSearchParams(body),
        headers: { Accept: "application/json", "X-CSRFToken": token(this.form) },
        credentials: "same-origin",
      });
      this.hear(answer, await words(answer), state);
    } catch {
      this.again(this.form.dataset.sayOffline);
    } finally {
      this.isSending = false;
      // What was typed while this was under way.
      if (!this.isHeld && !this.failures && this.changes > state) this.later(QUIET);
    }
  }

  hear(answer, told, state) {
    if (answer.redirected || answer.status === 403) return this.again(this.form.dataset.saySession);
    if (answer.status === 409 && told) return this.hold(told.text);
    if (answer.status === 422 && told) return this.say("failed", told.text);
    if (!answer.ok || !told) return this.again(this.form.dataset.sayFailed);
    this.failures = 0;
    this.form.elements[this.form.dataset.autosave || "version"].value = told.version;
    const problems = Object.values(told.problems);
    if (problems.length) {
      this.saved = 0; // leaving the page asks first
      this.say("failed", problems.join(" "));
    } else if (this.changes === state) {
      this.saved = state;
      this.say("saved", told.time);
      this.form.dispatchEvent(new CustomEvent("ovop:saved", { bubbles: true }));
    }
  }

  again(why) {
    this.say("failed", why);
    this.later(AGAIN_AFTER[Math.min(this.failures, AGAIN_AFTER.length - 1)]);
    this.failures += 1;
  }

  hold(text) {
    this.isHeld = true;
    const place = this.form.querySelector("[data-autosave-conflict]");
    place.querySelector("[data-autosave-conflict-text]").textContent = text;
    place.hidden = false;
    this.say("failed", text);
  }

  say(state, addition = "") {
    document.dispatchEvent(new CustomEvent("ovop:save-state", { detail: { state, addition } }));
  }
}

/** The answer as JSON; null for a page (signing in, a fault). */
async function words(answer) {
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  return isJson ? answer.json() : null;
}

/** Signing in anew changes the token: the cookie has today's, the form that of when the page was made. */
function token(form) {
  const cookie = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]+)/);
  return cookie?.[1] ?? form.querySelector("[name=csrfmiddlewaretoken]").value;
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form);
