/*
 * The page of a letter whose preview is being made: it is looked for again until it is there.
 *
 * Without this script a link on the page does the same. Nothing that is being typed beside it is touched.
 */

const WAIT = 2000;
const TRIES = 30;

async function look(left) {
  const here = document.querySelector("[data-letter-preview=pending]");
  if (!here || !left) return;
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (answer.ok && !answer.redirected) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-letter-preview]");
      if (fresh?.dataset.letterPreview === "ready") return here.replaceWith(fresh);
    }
  } catch {
    // The line is away for a moment; the link on the page stays.
  }
  setTimeout(look, WAIT, left - 1);
}

setTimeout(look, WAIT, TRIES);
