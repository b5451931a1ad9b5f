/*
 * What a page needs to go on without a line: a store on the device, pages put by, and files that go up later.
 *
 * Everything is kept under the number of the reader: on a shared tablet nobody finds another's. What the server has
 * taken in is deleted here; what it has not stays until its owner has sent it, thrown it away, or signed out after
 * being asked (docs/decisions/0074).
 */

const PATIENCE = 20_000;
const PAGES = "lapangan-data-";
const BASE = "ovop-lapangan";

export class SignedOut extends Error {}
export class LineBroke extends Error {}
export class Full extends Error {}

/** Records of one reader in the stores "writes" (by `key`) and "photos" (by `key`), each with `reader`. */
export class Kept {
  constructor(reader) {
    this.reader = reader;
  }

  async all(store) {
    const records = await this.act(store, "readonly", (place) => place.getAll());
    return records.filter((record) => record.reader === this.reader);
  }

  put(store, record) {
    return this.act(store, "readwrite", (place) => place.put({ ...record, reader: this.reader }));
  }

  remove(store, key) {
    return this.act(store, "readwrite", (place) => place.delete(key));
  }

  async act(store, mode, ask) {
    const base = await (this.base ??= open());
    return new Promise((resolve, reject) => {
      const turn = base.transaction(store, mode);
      const request = ask(turn.objectStore(store));
      turn.oncomplete = () => resolve(request.result);
      turn.onerror = turn.onabort = () => {
        const isFull = turn.error?.name === "QuotaExceededError";
        reject(isFull ? new Full() : (turn.error ?? new Error("aborted")));
      };
    });
  }
}

/** Whether this device holds the store of visits; asked without making it. */
async function isThere() {
  const bases = await indexedDB.databases?.();
  return !bases || bases.some(({ name }) => name === BASE);
}

/** What lies here of one reader: answers and photos that were not sent yet, and pages that were put by. */
export async function onDevice(reader) {
  const place = (await caches.has(PAGES + reader)) ? await caches.open(PAGES + reader) : null;
  const pages = place ? (await place.keys()).length : 0;
  if (!(await isThere())) return { writes: 0, photos: 0, pages };
  const kept = new Kept(reader);
  const writes = (await kept.all("writes")).filter((one) => !one.sent).length;
  return { writes, photos: (await kept.all("photos")).length, pages };
}

/** Everything of one reader goes: answers, photos, and every page that was put by on this device. */
export async function wipe(reader) {
  for (const name of await caches.keys()) {
    if (name.startsWith(PAGES)) await caches.delete(name);
  }
  if (!(await isThere())) return;
  const kept = new Kept(reader);
  for (const store of ["writes", "photos"]) {
    for (const one of await kept.all(store)) await kept.remove(store, one.key);
  }
}

/** Of visits that are not among these addresses any more: the pages go, and what the server has taken in. */
export async function forget(reader, kept, addresses) {
  const isOwn = (path) => !/^\/lapangan\/\d+\/$/.test(path) || addresses.includes(path);
  if (await caches.has(PAGES + reader)) {
    const place = await caches.open(PAGES + reader);
    for (const request of await place.keys()) {
      if (!isOwn(new URL(request.url).pathname)) await place.delete(request);
    }
  }
  if (!(await isThere())) return;
  for (const one of await kept.all("writes")) {
    if (one.sent && !isOwn(`/lapangan/${one.visit}/`)) await kept.remove("writes", one.key);
  }
}

/** What whoever signs out, or deletes, is asked while something was not sent yet. */
export function unsentWords({ writes, photos }) {
  return (
    `${writes} isian dan ${photos} foto kunjungan belum terkirim dan hanya ada di perangkat ini. ` +
    "Bila dilanjutkan, semuanya dihapus dari perangkat ini. Batalkan untuk mengirimnya dahulu dari halaman Verifikasi lapangan."
  );
}

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(BASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("writes", { keyPath: "key" });
      request.result.createObjectStore("photos", { keyPath: "key" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// --- Pages that open without a line -----------------------------------------------------------------------------
/** Start the worker and put these pages by for the reader; what another reader had put by goes. True: all are there. */
export async function putBy(reader, worker, addresses) {
  if (!navigator.serviceWorker || !globalThis.caches) return false;
  const mine = PAGES + reader;
  for (const name of await caches.keys()) {
    if (name.startsWith(PAGES) && name !== mine) await caches.delete(name);
  }
  await navigator.serviceWorker.register(worker);
  await navigator.serviceWorker.ready;
  const place = await caches.open(mine);
  for (const address of addresses) {
    const answer = await fetch(address, { credentials: "same-origin", redirect: "manual", cache: "no-store" });
    if (answer.ok) await place.put(address, answer);
    else return false;
  }
  return true;
}

export async function isPutBy(reader, address) {
  if (!globalThis.caches) return false;
  return Boolean(await (await caches.open(PAGES + reader)).match(address));
}

// --- Speaking with the server --------------------------------------------------------------------------------------
/** Signing in anew changes the token: the cookie has today's, the form that of when the page was made. */
export function token() {
  const cookie = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]+)/);
  return cookie?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** The answer, whatever it says; LineBroke where there was none, SignedOut where it was the way in. */
export async function ask(address, { method = "POST", headers = {}, body = null, patience = PATIENCE } = {}) {
  let answer;
  try {
    answer = await fetch(address, {
      method,
      body,
      headers: { "X-CSRFToken": token(), Accept: "application/json", ...headers },
      credentials: "same-origin",
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(patience),
    });
  } catch {
    throw new LineBroke();
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) throw new SignedOut();
  if (answer.status >= 500) throw new LineBroke();
  return answer;
}

/** A photo goes up in parts by the core of tus 1.0.0 and goes on where it stopped; returns the id of the file. */
export async function sendFile(record, { begin, part, remember }) {
  const tus = (address, method, headers = {}, body = null) =>
    ask(address, { method, headers: { "Tus-Resumable": "1.0.0", ...headers }, body, patience: 180_000 });
  let answer = record.upload ? await tus(record.upload, "HEAD") : null;
  if (!answer?.ok) {
    const name = btoa(String.fromCharCode(...new TextEncoder().encode(record.name)));
    answer = await tus(begin, "POST", { "Upload-Length": String(record.blob.size), "Upload-Metadata": `filename ${name}` });
    if (!answer.ok) throw await refusal(answer);
    record.upload = answer.headers.get("Location");
    await remember(record);
  }
  let sent = Number(answer.headers.get("Upload-Offset"));
  while (!answer.headers.get("Ovop-File")) {
    const piece = await record.blob.slice(sent, sent + part).arrayBuffer();
    const about = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(sent) };
    answer = await tus(record.upload, "PATCH", about, piece);
    if (!answer.ok) throw await refusal(answer);
    sent = Number(answer.headers.get("Upload-Offset"));
  }
  return answer.headers.get("Ovop-File");
}

export class Refused extends Error {
  constructor(message, code) {
    super(message);
    this.code = code;
  }
}

export async function refusal(answer) {
  const told = await answer.json().catch(() => ({}));
  return new Refused(told.message ?? `Server menolak (${answer.status}).`, told.code ?? "odd");
}

/** A picture as a JPEG of at most `side` pixels, upright, without what it says about itself; as it is where that fails. */
export async function smaller(file, side) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const share = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * share);
    canvas.height = Math.round(picture.height * share);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    return { blob: blob ?? file, name: blob ? `${file.name.replace(/\.\w{1,5}$/, "")}.jpg` : file.name };
  } catch {
    return { blob: file, name: file.name };
  }
}
