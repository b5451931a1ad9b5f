/*
 * Files go up in parts and survive a bad line.
 *
 * Each <input type="file" data-upload> (templates/files/file_input.html) sends its file as soon as it is chosen, by the
 * core of the tus protocol 1.0.0 in parts of 512 KB, and puts the id of what was taken in into the hidden input beside
 * it. When the line breaks, it tries again by itself for a while, then says where it stopped and offers to go on. A
 * choice of the same file after the page was left goes on too. Without this script the form brings the file itself.
 *
 * Says on the box: "ovop:uploaded" with detail {id}, after which the hidden input also says "change".
 */

const AGAIN_AFTER = [1000, 3000, 6000]; // milliseconds: what a short gap in the line needs
const REMEMBERED = "ovop:upload:";

class Refused extends Error {}
class SignedOut extends Error {}
class LineBroke extends Error {}
class Ended extends Error {}

const known = new WeakMap(); // an input -> its Sending

export function enhance(root) {
  for (const input of root.querySelectorAll("input[type=file][data-upload]")) {
    if (!known.has(input)) known.set(input, new Sending(input));
  }
}

class Sending {
  constructor(input) {
    this.input = input;
    this.box = input.closest("[data-upload-box]");
    this.id = this.box.querySelector("[data-upload-id]");
    this.rows = this.box.querySelector("[data-upload-rows]");
    this.status = this.box.querySelector("[data-upload-status]");
    this.was = { id: this.id.value, row: this.rows.firstElementChild };
    this.state = "idle";
    this.turn = 0; // raised with every new choice: answers to an earlier one are not heard
    if (this.id.value) input.required = false;
    input.addEventListener("change", () => input.files[0] && this.choose(input.files[0]));
    input.form?.addEventListener("submit", (event) => this.holdBack(event));
    window.addEventListener("online", () => this.state === "stopped" && this.goOn());
  }

  /** A new file is chosen: what went before is left, and comes back only if this one is given up. */
  async choose(file) {
    this.abandon();
    this.name = file.name;
    this.size = file.size;
    this.sent = 0;
    this.url = null;
    this.show("sending");
    const turn = this.turn;
    const photo = await scaled(file, Number(this.box.dataset.scale));
    const print = await fingerprint(photo.blob);
    if (turn !== this.turn) return;
    Object.assign(this, { blob: photo.blob, size: photo.blob.size, name: photo.name, print });
    if (this.size > Number(this.box.dataset.limit)) return this.refuse(this.say("large", { size: bytes(this.size, Math.ceil) }));
    this.url = remembered(print);
    this.tell("begun");
    await this.goOn();
  }

