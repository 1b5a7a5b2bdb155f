"""The demo website: its trials, and their changes sent as any ingestor sends them."""

import json
import uuid
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx

from service.configuration.settings import write_private
from service.crypto.webhook_signatures import sign
from service.dev.changes import DemoTrial, changed, new_trial
from service.dev.explanations import Explained, explain
from service.dev.history import CONDITION, history

_SHIPPED = Path(__file__).parent / "data" / "demo.json"
_SOURCE = "https://www.example.org/demo-ingestor"

#: Fields that differ in every new snapshot of a trial.
_PROGRESS = frozenset({"revision", "notify", "reason", "registry_last_updated"})

#: Maximum number of events in a batch.
_BATCH = 1000


class DemoWebsite:
    """The trials of the demo website, stored in the data folder; sends their changes."""

    def __init__(self, folder: Path, public_url: str, here: str, webhook_secret: str) -> None:
        self._path = folder / "demo.json"
        self._public_url, self._here = public_url, here
        self._secret = webhook_secret
        shipped = json.loads(_SHIPPED.read_text(encoding="utf-8"))
        self.conditions: list[dict[str, Any]] = [*shipped["conditions"], CONDITION]
        self._shipped: list[DemoTrial] = [*shipped["trials"], history().first]
        self.shipped = [trial["nct_id"] for trial in self._shipped]
        stored = json.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else self._shipped
        self.trials: dict[str, DemoTrial] = {trial["nct_id"]: trial for trial in (*self._shipped, *stored)}
        self.last: dict[str, Explained] = {}

    def url_of(self, nct_id: str) -> str:
        """The page of a trial on the demo website."""
        return f"{self._public_url}/demo/trials/{nct_id}"

    def _event(self, type_: str, subject: str, data: dict[str, Any], *, id_: str) -> dict[str, Any]:
        return {
            "specversion": "1.0",
            "id": id_,
            "source": _SOURCE,
            "type": type_,
            "subject": subject,
            "time": datetime.now(UTC).isoformat(),
            "datacontenttype": "application/json",
            "data": data,
        }

    async def _send(self, events: list[dict[str, Any]]) -> None:
        """Posts `events`, signed, over HTTP. Raises httpx.HTTPError if the service refuses them."""
        body = json.dumps(events).encode()
        headers = {"content-type": "application/cloudevents-batch+json"}
        headers |= sign(self._secret, f"msg_{uuid.uuid4().hex}", datetime.now(UTC), body)
        async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
            (await http.post(f"{self._here}/v1/events", content=body, headers=headers)).raise_for_status()

    async def introduce(self) -> None:
        """Sends the conditions and the trials as a first load, which notifies nobody. Idempotent."""
        conditions = [
            self._event("condition.upserted", condition["id"], condition, id_=f"shipped-{condition['id']}")
            for condition in self.conditions
        ]
        trials = [self._upserted(trial) for trial in self._shipped]
        for start in range(0, len(conditions + trials), _BATCH):
            await self._send((conditions + trials)[start : start + _BATCH])

    def _with_url(self, trial: DemoTrial) -> DemoTrial:
        return trial | {"url": self.url_of(trial["nct_id"])}

    def _upserted(self, trial: DemoTrial) -> dict[str, Any]:
        nct_id = trial["nct_id"]
        return self._event(
            "trial.upserted", nct_id, self._with_url(trial), id_=f"{nct_id}-{trial['revision']}"
        )

    async def change(self, nct_id: str, slug: str) -> None:
        """Applies one of CHANGES to a trial. Raises KeyError for an unknown trial or change.

        Sends nothing if the trial was in that state already; `last` holds the effect in words.
        """
        before = self.trials[nct_id]
        after = changed(before, slug, self._today())
        self.last[nct_id] = explain(self._with_url(before), self._with_url(after))
        if any(before.get(name) != after.get(name) for name in after if name not in _PROGRESS):
            await self._send([self._upserted(after)])
            self._keep(after)

    async def play(self, count: int) -> None:
        """Sends the next updates of the real history, `count` at most."""
        real = history()
        for update in real.after(self.trials[real.nct_id]["revision"])[:count]:
            await self._send([self._upserted(update.before), self._upserted(update.after)])
            self._keep(update.after)

    async def add_trial(self) -> str:
        """Adds a new trial; returns its NCT id."""
        number = 1 + sum(nct_id.startswith("NCT99") for nct_id in self.trials)
        trial = new_trial(number, self._today())
        await self._send([self._upserted(trial)])
        self._keep(trial)
        return str(trial["nct_id"])

    async def remove(self, nct_id: str) -> None:
        """Removes a trial from the website. Raises KeyError for an unknown trial."""
        trial = self.trials[nct_id]
        revision = trial["revision"] + 1
        data = {"nct_id": nct_id, "revision": revision, "explanation": "It was listed by mistake."}
        await self._send([self._event("trial.removed", nct_id, data, id_=f"{nct_id}-{revision}-removed")])
        self._keep(trial | {"revision": revision, "removed": True})

    def _today(self) -> date:
        return datetime.now(UTC).date()

    def _keep(self, trial: DemoTrial) -> None:
        self.trials[trial["nct_id"]] = trial
        write_private(self._path, json.dumps(list(self.trials.values()), ensure_ascii=False, indent=1))
