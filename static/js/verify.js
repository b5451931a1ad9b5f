/*
 * /verifikasi/: a certificate's PDF is checked by its fingerprint. The file stays in the browser: only its SHA-256
 * and the code in its record are asked about. Without this script, or where the browser cannot compute it, the code alone is checked.
 */

const LARGEST = 20 * 1024 * 1024;
const part = document.getElementById("periksa-berkas");

async function sha256(content) {
  const digest = await crypto.subtle.digest("SHA-256", content);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The code in the record that a certificate carries (facts.json, deflated), "" where none can be read. */
async function codeIn(content) {
  try {
    const text = new TextDecoder("latin1").decode(content);
    const [head, length] = /\/EmbeddedFile\b[^]{0,400}?\/Length (\d+)[^]{0,100}?stream\r?\n/.exec(text.slice(text.search(/\/EmbeddedFile\b/)));
    const start = text.search(/\/EmbeddedFile\b/) + head.length;
    const record = new Blob([content.slice(start, start + Number(length))]).stream().pipeThrough(new DecompressionStream("deflate"));
    return String((await new Response(record).json()).code ?? "");
  } catch {
    return "";
  }
}

/** A PDF says what it is within its first kilobyte. */
async function isPdf(file) {
  return (await file.slice(0, 1024).text()).includes("%PDF-");
}

function tell(words, isRefused = false) {
  const place = part.querySelector("[data-progress]");
  place.textContent = words;
  place.className = isRefused ? "invalid-feedback" : "muted";
}

function show(answer) {
  const verdict = document.getElementById("jawaban-verdict").content.firstElementChild.cloneNode(true);
  const [text, further] = verdict.querySelectorAll("p");
  verdict.classList.add(`verdict-${answer.tone}`);
  verdict.querySelector("use").setAttribute("href", `#${answer.icon}`);
  verdict.querySelector("h2").textContent = answer.heading;
  text.textContent = answer.text;
  if (answer.url) Object.assign(further.firstElementChild, { href: answer.url, textContent: answer.link });
  else further.remove();
  const place = document.querySelector("[data-file-answer]");
  if (place) place.replaceChildren(verdict);
  else {
    part.querySelector(".verdict")?.remove();
    part.append(verdict);
  }
  verdict.focus();
}

async function check(file) {
  // What was said of an earlier file must not stand above the name of this one.
  document.querySelectorAll("[data-file-answer] .verdict, #periksa-berkas .verdict").forEach((one) => one.remove());
  if (file.size > LARGEST) return tell(part.dataset.tooLarge, true);
  tell(part.dataset.busy);
  try {
    if (!(await isPdf(file))) return tell(part.dataset.notPdf, true);
    const content = await file.arrayBuffer();
    const question = new URLSearchParams({
      sidik: await sha256(content),
      kode: part.dataset.code,
      isi: await codeIn(content),
    });
    const answer = await fetch(`${part.dataset.ask}?${question}`, { headers: { Accept: "application/json" } });
    show(await answer.json());
  } catch {
    show({ tone: "netral", icon: "i-clock", heading: part.dataset.failedHeading, text: part.dataset.failedText });
  }
  return tell("");
}

if (part && globalThis.crypto?.subtle) {
  part.hidden = false;
  part.querySelector("input").addEventListener("change", ({ target }) => {
    if (target.files.length) check(target.files[0]);
  });
  // The whole page takes the file: a drop beside the frame would open the PDF instead.
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    part.classList.add("drop-here");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) part.classList.remove("drop-here");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    part.classList.remove("drop-here");
    const [file] = event.dataTransfer.files;
    if (file) check(file);
  });
}
