/*
 * The score sheet: each choice is saved at once and survives a lost line; the keyboard alone is enough.
 *
 * A field that was changed waits until the server has it, meanwhile also in this tab's sessionStorage: a reload loses
 * nothing, and on a shared laptop nothing stays behind once the tab is closed. Counts and sums come from the server.
 */

const AGAIN_AFTER = [1000, 3000, 6000, 15_000, 30_000]; // milliseconds between attempts while the line is down
const NOTE_RESTS = 800; // milliseconds without a keystroke, then a note is sent
const PATIENCE = 20_000;
const FINAL = new Set(["submitted", "conflict", "removed", "gone"]); // nothing of this page will be taken any more
const KEPT = "ovop:sheet:"; // then the reader's number and the sheet's
const KEYS_OFF = "ovop:keys-off";

/** What the browser may keep, where it lets us. */
function stored(store, use) {
  try {
    return use(store());
  } catch {
    return null; // full, or not allowed
  }
}

const tab = (use) => stored(() => sessionStorage, use);
const device = (use) => stored(() => localStorage, use);

class Sheet {
  constructor(form) {
    this.form = form;
    this.rows = [...form.querySelectorAll("[data-row]")];
    this.last = null;
    // An address that names an indicator gives the focus to its ladder, which hands it on to the level.
    for (const ladder of form.querySelectorAll(".ladder")) ladder.tabIndex = -1;
    form.addEventListener("focusin", (event) => this.enter(event.target));
    const named = this.rowOf(location.hash);
    if (named) this.open(named);
  }

  enter(target) {
    const row = target.closest("[data-row]");
    if (target.matches(".ladder")) this.focus(row);
    if (!row || row === this.last) return;
    this.square(this.last)?.removeAttribute("aria-current");
    this.square(row)?.setAttribute("aria-current", "true");
    this.last = row;
  }

  /** The row that keys are about: where the focus is or was, else the first without a score. */
  get current() {
    return this.last ?? this.rows.find((row) => !row.querySelector("input:checked")) ?? this.rows[0];
  }

  square(row) {
    return row && this.form.querySelector(`[data-square="${CSS.escape(row.dataset.row)}"]`);
  }

  rowOf(name) {
    const code = name.slice(name.indexOf("-") + 1);
    return this.rows.find((row) => row.dataset.row === code);
  }

  open(row) {
    row.scrollIntoView({ block: "start" });
    this.focus(row);
  }

  focus(row) {
    (row.querySelector("input:checked") ?? row.querySelector("input[type=radio]")).focus({ preventScroll: true });
  }

  mark(row) {
    const filled = Boolean(row.querySelector("input:checked"));
    const noted = Boolean(row.querySelector("textarea").value.trim());
    const square = this.square(row);
    square.classList.toggle("filled", filled);
    square.classList.toggle("noted", noted);
    square.querySelector("[data-square-words]").textContent = (filled ? ", terisi" : "") + (noted ? ", bercatatan" : "");
  }

  /** What became of saving, by its name among the words of the page; "" for nothing to say. */
  say(word) {
    this.tell(word && this.words(word));
  }

  tell(text) {
    this.form.querySelector("[data-say]").textContent = text;
  }

  /** What became of a key. */
  announce(word, figures) {
    this.form.querySelector("[data-announce]").textContent = word && this.words(word, figures);
  }

  words(word, figures = {}) {
    const text = this.form.dataset[`say${word[0].toUpperCase()}${word.slice(1)}`];
    return text.replace(/\{(\w+)\}/g, (_, name) => figures[name]);
  }
}

class Saving {
  constructor(sheet) {
    this.sheet = sheet;
    this.form = sheet.form;
    this.waiting = new Map(); // field -> value that the server does not have yet
    this.wrong = new Set(); // fields that it will not take as they are
    this.place = `${KEPT}${this.form.dataset.reader}:${this.form.dataset.sheet}`;
    this.attempt = 0; // above 0: the line is down, and a timer tries again
    this.isOver = false;
    this.form.addEventListener("change", (event) => this.put(event.target));
    this.form.addEventListener("input", (event) => {
      if (event.target.matches("textarea")) this.put(event.target, NOTE_RESTS);
    });
    this.form.addEventListener("submit", (event) => this.holdBack(event));
    window.addEventListener("online", () => this.soon(0));
    window.addEventListener("focus", () => this.soon(0)); // perhaps after signing in in another tab
    document.addEventListener("visibilitychange", () => document.hidden && this.soon(0));
    this.restore();
  }

