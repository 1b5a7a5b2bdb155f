"""`doctor` names what is wrong with Redis."""

import pytest

from service.redis import pool
from tests.integration.cli.test_doctor import found
from tests.servers import behind
from tests.smtp_server import SmtpServer


@pytest.mark.slow
async def test_a_redis_without_that_database_and_a_server_that_is_none_are_named(
    environ: dict[str, str],
) -> None:
    far = environ["ALERTS_REDIS_URL"] + "?db=99"
    assert (await found(environ | {"ALERTS_REDIS_URL": far}, "redis")).text == (
        "it has no database of the number in its URL"
    )
    async with SmtpServer() as server:
        url = server.url().partition("?")[0].replace("smtp:", "redis:")
        assert (await found(environ | {"ALERTS_REDIS_URL": url}, "redis")).text == (
            "what listens there is no Redis"
        )
        assert (
            await found(environ | {"ALERTS_REDIS_URL": url.replace("redis:", "rediss:")}, "redis")
        ).text == ("what listens there takes no TLS, which the URL requires")


async def test_a_redis_without_tls_is_suspected_where_the_url_requires_it(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for the end of the command that it takes the beginning of TLS for."""
    async with behind(environ["ALERTS_REDIS_URL"]) as port:
        plain = await found(environ | {"ALERTS_REDIS_URL": f"redis://127.0.0.1:{port}"}, "redis")
        assert plain.text == "answers, with the rights that are needed"
        monkeypatch.setattr(pool, "WAIT", 1.0)
        secure = await found(environ | {"ALERTS_REDIS_URL": f"rediss://127.0.0.1:{port}"}, "redis")
    assert secure.text == "no answer in time"
    assert "whether it takes TLS there" in secure.advice
