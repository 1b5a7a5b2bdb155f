// Solves the proof of work of a hosted form. Before this stands proof.js, in the same function.
const place = document.querySelector("[data-challenge]");
const buttons = [...(place?.closest("form").querySelectorAll("button:not([value=search])") ?? [])];
const status = place?.querySelector("[role=status]");

async function prepare() {
  for (const button of buttons) button.disabled = true;
  try {
    const asked = await (await fetch(place.dataset.challenge)).json();
    place.querySelector("[name=challenge]").value = await solveProof(asked);
    status.textContent = place.dataset.checked;
  } catch {
    status.textContent = place.dataset.failed;
  }
  for (const button of buttons) button.disabled = false;
}

if (place) {
  prepare();
  // A solution is good for ten minutes: a page that was left open longer gets a fresh one.
  setInterval(prepare, 9 * 60 * 1000);
  // So does one that the browser shows again as it was left, after its form had been sent: a solution is good once.
  addEventListener("pageshow", (event) => { if (event.persisted) prepare(); });
}
