"""A request whose JSON body is read as leniently as everywhere, and whose faults are answers."""

from typing import Any

from litestar import Request
from litestar.types import Empty

from service import json_text
from service.web.http.problems import Problem


class JsonRequest(Request[Any, Any, Any]):
    """Handlers whose body has a declared shape get it from here."""

    async def json(self) -> Any:
        """The body's JSON value, None for an empty body. Raises a Problem (400) for what is no JSON."""
        if self._json is Empty:
            body = await self.body()
            try:
                self._json = json_text.decode(body) if body else None
            except json_text.NOT_JSON:
                raise Problem(400, "The body is not JSON.") from None
        return self._json
