"""The clients of the web service during a chaos run: visitors who sign up, and the ingestor.

Like real ones they repeat, unchanged, a request that is not answered, or answered 429 or 5xx.
"""

import json
import random
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import httpx

from service.crypto.webhook_signatures import sign
from tests.events import BATCH, SECRET, upserted
from tests.integration.web.signing_up import TERMS

PATIENCE = 180.0
#: Trials that change meanwhile, and that nobody follows.
TRIALS = [f"NCT1000000{number}" for number in range(10)]


class GaveUp(AssertionError):
    """The service did not accept a request within PATIENCE, or refused it."""


class Client:
    """Sends each request until it is accepted. `again` counts the repetitions."""

    def __init__(self, url: str) -> None:
        self.again = 0
        self._http = httpx.Client(base_url=url, timeout=60, trust_env=False)

    def sign_up(self, address: str, *, as_form: bool) -> None:
        """One visitor follows a trial."""
        fields: dict[str, Any] = {"email": address, "topic": f"trial:{TRIALS[0]}"}
        fields |= {"accept_terms": "yes", "terms_version": TERMS, "frequency": "monthly"}
        self._send("/v1/subscriptions", **{"data" if as_form else "json": fields})

    def send_events(self, webhook_id: str, *events: dict[str, Any]) -> None:
        """The ingestor sends changes; a repeat keeps its `webhook-id`."""
        body = json.dumps(events).encode()
        headers = {"content-type": BATCH} | sign(SECRET, webhook_id, datetime.now(UTC), body)
        answer = self._send("/v1/events", content=body, headers=headers).json()
        if answer["accepted"] + answer["duplicates"] != len(events):
            raise GaveUp(f"the service answered {answer} to {len(events)} events")

    def _send(self, path: str, **request: Any) -> httpx.Response:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                answer = self._http.post(path, **request)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code in (202, 303):
                return answer
            if answer is not None and answer.status_code != 429 and answer.status_code < 500:
                raise GaveUp(f"{path} was answered {answer.status_code}: {answer.text[:200]}")
            self.again += 1
            time.sleep(0.2)
        raise GaveUp(f"{path} was not taken within {PATIENCE:.0f} s")


class Visitors(threading.Thread):
    """Signs people up and sends changes until it is stopped; its lists hold the accepted ones."""

    def __init__(self, url: str, name: str, seed: int) -> None:
        super().__init__(daemon=True)
        self.signed_up: list[str] = []
        self.revisions: Counter[str] = Counter()
        self.error: str | None = None
        self.client = Client(url)
        self._name, self._chance, self._over = name, random.Random(seed), threading.Event()

    def run(self) -> None:
        """Runs until stopped; an error ends it early."""
        try:
            while not self._over.is_set():
                self._visit()
                self._over.wait(self._chance.uniform(0.02, 0.3))
        except Exception as fault:
            self.error = f"{type(fault).__name__}: {fault}"

    def _visit(self) -> None:
        if self._chance.random() < 0.7:
            address = f"visitor{len(self.signed_up)}-{self._name}@example.org"
            self.client.sign_up(address, as_form=self._chance.random() < 0.5)
            self.signed_up.append(address)
            return
        chosen = self._chance.sample(TRIALS, self._chance.randint(1, 5))
        changes = []
        for trial in chosen:
            revision = self.revisions[trial] + 1
            status = "RECRUITING" if revision % 2 else "SUSPENDED"
            changes.append(upserted(trial, revision, status=status))
        self.client.send_events(f"msg_{self._name}_{self.revisions.total()}", *changes)
        self.revisions.update(chosen)

    def stop(self) -> None:
        """Stops once the requests under way were accepted."""
        self._over.set()
        self.join(PATIENCE + 15)
