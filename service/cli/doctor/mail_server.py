"""Checks of the mail servers: connection, TLS, login, extensions, and the name of the address."""

import ipaddress

import dns.asyncresolver
import dns.reversename

from service.cli.doctor.result import CheckResult, failed, passed
from service.cli.doctor.sender_dns import addresses, records
from service.configuration.settings import Settings
from service.domain.delivery.server_failures import ADVICE
from service.domain.host_name import is_ip_address
from service.mail.smtp.connect import Unreachable, connect, tls_context
from service.mail.smtp.connection import Timeouts
from service.mail.smtp.url import SmtpUrl, Tls, parse_all

#: Octets of the largest mail that is made: a digest with both parts and its headers.
_LARGEST_MAIL = 200_000

_SECONDS = 1.8


async def smtp(settings: Settings) -> CheckResult:
    """Connects and logs in to each server of ALERTS_SMTP_URL; sends nothing."""
    found = [await _server(target, settings.mail_domain) for target in parse_all(settings.smtp_url)]
    bad = [result for result in found if not result.ok]
    if bad:
        return bad[0]
    advice = " ".join(dict.fromkeys(result.advice for result in found if result.advice))
    return passed("; ".join(result.text for result in found), advice)


async def _server(target: SmtpUrl, name: str) -> CheckResult:
    server = f"{target.host}:{target.port}"
    try:
        connection = await connect(target, name, tls_context(target), Timeouts(connect=_SECONDS))
    except Unreachable as problem:
        stage = problem.outcome.stage
        return failed(f"{server}, at {stage}: {problem.outcome.server_reply}", ADVICE[problem.reason])
    offered = connection.extensions
    await connection.quit()
    if offered.size and offered.size < _LARGEST_MAIL:
        return failed(
            f"{server} takes mails of {offered.size} octets at most (SIZE)",
            f"Raise its limit to {_LARGEST_MAIL} octets: a long digest has as many.",
        )
    if target.tls is Tls.NONE and not _is_local(target.host):
        return failed(
            f"{server} is used without TLS: what people follow can be read on the way",
            "Leave tls=none out of ALERTS_SMTP_URL, or use smtps://.",
        )
    tls = {Tls.NONE: "no TLS", Tls.OPPORTUNISTIC: "TLS if offered"}.get(target.tls, "verified TLS")
    login = "logged in" if target.username else "no login needed"
    advice = "" if offered.pipelining else f"{server} offers no PIPELINING: sending takes longer."
    return passed(f"{server} answers, {tls}, {login}", advice)


def _is_local(host: str) -> bool:
    """Whether a host is this machine, or a name without a dot as containers have."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost" or "." not in host


async def reverse_name(settings: Settings, resolver: dns.asyncresolver.Resolver) -> CheckResult:
    """Whether the mail server's address has a name that leads back to it, as receivers demand.

    Receivers see the address that the server sends from, which often is the one that we reach it by.
    """
    target = parse_all(settings.smtp_url)[0]
    found = [target.host] if is_ip_address(target.host) else await addresses(resolver, target.host)
    public = [address for address in found if ipaddress.ip_address(address).is_global]
    if not public:
        return passed("the mail server has no public address here: check the one that it sends from")
    for address in public:
        names = await records(resolver, dns.reversename.from_address(address).to_text(), "PTR")
        for name in names:
            if address in await addresses(resolver, name.rstrip(".")):
                return passed(f"{address} is {name.rstrip('.')}, and that leads back")
    return failed(
        f"no address of {target.host} has a reverse name that leads back to it",
        "Have the provider of the address set a PTR record to the server's own name (FCrDNS).",
    )