  put(field, delay = 0) {
    if (!/^(skor|catatan)-/.test(field.name)) return;
    this.sheet.mark(this.sheet.rowOf(field.name));
    if (this.isOver) return;
    this.waiting.set(field.name, field.value);
    this.wrong.delete(field.name);
    this.remember();
    if (this.attempt) return this.unsaved();
    this.show("saving");
    this.soon(delay);
  }

  /** What an earlier load of this page could not send is written into the form again, and sent. */
  restore() {
    const mine = `${KEPT}${this.form.dataset.reader}:`;
    tab((store) => {
      for (const key of Object.keys(store)) {
        // Another person's, who used this tab before.
        if (key.startsWith(KEPT) && !key.startsWith(mine)) store.removeItem(key);
      }
    });
    for (const [name, value] of tab((store) => JSON.parse(store.getItem(this.place))) ?? []) {
      const row = this.sheet.rowOf(name);
      const field = this.form.elements.namedItem(name);
      if (!row || !field) continue;
      field.value = value;
      if (field instanceof HTMLTextAreaElement) field.closest("details").open = true;
      this.waiting.set(name, value);
      this.sheet.mark(row);
    }
    this.remember();
    if (this.waiting.size) this.unsaved();
    this.soon(0);
  }

  remember() {
    this.isKept = tab((store) => {
      if (this.waiting.size) store.setItem(this.place, JSON.stringify([...this.waiting]));
      else store.removeItem(this.place);
      return true;
    });
  }

  soon(delay) {
    if (!this.waiting.size || this.isOver) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), delay);
  }

  /** One request at a time; answers whether what came meanwhile may follow at once. */
  send() {
    if (!this.flight && this.waiting.size && !this.isOver) {
      clearTimeout(this.timer);
      this.flight = this.deliver(new Map(this.waiting)).then((goesOn) => {
        this.flight = null;
        if (goesOn) this.soon(0);
        return goesOn;
      });
    }
    return this.flight;
  }

  async deliver(fields) {
    if (!this.attempt) this.show("saving");
    try {
      return await this.hear(await this.ask(fields), fields);
    } catch {
      return this.failed(navigator.onLine ? "server" : "offline");
    }
  }

  ask(fields) {
    const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]+)/)?.[1] ?? this.form.elements.csrfmiddlewaretoken.value;
    return fetch(this.form.dataset.save, {
      method: "POST",
      headers: { "X-CSRFToken": token, Accept: "application/json" },
      body: new URLSearchParams([...fields]),
      credentials: "same-origin",
      redirect: "manual",
      keepalive: document.hidden,
      signal: AbortSignal.timeout(PATIENCE),
    });
  }

  async hear(answer, fields) {
    const signedOut = answer.type === "opaqueredirect" || answer.status === 401;
    this.form.querySelector("[data-signed-out]").hidden = !signedOut;
    if (signedOut) return this.failed("");
    if (answer.status >= 500) return this.failed("server");
    if (answer.ok) return this.saved(await answer.json(), fields);
    const code = answer.status === 404 ? "gone" : "odd";
    const told = await answer.json().catch(() => ({ message: this.sheet.words(code), code, fields: [] }));
    return this.refused(told);
  }

  saved(told, fields) {
    for (const [name, value] of fields) {
      if (this.waiting.get(name) === value) this.waiting.delete(name);
      // With this the whole form compares itself when it is sent: the server has this value now.
      this.form.elements.namedItem(`awal-${name}`).value = value;
    }
    if (!this.wrong.size) this.sheet.say(this.attempt ? "back" : "");
    this.attempt = 0;
    this.remember();
    this.form.querySelector("[data-progress]").textContent = `${told.filled} dari ${told.total}`;
    for (const { code, words } of told.parts) {
      this.form.querySelector(`[data-part="${CSS.escape(code)}"]`).textContent = words;
    }
    if (this.wrong.size) this.show("failed");
    else if (!this.waiting.size) {
      this.show("saved", told.at);
      this.form.dispatchEvent(new Event("ovop:saved"));
    }
    return true;
  }

  /** The server says no: what is wrong is not sent again as it is, the rest is. */
  refused(told) {
    this.attempt = 0;
    this.isOver = FINAL.has(told.code);
    for (const name of told.fields) {
      this.waiting.delete(name);
      this.wrong.add(name);
    }
    if (this.isOver) this.waiting.clear();
    this.remember();
    this.show("failed");
    this.sheet.tell(told.message);
    return told.fields.length > 0;
  }

  failed(word) {
    this.unsaved();
    this.sheet.say(word);
    this.timer = setTimeout(() => this.send(), AGAIN_AFTER[Math.min(this.attempt, AGAIN_AFTER.length - 1)]);
    this.attempt += 1;
    return false;
  }

  /** Not with the server yet: kept in this tab where the browser lets us, else on this page alone. */
  unsaved() {
    const numbers = [...this.waiting.keys()].map((name) => Number(this.sheet.rowOf(name).dataset.number));
    const list = [...new Set(numbers)].sort((one, other) => one - other).join(", ");
    this.show(this.isKept ? "device" : "failed", this.sheet.words("which", { list }));
  }

  /** The whole form goes only once everything is saved: a page that cannot be reached would lose the rest. */
  async holdBack(event) {
    if (event.defaultPrevented || !this.waiting.size) return;
    event.preventDefault();
    const { submitter } = event;
    while (this.waiting.size && (await this.send()));
    if (!this.waiting.size && !this.wrong.size) this.form.requestSubmit(submitter);
  }

  show(state, addition = "") {
    document.dispatchEvent(new CustomEvent("ovop:save-state", { detail: { state, addition } }));
  }
}

