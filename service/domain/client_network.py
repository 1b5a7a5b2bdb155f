"""The network that a request comes from; single addresses are neither stored nor counted."""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: RFC 1122, 1918, 3927, 4193, 4291 and 6598: addresses that are not routed on the Internet.
_PRIVATE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)

#: The longest text of an address with a zone and a port, in characters.
_LONGEST_NODE = 80

#: The right end of a forwarding header that is read, in characters: some hundred hops.
_MOST_READ = 8_192

# An address with or without a port: `192.0.2.1:4711`, `[2001:db8::1]:4711`, `2001:db8::1` (RFC 7239 §6).
_NODE = re.compile(r"\[([^\]\s]*)\](?::\d{1,5})?|(\d+\.\d+\.\d+\.\d+):\d{1,5}|([^\[\]\s]+)")

# A parameter of a Forwarded element (RFC 7239 §4), with its end. A value that should be quoted, as
# `for=192.0.2.1:4711`, is read all the same.
_PARAMETER = re.compile(r"""\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)=("[^"]*"|[^\s",;]*)\s*(?:;|$)""")


def client_address(
    peer: str, forwarded_for: Sequence[str], forwarded: Sequence[str], trusted: Sequence[Network]
) -> str:
    """The address of the client: `peer`, or behind trusted proxies the last untrusted hop that they name.

    `forwarded_for` and `forwarded` are the lines of the headers X-Forwarded-For and Forwarded (RFC 7239), in
    their order; several lines are one list (RFC 9110 §5.3). Lists are read from their right end, for a client
    may write anything at the left of what proxies add. A hop that is no address ends the reading: neither it
    nor anything before it is trusted, and the last trusted hop counts as the client. So it is too when
    the two headers name clients of different networks: one of them passed the proxy unread.
    """
    named = (
        _last_untrusted(peer, _forwarded_for(forwarded_for), trusted),
        _last_untrusted(peer, _forwarded(forwarded), trusted),
    )
    clients = [client for client in named if client != peer]
    believed = clients[:1] if len({network_of(client) for client in clients}) == 1 else [peer]
    address = _parsed(believed[0])
    return str(address) if address else peer


def _last_untrusted(peer: str, hops: Iterator[str], trusted: Sequence[Network]) -> str:
    """The first hop from the right, beginning with `peer`, that lies in no trusted network."""
    address = peer
    while is_within(address, trusted):
        hop = next(hops, None)
        if hop is None or _parsed(hop) is None:
            break
        address = hop
    return address


def _forwarded_for(lines: Sequence[str]) -> Iterator[str]:
    """The hops of X-Forwarded-For, the last one first."""
    text = ",".join(lines)[-_MOST_READ:]
    return (hop for part in reversed(text.split(",")) if (hop := part.strip()))


def _forwarded(lines: Sequence[str]) -> Iterator[str]:
    """The `for` of each element of Forwarded, the last one first; "" for an element that has none."""
    for element in _elements_from_the_right(",".join(lines)[-_MOST_READ:]):
        values: dict[str, str] = {}
        position = 0
        while position < len(element):
            parameter = _PARAMETER.match(element, position)
            if parameter is None:
                values = {}
                break
            values.setdefault(parameter[1].lower(), parameter[2].strip('"'))
            position = parameter.end()
        yield values.get("for", "")


def _elements_from_the_right(text: str) -> Iterator[str]:
    """The elements of a list, the last one first, by commas outside quotes.

    Read from the right, a quote that a client left open cannot swallow what a proxy added after it.
    """
    end, quoted = len(text), False
    for position in range(len(text) - 1, -2, -1):
        letter = text[position] if position >= 0 else ","
        if letter == '"':
            quoted = not quoted
        elif letter == "," and (not quoted or position < 0):
            if element := text[position + 1 : end].strip():
                yield element
            end = position


def is_private(address: str) -> bool:
    """Whether only neighbours have such an address: loopback, private, shared or link-local."""
    return is_within(address, _PRIVATE)


@lru_cache(maxsize=10_000)
def network_of(address: str) -> str:
    """The network an address belongs to, /24 or /48: all that is kept of it, or counted by it."""
    parsed = _parsed(address)
    if parsed is None:
        return "unknown"
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))


def unmapped(network: Network) -> Network:
    """The IPv4 network behind an IPv4-mapped IPv6 one (RFC 4291 §2.5.5.2), any other as it is."""
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is None or network.prefixlen < 96:
        return network
    return ipaddress.IPv4Network((mapped, network.prefixlen - 96))


def is_within(address: str, networks: Sequence[Network]) -> bool:
    """Whether an address lies in one of the networks."""
    parsed = _parsed(address)
    return parsed is not None and any(
        parsed.version == network.version and parsed in network for network in networks
    )


def _parsed(text: str) -> _Address | None:
    """The address that `text` names, with or without a port; IPv4-mapped ones as IPv4, other texts None."""
    return _parsed_node(text) if len(text) <= _LONGEST_NODE else None


@lru_cache(maxsize=256)
def _parsed_node(text: str) -> _Address | None:
    """See `_parsed`. Cached: each hop of a request is looked at several times, and proxies are few."""
    node = _NODE.fullmatch(text)
    if node is None:
        return None
    try:
        parsed = ipaddress.ip_address((node[1] or node[2] or node[3] or "").partition("%")[0])
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed
