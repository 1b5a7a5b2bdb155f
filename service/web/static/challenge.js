// Solves the proof of work of a hosted form. Before this stands proof.js, in the same function.
const place = document.querySelector("[data-challenge]");
const button = place?.closest("form").querySelector("button:not([name=do][value=search])");
const status = place?.querySelector("[role=status]");

async function prepare() {
  button.disabled = true;
  try {
    const asked = await (await fetch(place.dataset.challenge)).json();
    place.querySelector("[name=challenge]").value = await solveProof(asked);
    status.textContent = place.dataset.checked;
  } catch {
    status.textContent = place.dataset.failed;
  }
  button.disabled = false;
}

if (place) {
  prepare();
  // A solution is good for ten minutes: a page that was left open longer gets a fresh one.
  setInterval(prepare, 9 * 60 * 1000);
}
