/* The list of visits: puts the own ones by for a day without a line, and names what this device still has to send. */

const place = document.querySelector("[data-visits]");
if (place) {
  const { putBy, Kept, onDevice, wipe, unsentWords, forget } = await import(place.dataset.store);
  const { reader, worker } = place.dataset;
  const own = [...place.querySelectorAll("[data-own]")].map((link) => link.pathname);
  const button = place.querySelector("[data-prepare]");
  const told = place.querySelector("[data-prepared]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      told.textContent = button.dataset.busy;
      const done = await putBy(reader, worker, [location.pathname, ...own]).catch(() => false);
      told.textContent = done ? button.dataset.done.replace("{count}", own.length) : button.dataset.failed;
      button.disabled = false;
      place.dispatchEvent(new Event("ovop:device"));
    });
  }
  const kept = new Kept(reader);
  // A visit that is over, or no longer one's own, leaves nothing here of what the server has.
  if (navigator.onLine && globalThis.caches) await forget(reader, kept, own);
  // What the server has already is here only until its page is put by anew.
  const records = [...(await kept.all("writes")).filter((one) => !one.sent), ...(await kept.all("photos"))];
  const byVisit = Map.groupBy ? Map.groupBy(records, (one) => one.visit) : group(records);
  const left = place.querySelector("[data-unsent]");
  for (const [visit, ofIt] of byVisit) {
    const item = left.querySelector("template").content.firstElementChild.cloneNode(true);
    const [writes, photos] = [ofIt.filter((one) => !one.blob), ofIt.filter((one) => one.blob)];
    item.querySelector("b").textContent = ofIt[0].title;
    item.querySelector("[data-count]").textContent = item.dataset.count.replace("{count}", writes.length).replace("{photos}", photos.length);
    const link = item.querySelector("a");
    link.href = `/lapangan/${visit}/`;
    link.hidden = !own.includes(`/lapangan/${visit}/`);
    // A visit that is no longer one's own cannot take this in: it can only be copied.
    if (link.hidden) {
      item.querySelector("details").hidden = false;
      item.querySelector("textarea").value = writes.map(inWords).join("\n");
      item.querySelector("button").addEventListener("click", async () => {
        for (const one of writes) await kept.remove("writes", one.key);
        for (const one of photos) await kept.remove("photos", one.key);
        item.remove();
      });
    }
    left.querySelector("ul").append(item);
    left.hidden = false;
  }
  if (globalThis.caches) await device(place, { onDevice, wipe, unsentWords });
}

async function device({ dataset: { reader } }, { onDevice, wipe, unsentWords }) {
  const line = place.querySelector("[data-device]");
  const button = line.querySelector("[data-wipe]");
  const show = async () => {
    const left = await onDevice(reader);
    const isEmpty = !(left.writes + left.photos + left.pages);
    const said = isEmpty ? line.dataset.none : line.dataset.say.replace(/\{(\w+)\}/g, (_, name) => left[name]);
    line.querySelector("[data-device-told]").textContent = said;
    button.hidden = isEmpty;
    line.hidden = false;
    return left;
  };
  button.addEventListener("click", async () => {
    const left = await onDevice(reader);
    if (left.writes + left.photos && !confirm(unsentWords(left))) return;
    await wipe(reader);
    place.querySelector("[data-unsent]").hidden = true;
    await show();
  });
  place.addEventListener("ovop:device", show);
  await show();
}

function inWords(change) {
  if (change.fields) return Object.values(change.fields).filter(Boolean).join("; ");
  const verdicts = { confirmed: "Sesuai", differs: "Berbeda", unseen: "Tidak dapat dilihat" };
  const parts = [verdicts[change.verdict], change.points !== null && `skor ${change.points}`, change.text];
  return `${change.number}. ${parts.filter(Boolean).join(", ")}`;
}

function group(records) {
  const found = new Map();
  for (const one of records) found.set(one.visit, [...(found.get(one.visit) ?? []), one]);
  return found;
}
