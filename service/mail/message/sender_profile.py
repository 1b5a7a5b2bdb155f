"""The sender of every mail: name, address, postal address, links to the terms."""

import re
from dataclasses import dataclass, field, replace
from email.utils import parseaddr

from service.domain.design import Website

_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_SENDER_ID = re.compile(r"[A-Za-z0-9_-]{5,15}")
_LINK = re.compile(r"https?://[!#-;=?-~]+")
_ADDRESS = re.compile(r"[!#-'*+/-9=?A-Z^-~.-]+@[A-Za-z0-9.-]+")
_CONTROL = re.compile("[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, eq=False)
class SenderProfile:
    """The sender of every mail, made once from the settings (compared by identity, so that it can be cached).

    `mail_from` is "Name <address>", `mail_domain` the domain of Message-ID and List-Id,
    `feedback_sender_id` 5 to 15 characters that never change (Feedback-ID, docs/standards.md), `website` the
    one whose name and colours every mail carries: that of the sender if it has no name. `reply_to` is an
    address whose owner reads answers; without it the mails say that answers are not read.
    Raises ValueError if one of them is not valid in a header.
    """

    mail_from: str
    mail_domain: str
    postal_address: str
    terms_url: str
    privacy_url: str
    public_url: str
    feedback_sender_id: str
    website: Website = field(default_factory=lambda: Website(""))
    reply_to: str = ""
    is_sent_by_postmark: bool = False
    sender_name: str = field(init=False)
    sender_address: str = field(init=False)

    def __post_init__(self) -> None:
        name, address = parseaddr(self.mail_from)
        if not _ADDRESS.fullmatch(address) or _CONTROL.search(self.mail_from):
            raise ValueError("the sender must be given as: Name <address>")
        if self.reply_to and not _ADDRESS.fullmatch(self.reply_to):
            raise ValueError("the address for answers must be a bare address")
        if not _DOMAIN.fullmatch(self.mail_domain):
            raise ValueError("the mail domain is not a domain")
        if not _SENDER_ID.fullmatch(self.feedback_sender_id):
            raise ValueError("the feedback sender id must be 5 to 15 letters or digits")
        if not self.postal_address.strip():
            raise ValueError("a postal address is needed in every mail")
        for url in (self.terms_url, self.privacy_url, self.public_url):
            link(url)
        object.__setattr__(self, "sender_name", name or address)
        if not self.website.name:
            object.__setattr__(self, "website", replace(self.website, name=self.sender_name))
        object.__setattr__(self, "sender_address", address)

    @property
    def postal_lines(self) -> list[str]:
        """The lines of the postal address; a literal backslash-n is a line end, as in .env files."""
        lines = self.postal_address.replace("\\n", "\n").splitlines()
        return [line.strip() for line in lines if line.strip()]


def link(url: str) -> str:
    """The URL, if it is valid literally in a header and a body: printable ASCII, http or https.

    Raises ValueError otherwise, without the URL (it may contain a token).
    """
    if not _LINK.fullmatch(url) or len(url) > 900:
        raise ValueError("a link in a mail must be an http(s) URL in ASCII")
    return url
