"""The request class: a JSON body is decoded leniently, as everywhere, and its errors are problems."""

from typing import Any

from litestar import Request
from litestar.datastructures import Headers
from litestar.types import Empty

from service.runtime import json_text
from service.web.http.problems import Problem


class JsonRequest(Request[Any, Any, Any]):
    """The request of every handler."""

    __slots__ = ("_read_headers",)

    @property
    def headers(self) -> Headers:
        """The headers, looked up once: a sign-up asks for eight."""
        try:
            return self._read_headers
        except AttributeError:
            self._read_headers: Headers = super().headers
            return self._read_headers

    async def json(self) -> Any:
        """The body's JSON value, None for an empty body. Raises a Problem (400) if it is not JSON."""
        if self._json is Empty:
            body = await self.body()
            try:
                self._json = json_text.decode(body) if body else None
            except json_text.NOT_JSON:
                raise Problem(400, "The body is not JSON.") from None
        return self._json
