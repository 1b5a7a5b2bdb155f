"""Whether two addresses are the same address (identity), and whether they share a mailbox (limits).

Identity folds only what mail systems fold. RFC 5321 §2.4 leaves the local part to the receiver; in practice
receivers ignore the case of ASCII letters and nothing else. Full case folding or compatibility forms would
make one person of two: `straße` and `strasse`, the ligature `ﬁ` and `fi`, the long `ſ` and `s` are different
mailboxes.

Limits apply to the mailbox that a mail is delivered to, and an error in either direction costs only a delay:
tags and dots are removed, and the domains of a provider are treated as one.
"""

import unicodedata
from string import ascii_lowercase, ascii_uppercase

_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)

#: Domains under which a provider gives one and the same mailbox, with the one that represents it.
_SAME_MAILBOX = {
    "googlemail.com": "gmail.com",
    "mac.com": "icloud.com",
    "me.com": "icloud.com",
    "pm.me": "proton.me",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "ya.ru": "yandex.ru",
    **{f"yandex.{top}": "yandex.ru" for top in ("by", "com", "com.tr", "fr", "kz", "ua", "uz")},
}

#: Domains in which `-` begins a tag: Yahoo's disposable addresses are `nickname-keyword`.
_HYPHEN_TAGS = frozenset({"aol.com", "myyahoo.com", "rocketmail.com", "ymail.com"})

#: The signs that a provider ignores in the name of a mailbox; everywhere else they are dots.
_IGNORED_SIGNS = {"proton.me": "-._", "yandex.ru": "-."}

#: Domains whose subdomain is the mailbox: `anything@name.fastmail.com` is `name@fastmail.com`.
_SUBDOMAIN_MAILBOXES = ("fastmail.com", "fastmail.fm")

#: The distance of an address with a tag from its mailbox; more than the dots that a local part can have.
_TAGGED = 100

#: Providers with so many mailboxes that many simultaneous requests are normal.
_LARGE_NAMES = """
gmail.com outlook.com hotmail.com live.com msn.com icloud.com aol.com ymail.com rocketmail.com
proton.me gmx.net gmx.de gmx.at gmx.ch gmx.com web.de t-online.de freenet.de mail.com orange.fr
wanadoo.fr free.fr sfr.fr laposte.net libero.it virgilio.it tiscali.it alice.it wp.pl o2.pl onet.pl
interia.pl seznam.cz ziggo.nl btinternet.com virginmedia.com sky.com comcast.net verizon.net att.net
sbcglobal.net cox.net bellsouth.net mail.ru bk.ru inbox.ru list.ru rambler.ru yandex.ru ukr.net
qq.com 163.com 126.com sina.com naver.com hanmail.net daum.net docomo.ne.jp ezweb.ne.jp
softbank.ne.jp uol.com.br bol.com.br terra.com.br rediffmail.com bigpond.com telenet.be skynet.be
bluewin.ch fastmail.com zoho.com
"""
_LARGE = frozenset(_LARGE_NAMES.split())

#: The names under which Yahoo, Microsoft and others have a domain in many countries.
_LARGE_EVERYWHERE = ("yahoo", "hotmail", "outlook", "live")


def identity(address: str) -> str:
    """A text that is equal for two spellings of one address, and differs for two addresses.

    `address` is canonical (`service.email_address`): its domain consists of A-labels.
    """
    return unicodedata.normalize("NFC", address).translate(_LOWER)


def shared_mailbox(address: str) -> str:
    """A text that is equal for addresses of the same mailbox, as far as known. For limits only."""
    local, _, domain = identity(address).rpartition("@")
    domain = _SAME_MAILBOX.get(domain, domain)
    for provider in _SUBDOMAIN_MAILBOXES:
        name = domain.removesuffix("." + provider)
        if name != domain:
            return f"{name.rpartition('.')[2]}@{provider}"
    signs = "+-" if domain in _HYPHEN_TAGS or domain.startswith("yahoo.") else "+"
    mailbox = local
    for sign in signs:
        mailbox = mailbox.partition(sign)[0] or mailbox
    return f"{_without_ignored(mailbox, domain) or local}@{domain}"


def _without_ignored(local: str, domain: str) -> str:
    return local.translate(dict.fromkeys(map(ord, _IGNORED_SIGNS.get(domain, "."))))


def distance_from_mailbox(address: str) -> int:
    """The distance of an address from the plain name of its mailbox: the number of dots (or other signs that
    its provider ignores), or 100 with a tag. There are few addresses without a tag and with few dots, but any
    number with tags.
    """
    local = identity(address).rpartition("@")[0]
    shared, _, domain = shared_mailbox(address).rpartition("@")
    plain = _without_ignored(local, domain)
    return _TAGGED if plain != _without_ignored(shared, domain) else len(local) - len(plain)


def domain_of(address: str) -> str:
    """The domain of an address, one name for all under which a provider gives the same mailbox."""
    return shared_mailbox(address).rpartition("@")[2]


def is_large_provider(domain: str) -> bool:
    """Whether a domain (`domain_of`) is that of a large provider."""
    name, _, top = domain.partition(".")
    return domain in _LARGE or (name in _LARGE_EVERYWHERE and len(top) <= len("com.br"))
