"""Checks of the sender's DNS records: SPF, DKIM, DMARC, MX and MTA-STS."""

import base64
import binascii
import re

import dns.asyncresolver
import dns.resolver
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from service.cli.doctor.result import CheckResult, failed, passed
from service.mail.message.dkim import load_keys

_RESOLVER_SECONDS = 1.8

#: RFC 7208 §4.6.4: terms of SPF that cost a query each, and how many there may be.
_SPF_QUERY = re.compile(r"[+?~-]?(include:|a(?=[:/]|$)|mx(?=[:/]|$)|ptr|exists:)|redirect=", re.IGNORECASE)
_MOST_SPF_QUERIES = 10


def default_resolver() -> dns.asyncresolver.Resolver:
    """The system's resolver, with little patience."""
    resolver = dns.asyncresolver.Resolver()
    resolver.lifetime = _RESOLVER_SECONDS
    return resolver


async def records(resolver: dns.asyncresolver.Resolver, name: str, kind: str = "TXT") -> list[str]:
    """The records of `name`; the strings of a TXT record are concatenated (RFC 7208 §3.3)."""
    try:
        answer = await resolver.resolve(name, kind)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    if kind != "TXT":
        return [record.to_text() for record in answer]
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


async def addresses(resolver: dns.asyncresolver.Resolver, host: str) -> list[str]:
    """The IPv4 and IPv6 addresses of a host."""
    return [*await records(resolver, host, "A"), *await records(resolver, host, "AAAA")]


def _only(found: list[str], version: str, name: str) -> str | CheckResult:
    """The one record of that version: two are as invalid as none (RFC 7208 §4.5, RFC 9989)."""
    ours = [record for record in found if record.lower().startswith(version.lower())]
    if len(ours) == 1:
        return ours[0]
    words = f"{name} has {len(ours) or 'no'} record{'s' * (len(ours) != 1)} starting with {version}"
    return failed(words, f"Publish exactly one TXT record at {name}.")


async def spf(resolver: dns.asyncresolver.Resolver, domain: str) -> CheckResult:
    """Whether SPF says who may send, and everybody else may not."""
    record = _only(await records(resolver, domain), "v=spf1", domain)
    if isinstance(record, CheckResult):
        return record
    terms = record.split()[1:]
    everybody = next((term for term in terms if term.lower().lstrip("+?~-") == "all"), None)
    if everybody is None and not any(term.lower().startswith("redirect=") for term in terms):
        return failed(f"{domain} ends without all: {record}", "End it with ~all or -all.")
    if everybody is not None and everybody[0] in "+?aA":
        return failed(
            f"{domain} lets everybody send in its name ({everybody})", "End it with ~all or -all instead."
        )
    if (queries := await _spf_queries(resolver, record, 0)) > _MOST_SPF_QUERIES:
        return failed(
            f"{domain} needs {queries} look-ups, ten are allowed: receivers ignore it",
            "Name addresses (ip4:, ip6:) instead of include:, a and mx where you can.",
        )
    return passed(f"{domain} is {record}")


async def _spf_queries(resolver: dns.asyncresolver.Resolver, record: str, depth: int) -> int:
    """The number of look-ups that a record costs, with those of the records that it includes."""
    count = 0
    for term in record.split()[1:]:
        if not _SPF_QUERY.match(term):
            continue
        count += 1
        word, _, other = term.partition(":" if ":" in term else "=")
        if word.lower().lstrip("+?~-") in ("include", "redirect") and depth < _MOST_SPF_QUERIES:
            for included in await records(resolver, other):
                if included.lower().startswith("v=spf1"):
                    count += await _spf_queries(resolver, included, depth + 1)
        if count > _MOST_SPF_QUERIES:
            break
    return count


async def dkim(resolver: dns.asyncresolver.Resolver, domain: str, selectors: str, pem: str) -> CheckResult:
    """Whether each of our keys is published under its selector, and strong enough."""
    if not selectors:
        return passed("not signed here", "Your mail server must sign: ALERTS_DKIM_SELECTOR is not set.")
    notes = []
    for key in load_keys(domain, selectors, pem):
        name = f"{key.selector}._domainkey.{domain}"
        published = [record for record in await records(resolver, name) if "p=" in record]
        if len(published) != 1:
            return failed(
                f"{name} has {len(published) or 'no'} key{'s' * (len(published) != 1)}: one is needed",
                f"Publish there: {key.dns_record()}",
            )
        wrong = _key_problem(name, _tags(published[0]), _tags(key.dns_record()))
        if wrong is not None:
            return wrong
        if _tags(published[0]).get("t", "").lower().split(":").count("y"):
            notes.append(f"{name} says that it is a test (t=y): remove that.")
    return passed(f"each key is published ({selectors})", " ".join(notes))


