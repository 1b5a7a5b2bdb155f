// The sign-up form for other sites, drawn in place, in a shadow root, without a third party:
//   <script src="…/embed.js" data-topics="trial:NCT… condition:…" async></script>
//   <trial-alerts-signup topics="trial:NCT… condition:…"></trial-alerts-signup>
// The page /embed of the service explains it. Before this stand proof.js and search.js, in the same function.
const GIVEN = {"base":"","offline":{}}; // written by the service: its address, and words for when it is away
const NAME = "trial-alerts-signup";
const PATIENCE = 30_000; // milliseconds, more than the service takes when its database hangs
const running = document.currentScript; // null in a module
const base = (running?.src && new URL(running.src).pathname.endsWith("/embed.js")
  ? new URL(".", running.src).href : GIVEN.base).replace(/\/$/, "");

const STYLE = `
  :host { display: block; font: inherit; line-height: 1.5; text-align: start;
    --accent: var(--trial-alerts-accent, var(--own-accent)); --on-accent: var(--trial-alerts-on-accent, var(--own-on-accent));
    --line: var(--trial-alerts-line, var(--own-line)); --error: var(--trial-alerts-error, var(--own-error));
    --ground: var(--trial-alerts-field, transparent); --radius: var(--trial-alerts-radius, 6px); --gap: var(--trial-alerts-gap, 1em); }
  :host([hidden]) { display: none; }
  .all { font-family: var(--trial-alerts-font, inherit); color: var(--trial-alerts-ink, inherit); overflow-wrap: anywhere; white-space: normal; }
  form, p, fieldset, ul, details { margin: 0 0 var(--gap); } fieldset { border: 0; padding: 0; min-width: 0; }
  ul { list-style: none; padding: 0; } details ul { padding-inline-start: 1.2em; list-style: disc; } details ul.found { padding: 0; list-style: none; }
  li { margin: 0 0 .4em; }
  label, legend { display: block; padding: 0; } .label, legend { font-weight: 600; margin-bottom: .25em; }
  .choice { display: flex; gap: .6em; align-items: start; padding: .3em 0; min-height: 2em; cursor: pointer; }
  .choice input { flex: none; width: 1.4em; height: 1.4em; margin: .05em 0 0; accent-color: var(--accent); }
  .choice > span { min-width: 0; } .kind, .hint { display: block; font-size: .9em; opacity: .85; } span.hint, .hint[role=status] { margin-top: .4em; } form > .choice { margin-bottom: var(--gap); }
  input:not([type=checkbox]), select { box-sizing: border-box; width: 100%; min-height: 2.8em; padding: .5em .7em; font: inherit;
    color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: var(--radius); }
  select option { color: FieldText; background: Field; }
  button { font: inherit; font-weight: 600; min-height: 2.8em; padding: .6em 1.3em; cursor: pointer; color: var(--on-accent);
    background: var(--accent); border: 1px solid var(--accent); border-radius: var(--radius); }
  button[aria-disabled=true] { opacity: .7; cursor: progress; }
  summary { cursor: pointer; font-weight: 600; padding: .4em 0; min-height: 1.5em; }
  a { color: inherit; } :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  .error { font-weight: 600; margin: .3em 0 .6em; padding-inline-start: .6em; border-inline-start: 4px solid var(--error); }
  .error:empty { display: none; } .done { font-weight: 600; } .done:focus { outline: none; }
  .unseen { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @media (forced-colors: active) { button { border: 2px solid ButtonText; } }`;

function build(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (key === "part") { made.part = value; made.className = `${value} ${made.className}`; }
    else if (key === "className") made.className += ` ${value}`;
    else if (key in made && key !== "list") made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** Adds styles to a shadow root; returns what replaces them. A strict page forbids <style>, not a style sheet of this
 *  kind, which browsers before 2023 don't have. */
function addStyles(root, css = "") {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return (changed) => sheet.replaceSync(changed);
  } catch {
    const style = build("style", {}, css);
    root.append(style);
    return (changed) => { style.textContent = changed; };
  }
}

/** An answer of the service; a request that hangs fails. */
function ask(path, options = {}) {
  const control = new AbortController();
  setTimeout(() => control.abort(), PATIENCE);
  return fetch(base + path, { ...options, signal: control.signal });
}

/** The topics of an attribute, with spaces between and, in names of conditions, within. */
const listed = (text) => (text ?? "").trim().split(/\s+(?=(?:trial|condition):)/i).filter(Boolean);
const timezone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
const hosted = (topics, lang) =>
  `${base}/subscribe?${new URLSearchParams([...topics.map((topic) => ["topic", topic]), ["lang", lang]])}`;

