"""Names of hosts and domains as DNS and URLs take them."""

import ipaddress
import re

_LABEL = r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")

#: Hosts of a network of one's own, such as those of containers, may have underscores.
_URL_LABEL = r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)"
_URL_NAME = re.compile(rf"{_URL_LABEL}(?:\.{_URL_LABEL})*")


def is_ip_address(text: str) -> bool:
    """Whether a text is an IP address, which needs no DNS (IPv6 without its brackets)."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_domain(text: str) -> bool:
    """Whether a text is a domain in ASCII (A-labels), as mail takes it."""
    return len(text) <= 253 and _NAME.fullmatch(text) is not None


def is_url_host(text: str) -> bool:
    """Whether a text is the host of a URL: a name in ASCII, or an IP address (IPv6 without its brackets)."""
    if len(text) <= 253 and _URL_NAME.fullmatch(text):
        return True
    try:
        return ipaddress.ip_address(text).version == 6 and "%" not in text
    except ValueError:
        return False
