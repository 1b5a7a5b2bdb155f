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
    """The registry's records, the requests it got, and answers to give instead, first of all.

    `unlisted` are studies that the search does not find; `merged` leads from an old number to another;
    `expired`: no page token is known any more.
    """

    studies: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[dict[str, str]] = field(default_factory=list)
    instead: list[Response[Any]] = field(default_factory=list)
    expired: bool = False
    unlisted: set[str] = field(default_factory=set)
    merged: dict[str, str] = field(default_factory=dict)

    def put(self, *records: dict[str, Any]) -> None:
        for record in records:
            self.studies[record["protocolSection"]["identificationModule"]["nctId"]] = record

    def app(self) -> Litestar:
        @get("/api/v2/studies")
        async def search(request: Request[Any, Any, Any]) -> Response[Any]:
            asked = dict(request.query_params)
            self.requests.append(asked)
            return self.instead.pop(0) if self.instead else self._page(asked)

        @get("/api/v2/studies/{nct_id:str}")
        async def single(request: Request[Any, Any, Any]) -> Response[Any]:
            nct_id = request.path_params["nct_id"]
            self.requests.append({"study": nct_id})
            if self.instead:
                return self.instead.pop(0)
            if nct_id in self.merged:
                there = f"/api/v2/studies/{self.merged[nct_id]}?{request.url.query}"
                return Response(None, status_code=301, headers={"location": there})
            if nct_id not in self.studies:
                return Response(f"NCT number {nct_id} not found", status_code=404, media_type="text/plain")
            return Response(self.studies[nct_id])

        return Litestar([search, single], openapi_config=None)

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
        listed = [record for nct_id, record in self.studies.items() if nct_id not in self.unlisted]
        return (each for each in listed if not since or _updated(each) >= since[1])


def _updated(record: dict[str, Any]) -> str:
    day: str = record["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"]
    return day
