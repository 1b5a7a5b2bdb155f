"""Routes that show a page: GET and HEAD, neither of which changes anything."""

from collections.abc import Callable
from typing import Any

from litestar import route
from litestar.enums import HttpMethod


def page_route(path: str | list[str]) -> Callable[[Any], Any]:
    """A handler for GET and HEAD of `path`, excluded from the OpenAPI document."""
    decorate: Callable[[Any], Any] = route(
        path, http_method=[HttpMethod.GET, HttpMethod.HEAD], include_in_schema=False
    )
    return decorate