def _key_problem(name: str, published: dict[str, str], ours: dict[str, str]) -> CheckResult | None:
    given, wanted = _compact(published.get("p", "")), _compact(ours["p"])
    if not given:
        return failed(f"{name} is revoked: its p= is empty", "Publish the key again, or use another one.")
    if published.get("k", "rsa").lower() != ours.get("k", "rsa").lower():
        kinds = f"{published.get('k', 'rsa')}, and ours is {ours.get('k', 'rsa')}"
        return failed(f"{name} holds a key of the kind {kinds}", "Publish the key of the other kind there.")
    if (bits := _bits(given)) is not None and bits < 1024:
        return failed(f"{name} holds a key of {bits} bits", "Receivers ignore it: use one of 2048 bits.")
    if given != wanted:
        return failed(
            f"{name} holds another key than the one that signs",
            f"Publish there: v=DKIM1; k={ours.get('k', 'rsa')}; p={wanted}",
        )
    return None


def _bits(encoded: str) -> int | None:
    """The size of an RSA key; None for another kind, or no key."""
    try:
        key = load_der_public_key(base64.b64decode(encoded))
    except (ValueError, TypeError, binascii.Error):
        return None
    return key.key_size if isinstance(key, RSAPublicKey) else None


def _tags(record: str) -> dict[str, str]:
    """The tags of a record, `a=b; c=d` (RFC 6376 §3.2)."""
    pairs = (part.partition("=") for part in record.split(";") if "=" in part)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _compact(text: str) -> str:
    return "".join(text.split())


async def dmarc(resolver: dns.asyncresolver.Resolver, domain: str) -> CheckResult:
    """Whether DMARC is published, at the domain or above it, with a policy that receivers know."""
    labels = domain.split(".")
    for start in range(max(1, len(labels) - 1)):
        name = "_dmarc." + ".".join(labels[start:])
        found = await records(resolver, name)
        if not found:
            continue
        record = _only(found, "v=DMARC1", name)
        if isinstance(record, CheckResult):
            return record
        policy = _tags(record).get("p", "").lower()
        if policy not in ("none", "quarantine", "reject"):
            return failed(
                f"{name} has no valid policy: p={policy or '(nothing)'}",
                "Write none, quarantine or reject.",
            )
        if any(part.strip() and "=" not in part for part in record.split(";")):
            return failed(f"{name} can't be read: {record}", "Write it as v=DMARC1; p=none; rua=mailto:…")
        advice = "" if "rua" in _tags(record) else "Add rua=mailto:… to get reports."
        return passed(f"{name} is {record}", advice)
    words = f"_dmarc.{domain} has no record starting with v=DMARC1"
    return failed(words, f"Publish at _dmarc.{domain}: v=DMARC1; p=none")


async def bounces(resolver: dns.asyncresolver.Resolver, domain: str) -> CheckResult:
    """Whether bounces reach a mail server."""
    found = [record.split() for record in await records(resolver, domain, "MX")]
    if not found:
        return failed(f"{domain} has no MX record: bounces cannot be delivered", "Add one.")
    hosts = [host.rstrip(".") for _, host in found]
    if "" in hosts:
        return failed(
            f"{domain} has a null MX: it says that it takes no mail (RFC 7505), so bounces are lost",
            "Replace it by the server that hands mail to trial-alerts lmtp.",
        )
    for host in hosts:
        if await addresses(resolver, host):
            return passed(f"{domain} is received by {host}")
    return failed(f"{domain} is received by {hosts[0]}, which has no address", "Correct the MX record.")


async def mta_sts(resolver: dns.asyncresolver.Resolver, domain: str) -> CheckResult:
    """Whether MTA-STS (RFC 8461), where it is published, is complete."""
    found = [record for record in await records(resolver, f"_mta-sts.{domain}") if "STSv1" in record]
    if not found:
        return passed("none is published: bounces may come unencrypted")
    if len(found) > 1 or not _tags(found[0]).get("id", "").isalnum():
        return failed(f"_mta-sts.{domain} can't be read: {found[0]}", "Write it as v=STSv1; id=20261128;")
    if not await addresses(resolver, f"mta-sts.{domain}"):
        return failed(
            f"_mta-sts.{domain} is published, and mta-sts.{domain} has no address",
            f"Serve https://mta-sts.{domain}/.well-known/mta-sts.txt there, or remove the record.",
        )
    return passed(f"_mta-sts.{domain} is {found[0]}")