/** Keys count only while the focus is in the form and not in a text box; they can be turned off. */
function keys(sheet) {
  const { form } = sheet;
  const dialog = document.getElementById("pintasan");
  const toggle = dialog.querySelector("[data-keys-on]");
  toggle.checked = device((store) => store.getItem(KEYS_OFF)) !== "1";
  toggle.addEventListener("change", () => {
    device((store) => (toggle.checked ? store.removeItem(KEYS_OFF) : store.setItem(KEYS_OFF, "1")));
  });

  const pick = (score) => {
    const row = sheet.current;
    const level = row.querySelector(`input[type=radio][value="${score}"]`);
    if (!level) sheet.announce("none", { number: row.dataset.number, score });
    level?.focus({ preventScroll: true });
    if (level && !level.checked) level.click();
  };
  const step = (by) => {
    const row = sheet.rows[sheet.rows.indexOf(sheet.current) + by];
    if (row) sheet.open(row);
    if (row || by < 0) return;
    sheet.announce("last");
    form.querySelector("[data-review]").focus();
  };
  const act = {
    j: () => step(1),
    k: () => step(-1),
    n: () => {
      const note = sheet.current.querySelector(".score-note");
      note.open = true;
      note.querySelector("textarea").focus();
    },
    b: () => {
      const evidence = sheet.current.querySelector(".score-evidence");
      if (!evidence) return;
      evidence.open = true;
      (evidence.querySelector("a") ?? evidence.querySelector("summary")).focus();
    },
    "?": () => dialog.showModal(),
  };

  form.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const onLevel = event.target.matches("input[type=radio]");
    if (event.key === "Escape" && event.target.closest("[data-row]") && !onLevel) return sheet.open(sheet.current);
    if (!toggle.checked || event.target.matches("textarea")) return;
    let does = act[event.key.toLowerCase()];
    if (/^[0-9]$/.test(event.key)) does = () => pick(event.key);
    // On a link, a fold or a button Enter keeps its own meaning.
    if (event.key === "Enter" && onLevel) does = act.j;
    if (!does) return;
    event.preventDefault();
    sheet.announce("");
    does();
  });
}

/** Where it would stand between two ladders the evidence waits folded. */
function fold(form) {
  if (matchMedia("(min-width: 992px)").matches) return;
  for (const evidence of form.querySelectorAll(".score-evidence")) evidence.open = false;
}

const form = document.querySelector("form[data-sheet]");
if (form) {
  fold(form);
  const sheet = new Sheet(form);
  for (const each of document.querySelectorAll("[data-needs-script]")) each.hidden = false;
  for (const each of form.querySelectorAll("[data-without-script]")) each.hidden = true;
  new Saving(sheet);
  keys(sheet);
}
