// Solves a proof of work: the number whose hash with the salt is the challenge, packed as the service wants it.
async function solveProof(asked) {
  const { algorithm, challenge, salt, signature } = asked;
  const most = asked.maxNumber ?? asked.maxnumber;
  const encoder = new TextEncoder();
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  for (let from = 0; from <= most; from += 500) {
    const numbers = Array.from({ length: Math.min(500, most - from + 1) }, (_, step) => from + step);
    const hashes = await Promise.all(numbers.map((number) =>
      crypto.subtle.digest("SHA-256", encoder.encode(salt + number))));
    const found = hashes.findIndex((hash) => hex(hash) === challenge);
    if (found >= 0) return btoa(JSON.stringify({ algorithm, challenge, number: from + found, salt, signature }));
  }
  throw new Error("unsolvable");
}
