"""Mail is signed where keys are set, and the signature holds on the wire."""

from dataclasses import replace
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from service.configuration.settings import SettingsError
from service.digests.planner import plan_now
from service.system import System
from tests.integration.workers.world import TRIAL, open_world, snapshot
from workers.deliver.deliver import deliver
from workers.deliver.mailer import dkim_keys


@pytest.fixture(scope="module")
def pem() -> str:
    key = generate_private_key(65537, 2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


async def test_a_received_mail_is_signed_with_its_unsubscribe_headers(system: System, pem: str) -> None:
    signing = replace(
        system, settings=system.settings.model_copy(update={"dkim_key": pem, "dkim_selector": "s1"})
    )
    (key,) = dkim_keys(signing.settings)
    async with open_world(signing) as world:
        before = snapshot()
        await world.hold(before)
        await world.follow("alice@example.org", f"trial:{TRIAL}")
        await world.change(before, status="RECRUITING")
        await plan_now(world.system)
        await deliver(world.mailer)
        (mail,) = world.smtp.mails

    def dns(name: bytes, **_: Any) -> bytes:
        assert name == b"s1._domainkey.mail.example.org."
        return key.dns_record().encode()

    assert dkim.verify(mail.content, dnsfunc=dns)
    signature = mail.content.split(b"b=")[0].lower()
    assert b"list-unsubscribe:list-unsubscribe-post" in b"".join(signature.split())


@pytest.mark.parametrize(("key", "selector"), [("no key", "s1"), ("", "s1"), ("PEM", "s1,s2")])
async def test_keys_that_can_not_be_used_stop_the_start(
    system: System, pem: str, key: str, selector: str
) -> None:
    given = system.settings.model_copy(
        update={"dkim_key": key.replace("PEM", pem), "dkim_selector": selector}
    )
    with pytest.raises(SettingsError, match="ALERTS_DKIM"):
        dkim_keys(given)
