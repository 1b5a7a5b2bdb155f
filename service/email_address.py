"""Validation and normalization of email addresses as typed."""

import re
import unicodedata

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from service.domain.wording.messages import lazy_gettext as _

_LOCAL, _DOMAIN, _ALL = 64, 255, 254

# Stands for a character that was lost in decoding, such as NUL: no mailbox's name has it.
_LOST = "\ufffd"

_SPACES = "".join(letter for letter in map(chr, range(0x3001)) if letter.isspace())
_UNSEEN = (
    "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069"
)

#: White space, and invisible characters around a copied text: marks of direction, joiners, a byte order
#: mark. No address has them at its ends.
AROUND = _SPACES + _UNSEEN + "\ufeff"

# The common case: lower-case ASCII without quotes, a domain without A-labels that ends in letters.
# The library accepts all such addresses unchanged, except those of reserved domains.
_PLAIN = re.compile(
    r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?P<top>[a-z]{2,63})"
)
_RESERVED = frozenset(name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES)


def _is_plain(text: str) -> bool:
    """Whether `text` is a common address that is already normalized."""
    if len(text) > _ALL or "--" in text:
        return False
    found = _PLAIN.fullmatch(text)
    return found is not None and text.index("@") <= _LOCAL and found["top"] not in _RESERVED


def _is_spelt_as(typed: str, readable: str, ascii_domain: str) -> bool:
    """Whether a domain was typed as its U-labels or A-labels, in any case.

    IDNA 2008 (RFC 5891 §4.1) allows no other spelling. The library also maps compatibility forms, as browsers
    do (UTS 46): it would accept the "fi" ligature for `fi.example`.
    """
    # Letter by letter: lower() of a word maps a final capital sigma differently, to another domain.
    lowered = unicodedata.normalize("NFC", "".join(letter.lower() for letter in typed)).split(".")
    labels = list(zip(readable.split("."), ascii_domain.split("."), strict=True))
    return len(lowered) == len(labels) and all(
        label in spellings for label, spellings in zip(lowered, labels, strict=True)
    )


def _turns_into_ascii(typed: str) -> bool:
    """Whether NFC makes an ASCII character of another one, such as the Kelvin sign: another mailbox."""
    return not typed.isascii() and any(
        unicodedata.normalize("NFC", letter).isascii() for letter in typed if not letter.isascii()
    )


class InvalidAddress(ValueError):
    """The address is invalid. The message says what to correct, without the address."""


def normalize_email(typed: str) -> str:
    """The address with its local part as typed (NFC), its domain in lower-case A-labels (IDNA 2008).

    RFC 5321 §2.4 leaves the local part to the receiver; sizes are octets (§4.5.3.1, RFC 3696 errata).
    Raises InvalidAddress.
    """
    typed = typed.strip(AROUND)
    text = unicodedata.normalize("NFC", typed)
    if _turns_into_ascii(typed[: 4 * _ALL]):
        raise InvalidAddress(_("This doesn’t look like an email address. Check it for typing mistakes."))
    if _is_plain(text):
        return text
    if not text:
        raise InvalidAddress(_("Enter your email address."))
    if "@" not in text:
        raise InvalidAddress(_("An email address has an @ in it, such as name@example.org."))
    if len(text) > 4 * _ALL:
        raise InvalidAddress(_("This email address is too long."))
    try:
        if _LOST in text:
            raise EmailNotValidError
        found = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        raise InvalidAddress(
            _("This doesn’t look like an email address. Check it for typing mistakes.")
        ) from None
    local, domain = found.local_part, (found.ascii_domain or "").lower()
    if not _is_spelt_as(text.rpartition("@")[2], found.domain, domain):
        raise InvalidAddress(
            _("The part after the @ has letters that no domain can have. Use plain letters.")
        )
    address = f"{local}@{domain}"
    if len(local.encode()) > _LOCAL or len(domain.encode()) > _DOMAIN or len(address.encode()) > _ALL:
        raise InvalidAddress(_("This email address is too long."))
    return address
