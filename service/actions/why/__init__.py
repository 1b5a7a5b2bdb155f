"""Why somebody did or did not get a mail: by address, by delivery, by event; in sentences, stage by stage."""
