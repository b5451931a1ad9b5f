/*
 * The preview of a message follows what is typed: the page itself is asked, as the button "Pratinjau" does, and only
 * the preview is taken over from its answer. Nothing is stored.
 */

const PAUSE = 500;
const form = document.querySelector("[data-words]");
let waiting;
let asked = 0;

async function refresh() {
  const mine = ++asked;
  const body = new FormData(form);
  body.set("pratinjau", "1");
  try {
    const answer = await fetch(location.pathname, { method: "POST", body });
    if (answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("#pratinjau");
    // A slow answer to earlier words must not replace a later one.
    if (fresh && mine === asked) document.querySelector("#pratinjau").replaceChildren(...fresh.childNodes);
  } catch {
    // Without a connection the last preview stays; the button still asks.
  }
}

form?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, PAUSE);
});