  async goOn() {
    const turn = this.turn;
    this.show("sending");
    for (let attempt = 0; ; attempt += 1) {
      try {
        const before = this.sent;
        try {
          return await this.send(turn);
        } finally {
          if (this.sent > before) attempt = 0;
        }
      } catch (error) {
        if (turn !== this.turn) return;
        if (error instanceof Refused) return this.refuse(error.message);
        if (error instanceof Ended) {
          this.forget();
          if (attempt >= AGAIN_AFTER.length) return this.stop("stopped");
          continue;
        }
        if (error instanceof SignedOut) return this.stop("session");
        if (!(error instanceof LineBroke) || attempt >= AGAIN_AFTER.length) return this.stop("stopped");
        await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER[attempt]));
        if (turn !== this.turn) return;
      }
    }
  }

  /** Ask how far it is, send part by part, and end with the id of the file. */
  async send(turn) {
    let file = null;
    let isScanned = false;
    const hear = (answer) => {
      file = answer.getResponseHeader("Ovop-File");
      isScanned = answer.getResponseHeader("Ovop-File-State") !== "waiting";
    };
    if (this.url) {
      const answer = await this.ask("HEAD", this.url);
      if (Number(answer.getResponseHeader("Upload-Length")) !== this.size) throw new Ended();
      this.sent = Number(answer.getResponseHeader("Upload-Offset"));
      hear(answer);
    } else {
      const name = btoa(String.fromCharCode(...new TextEncoder().encode(this.name)));
      const answer = await this.ask("POST", this.box.dataset.begin, {
        "Upload-Length": String(this.size),
        "Upload-Metadata": `filename ${name}`,
      });
      this.url = answer.getResponseHeader("Location");
      this.sent = 0;
      remember(this.print, this.url);
    }
    while (!file) {
      if (turn !== this.turn) return;
      const start = this.sent;
      const part = this.blob.slice(start, start + Number(this.box.dataset.part));
      const answer = await this.ask("PATCH", this.url, {
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": String(start),
      }, part, (loaded) => {
        if (turn === this.turn) this.progress(start + Math.min(loaded, part.size));
      });
      if (turn !== this.turn) return;
      this.sent = Number(answer.getResponseHeader("Upload-Offset"));
      this.progress(this.sent);
      hear(answer);
    }
    if (turn === this.turn) this.accept(file, isScanned);
  }

  ask(method, url, headers = {}, body = null, onProgress = null) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      this.request = request;
      request.open(method, url);
      request.setRequestHeader("Tus-Resumable", "1.0.0");
      request.setRequestHeader("X-CSRFToken", token(this.input.form));
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      // A part on a very weak line may take minutes; a line that is silent that long is gone.
      request.timeout = 180_000;
      if (onProgress) request.upload.onprogress = (event) => onProgress(event.loaded);
      request.onerror = request.ontimeout = request.onabort = () => reject(new LineBroke());
      request.onload = () => {
        const { status } = request;
        const moved = request.responseURL && new URL(request.responseURL).pathname !== new URL(url, location.href).pathname;
        if (moved || status === 401 || status === 403) reject(new SignedOut());
        else if (status < 300) resolve(request);
        else if (status === 404 || status === 410) reject(method === "PATCH" && status === 410 ? new Refused(this.told(request)) : new Ended());
        else if (status === 409 || status === 423 || status === 460 || status >= 500) reject(new LineBroke());
        else reject(new Refused(this.told(request)));
      };
      request.send(body);
    });
  }

  told(request) {
    try {
      return JSON.parse(request.responseText).message || this.say("refused");
    } catch {
      return this.say("refused");
    }
  }

  accept(file, isScanned) {
    this.id.value = file;
    this.input.value = ""; // else the form would bring the file a second time
    this.input.required = false;
    this.forget();
    this.show(isScanned ? "accepted" : "checking");
    this.state = "accepted";
    this.tell(isScanned ? "accepted" : "scanning");
    this.was = { id: file, row: this.rows.firstElementChild };
    this.box.dispatchEvent(new CustomEvent("ovop:uploaded", { bubbles: true, detail: { id: file } }));
    this.id.dispatchEvent(new Event("change", { bubbles: true }));
    this.letGo();
  }

  stop(why) {
    this.show("stopped", this.say(why, { percent: Math.floor((this.sent * 100) / this.size) }));
    this.tell(why, { percent: Math.floor((this.sent * 100) / this.size) });
    this.heldForm = this.held = null;
  }

  refuse(words) {
    this.forget();
    this.input.value = "";
    this.show("refused", words);
    this.status.textContent = words;
    this.heldForm = this.held = null;
  }

  /** Leave what is going on; what had been taken in before is the form's file again. */
  abandon() {
    this.turn += 1;
    this.request?.abort();
    this.id.value = this.was.id;
    this.state = "idle";
  }

  giveUp() {
    const url = this.url;
    this.abandon();
    if (url) this.ask("DELETE", url).catch(() => {});
    this.forget();
    this.input.value = "";
    this.status.textContent = "";
    this.rows.replaceChildren(...(this.was.row ? [this.was.row] : []));
    this.heldForm = this.held = null;
  }

  forget() {
    if (this.print) localStorageOrNothing((store) => store.removeItem(REMEMBERED + this.print));
    this.url = null;
    this.sent = 0;
  }

  /** A form that is sent while its file is under way waits for it. */
  holdBack(event) {
    if (event.defaultPrevented) return;
    if (this.state === "sending" || this.state === "checking") {
      event.preventDefault();
      this.held = event.submitter;
      this.heldForm = event.target;
      this.tell("wait");
    } else if (this.state === "stopped") {
      event.preventDefault();
      this.rows.querySelector("button")?.focus();
    }
  }

  letGo() {
    if (!this.heldForm) return;
    const form = this.heldForm;
    const button = this.held;
    this.heldForm = this.held = null;
    if (button) form.requestSubmit(button);
    else form.requestSubmit();
  }

  progress(sent) {
    if (sent >= this.size && this.state === "sending") {
      this.show("checking");
      this.tell("checking");
    }
    const bar = this.rows.querySelector("progress");
    if (!bar) return;
    bar.value = sent;
    this.sizeText(sent);
  }

  show(state, words = "") {
    this.state = state;
    const row = this.box.querySelector(`template[data-upload-row="${state}"]`).content.firstElementChild.cloneNode(true);
    const [name, size, detail] = row.querySelectorAll(".file-what p");
    name.textContent = this.name;
    this.size_ = size;
    if (detail) detail.textContent = words;
    const bar = row.querySelector("progress");
    if (bar) {
      bar.max = this.size;
      bar.value = this.sent;
      bar.setAttribute("aria-label", this.name);
    }
    const side = row.querySelector(".file-side");
    if (state === "stopped") side.append(this.button("resume", "btn btn-outline-primary", () => this.goOn()));
    if (state === "stopped" || state === "sending") side.append(this.button("cancel", "btn btn-link", () => this.giveUp()));
    this.rows.replaceChildren(row);
    if (bar) this.sizeText(this.sent);
    else size.textContent = bytes(this.size);
  }

  sizeText(sent) {
    this.size_.textContent = this.say("of", { sent: bytes(sent), size: bytes(this.size) });
  }

  button(word, look, press) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = look;
    button.textContent = this.say(word);
    button.addEventListener("click", press);
    return button;
  }

  say(word, figures = {}) {
    const text = this.box.dataset[`say${word[0].toUpperCase()}${word.slice(1)}`];
    return text.replace(/\{(\w+)\}/g, (_, name) => figures[name]);
  }

  tell(word, figures) {
    this.status.textContent = this.say(word, figures);
  }
}

