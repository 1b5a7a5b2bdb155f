"""The tests' SMTP server as a process of its own: accepted mails survive its death."""

import asyncio
import signal
import sys
from pathlib import Path

from service.domain.delivery.smtp_reply import OutcomeKind
from service.mail.smtp.sender import SmtpPool, SmtpUrl
from tests.integration.smtp.conftest import Outcomes, mails
from tests.waiting import PATIENCE


async def test_every_accepted_mail_is_recorded_even_if_the_server_is_killed(tmp_path: Path) -> None:
    store = tmp_path / "mails.txt"
    sink = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.smtp_server", "--store", str(store), stdout=asyncio.subprocess.PIPE
    )
    outcomes = Outcomes()
    try:
        assert sink.stdout is not None
        async with asyncio.timeout(PATIENCE):
            address = (await sink.stdout.readline()).decode().split()[-1]
            async with SmtpPool(
                SmtpUrl.parse(f"smtp://{address}?tls=none"), local_hostname="x.example"
            ) as to:
                sending = asyncio.create_task(to.send(mails(5_000), outcomes))
                while len(outcomes) < 500:
                    await asyncio.sleep(0.001)
                sink.send_signal(signal.SIGKILL)
                await sending
    finally:
        if sink.returncode is None:
            sink.kill()
        await sink.wait()
    recorded = [line.split()[0] for line in store.read_text().splitlines()]
    sent = {f"<m{n}@mail.example>" for n in range(5_000) if outcomes[n].kind is OutcomeKind.SENT}
    uncertain = {f"<m{n}@mail.example>" for n in range(5_000) if outcomes[n].kind is OutcomeKind.DEFERRED}
    assert len(outcomes) == 5_000
    assert len(recorded) == len(set(recorded))
    assert sent <= set(recorded) <= sent | uncertain
    assert len(uncertain) <= 8, "at most one per connection"
