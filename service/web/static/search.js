// Searches topics while somebody types, and offers what is found as check boxes. `draw` makes the list item of a
// topic; what is ticked stays in the list, what is chosen elsewhere in the form is not offered again.
function searchTopics({ input, list, status, base, words, draw, form }) {
  let waiting = 0;
  let latest = "";

  async function search() {
    const query = input.value.trim();
    if (query === latest) return;
    latest = query;
    for (const item of [...list.children]) if (!item.querySelector("input:checked")) item.remove();
    if (query.length < 2) { status.textContent = ""; return; }
    try {
      const answer = await fetch(`${base}/v1/topics?${new URLSearchParams({ q: query })}`);
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      if (query !== latest) return;
      const offered = new Set([...form.querySelectorAll("input[name=topic]")].map((box) => box.value));
      const fresh = found.filter((topic) => !offered.has(topic.key));
      list.append(...fresh.map(draw));
      status.textContent = found.length ? words.found : words.nothing;
    } catch {
      if (query === latest) status.textContent = words.failed;
    }
  }

  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 250); });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // it asks for a search, not for the sign-up
    clearTimeout(waiting);
    search();
  });
  return search;
}