/** A link that leaves the page where it is. */
function newWindow(href, text, words) {
  return build("a", { part: "link", href, target: "_blank", rel: "noopener" }, text,
    build("span", { className: "unseen" }, ` (${words.new_window})`));
}

/** A sentence that holds links as HTML, `<a href="…">…</a>`, as nodes. */
function withLinks(sentence, words) {
  return sentence.split(/(<a href="[^"]*">[^<]*<\/a>)/).map((piece) => {
    const link = piece.match(/^<a href="([^"]*)">([^<]*)<\/a>$/);
    return link ? newWindow(link[1], link[2], words) : piece;
  });
}

class SignUp extends HTMLElement {
  static observedAttributes = ["topics", "data-topics", "lang"];
  #all = build("div", { className: "all" });
  #drawing = 0;
  #drawn = "";
  #typed = {};
  #paintOwn;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    addStyles(root, STYLE);
    this.#paintOwn = addStyles(root);
    this.#all.append(build("slot"));
    root.append(this.#all);
  }

  get topics() { return listed(this.getAttribute("topics") ?? this.dataset.topics); }
  set topics(value) { this.setAttribute("topics", Array.isArray(value) ? value.join(" ") : value); }

  get #language() {
    return this.closest("[lang]")?.lang || document.documentElement.lang || navigator.language || "";
  }

  get #question() {
    return String(new URLSearchParams([...this.topics.map((topic) => ["topic", topic]), ["lang", this.#language]]));
  }

  /** A page may move the element, into a dialog for example: what was typed, or the message after it was sent, stays. */
  connectedCallback() {
    if (this.#drawn !== this.#question) this.#draw();
  }

  attributeChangedCallback(_, before, now) {
    if (this.isConnected && before !== now) this.#draw();
  }

  #dispatch(name, detail) {
    this.dispatchEvent(new CustomEvent(`trial-alerts:${name}`, { detail, bubbles: true, composed: true }));
  }

  async #draw() {
    const number = ++this.#drawing;
    await null; // several attributes that change together are drawn once
    if (number !== this.#drawing) return;
    const topics = this.topics;
    const question = this.#question;
    let given;
    try {
      const answer = await ask(`/v1/form?${question}`);
      given = answer.ok ? await answer.json() : null;
    } catch {
      given = null;
    }
    if (number !== this.#drawing) return;
    this.#drawn = given?.terms ? question : "";
    if (given?.terms) {
      this.#keepTyped();
      this.#all.lang = given.lang;
      this.#all.dir = given.dir;
      this.#paint(given.colours);
      this.#all.replaceChildren(this.#form(given, topics));
    } else {
      this.#away(topics);
    }
  }

  /** The site's own children, or else a sentence and a way to the hosted form, while the service does not answer. It
   *  never answers a page whose origin it does not know, as in a frame with `sandbox`. */
  #away(topics) {
    this.#dispatch("failed", { status: 0, reason: "unavailable", topics });
    if (this.childElementCount || this.textContent.trim()) {
      this.#all.replaceChildren(build("slot"));
      return;
    }
    const [code] = [this.#language, this.#language.split("-")[0], "en"].filter((tag) => GIVEN.offline[tag]);
    const words = GIVEN.offline[code] ?? {};
    const again = build("button", { part: "button", type: "button" }, words.again ?? "");
    again.addEventListener("click", async () => {
      await this.#draw();
      this.#all.querySelector("#topic, button")?.focus(); // the button that had the focus is gone
    });
    this.#all.replaceChildren(build("p", { part: "message", role: "status", lang: code, dir: "auto" }, `${words.away ?? ""} `,
      newWindow(hosted(topics, this.#language), words.title ?? "", words)),
      build("p", { lang: code, dir: "auto" }, again));
  }

  /** The service's accent: a site sets --trial-alerts-… to have its own. */
  #paint(colours) {
    const own = Object.entries(colours).map(([name, [light, dark]]) => {
      const property = `--own-${name.replace("_", "-")}`;
      return `${property}: ${light}; ${property}: ${CSS.supports("color", "light-dark(red, red)") ? `light-dark(${light}, ${dark})` : light};`;
    });
    this.#paintOwn(`:host { ${own.join(" ")} }`);
  }

  #keepTyped() {
    const form = this.#all.querySelector("form");
    if (form) this.#typed = { email: form.elements.email.value, frequency: form.elements.frequency.value };
  }

  #choice(topic, words, checked) {
    const kind = topic.note ? topic.note : topic.parent ? words.part.replace("{parent}", topic.parent) : words[topic.kind];
    const title = topic.kind === "trial" && !topic.note && !topic.name.includes(topic.key.slice(6))
      ? `${topic.name} (${topic.key.slice(6)})` : topic.name;
    return build("li", {}, build("label", { part: "choice" },
      build("input", { part: "checkbox", type: "checkbox", name: "topic", value: topic.key, checked,
        "aria-describedby": "topic-error" }),
      build("span", {}, build("bdi", { lang: "en" }, title), build("span", { part: "kind" }, kind))));
  }

  #form(given, topics) {
    const { words } = given;
    const error = (name) => build("p", { part: "error", id: `${name}-error`, role: "alert" });
    const label = (name, text) => build("label", { part: "label", htmlFor: name }, text);
    const button = build("button", { part: "button", type: "submit" }, words.button);
    const form = build("form", { part: "form", noValidate: true, "aria-label": words.title },
      build("fieldset", { part: "topics", id: "topic", tabIndex: -1 }, build("legend", { part: "legend" }, words.topics),
        build("ul", {}, ...given.topics.map((topic) => this.#choice(topic, words, true))),
        ...given.questions.flatMap((question) => [build("p", { part: "question" }, question.text),
          build("ul", {}, ...question.choices.map((topic) => this.#choice(topic, words, false)))]),
        this.#search(given), error("topic")),
      build("p", {}, label("email", words.email),
        build("input", { part: "input", type: "email", dir: "ltr", id: "email", name: "email", autocomplete: "email", required: true,
          "aria-describedby": "email-error", value: this.#typed.email ?? "" }), error("email")),
      this.#safety(given.safety),
      build("p", {}, label("frequency", words.frequency),
        build("select", { part: "select", id: "frequency", name: "frequency", "aria-describedby": "frequency-hint frequency-error" },
          ...Object.entries(given.frequencies).map(([value, text]) =>
            build("option", { value, selected: value === (this.#typed.frequency ?? given.frequency) }, text))),
        build("span", { part: "hint", id: "frequency-hint" }, words.quiet), error("frequency")),
      build("label", { part: "choice" },
        build("input", { part: "checkbox", type: "checkbox", id: "accept_terms", required: true,
          "aria-describedby": "accept_terms-error terms_version-error" }),
        build("span", {}, ...withLinks(words.agreement, words))),
      error("accept_terms"), error("terms_version"), error("challenge"), error("form"),
      build("div", { className: "unseen", "aria-hidden": "true" },
        build("label", {}, words.empty, build("input", { name: "website", tabIndex: -1, autocomplete: "off" }))),
      build("p", {}, button, build("span", { part: "hint" }, words.next)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(form, button, given, topics);
    });
    return form;
  }

  #search(given) {
    const { words } = given;
    const input = build("input", { part: "input", type: "search", id: "search", autocapitalize: "none", autocomplete: "off",
      spellcheck: false, "aria-describedby": "search-hint" });
    const list = build("ul", { className: "found" });
    const status = build("p", { part: "hint", role: "status" });
    const more = build("details", { part: "more", open: !given.topics.length && !given.questions.length },
      build("summary", { part: "summary" }, words.more),
      build("label", { part: "label", htmlFor: "search" }, words.search),
      build("p", { part: "hint", id: "search-hint" }, `${words.search_hint} ${words.below}`), input, status, list);
    queueMicrotask(() => searchTopics({ input, list, status, base, form: more.closest("form"),
      words: { found: words.found, nothing: words.nothing_found, failed: words.search_failed },
      draw: (topic) => this.#choice(topic, words, false) }));
    return more;
  }

  #safety({ heading, advice }) {
    return build("details", { part: "safety" }, build("summary", { part: "summary" }, heading),
      build("ul", {}, ...advice.map((sentence) => build("li", {}, sentence))));
  }

  async #proof() {
    const asked = await (await ask("/v1/challenge")).json();
    return asked.required ? solveProof(asked) : undefined;
  }

  async #send(form, button, given, topics) {
    const { words } = given;
    if (button.getAttribute("aria-disabled")) return; // on its way; a disabled button would lose the focus
    button.setAttribute("aria-disabled", "true");
    for (const place of form.querySelectorAll(".error")) place.textContent = "";
    for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    const chosen = [...form.querySelectorAll("input[name=topic]:checked")].map((box) => box.value);
    const { email, frequency, website } = form.elements;
    let status = 0;
    try {
      const body = { email: email.value, topic: chosen, frequency: frequency.value, website: website.value,
        accept_terms: form.querySelector("#accept_terms").checked, terms_version: given.terms.version,
        locale: given.lang, timezone: timezone(), challenge: await this.#proof() };
      const answer = await ask("/v1/subscriptions", { method: "POST", body: JSON.stringify(body),
        headers: { "content-type": "application/json", "accept-language": given.lang } });
      ({ status } = answer);
      if (status === 202) {
        const done = build("p", { part: "message", className: "done", tabIndex: -1, role: "status" }, words.done);
        this.#typed = {};
        this.#all.replaceChildren(done);
        done.focus();
        this.#dispatch("submitted", { topics: chosen, frequency: frequency.value });
        return;
      }
      const problem = await answer.json();
      if (problem.errors?.some(({ field }) => field === "terms_version")) await this.#renewTerms(form, given);
      const fields = this.#showProblem(form, problem);
      this.#dispatch("failed", { status, reason: "refused", fields, topics: chosen });
    } catch {
      form.querySelector("#form-error").replaceChildren(`${words.failed} `,
        build("a", { part: "link", href: hosted(chosen.length ? chosen : topics, given.lang) }, words.title));
      this.#dispatch("failed", { status, reason: "unavailable", topics: chosen });
    }
    button.removeAttribute("aria-disabled");
  }

  /** Other terms are in force than when the form was drawn: it names them, to be agreed to anew. */
  async #renewTerms(form, given) {
    const { terms, words } = await (await ask(`/v1/form?${new URLSearchParams({ lang: given.lang })}`)).json();
    const box = form.querySelector("#accept_terms");
    given.terms = terms;
    box.checked = false;
    box.nextElementSibling.replaceChildren(...withLinks(words.agreement, words));
  }

  /** Each error at its field, the focus on the first; the fields' names. */
  #showProblem(form, problem) {
    const errors = problem.errors?.length ? problem.errors : [{ field: "form", message: problem.detail }];
    for (const { field, message } of errors) {
      const place = form.querySelector(`#${CSS.escape(`${field}-error`)}`) ?? form.querySelector("#form-error");
      if (!place.textContent) place.textContent = message;
      const marked = field === "terms_version" ? "accept_terms" : field;
      form.querySelector(`#${CSS.escape(marked)}`)?.setAttribute("aria-invalid", "true");
    }
    const first = form.querySelector("[aria-invalid]");
    (first?.matches("fieldset") ? first.querySelector("input") ?? first : first ?? form.querySelector("[type=submit]")).focus();
    return errors.map(({ field }) => field);
  }
}
if (!customElements.get(NAME)) customElements.define(NAME, SignUp);

/** Draws the form that a script element asks for: behind it, in `data-target`, or, from <head>, at the page's end. */
function place(script) {
  const topics = () => script.dataset.topics ?? script.dataset.topic ?? "";
  const target = script.dataset.target;
  const found = target && (document.getElementById(target) ?? document.querySelector(target));
  if (!found && document.readyState === "loading" && (target || !script.closest("body"))) {
    document.addEventListener("DOMContentLoaded", () => place(script), { once: true });
    return;
  }
  const within = found || (script.closest("body") ? null : document.querySelector("main") ?? document.body);
  // A page that is swapped for a copy of itself (Turbo, htmx, a prerendered page) has its form already.
  const there = within ? [...within.children] : [script.nextElementSibling];
  let host = there.find((element) => element?.matches(`${NAME}[data-placed]`) && element.getAttribute("topics") === topics());
  if (!host) {
    host = document.createElement(NAME);
    host.dataset.placed = "";
    host.setAttribute("topics", topics());
    if (script.lang) host.lang = script.lang;
    if (within) within.append(host);
    else script.after(host);
  }
  new MutationObserver(() => host.setAttribute("topics", topics()))
    .observe(script, { attributes: true, attributeFilter: ["data-topics", "data-topic"] });
}

// A module knows no script element of its own: every one that asks for a form is looked at, each once.
for (const script of document.querySelectorAll("script[src][data-topics], script[src][data-topic]")) {
  if (new URL(script.src).pathname.endsWith("/embed.js") && !script.trialAlerts) {
    script.trialAlerts = true;
    place(script);
  }
}
