"""Composes a mail into its bytes (RFC 5322 with CRLF, not dot-stuffed); no settings, clock or database."""

from datetime import datetime
from typing import Any

from service.domain.delivery.kinds import MAIL_KINDS
from service.mail.message import mime
from service.mail.message.kinds import KIND_OF, Digest, Mail
from service.mail.message.mime import alternatives, quoted_printable
from service.mail.message.sender_profile import SenderProfile, link
from service.mail.render.digest import digest_body, digest_values
from service.mail.render.templates import Rendered, mail_template

__all__ = ["SenderProfile", "compose", "render"]


def compose(
    mail: Mail, *, frame: SenderProfile, recipient: str, language: str, message_key: str, date: datetime
) -> bytes:
    """The whole message for one recipient, in a supported language.

    No line begins with a dot, and all of it is ASCII except a non-ASCII recipient. `date` must be aware.
    Deterministic, so that a retry repeats the mail exactly.
    Raises ValueError if the recipient, the key or a link is not valid in a mail.
    """
    unsubscribe_url = _check_links(mail)
    mine = mime.personal_headers(frame, recipient, message_key, date, unsubscribe_url)
    if isinstance(mail, Digest):
        return b"".join([mine, *digest_body(mail, frame, language)])
    words = render(mail, frame=frame, language=language)
    shared = mime.common_headers(
        frame,
        subject=words.subject,
        language=language,
        rules=MAIL_KINDS[KIND_OF[type(mail)]],
    )
    body = alternatives(quoted_printable(words.text), quoted_printable(words.html))
    return mine + shared + body


def render(mail: Mail, *, frame: SenderProfile, language: str) -> Rendered:
    """The rendered templates of a mail, as a preview shows them and as the bytes decode."""
    values: dict[str, Any] = mail._asdict()
    if isinstance(mail, Digest):
        values |= digest_values(mail, frame, language)
    return mail_template(KIND_OF[type(mail)], language, frame.website).render({**values, "frame": frame})


# The link to the full digest is made, and checked, only where it is shown.
_LINKS = {
    kind: [name for name in kind._fields if name.endswith("_url") and name != "full_digest_url"]
    for kind in KIND_OF
}


def _check_links(mail: Mail) -> str | None:
    """Checks all links of the mail; returns its unsubscribe link, or None."""
    for name in _LINKS[type(mail)]:
        link(getattr(mail, name))
    return getattr(mail, "unsubscribe_url", None)
