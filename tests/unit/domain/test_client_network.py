"""The network that a request counts for: as trusted proxies report it, never as a client claims."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.client_network import client_address, network_of, unmapped

TRUSTED = tuple(ipaddress.ip_network(text) for text in ("10.0.0.0/8", "2001:db8:ffff::/48"))
PROXY, CLIENT, FORGED = "10.0.0.1", "192.0.2.7", "203.0.113.66"


def by_forwarded_for(*lines: str, peer: str = PROXY) -> str:
    return client_address(peer, lines, (), TRUSTED)


def by_forwarded(*lines: str, peer: str = PROXY) -> str:
    return client_address(peer, (), lines, TRUSTED)


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        ((CLIENT,), CLIENT),
        ((f"{FORGED}, {CLIENT}",), CLIENT),
        ((FORGED, CLIENT), CLIENT),
        ((f"{FORGED}, 10.9.9.9", f"{CLIENT}, 10.0.0.2"), CLIENT),
        ((CLIENT, "10.0.0.2", "10.0.0.3"), CLIENT),
        ((f"{CLIENT},,", " , "), CLIENT),
        ((f"{CLIENT}:49152",), CLIENT),
        (("[2001:db8::7]:49152",), "2001:db8::7"),
        (("[2001:db8::7]",), "2001:db8::7"),
        (("2001:DB8::7",), "2001:db8::7"),
        (("fe80::1%eth0",), "fe80::1"),
        ((f"::ffff:{CLIENT}",), CLIENT),
        ((f"[::ffff:{CLIENT}]:80",), CLIENT),
        ((CLIENT, "::ffff:10.0.0.2"), CLIENT),
        ((CLIENT, "10.0.0.2:8080"), CLIENT),
        ((CLIENT, "[2001:db8:ffff::1]:443"), CLIENT),
        (("10.0.0.9, 10.0.0.2",), "10.0.0.9"),
        (("",), PROXY),
        ((), PROXY),
    ],
)
def test_the_last_hop_that_is_not_trusted_is_the_client(lines: tuple[str, ...], address: str) -> None:
    assert by_forwarded_for(*lines) == address


@pytest.mark.parametrize("peer", ["::ffff:10.0.0.1", "10.0.0.1", "2001:db8:ffff::1"])
def test_a_trusted_peer_is_trusted_in_either_notation(peer: str) -> None:
    assert by_forwarded_for(CLIENT, peer=peer) == CLIENT
    assert by_forwarded(f"for={CLIENT}", peer=peer) == CLIENT


def test_headers_of_untrusted_peers_are_ignored() -> None:
    assert by_forwarded_for(FORGED, peer=CLIENT) == CLIENT
    assert by_forwarded(f"for={FORGED}", peer="::ffff:" + CLIENT) == CLIENT
    assert client_address(CLIENT, (FORGED,), (), ()) == CLIENT


GARBAGE = [
    "unknown",
    "_hidden",
    "localhost",
    "010.0.0.1",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.4:x",
    "[1.2.3.4",
    "é",
    "a b",
]
GARBAGE += ["[]", "[]:80", ":80", "%", "-", "1" * 5_000, "\x00", '"', "::1::", "999.1.1.1", "1.2.3.4/24"]


@pytest.mark.parametrize("garbage", GARBAGE)
def test_an_invalid_address_and_all_entries_before_it_are_not_trusted(garbage: str) -> None:
    assert by_forwarded_for(f"{FORGED}, {garbage}, 10.0.0.2") == "10.0.0.2"
    assert by_forwarded_for(FORGED, garbage) == PROXY
    assert by_forwarded_for(garbage, CLIENT) == CLIENT
    assert network_of(by_forwarded_for(garbage)) == "10.0.0.0/24"
    assert by_forwarded(f"for={FORGED}", f"for={garbage}") == PROXY
    assert by_forwarded(f"for={garbage}", f"for={CLIENT}") == CLIENT


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        ((f"for={CLIENT}",), CLIENT),
        ((f"For={CLIENT};proto=https;by=10.0.0.1",), CLIENT),
        ((f"proto=https; host=example.org; for={CLIENT}",), CLIENT),
        ((f'for="{CLIENT}:47011"',), CLIENT),
        ((f"for={CLIENT}:47011",), CLIENT),
        (('for="[2001:db8:cafe::17]:4711"',), "2001:db8:cafe::17"),
        (('for="[2001:db8:cafe::17]"',), "2001:db8:cafe::17"),
        ((f"for={FORGED}, for={CLIENT}, for=10.0.0.2",), CLIENT),
        ((f"for={FORGED}", f"for={CLIENT}"), CLIENT),
        ((f'for={FORGED}, for={CLIENT};host="a,b;for=1.2.3.4"',), CLIENT),
        ((f'for="{FORGED}, for={CLIENT}',), CLIENT),
        ((f'for={FORGED};host=", for="[2001:db8::7]"',), "2001:db8::7"),
        ((f"for={FORGED}, proto=https",), PROXY),
        ((f"for={FORGED}, for",), PROXY),
        ((f'for={FORGED}, for="10.0.0.2" x',), PROXY),
    ],
)
def test_forwarded_is_read_according_to_rfc_7239(lines: tuple[str, ...], address: str) -> None:
    assert by_forwarded(*lines) == address


def test_contradicting_headers_are_both_ignored() -> None:
    assert client_address(PROXY, (CLIENT,), (f"for={CLIENT}:99",), TRUSTED) == CLIENT
    assert client_address(PROXY, (CLIENT,), (f"for={FORGED}",), TRUSTED) == PROXY
    assert client_address(PROXY, (FORGED,), (f"for={CLIENT}",), TRUSTED) == PROXY
    assert client_address(PROXY, (CLIENT,), ("for=unknown",), TRUSTED) == CLIENT
    assert client_address(PROXY, ("unknown",), (f"for={CLIENT}",), TRUSTED) == CLIENT


@given(st.lists(st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40), max_size=5))
def test_the_proxys_entry_is_read_beside_any_text_of_the_client(lines: list[str]) -> None:
    written = ", ".join(lines)
    assert by_forwarded_for(*lines, CLIENT) == CLIENT
    assert by_forwarded_for(f"{written}, {CLIENT}") == CLIENT
    assert by_forwarded(*lines, f"for={CLIENT}") == CLIENT
    assert by_forwarded(f'{written}, for="[2001:db8::7]:80";proto=https') == "2001:db8::7"


def test_a_very_long_header_is_read_from_its_end_alone() -> None:
    assert by_forwarded_for(("1.2.3.4, " * 200_000) + CLIENT) == CLIENT
    assert by_forwarded(('for="' * 200_000) + f", for={CLIENT}") == CLIENT


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("192.0.2.7:80", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::1", "::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", "unknown"),
        ("testclient", "unknown"),
    ],
)
def test_a_network_is_all_that_is_kept_of_an_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_mapped_network_is_the_one_it_stands_for() -> None:
    assert str(unmapped(ipaddress.ip_network("::ffff:10.0.0.0/104"))) == "10.0.0.0/8"
    assert str(unmapped(ipaddress.ip_network("10.0.0.0/8"))) == "10.0.0.0/8"
    assert str(unmapped(ipaddress.ip_network("2001:db8::/32"))) == "2001:db8::/32"
