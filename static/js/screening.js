/*
 * Screening: each line of the checklist saves itself, and another document is shown without leaving the page.
 *
 * Without this script every "Simpan dan lanjut" saves all lines that were changed, and a document is a link.
 */

const form = document.querySelector("[data-checklist]");

/** Whose turn it is to be sent: a line is complete once it has a verdict, and a note unless that is "Sesuai". */
function typed(line) {
  const code = line.dataset.line;
  const verdict = line.querySelector(`input[name="${code}-hasil"]:checked`)?.value ?? "";
  const note = line.querySelector(`textarea[name="${code}-catatan"]`).value.trim();
  return { code, verdict, note, complete: Boolean(verdict) && (verdict === "met" || note !== "") };
}

function say(state, addition = "") {
  document.dispatchEvent(new CustomEvent("ovop:save-state", { detail: { state, addition } }));
}

const seen = (line, part) => line.querySelector(`input[name="initial-${line.dataset.line}-${part}"]`);

async function save(line) {
  const now = typed(line);
  const unchanged = now.verdict === seen(line, "hasil").value && now.note === seen(line, "catatan").value.trim();
  if (!now.complete || unchanged) return;
  const body = new FormData();
  // Signing in anew changes the token: the cookie has today's, the form that of when the page was made.
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]+)/)?.[1];
  body.set("csrfmiddlewaretoken", token ?? form.elements.csrfmiddlewaretoken.value);
  body.set("tindakan", "save_lines");
  for (const [part, value] of [["hasil", now.verdict], ["catatan", now.note]]) {
    body.set(`${now.code}-${part}`, value);
    body.set(`initial-${now.code}-${part}`, seen(line, part).value);
  }
  const refused = line.querySelector("[data-line-refused]");
  say("saving");
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.redirected) throw new Error("signed out");
    const { refused: text, seen: stored = {}, saved, decided, total } = await answer.json();
    refused.hidden = !text;
    refused.textContent = text ?? "";
    if (text) {
      // What a colleague decided meanwhile has been read here: the next press is a decision about it.
      for (const part of ["hasil", "catatan"]) {
        const now = stored[`initial-${line.dataset.line}-${part}`];
        if (now !== undefined) seen(line, part).value = now;
      }
      return say("failed");
    }
    seen(line, "hasil").value = now.verdict;
    seen(line, "catatan").value = now.note;
    line.querySelector("[data-line-decided]").textContent = "";
    form.querySelector("[data-decided]").textContent = `${decided} dari ${total}`;
    say("saved", saved);
    if (![...form.querySelectorAll("[data-line]")].some(isUnsaved)) form.dispatchEvent(new Event("ovop:saved"));
    if (decided === total) await refreshDecision();
  } catch {
    say("failed");
  }
}

function isUnsaved(line) {
  const now = typed(line);
  return now.verdict !== seen(line, "hasil").value || now.note !== seen(line, "catatan").value.trim();
}

async function fetched(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) throw new Error("not there");
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** Which decisions can be taken follows from the lines; what somebody is writing there is left alone. */
async function refreshDecision() {
  const now = document.getElementById("putusan");
  const isWriting = [...now.querySelectorAll("textarea, input:not([type=hidden])")].some(
    (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked,
  );
  if (isWriting) return;
  const fresh = (await fetched(form.action)).getElementById("putusan");
  if (fresh) now.replaceWith(document.adoptNode(fresh));
}

/** One line after the other: a second change waits for the answer to the first. */
let turn = Promise.resolve();
form?.addEventListener("change", (event) => {
  const line = event.target.closest("[data-line]");
  if (line) turn = turn.then(() => save(line));
});

/** What could not be sent while the line was down goes out as soon as it is back. */
window.addEventListener("online", () => {
  for (const line of form?.querySelectorAll("[data-line]") ?? []) turn = turn.then(() => save(line));
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-document]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    const fresh = (await fetched(link.href)).getElementById("dokumen");
    const place = document.getElementById("dokumen");
    const wasInside = place.contains(link);
    place.replaceWith(document.adoptNode(fresh));
    history.replaceState(null, "", link.href);
    fresh.scrollTop = 0;
    // Whoever stands in the checklist stays there, unless the document is above it (on phones): then it is shown.
    if (wasInside) fresh.querySelector(`a[data-document="${link.dataset.document}"]`)?.focus({ preventScroll: true });
    else if (getComputedStyle(fresh).position !== "sticky") fresh.scrollIntoView();
  } catch {
    location.assign(link.href);
  }
});
