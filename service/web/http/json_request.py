"""A request class whose JSON body is decoded leniently, as everywhere, and whose errors are problems."""

from typing import Any

from litestar import Request
from litestar.types import Empty

from service.runtime import json_text
from service.web.http.problems import Problem


class JsonRequest(Request[Any, Any, Any]):
    """The request of handlers whose body has a declared type."""

    async def json(self) -> Any:
        """The body's JSON value, None for an empty body. Raises a Problem (400) if it is not JSON."""
        if self._json is Empty:
            body = await self.body()
            try:
                self._json = json_text.decode(body) if body else None
            except json_text.NOT_JSON:
                raise Problem(400, "The body is not JSON.") from None
        return self._json
