/*
 * The form of a visit: every change lies on the device first, then goes to the server, each change once.
 *
 * A change carries a name of its own and the version it was made on: what arrives twice is one, and what somebody else
 * changed meanwhile is shown beside it, never overwritten. Without this script the form is sent as a whole.
 */

const AGAIN_AFTER = [1000, 3000, 6000, 15_000, 30_000];
const TEXT_RESTS = 500;
const FINAL = new Set(["finished", "cancelled", "decided", "recused", "not_yours", "wrong_state", "gone"]);
const ABOUT = ["met_name", "met_position", "officer", "samples", "note", "latitude", "longitude"];
const PHOTO_SIDE = 1600;

const form = document.querySelector("form[data-visit]");
if (form) {
  const offline = await import(form.dataset.store);
  new Visit(form, offline).begin();
}

function Visit(form, offline) {
  const { reader, visit, title } = form.dataset;
  const kept = new offline.Kept(reader);
  const rows = new Map([...form.querySelectorAll("[data-row]")].map((row) => [row.dataset.row, row]));
  const about = form.querySelector("[data-about]");
  const waiting = new Map(); // indicator, or "" for the fields about the visit -> its change
  const photos = new Map();
  const drafts = new Map(); // what is being typed, not yet on the device
  const sent = new Map(); // what the server has, but the page that was put by does not show yet
  let isReady = false;
  let isOver = false;
  let attempt = 0;
  let timer = 0;
  let flight = null;

  this.begin = async () => {
    for (const each of document.querySelectorAll("[data-needs-script]")) each.hidden = false;
    for (const each of document.querySelectorAll("[data-without-script]")) each.hidden = true;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) => event.target.type !== "radio" && changed(event.target, TEXT_RESTS));
    // Leaving a text brings forward what is pending; what lies on the device already is no new change.
    form.addEventListener("change", (event) => {
      const { target } = event;
      if (target.type === "radio" || drafts.has(codeOf(target))) changed(target, 0);
    });
    form.addEventListener("click", (event) => pressed(event));
    window.addEventListener("online", () => soon(0));
    window.addEventListener("focus", () => soon(0));
    document.addEventListener("visibilitychange", () => document.hidden && keepDrafts());
    window.addEventListener("pagehide", keepDrafts);
    document.addEventListener("click", holdTheEnd, true);
    document.addEventListener("submit", beforeSigningOut, true);
    document.querySelector("[data-photo-form]").addEventListener("submit", addPhoto);
    await restore();
    show();
    soon(0);
    putBy();
  };

  // --- On the device ---------------------------------------------------------------------------------------------
  function changed(field, delay) {
    const row = field.closest("[data-row]");
    if (!row && !field.closest("[data-about]")) return;
    if (row) openLevels(row);
    const code = row?.dataset.row ?? "";
    clearTimeout(drafts.get(code));
    drafts.set(code, setTimeout(() => keep(code), delay));
    show();
  }

  const codeOf = (field) => field.closest("[data-row]")?.dataset.row ?? "";

  function keepDrafts() {
    for (const [code, pending] of drafts) {
      clearTimeout(pending);
      keep(code);
    }
  }

  async function keep(code) {
    drafts.delete(code);
    const before = waiting.get(code);
    const change = {
      key: `${visit}:${code}`,
      visit,
      title,
      indicator: code,
      number: rows.get(code)?.dataset.number ?? "",
      ...read(code),
      base: before?.base ?? Number(version(code).value),
      id: crypto.randomUUID(),
      at: new Date().toISOString(),
    };
    waiting.set(code, change);
    problem(code, "");
    try {
      await kept.put("writes", change);
      show();
    } catch (error) {
      say("failed", error instanceof offline.Full ? words("full", { count: photos.size }) : words("store"));
    }
    soon(0);
  }

  function read(code) {
    if (!code) return { fields: Object.fromEntries(ABOUT.map((name) => [name, form.elements[name].value])) };
    const points = form.elements[`jenjang-${code}`];
    return {
      verdict: form.elements[`hasil-${code}`].value,
      points: points.value === "" ? null : Number(points.value),
      text: form.elements[`dilihat-${code}`].value,
    };
  }

  function write(code, change) {
    if (!code) {
      for (const name of ABOUT) form.elements[name].value = change.fields[name] ?? "";
      return;
    }
    form.elements[`hasil-${code}`].value = change.verdict;
    const level = form.querySelector(`[name="jenjang-${CSS.escape(code)}"][value="${change.points}"]`);
    for (const each of form.querySelectorAll(`[name="jenjang-${CSS.escape(code)}"]`)) each.checked = each === level;
    form.elements[`dilihat-${code}`].value = change.text;
    openLevels(rows.get(code));
  }

  async function restore() {
    for (const change of await kept.all("writes")) {
      const code = change.indicator;
      if (change.visit !== visit || (code && !rows.has(code))) continue;
      if (change.sent && Number(version(code).value) >= change.sent) {
        await kept.remove("writes", change.key);
        continue;
      }
      if (change.sent) {
        sent.set(code, change);
        version(code).value = change.sent;
      } else waiting.set(code, change);
      write(code, change);
    }
    for (const photo of await kept.all("photos")) {
      if (photo.visit === visit) photos.set(photo.key, photo);
    }
    for (const row of rows.values()) openLevels(row);
  }

  const version = (code) => form.elements[code ? `versi-${code}` : "versi"];
  const openLevels = (row) => {
    if (row.querySelector("[name^='hasil-']:checked")?.value === "differs") row.querySelector("[data-levels]").open = true;
  };

  // --- To the server ------------------------------------------------------------------------------------------------
  function soon(delay) {
    if (isOver || (!waiting.size && !photos.size)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      flight ??= deliver().finally(() => {
        flight = null;
        show();
      });
    }, delay);
  }

  const isWhole = (change) =>
    !change.held &&
    (change.fields || (change.verdict && (change.verdict !== "differs" || (change.points !== null && change.text.trim()))));

  async function deliver() {
    try {
      for (;;) {
        const ready = [...waiting.values()].filter(isWhole);
        if (!ready.length) break;
        await deliverWrites(ready);
      }
      const ready = [...photos.values()].filter((photo) => !photo.held);
      // Asks first whether this is still the reader, and the visit still open: a photo is much to send in vain.
      if (ready.length) await deliverWrites([]);
      for (const photo of ready) await deliverPhoto(photo);
      attempt = 0;
      signedOut(false);
      if (!waiting.size && !photos.size) tell("");
      putBy();
    } catch (error) {
      failed(error);
    }
  }

  async function deliverWrites(ready) {
    const body = JSON.stringify({
      reader: Number(reader),
      writes: ready.filter((one) => !one.fields).map(({ indicator, verdict, points, text, base, id, at }) => (
        { indicator, verdict, points, text, base, id, at }
      )),
      about: ready.filter((one) => one.fields).map(({ fields, base }) => ({ ...fields, base }))[0] ?? null,
    });
    const answer = await offline.ask(form.dataset.save, { headers: { "Content-Type": "application/json" }, body });
    if (answer.status === 404) throw new offline.Refused(words("gone"), "gone");
    if (!answer.ok && answer.status !== 409) throw await offline.refusal(answer);
    const told = await answer.json();
    if (told.code) throw new offline.Refused(told.message, told.code);
    for (const change of ready) await heard(change, told);
    form.dataset.savedAt = told.at;
  }

  /** What became of one change: taken in, in conflict, or wrong; a later one of the same place goes on from there. */
  async function heard(change, told) {
    const code = change.indicator;
    const now = code ? told.stored[code] : told.about;
    const conflict = code ? told.conflicts[code] : told.about_conflict;
    const latest = waiting.get(code);
    if (now !== undefined && now !== null) {
      version(code).value = now;
      problem(code, "");
      if (latest.id === change.id) {
        waiting.delete(code);
        sent.set(code, { ...change, sent: now });
        await kept.put("writes", sent.get(code));
      } else {
        latest.base = now;
        await kept.put("writes", latest);
      }
    } else if (latest.id === change.id) {
      latest.held = true;
      if (conflict) beside(code, latest, conflict);
      else problem(code, told.wrong[code] ?? words("odd"));
    }
  }

  function failed(error) {
    if (error instanceof offline.SignedOut) signedOut(true);
    else if (error instanceof offline.Refused && FINAL.has(error.code)) return end(error.message);
    else if (error instanceof offline.Refused) tell(error.message);
    else if (!(error instanceof offline.LineBroke)) tell(words("odd"));
    clearTimeout(timer);
    const wait = AGAIN_AFTER[Math.min(attempt, AGAIN_AFTER.length - 1)];
    attempt += 1;
    setTimeout(() => soon(0), wait);
  }

  /** Nothing more is taken in: what is left is shown to be copied. */
  function end(message) {
    isOver = true;
    tell(message);
    const left = document.querySelector("[data-left]");
    left.hidden = false;
    left.querySelector("textarea").value = [...waiting.values()].map(inWords).join("\n");
    left.querySelector("[data-drop]").addEventListener("click", async () => {
      for (const change of waiting.values()) await kept.remove("writes", change.key);
      for (const photo of photos.values()) await kept.remove("photos", photo.key);
      location.assign(form.dataset.list);
    });
  }

  // --- A conflict: both are shown, a person decides --------------------------------------------------------------
  function beside(code, mine, theirs) {
    const place = code ? rows.get(code) : about;
    const box = place.querySelector("[data-conflict]");
    box.hidden = false;
    box.querySelector("[data-theirs]").textContent = theirs.words;
    box.querySelector("[data-mine]").textContent = words("mine", { what: inWords(mine) });
    box.querySelector("[data-use-mine]").onclick = () => {
      box.hidden = true;
      // What I wrote goes on top of what I have now seen.
      mine.base = theirs.version;
      delete mine.held;
      keep(code);
    };
    box.querySelector("[data-use-theirs]").onclick = async () => {
      box.hidden = true;
      write(code, code ? theirs : { fields: theirs.fields });
      version(code).value = theirs.version;
      waiting.delete(code);
      await kept.remove("writes", mine.key);
      show();
    };
  }

  // --- Photos ----------------------------------------------------------------------------------------------------
  async function addPhoto(event) {
    event.preventDefault();
    const fields = event.target.elements;
    const [file] = fields.file.files;
    if (!file || !fields.caption.value.trim()) return tell(words("photo"));
    const { blob, name } = await offline.smaller(file, PHOTO_SIDE);
    if (blob.size > Number(form.dataset.limit)) return tell(words("large"));
    const key = crypto.randomUUID();
    const photo = { key, visit, title, blob, name, caption: fields.caption.value.trim(), indicator: fields.indicator.value, at: new Date().toISOString() };
    try {
      await kept.put("photos", photo);
    } catch {
      return tell(words("full", { count: photos.size }));
    }
    photos.set(key, photo);
    event.target.reset();
    show();
    soon(0);
  }

  async function deliverPhoto(photo) {
    const remember = (record) => kept.put("photos", record);
    const { begin, part } = form.dataset;
    try {
      const file = photo.file ?? (await offline.sendFile(photo, { begin, part: Number(part), remember }));
      if (!photo.file) await remember(Object.assign(photo, { file }));
      const body = new URLSearchParams({ "file-berkas": file, caption: photo.caption, indicator: photo.indicator, taken_at: photo.at, write: photo.key });
      const answer = await offline.ask(form.dataset.photo, { body });
      if (!answer.ok) throw await offline.refusal(answer);
      const { url } = await answer.json();
      photos.delete(photo.key);
      await kept.remove("photos", photo.key);
      listPhoto(photo, url);
    } catch (error) {
      if (!(error instanceof offline.Refused) || FINAL.has(error.code)) throw error;
      photo.held = true;
      tell(`${photo.caption}: ${error.message}`);
    }
  }

  function listPhoto(photo, url) {
    const item = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { href: url, textContent: photo.caption });
    item.append(link);
    document.querySelector("[data-photos]").append(item);
  }

  // --- What is said ----------------------------------------------------------------------------------------------
  function show() {
    const count = new Set([...waiting.keys(), ...drafts.keys()]).size;
    form.querySelector("[data-waiting]").textContent = words("waiting", { count, photos: photos.size, ready: isReady ? words("ready") : "" }).trim();
    form.querySelector("[data-progress]").textContent = String([...rows.keys()].filter((code) => form.elements[`hasil-${code}`].value).length);
    for (const change of waiting.values()) {
      if (!change.held && !isWhole(change)) problem(change.indicator, words("part"));
    }
    if (drafts.size) return say("saving");
    if (count || photos.size) say("device");
    else if (form.dataset.savedAt) say("saved", form.dataset.savedAt);
  }

  function inWords(change) {
    if (change.fields) return ABOUT.slice(0, 5).map((name) => change.fields[name]).filter(Boolean).join("; ");
    const verdict = form.querySelector(`[name^="hasil-"][value="${change.verdict}"]`)?.closest("label").textContent.trim() ?? "";
    return `${change.number}. ${[verdict, change.points !== null && `skor ${change.points}`, change.text].filter(Boolean).join(", ")}`;
  }

  function problem(code, text) {
    const place = (code ? rows.get(code) : about).querySelector("[data-problem]");
    place.textContent = text;
    // What was said keeps its room: a row must not move away under the finger while the one before it is saved.
    if (text) place.hidden = false;
  }

  const say = (state, addition = "") => document.dispatchEvent(new CustomEvent("ovop:save-state", { detail: { state, addition } }));
  const tell = (text) => (form.querySelector("[data-say]").textContent = text);
  const signedOut = (is) => (form.querySelector("[data-signed-out]").hidden = !is);
  const words = (word, figures = {}) => form.dataset[`say${word[0].toUpperCase()}${word.slice(1)}`].replace(/\{(\w+)\}/g, (_, name) => figures[name]);

  async function putBy() {
    const here = [form.dataset.page, form.dataset.list];
    const before = [...sent];
    const done = await offline.putBy(reader, form.dataset.worker, here).catch(() => false);
    for (const [code, change] of done ? before : []) {
      if (sent.get(code) !== change) continue;
      sent.delete(code);
      if (!waiting.has(code)) await kept.remove("writes", change.key);
    }
    isReady = done || (await offline.isPutBy(reader, form.dataset.page).catch(() => false));
    show();
  }

  function pressed(event) {
    if (!event.target.closest("[data-locate]")) return;
    navigator.geolocation?.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude.toFixed(5);
        form.elements.longitude.value = coords.longitude.toFixed(5);
        form.querySelector("[data-located]").textContent = words("located");
        keep("");
      },
      () => (form.querySelector("[data-located]").textContent = words("lost")),
      { enableHighAccuracy: true, timeout: 15_000 },
    );
  }

  /** The visit ends only once everything is with the server. */
  function holdTheEnd(event) {
    if (!event.target.closest("[data-end]") || (!waiting.size && !photos.size && !drafts.size)) return;
    event.preventDefault();
    event.stopPropagation();
    keepDrafts();
    tell(words("end"));
    soon(0);
  }

  /** Signing out counts what lies on the device (staff.js): what is still being typed has to lie there first. */
  function beforeSigningOut(event) {
    if (event.target.action?.endsWith("/keluar/")) keepDrafts();
  }
}
