// Shows mail that arrives while the page is open. Without it, loading the page again does the same.
const list = document.getElementById("mails");

async function look() {
  if (!document.hidden && !("searched" in list.dataset)) {
    const { newest } = await (await fetch("mailbox/newest")).json();
    if (newest !== list.dataset.newest) {
      const page = new DOMParser().parseFromString(await (await fetch("mailbox")).text(), "text/html");
      const fresh = page.getElementById("mails");
      list.replaceChildren(...fresh.childNodes);
      list.dataset.newest = newest;
    }
  }
}

setInterval(() => look().catch(() => {}), 1500);
