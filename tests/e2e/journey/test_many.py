"""Two workers and two schedulers at once: still one digest each."""

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.e2e.journey.processes import Dev, dev, eventually, plain_environment, run_command
from tests.e2e.journey.test_journey import TRIAL, confirm, sign_up, something_happens
from tests.e2e.journey.visitor import Visitor
from tests.forked import WORKERS, fork_server

PEOPLE = [f"person{number}@example.org" for number in range(12)]


@contextmanager
def another_worker(running: Dev) -> Iterator[None]:
    """One more worker beside a running system."""
    written = dict(line.split("=", 1) for line in (running.data / "dev.env").read_text().splitlines())
    environ = plain_environment(**{name: value.strip("'") for name, value in written.items()})
    with (
        open(os.devnull, "wb") as nowhere,
        fork_server().start(WORKERS, [], environ, nowhere, nowhere) as process,
    ):
        yield
        process.terminate()
        process.wait()


def test_two_workers_and_two_schedulers_send_one_digest_each(tmp_path: Path, database_url: str) -> None:
    settings = {"ALERTS_DATABASE_URL": database_url, "ALERTS_CHALLENGE": "off"}
    with ExitStack() as stack:
        running = stack.enter_context(dev(tmp_path / "data", settings))
        stack.enter_context(another_worker(running))
        visitor = Visitor(running.url)
        for person in PEOPLE:
            sign_up(visitor, person, topic=[f"trial:{TRIAL}"], frequency="weekly")
        for person in PEOPLE:
            confirm(visitor, running.mail(person))
        something_happens(visitor, "results")
        written = {"ALERTS_DATA": str(running.data)}

        def all_notified() -> bool:
            run_command("digests", "send-now", **written)
            return len(running.mails()) >= 2 * len(PEOPLE)

        with ThreadPoolExecutor(2) as schedulers:
            both = [schedulers.submit(run_command, "digests", "send-now", **written) for _ in range(2)]
        assert [command.result().returncode for command in both] == [0, 0]
        eventually(all_notified, what="every digest")
        assert Counter(mail["rcpt_to"][0] for mail in running.mails()) == dict.fromkeys(PEOPLE, 2)
        keys = [mail["headers"]["Message-ID"] for mail in running.mails()]
        assert len(set(keys)) == len(keys)
