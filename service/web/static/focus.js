// After an error: the summary gets the focus, so that it is read out and seen first.
document.getElementById("summary")?.focus();
