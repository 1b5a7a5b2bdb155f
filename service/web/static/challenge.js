// Solves the proof of work of a hosted form: the number whose hash with the salt is the challenge.
(() => {
  const place = document.querySelector("[data-challenge]");
  if (!place) return;
  const form = place.closest("form");
  const button = form.querySelector("button");
  const said = place.querySelector("[role=status]");
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, "0")).join("");

  async function solve(asked) {
    const encoder = new TextEncoder();
    const most = asked.maxNumber ?? asked.maxnumber;
    for (let from = 0; from <= most; from += 500) {
      const numbers = Array.from({ length: Math.min(500, most - from + 1) }, (_, i) => from + i);
      const hashes = await Promise.all(
        numbers.map((n) => crypto.subtle.digest("SHA-256", encoder.encode(asked.salt + n))));
      const found = hashes.findIndex((hash) => hex(hash) === asked.challenge);
      if (found >= 0) return from + found;
    }
    throw new Error("unsolvable");
  }

  async function prepare() {
    button.disabled = true;
    try {
      const asked = await (await fetch(place.dataset.challenge)).json();
      const { algorithm, challenge, salt, signature } = asked;
      const number = await solve(asked);
      place.querySelector("[name=challenge]").value =
        btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
      said.textContent = "Checked. You can go on now.";
    } catch {
      said.textContent = "The check did not work. Please reload the page and try again.";
    }
    button.disabled = false;
  }

  prepare();
  // A solution is good for ten minutes: a page that was left open longer gets a fresh one.
  setInterval(prepare, 9 * 60 * 1000);
})();
