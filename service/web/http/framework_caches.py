"""Disables the framework's caches of requests: of the last thousand parsed paths, queries and cookies.

Some of these contain tokens, topics or addresses, which must not stay in memory, and long ones fill it.
Parsing without a cache takes some microseconds.
"""

from types import ModuleType

from litestar import Litestar
from litestar._asgi.routing_trie import traversal
from litestar._kwargs import extractors
from litestar.connection import base, request

_PARSERS: tuple[tuple[ModuleType, str], ...] = (
    (traversal, "parse_path_params"),
    (base, "parse_query_string"),
    (base, "parse_cookie_string"),
    (extractors, "parse_query_string"),
    (extractors, "create_query_default_dict"),
    (extractors, "parse_url_encoded_form_data"),
    (request, "parse_url_encoded_form_data"),
)


def forget_requests(app: Litestar) -> None:
    """Removes the caches of parsed requests, in the framework as a whole and in the router of `app`."""
    for module, name in _PARSERS:
        parser = getattr(module, name)
        setattr(module, name, getattr(parser, "__wrapped__", parser))
    app.asgi_router.handle_routing = app.asgi_router._handle_routing  # type: ignore[assignment]
