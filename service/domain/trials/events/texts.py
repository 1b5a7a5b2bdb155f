"""An event's texts as they are stored: without unstorable characters; an invisible text counts as absent."""

from urllib.parse import urlsplit

from service.domain.trials.text import clean


def enumeration(text: str) -> str:
    """A value of an enumeration in the registry's spelling: `ACTIVE_NOT_RECRUITING`; "" for punctuation."""
    value = "_".join(text.replace(",", " ").replace("-", " ").split()).upper()
    return value if value[:1].isalnum() or any(map(str.isalnum, value)) else ""


def plain(text: str) -> str | None:
    """The text without NUL and lone surrogates, which databases can't store; None if nothing can be seen."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text[:1].isalnum() or any(map(_is_seen, text)) else None


def is_shown(text: str) -> bool:
    """Whether anything of a stored text is left to show: a title may consist of HTML tags."""
    return not ("<" in text or "&" in text) or plain(clean(text)) is not None


def _is_seen(character: str) -> bool:
    """Whether a character can be seen: no white space, control, zero-width or direction character."""
    return character.isprintable() and not character.isspace()


def is_web_address(text: str) -> bool:
    """Whether a text is a URL that a browser can open: http or https, with a host, without white space."""
    if not text.startswith(("https://", "http://")) or len(text.split()) != 1:
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False
