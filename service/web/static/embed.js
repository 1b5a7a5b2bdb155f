// The sign-up form for other sites. In place, in a shadow root, without a third party:
//   <script src="…/embed.js" data-topic="trial:NCT…" async></script>
//   <trial-alerts-signup topics="trial:NCT… condition:…"></trial-alerts-signup>
(() => {
  const script = document.currentScript;
  const base = new URL(".", script.src).href.replace(/\/$/, ""); // with the path that the service stands below
  const style = `
    :host { display: block; color-scheme: light dark; font: inherit; line-height: 1.5; }
    form, p, fieldset { margin: 0 0 1em; } fieldset { border: 0; padding: 0; min-width: 0; }
    label, legend { display: block; padding: 0; } .name { font-weight: 600; margin-bottom: .25em; }
    .choice { display: flex; gap: .6em; align-items: start; padding: .3em 0; min-height: 2em; }
    .choice input { flex: none; width: 1.4em; height: 1.4em; margin: .05em 0 0; }
    input[type=email], select { box-sizing: border-box; width: 100%; min-height: 2.8em; padding: .5em .7em; font: inherit;
      color: inherit; background: transparent; border: 1px solid #777; border-radius: 6px; }
    select option { color: #22262a; background: #fff; }
    button { font: inherit; font-weight: 600; min-height: 2.8em; padding: .6em 1.3em; cursor: pointer; color: #fff;
      background: #1a5a78; border: 1px solid #1a5a78; border-radius: 6px; }
    button[disabled] { opacity: .7; cursor: progress; }
    a { color: inherit; } :focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
    .error { font-weight: 600; margin: .3em 0 0; padding-inline-start: .6em; border-inline-start: 4px solid #c0392b; }
    .error:empty { display: none; } .done { font-weight: 600; }
    .trap { position: absolute; left: -100vw; width: 1px; height: 1px; overflow: hidden; }`;
  const often = [["immediate", "As soon as something changes"], ["daily", "Once a day"],
    ["weekly", "Once a week"], ["monthly", "Once a month"]];

  function element(name, properties = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key in made && key !== "list") made[key] = value; else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }

  const hex = (buffer) => Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, "0")).join("");

  async function proof() {
    const asked = await (await fetch(base + "/v1/challenge")).json();
    if (!asked.required) return undefined;
    const encoder = new TextEncoder();
    const { algorithm, challenge, salt, signature, maxNumber } = asked;
    for (let from = 0; from <= maxNumber; from += 500) {
      const hashes = await Promise.all(Array.from({ length: 500 }, (_, i) =>
        crypto.subtle.digest("SHA-256", encoder.encode(salt + (from + i)))));
      const found = hashes.findIndex((hash) => hex(hash) === challenge);
      if (found >= 0) return btoa(JSON.stringify({ algorithm, challenge, number: from + found, salt, signature }));
    }
    return undefined;
  }

  function plainLink(topics) {
    const query = new URLSearchParams(topics.map((topic) => ["topic", topic]));
    return element("p", {}, element("a", { href: base + "/subscribe?" + query }, "Get updates by email"));
  }

  function form(topics, terms) {
    const error = (name) => element("p", { className: "error", id: name + "-error", role: "alert" });
    const email = element("input", { type: "email", id: "email", name: "email", autocomplete: "email", required: true,
      "aria-describedby": "email-error" });
    const frequency = element("select", { id: "frequency", name: "frequency", "aria-describedby": "frequency-error" },
      ...often.map(([value, words]) => element("option", { value, selected: value === "weekly" }, words)));
    const accept = element("input", { type: "checkbox", id: "accept_terms", required: true,
      "aria-describedby": "accept_terms-error terms_version-error" });
    const trap = element("input", { name: "website", tabIndex: -1, autocomplete: "off" });
    const button = element("button", { type: "submit" }, "Sign up");
    const link = (href, words) => element("a", { href, target: "_blank", rel: "noopener" }, words);
    const made = element("form", { noValidate: true, "aria-label": "Get updates by email" },
      element("p", {}, element("label", { htmlFor: "email", className: "name" }, "Your email address"), email, error("email")),
      element("p", {}, element("label", { htmlFor: "frequency", className: "name" }, "How often?"), frequency, error("frequency")),
      element("label", { className: "choice" }, accept, element("span", {}, "I agree to the ",
        link(terms.url, "terms (version " + terms.version + ")"), ".")),
      error("accept_terms"), error("terms_version"), error("topic"), error("challenge"), error("form"),
      element("div", { className: "trap", "aria-hidden": "true" }, trap),
      button);
    made.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      made.querySelectorAll(".error").forEach((one) => { one.textContent = ""; });
      made.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
      try {
        const body = { email: email.value, topic: topics, frequency: frequency.value, accept_terms: accept.checked,
          terms_version: terms.version, website: trap.value, locale: document.documentElement.lang || undefined,
          timezone: Intl.DateTimeFormat().resolvedOptions().timeZone, challenge: await proof() };
        const answer = await fetch(base + "/v1/subscriptions", { method: "POST",
          headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
        if (answer.ok) {
          const done = element("p", { className: "done", tabIndex: -1, role: "status" },
            "Look into your mailbox: there is a link to confirm. Nothing is set up until you press it.");
          made.replaceWith(done);
          done.focus();
          return;
        }
        show(made, await answer.json());
      } catch {
        made.querySelector("#form-error").replaceChildren("This did not work. ", plainLink(topics).firstChild);
      }
      button.disabled = false;
    });
    return made;
  }

  function show(made, problem) {
    const errors = problem.errors?.length ? problem.errors : [{ field: "form", message: problem.detail }];
    for (const { field, message } of errors) {
      const place = made.querySelector("#" + CSS.escape(field + "-error")) ?? made.querySelector("#form-error");
      if (!place.textContent) place.textContent = message;
      made.querySelector("#" + CSS.escape(field))?.setAttribute("aria-invalid", "true");
    }
    (made.querySelector("[aria-invalid]") ?? made.querySelector("button")).focus();
  }

  async function draw(host, topics) {
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet(); // a strict page forbids <style>, not this
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
    try {
      const answer = await fetch(base + "/v1/terms");
      if (!answer.ok || !topics.length) throw new Error("no form");
      root.append(form(topics, await answer.json()));
    } catch {
      root.append(plainLink(topics));
    }
  }

  class SignUp extends HTMLElement {
    connectedCallback() {
      if (!this.shadowRoot) draw(this, (this.getAttribute("topics") ?? "").split(/\s+/).filter(Boolean));
    }
  }
  if (!customElements.get("trial-alerts-signup")) customElements.define("trial-alerts-signup", SignUp);

  // HTML keeps the first of several attributes of one name: more topics are separated by spaces.
  const own = (script.dataset.topic ?? "").split(/\s+/).filter(Boolean);
  if (own.length) {
    const host = document.createElement("trial-alerts-signup");
    host.setAttribute("topics", own.join(" "));
    script.after(host);
  }
})();
