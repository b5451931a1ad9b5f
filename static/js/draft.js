/*
 * What is typed stays on this device until the server has it, for a form on a weak line.
 *
 * form[data-draft] is kept under that name (what the form is about: no secret, nobody's name) with the version that it
 * was filled from. After a reload or a lost line it is offered back in [data-draft-offer]; it is gone from the device
 * once the page comes back with the same words, or after 30 days. A form whose words were just refused says so with
 * data-draft-refused: its page has them already, the server does not. Without this script the form is an ordinary one.
 */

const KEPT_UNDER = "ovop-draft:";
const TOO_OLD = 30 * 24 * 60 * 60 * 1000; // milliseconds; a link lasts no longer
const QUIET = 300;

/** What the browser may keep, where it lets us. */
function onDevice(use) {
  try {
    return use(localStorage);
  } catch {
    return null; // full, not allowed, or not what this script wrote
  }
}

/** As the server compares: it strips what it stores. */
const same = (one, other) => one.every((text, place) => plain(text) === plain(other[place] ?? ""));
const plain = (text) => text.replaceAll("\r\n", "\n").trim();

class Draft {
  constructor(form) {
    this.form = form;
    this.key = KEPT_UNDER + form.dataset.draft;
    this.fields = [...form.querySelectorAll("textarea, input[type=text]")];
    this.offer = document.querySelector("[data-draft-offer]");
    this.status = form.querySelector("[data-draft-state]");
    this.timer = 0;
    this.isKept = true; // what is typed and not on the device is asked for before the page is left
    form.addEventListener("input", () => this.later());
    form.addEventListener("submit", (event) => this.leave(event));
    this.offer.querySelector("[data-draft-use]").addEventListener("click", () => this.use());
    this.offer.querySelector("[data-draft-drop]").addEventListener("click", () => this.drop());
    // Browsers fill in what stood in a form before a reload: only then is it known what is missing.
    window.addEventListener("pageshow", () => this.look());
    window.addEventListener("pagehide", () => this.timer && this.keep());
    window.addEventListener("online", () => this.kept() && this.say("kept"));
    window.addEventListener("beforeunload", (event) => !this.isKept && event.preventDefault());
  }

  get version() {
    return this.form.elements.seen.value;
  }

  get typed() {
    return this.fields.map((field) => field.value);
  }

  /** What the page came with: of the server, unless it was just refused. */
  get came() {
    return this.fields.map((field) => field.defaultValue);
  }

  kept() {
    return onDevice((store) => JSON.parse(store.getItem(this.key)));
  }

  forget() {
    onDevice((store) => store.removeItem(this.key));
  }

  look() {
    const kept = this.kept();
    if (!kept) {
      if ("draftRefused" in this.form.dataset) this.keep();
      return;
    }
    if (!("draftRefused" in this.form.dataset) && same(kept.values, this.came)) this.forget();
    else if (same(kept.values, this.typed)) this.say("kept");
    else this.ask(kept);
  }

  later() {
    this.isKept = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), QUIET);
  }

  keep() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (!("draftRefused" in this.form.dataset) && same(this.typed, this.came)) {
      this.forget();
      this.isKept = true;
      return this.say("");
    }
    const words = JSON.stringify({ seen: this.version, at: Date.now(), values: this.typed });
    this.isKept = onDevice((store) => store.setItem(this.key, words) ?? true) ?? false;
    this.say(this.isKept ? "kept" : "notKept");
  }

  /** Without a line the browser would leave the page for one of its own. */
  leave(event) {
    if (this.timer) this.keep();
    if (navigator.onLine) {
      this.isKept = true;
      return;
    }
    event.preventDefault();
    this.say(this.isKept ? "offline" : "notKept");
  }

  /** Nothing is typed over words that wait for an answer. */
  ask(kept) {
    this.waiting = kept;
    const when = { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
    this.offer.querySelector("[data-draft-when]").textContent = new Date(kept.at).toLocaleString("id-ID", when);
    this.offer.querySelector("[data-draft-changed]").hidden = kept.seen === this.version;
    this.list(this.offer, kept.values, this.typed);
    this.standing(true);
  }

  use() {
    const stored = this.typed;
    for (const [place, field] of this.fields.entries()) field.value = this.waiting.values[place] ?? field.value;
    const beside = document.querySelector("[data-draft-stored]");
    if (this.waiting.seen !== this.version) {
      this.list(beside, stored, this.typed);
      beside.hidden = false;
    }
    this.standing(false);
    this.keep();
    this.fields.find((field) => field.value !== field.defaultValue)?.focus();
  }

  drop() {
    this.forget();
    this.standing(false);
    this.say("");
    this.fields[0].focus();
  }

  standing(isWaiting) {
    this.offer.hidden = !isWaiting;
    for (const field of this.fields) field.readOnly = isWaiting;
    this.form.querySelector("button[type=submit]").hidden = isWaiting;
  }

  /** The texts that differ, each under the label of its field. */
  list(place, texts, others) {
    const rows = this.fields.flatMap((field, number) => {
      if (plain(texts[number] ?? "") === plain(others[number])) return [];
      const [row, term, text] = ["div", "dt", "dd"].map((name) => document.createElement(name));
      // Its first words; that a field may stay empty stands behind them.
      term.textContent = this.form.querySelector(`label[for="${field.id}"]`).firstChild.textContent.trim();
      text.textContent = plain(texts[number] ?? "") || "(kosong)";
      text.className = "version-text text-break";
      row.append(term, text);
      return [row];
    });
    place.querySelector("dl").replaceChildren(...rows);
  }

  say(state) {
    this.status.textContent = state && this.status.dataset[state];
  }
}

/** What was given up long ago, or is no draft, does not stay on the device. */
function clear(store) {
  for (const key of Object.keys(store).filter((name) => name.startsWith(KEPT_UNDER))) {
    const kept = onDevice(() => JSON.parse(store.getItem(key)));
    if (!Array.isArray(kept?.values) || !(Date.now() - kept.at < TOO_OLD)) store.removeItem(key);
  }
}

onDevice(clear);
for (const form of document.querySelectorAll("form[data-draft]")) new Draft(form);
