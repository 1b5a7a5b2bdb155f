// After an error: its summary gets the focus, so that it is read out and seen first; or, without one, the field.
(document.getElementById("summary") ?? document.querySelector("[aria-invalid=true]"))?.focus();
