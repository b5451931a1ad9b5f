/*
 * The service worker of /lapangan/: the network first, and without a line what the pages have put by.
 *
 * It keeps the files that a page is drawn with. The pages themselves, with what they say, are put by from the page, for
 * whoever is signed in (static/js/offline.js), and go when that person signs out (static/js/staff.js).
 */
const SHELL = "lapangan-kerangka-{{ version|escapejs }}";
const FILES = {{ files|safe }};
const PATIENCE = 6000; // milliseconds: a line that is this slow is none

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()));
});

async function tidy() {
  for (const name of await caches.keys()) {
    if (name.startsWith("lapangan-kerangka-") && name !== SHELL) await caches.delete(name);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (FILES.includes(url.pathname)) event.respondWith(file(request, url.pathname));
});

async function page(request) {
  const kept = await caches.match(request, { ignoreSearch: true, ignoreVary: true });
  try {
    const isWaiting = kept && AbortSignal.timeout(PATIENCE);
    return await fetch(isWaiting ? new Request(request, { signal: isWaiting }) : request);
  } catch {
    return kept ?? away();
  }
}

async function file(request, path) {
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open(SHELL)).put(path, answer.clone());
    return answer;
  } catch {
    return (await caches.match(path, { ignoreVary: true })) ?? Response.error();
  }
}

function away() {
  const words =
    "<!doctype html><html lang=\"id\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Tidak ada koneksi – OVOP Indonesia</title>" +
    "<h1>Tidak ada koneksi</h1><p>Halaman ini belum disiapkan untuk dipakai tanpa internet. Isian kunjungan yang sudah Anda simpan tetap ada di perangkat ini.</p>" +
    "<p><a href=\"/lapangan/\">Buka daftar kunjungan</a></p></html>";
  return new Response(words, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}
