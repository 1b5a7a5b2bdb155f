// Shows mail that arrives while the page is open. Without it, loading the page again does the same.
const list = document.getElementById("mails");
const newer = document.getElementById("newer");
const base = new URL("../mailbox/", document.currentScript.src);

async function look() {
  const shown = list ?? newer;
  if (document.hidden || "searched" in shown.dataset) return;
  const { newest } = await (await fetch(new URL("newest", base))).json();
  if (newest === shown.dataset.newest) return;
  if (newer) {
    newer.hidden = false;
    return;
  }
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  list.replaceChildren(...page.getElementById("mails").childNodes);
  list.dataset.newest = newest;
}

setInterval(() => look().catch(() => {}), 1500);
