// The browser's time zone, for who signed up by a form that could not give one.
document.querySelector("input[name=timezone]").value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
