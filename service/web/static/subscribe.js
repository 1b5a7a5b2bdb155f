// The hosted form: searches while somebody types, and takes the browser's time zone. Before this stands search.js.
const place = document.querySelector("[data-search]");

function drawTopic(topic) {
  const label = document.createElement("label");
  label.className = "choice";
  const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "topic", value: topic.key });
  const name = document.createElement("span");
  const kind = document.createElement("small");
  const number = topic.key.slice(topic.key.indexOf(":") + 1);
  kind.textContent = topic.parent ? place.dataset.part.replace("{parent}", topic.parent) : place.dataset[topic.kind];
  const title = Object.assign(document.createElement("bdi"), { lang: "en" });
  title.textContent = topic.kind === "trial" ? `${topic.name} (${number})` : topic.name;
  name.append(title, " ", kind);
  label.append(box, " ", name);
  return label;
}

if (place) {
  const { found, nothing, failed, search: base } = place.dataset;
  const form = place.closest("form");
  const input = form.elements.named;
  const search = searchTopics({ input, list: place.querySelector(".found"), status: place.querySelector("[role=status]"), base,
    form, words: { found, nothing, failed }, draw: drawTopic });
  place.querySelector("[value=search]").addEventListener("click", (event) => { event.preventDefault(); search(); });
  // What was searched for, and what is ticked, is what counts: see `searched` in signup_fields.py.
  form.addEventListener("submit", () => { form.elements.searched.value = input.value; });
}

const zones = document.querySelector("select[data-guess]");
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zones && own) {
  if (![...zones.options].some(({ value }) => value === own)) zones.add(new Option(own.replaceAll("_", " "), own));
  zones.value = own;
}
