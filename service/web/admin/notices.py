"""The dashboard's notices after a button was pressed, by the `done` in the URL that it leads to."""

NOTICES = {
    "released": "The run is released: its mails leave now.",
    "cancelled_later": "The run is cancelled: no mail of it leaves, and the next digests report its news.",
    "cancelled_never": "The run is cancelled: no mail of it leaves, and its news is never sent.",
    "replayed": "The event is processed again.",
    "discarded": "The event is set aside: it is not processed any more.",
    "not_discarded": "Nothing was changed: the event is not among the failed ones, perhaps not any more.",
    "mail_held": "All mail is held: nothing leaves until it is released.",
    "mail_released": "The hold has ended: queued mail leaves now.",
}
