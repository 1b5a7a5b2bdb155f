"""Redis over TLS (`rediss://`): whose certificate is accepted."""

import asyncio
from urllib.parse import urlencode

import pytest
from redis.exceptions import RedisError

from service.redis import permissions
from service.redis.job_queue import connect, connect_listener
from service.runtime.failure_reasons import reason
from tests.integration.conftest import Certificate
from tests.servers import behind


async def refusal(url: str) -> str:
    """Why neither a process nor a worker's listener gets on with the Redis at this URL; "" if both do."""
    reasons = set()
    for client in (connect(url), connect_listener(url)):
        try:
            await permissions.check(client)
            reasons.add("")
        except RedisError as error:
            reasons.add(reason(error))
        finally:
            await client.aclose()
    (same,) = reasons
    return same


VERIFY = "the server's certificate does not verify"


@pytest.mark.parametrize(
    ("host", "trusted", "options", "refused"),
    [
        ("127.0.0.1", True, {}, ""),
        ("127.0.0.1", False, {}, VERIFY),
        ("127.0.0.2", True, {}, VERIFY),
        ("127.0.0.2", True, {"ssl_check_hostname": "false"}, ""),
        ("127.0.0.2", False, {"ssl_cert_reqs": "none"}, ""),
    ],
    ids=["its own", "of somebody unknown", "of another host", "of any host, as asked", "any, as asked"],
)
async def test_only_a_certificate_of_this_host_is_accepted(
    redis_url: str,
    certificate: Certificate,
    host: str,
    trusted: bool,
    options: dict[str, str],
    refused: str,
) -> None:
    known = {"ssl_ca_certs": str(certificate.file)} if trusted else {}
    async with behind(redis_url, certificate.server) as port:
        assert await refusal(f"rediss://{host}:{port}/0?{urlencode(known | options)}") == refused


async def test_connections_of_a_process_read_what_they_trust_once(
    redis_url: str, certificate: Certificate
) -> None:
    """Each that did so by itself kept the process for 40 ms, and in a rush the others were out of time."""
    async with behind(redis_url, certificate.server) as port:
        client = connect(f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={certificate.file}")
        assert await asyncio.gather(*(client.ping() for _ in range(40))) == [True] * 40
        one, other = (client.connection_pool.make_connection() for _ in range(2))
        assert one.ssl_context is other.ssl_context
        await client.aclose()
