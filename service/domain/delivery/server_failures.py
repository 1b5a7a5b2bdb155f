"""Why a mail server can't be used: the reason in a word, for operators, metrics and the log. Pure."""

from enum import StrEnum


class Failure(StrEnum):
    """Why no mail could be handed to a server; the value is logged, stored and shown."""

    REFUSED = "refused"  # nothing listens on its port
    UNKNOWN_HOST = "unknown_host"  # its name leads nowhere
    UNREACHABLE = "unreachable"  # no way through the network
    TIMEOUT = "timeout"  # it did not answer in time
    CLOSED = "closed"  # it closed the connection
    CERTIFICATE = "certificate"  # its certificate does not verify
    TLS = "tls"  # no encrypted connection could be negotiated, or none is offered
    LOGIN = "login"  # user, password or token refused
    NO_MECHANISM = "no_mechanism"  # no common mechanism to log in
    REPLY = "reply"  # it answered, and refused the session, or us in each mail
    DENIES = "denies_every_mail"  # it refuses each for good, to any recipient: relaying, a login
    DEFERS = "defers_every_mail"  # it takes none for now, to any recipient


#: Failures that a worker notices only by sending mails: one that sent none does not know them.
LEARNED_BY_MAILS = frozenset({Failure.DENIES, Failure.DEFERS})

#: The meaning of each, as the end of a sentence for an operator.
WORDS = {
    Failure.REFUSED: "nothing accepts connections there",
    Failure.UNKNOWN_HOST: "its name can’t be resolved",
    Failure.UNREACHABLE: "the network has no way to it",
    Failure.TIMEOUT: "it does not answer",
    Failure.CLOSED: "it closes the connection",
    Failure.CERTIFICATE: "its certificate does not verify",
    Failure.TLS: "no TLS session could be established",
    Failure.LOGIN: "it refuses the login",
    Failure.NO_MECHANISM: "there is no common way to log in",
    Failure.REPLY: "it refuses the session or our mails as such",
    Failure.DENIES: "it refuses every mail",
    Failure.DEFERS: "it puts off every mail",
}

#: The meaning and the remedy of each, as one sentence for an operator.
ADVICE = {
    Failure.REFUSED: "Nothing accepts connections there: check host and port of ALERTS_SMTP_URL.",
    Failure.UNKNOWN_HOST: "The host's name can't be resolved: check ALERTS_SMTP_URL and the resolver.",
    Failure.UNREACHABLE: "The network has no way to the host: check routes and firewalls.",
    Failure.TIMEOUT: "The server does not answer: check port and firewalls, and whether it is overloaded.",
    Failure.CLOSED: "The server closes the connection: check whether port and TLS mode belong together.",
    Failure.CERTIFICATE: "Its certificate does not verify: renew it, or use the name that it is for.",
    Failure.TLS: "No TLS session could be established: check smtps:// and tls= in ALERTS_SMTP_URL.",
    Failure.LOGIN: "The server refuses the login: check user and password or token in ALERTS_SMTP_URL.",
    Failure.NO_MECHANISM: "The server offers no login by CRAM-MD5, PLAIN, LOGIN or XOAUTH2, as configured.",
    Failure.REPLY: "The server refuses the session or our mails as such: its reply says why.",
    Failure.DENIES: "The server refuses every mail; its reply says why. Let it relay for this machine, or put"
    " a login into ALERTS_SMTP_URL, then restart the workers. Meanwhile what is due waits, and one mail is"
    " tried after a minute, later every half hour.",
    Failure.DEFERS: "The server puts off every mail: its reply says why (no space, a limit, a filter that is"
    " away). What it put off is tried again by itself: links within 45 minutes, digests within five hours.",
}
