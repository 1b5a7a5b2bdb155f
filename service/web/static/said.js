// What was done is said once: a page that is loaded again, by a telephone that had put it away, does not repeat it.
const here = new URL(location.href);
here.searchParams.delete("said");
history.replaceState(history.state, "", here);
