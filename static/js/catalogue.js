/* /katalog/: what htmx does not do by itself. Without a script the form is sent and the page reloads. */

const sieve = document.querySelector(".sieve");
const failed = document.getElementById("gagal");
const foot = document.querySelector(".sieve-foot");

/** On a phone the filters cover the list: one button closes them and goes to what was found. */
if (foot) {
  foot.hidden = false;
  foot.querySelector("[data-show-results]").addEventListener("click", () => {
    sieve.open = false;
    const count = document.getElementById("jumlah");
    count.tabIndex = -1;
    count.focus();
  });
}

/** A list that cannot be had leaves the filters as they are and offers the whole page at their address. */
function tell(event) {
  const form = document.getElementById("saringan");
  failed.querySelector("a").href = `?${new URLSearchParams(new FormData(form))}`;
  failed.hidden = false;
  event.preventDefault();
}

document.body.addEventListener("htmx:sendError", tell);
document.body.addEventListener("htmx:responseError", tell);
document.body.addEventListener("htmx:beforeSwap", () => { failed.hidden = true; });
