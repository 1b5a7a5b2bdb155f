"""Where a request comes from, as far as it may be known and kept: networks, not persons."""

import ipaddress
from collections.abc import Sequence
from functools import lru_cache

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_address(peer: str, forwarded_for: str | None, trusted: Sequence[Network]) -> str:
    """The address of the client: `peer`, or behind trusted proxies the last untrusted hop they name.

    `X-Forwarded-For` is read from its right end, since a client may write anything at its left.
    """
    hops = [part.strip() for part in (forwarded_for or "").split(",") if part.strip()]
    address = peer
    while hops and _within(address, trusted):
        address = hops.pop()
    return address


def _within(address: str, networks: Sequence[Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed.version == network.version and parsed in network for network in networks)


@lru_cache(maxsize=10_000)
def network_of(address: str) -> str:
    """The network an address belongs to, /24 or /48: all that is kept of it, or counted by it."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    mapped = getattr(parsed, "ipv4_mapped", None)
    parsed = mapped or parsed
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))
