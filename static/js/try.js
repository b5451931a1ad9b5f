/* /data/api/: the answer of an address below its form. Without a script the form opens the address itself. */

async function show(event) {
  const form = event.currentTarget;
  event.preventDefault();
  let path = form.getAttribute("action");
  for (const field of form.querySelectorAll("[data-in-path]")) {
    path = path.replace(`{${field.dataset.inPath}}`, encodeURIComponent(field.value));
  }
  const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  const address = asked.size ? `${path}?${asked}` : path;
  const box = form.querySelector("[data-answer]");
  const words = box.querySelector("pre");
  const answer = await fetch(address).catch(() => null);
  box.hidden = false;
  box.querySelector("code").textContent = `${answer ? answer.status : "–"} GET ${address}`;
  words.textContent = answer ? JSON.stringify(await answer.json().catch(() => null), null, 2) : "";
  words.focus();
}

for (const form of document.querySelectorAll("[data-try]")) form.addEventListener("submit", show);
