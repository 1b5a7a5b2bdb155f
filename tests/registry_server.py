"""A registry that speaks ClinicalTrials.gov's API v2 on a real port: search by pages, and single studies."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from litestar import Litestar, Request, Response, get

_RANGE = re.compile(r"AREA\[LastUpdatePostDate\]RANGE\[([\d-]+),MAX\]")


def study(
    nct_id: str, updated: str = "2026-06-30", status: str = "RECRUITING", **module: Any
) -> dict[str, Any]:
    """A small record of the registry."""
    return {
        "protocolSection": {
            "identificationModule": {"nctId": nct_id, "briefTitle": f"Study {nct_id}"},
            "statusModule": {
                "overallStatus": status,
                "lastUpdatePostDateStruct": {"date": updated, "type": "ACTUAL"},
                "studyFirstPostDateStruct": {"date": "2026-06-01"},
                **module,
            },
            "conditionsModule": {"conditions": ["Leukemia"]},
        },
        "hasResults": False,
    }


@dataclass
class Registry:
    """The registry's records, the requests it got, and answers to give instead, first of all."""

    studies: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[dict[str, str]] = field(default_factory=list)
    instead: list[Response[Any]] = field(default_factory=list)
    expired: bool = False

    def put(self, *records: dict[str, Any]) -> None:
        for record in records:
            self.studies[record["protocolSection"]["identificationModule"]["nctId"]] = record

    def app(self) -> Litestar:
        @get("/api/v2/studies")
        async def search(request: Request[Any, Any, Any]) -> Response[Any]:
            asked = dict(request.query_params)
            self.requests.append(asked)
            return self.instead.pop(0) if self.instead else self._page(asked)

        return Litestar([search], openapi_config=None)

    def _page(self, asked: dict[str, str]) -> Response[Any]:
        token = asked.get("pageToken")
        if token and (self.expired or not token.startswith("after-")):
            return Response("pageToken is invalid", status_code=400, media_type="text/plain")
        start = int(token.removeprefix("after-")) if token else 0
        found = sorted(self._since(asked.get("filter.advanced", "")), key=_updated)
        following = start + int(asked["pageSize"])
        page: dict[str, Any] = {"studies": found[start:following]}
        if following < len(found):
            page["nextPageToken"] = f"after-{following}"
        if asked.get("countTotal") == "true":
            page["totalCount"] = len(found)
        return Response(page)

    def _since(self, expression: str) -> Iterable[dict[str, Any]]:
        since = _RANGE.search(expression)
        return (each for each in self.studies.values() if not since or _updated(each) >= since[1])


def _updated(record: dict[str, Any]) -> str:
    day: str = record["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"]
    return day