/** Signing in anew changes the token: the cookie has today's, the form that of when the page was made. */
function token(form) {
  const cookie = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]+)/);
  return cookie?.[1] ?? form?.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** A photo wider or higher than `side` as a JPEG of that size, upright and without its position; else as it is. */
async function scaled(file, side) {
  const asItIs = { blob: file, name: file.name };
  if (!side || !/^image\/(jpeg|png|webp)$/.test(file.type)) return asItIs;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const share = side / Math.max(picture.width, picture.height);
    if (share >= 1) return asItIs;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * share);
    canvas.height = Math.round(picture.height * share);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; // behind what is see-through
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    if (!blob || blob.size >= file.size) return asItIs;
    return { blob, name: `${file.name.replace(/\.\w{1,5}$/, "")}.jpg` };
  } catch {
    return asItIs; // the server looks at it and says what is wrong
  }
}

/** SHA-256 of the content, so that going on later never mixes two files; "" where the browser has none (no https). */
async function fingerprint(blob) {
  if (!globalThis.crypto?.subtle) return "";
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function localStorageOrNothing(use) {
  try {
    return use(localStorage);
  } catch {
    return null; // full, or not allowed: then only this page can go on
  }
}

function remembered(print) {
  return print ? localStorageOrNothing((store) => store.getItem(REMEMBERED + print)) : null;
}

function remember(print, url) {
  if (print) localStorageOrNothing((store) => store.setItem(REMEMBERED + print, url));
}

/** 4613734 -> "4,4 MB", as the server writes it. */
function bytes(size, round = Math.round) {
  const units = ["byte", "KB", "MB"];
  let step = 0;
  while (size >= 1023.5 && step < 2) {
    size /= 1024;
    step += 1;
  }
  const figure = step && size < 9.95 ? round(size * 10) / 10 : round(size);
  return `${String(figure).replace(".", ",")} ${units[step]}`;
}

enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.target));
