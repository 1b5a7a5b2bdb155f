"""Redacts a server's reply for storage: no addresses, tokens or line ends."""

import re
from collections.abc import Iterable
from functools import lru_cache

#: Maximum length of a stored reply, in characters.
LONGEST_REPLY = 500

_BREAK = r"""\s<>()\[\]"',;"""
_ADDRESS = re.compile(rf"(?<![^{_BREAK}:])[^{_BREAK}:]+(?:@|%40|=40|\+40)[^{_BREAK}]*", re.IGNORECASE)
_QUOTED_ADDRESS = re.compile(rf'"[^"]*"@[^{_BREAK}]*')
_URL_TAIL = re.compile(r"(https?://[^\s/?#]+)[^\s]*", re.IGNORECASE)
_LONG_TOKEN = re.compile(r"[A-Za-z0-9_+/=-]{24,}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\s]+")
_LONGEST_READ = 1_000

#: Length of a reply for which a fast check suffices, and the signs of an address or a link in it.
_SHORT = 200
_MAY_QUOTE = re.compile(r"@|://|%40|=40|\+40")


def redact_accepted(text: str, known: Iterable[str] = ()) -> str:
    """Like `redact`, for the reply to a mail that was accepted: quick for one that quotes nothing.

    The server's number of the mail in its queue stays, which `redact` takes for a token.
    """
    folded = _folded_if_plain(text)
    if folded is None:
        return redact(text, known)
    for word in known:
        local = word.partition("@")[0].lower()
        if len(local) > 1 and local in folded:
            return redact(text, known)
    return text


@lru_cache(maxsize=64)
def _folded_if_plain(text: str) -> str | None:
    """The text in lower case; None if it may quote an address or a link. Most servers answer all alike."""
    if len(text) > _SHORT or not text.isprintable() or _MAY_QUOTE.search(text):
        return None
    return text.lower()


def redact(text: str, known: Iterable[str] = ()) -> str:
    """One line of at most 500 characters without addresses, `known` words, paths of links and long tokens."""
    if len(text) > _LONGEST_READ:  # cut between words, so that no part of an address remains
        text = " ".join(text[:_LONGEST_READ].split(" ")[:-1])
    line = _UNPRINTABLE.sub(" ", text).strip()
    folded = line.lower()
    for word in known:
        for secret in (word, word.rpartition("@")[0]):
            if len(secret) > 1 and secret.lower() in folded:  # rare, and compiling a pattern is expensive
                line = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "(address)", line, flags=re.IGNORECASE)
    line = _QUOTED_ADDRESS.sub("(address)", line)
    line = _ADDRESS.sub("(address)", line)
    line = _URL_TAIL.sub(r"\1", line)
    line = _LONG_TOKEN.sub("(token)", line)
    return line[:LONGEST_REPLY]
