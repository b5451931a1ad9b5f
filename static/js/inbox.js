/*
 * A message that was seen is read: the button "Tandai sudah dibaca" presses itself once its page is in view.
 * Without this script, or without a connection, the button stays and does the same.
 */

const form = document.querySelector("[data-marks-read]");

async function mark() {
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    // Signed out meanwhile: the answer is the page for signing in.
    if (answer.ok && new URL(answer.url).pathname.startsWith("/pesan/saya/")) form.remove();
  } catch {
    // The button is still there.
  }
}

if (form) {
  if (document.visibilityState === "visible") mark();
  else document.addEventListener("visibilitychange", mark, { once: true });
}
