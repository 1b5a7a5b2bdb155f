// A button that is pressed twice, by a trembling hand or on a slow line, sends its form once: otherwise the answer to
// the second press takes the place of the first one's, which says what was done and how to undo it.
const MOMENT = 10_000;
let sent = null;

addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const { target: form, submitter: button, timeStamp: at } = event;
  if (sent && sent.form === form && sent.button === button && at - sent.at < MOMENT) event.preventDefault();
  else sent = { form, button, at };
});
addEventListener("pageshow", () => { sent = null; }); // the browser may show the same page when one comes back to it
