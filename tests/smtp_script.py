"""The script of the tests' SMTP server, and its record of sessions."""

from dataclasses import dataclass


@dataclass
class On:
    """A deviation at CONNECT, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, BODY, RSET or QUIT.

    `reply` is sent as it stands (None: the usual one); `delay` seconds pass before; `stall`: nothing ever
    again; `drop`: closed without an answer; `drop_after`: closed after it; `stop_reading`: answers and
    reads nothing more. Only where `match` is in the
    command (in the message, at BODY), after `skip` such cases, and `times` times.
    """

    stage: str
    reply: str | bytes | None = None
    match: str = ""
    times: int = 1_000_000
    skip: int = 0
    delay: float = 0.0
    stall: bool = False
    drop: bool = False
    drop_after: bool = False
    stop_reading: bool = False

    def applies(self, stage: str, text: bytes) -> bool:
        """Whether this rule is meant; counts the cases."""
        if stage != self.stage or self.match.encode() not in text:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return self.times >= 0


@dataclass(frozen=True)
class Received:
    """One mail taken: envelope as written, content without dot-stuffing."""

    mail_from: str
    rcpt_to: str
    parameters: str
    content: bytes
    encrypted: bool
    login: str | None
    connection: int
