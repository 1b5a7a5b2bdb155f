"""A client of the ClinicalTrials.gov API v2: pages of studies, oldest update first."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx

from service.cli.context import CommandFailed
from service.cli.events import seconds_to_wait
from service.runtime.json_text import NOT_JSON, decode

BASE = "https://clinicaltrials.gov/api/v2"
#: The fields that events need; the descriptions and results of a record are many times as large.
FIELDS = (
    "protocolSection.identificationModule",
    "protocolSection.statusModule",
    "protocolSection.sponsorCollaboratorsModule",
    "protocolSection.descriptionModule.briefSummary",
    "protocolSection.conditionsModule",
    "protocolSection.designModule",
    "protocolSection.armsInterventionsModule",
    "protocolSection.outcomesModule.primaryOutcomes",
    "protocolSection.eligibilityModule",
    "protocolSection.contactsLocationsModule",
    "derivedSection.conditionBrowseModule",
    "hasResults",
)
_ATTEMPTS = 8
_LONGEST_WAIT = 60.0
#: Seconds for a whole answer; the client's own limit starts again with each octet that arrives.
LONGEST_ANSWER = 180.0


class TokenRefused(Exception):
    """The registry no longer accepts a page token: the pages must be read from the beginning."""


class StudyRefused(CommandFailed):
    """The registry answers a request for one study with a refusal, or with something else."""


@dataclass(frozen=True, slots=True)
class Page:
    """Studies, the token of the next page, and the total number of studies if requested."""

    studies: list[Any]
    next_token: str | None
    total: int | None


@dataclass(frozen=True, slots=True)
class StudySelection:
    """A selection of studies by the registry's search terms and filter; all if empty."""

    query: str | None = None
    condition: str | None = None
    filter: str | None = None

    def parameters(self, since: str | None) -> dict[str, str]:
        """The search's parameters. `since` is a day: only studies updated on it or later."""
        updated = f"AREA[LastUpdatePostDate]RANGE[{since},MAX]" if since else None
        filters = [f"({self.filter})" if self.filter and updated else self.filter, updated]
        named = {
            "query.term": self.query,
            "query.cond": self.condition,
            "filter.advanced": " AND ".join(text for text in filters if text),
        }
        return {name: value for name, value in named.items() if value}


@dataclass(slots=True)
class RegistryApi:
    """The registry's API at `base`. `pause` is the minimum time between two requests in seconds."""

    client: httpx.AsyncClient
    base: str = BASE
    selection: StudySelection = field(default_factory=StudySelection)
    page_size: int = 200
    pause: float = 1.2
    _asked_before: bool = False

    async def page(self, *, since: str | None, token: str | None) -> Page:
        """A page of the selection. Raises TokenRefused, and CommandFailed if the registry is unavailable."""
        parameters = {
            **self.selection.parameters(since),
            "format": "json",
            "fields": ",".join(FIELDS),
            "sort": "LastUpdatePostDate:asc",
            "pageSize": str(self.page_size),
            **({"pageToken": token} if token else {"countTotal": "true"}),
        }
        answer = await self._get(self._studies, parameters)
        if answer.status_code == 400 and token:
            raise TokenRefused
        if answer.status_code != 200:
            raise CommandFailed(_refusal(answer))
        found = _decoded(answer)
        if not isinstance(found, dict) or not isinstance(found.get("studies"), list):
            raise CommandFailed("The registry's answer holds no studies: is --api its address?")
        following, total = found.get("nextPageToken"), found.get("totalCount")
        return Page(found["studies"], following or None, total if isinstance(total, int) else None)

    async def study(self, nct_id: str) -> Any:
        """One study, by its number or an older one; None if the registry has no such study.

        Raises StudyRefused, and CommandFailed if the registry is unavailable.
        """
        parameters = {"format": "json", "fields": ",".join(FIELDS)}
        answer = await self._get(f"{self._studies}/{nct_id}", parameters)
        if answer.status_code == 404:
            return None
        if answer.status_code != 200:
            raise StudyRefused(f"The registry refused {nct_id} with {answer.status_code}.")
        found = _decoded(answer)
        if number_of(found) is None:
            raise StudyRefused(f"The registry's answer for {nct_id} is no study.")
        return found

    @property
    def _studies(self) -> str:
        return f"{self.base.rstrip('/')}/studies"

    async def _get(self, url: str, parameters: dict[str, str]) -> httpx.Response:
        """A final answer: retries for some minutes while the registry is busy or unavailable."""
        for attempt in range(_ATTEMPTS):
            if self._asked_before:
                await asyncio.sleep(self.pause)
            self._asked_before = True
            wait = min(2.0**attempt, _LONGEST_WAIT) if self.pause else 0.0
            try:
                async with asyncio.timeout(LONGEST_ANSWER):
                    answer = await self.client.get(url, params=parameters, follow_redirects=True)
            except (httpx.RequestError, TimeoutError):
                await asyncio.sleep(wait)
                continue
            if answer.status_code != 429 and answer.status_code < 500:
                return answer
            asked = answer.headers.get("retry-after")
            await asyncio.sleep(seconds_to_wait(asked) if asked else wait)
        raise CommandFailed("The registry can't be reached, or is busy; what was found until now is kept.")


def number_of(record: Any) -> str | None:
    """The number of a study; None if the record is no study, or of another schema."""
    try:
        number = record["protocolSection"]["identificationModule"]["nctId"]
    except (LookupError, TypeError):
        return None
    return number if isinstance(number, str) else None


def _decoded(answer: httpx.Response) -> Any:
    try:
        return decode(answer.content)
    except NOT_JSON:
        return None


def _refusal(answer: httpx.Response) -> str:
    """The plain text with which the registry answers an invalid parameter."""
    words = (
        " ".join(answer.text.split())[:300] if "text/plain" in answer.headers.get("content-type", "") else ""
    )
    return f"The registry refused a search with {answer.status_code}. {words}".strip()
