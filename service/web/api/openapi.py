"""The OpenAPI document, and a page that shows it without third-party assets."""

import copy
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from service.web.api.openapi_schemas import BODIES, PARAMETERS, PROBLEM, RESPONSES, SCHEMAS, webhooks
from service.web.pages import page

#: The framework's own document of the handlers, as JSON only: its default pages load scripts from third
#: parties.
CONFIG = OpenAPIConfig(
    title="Trial Alerts", version="1", path="/docs/framework", render_plugins=[JsonRenderPlugin(path="/")]
)

_WORDS = (
    "Email notifications and subscriptions for a website of clinical trials. Errors are "
    "application/problem+json (RFC 9457). The operators' API (/v1/admin/…) takes a bearer token."
)
_METHODS = ("get", "put", "post", "delete", "patch")
_BEARER = {"type": "http", "scheme": "bearer", "description": "ALERTS_ADMIN_TOKEN"}


def document(app: Litestar) -> dict[str, Any]:
    """The OpenAPI 3.1 document of `app`: its routes, their problems, and the ingestor's webhooks."""
    described = copy.deepcopy(app.openapi_schema.to_schema())
    described["info"] = {"title": "Trial Alerts", "version": "1", "description": _WORDS}
    described["webhooks"] = webhooks()
    components = described.setdefault("components", {})
    components.setdefault("schemas", {}).update(SCHEMAS)
    components["securitySchemes"] = {"operators": _BEARER}
    described["paths"] = dict(sorted(described["paths"].items()))
    for path, item in described["paths"].items():
        for method in _METHODS:
            if method in item:
                _complete(method, path, item[method])
                if path.startswith("/v1/admin") and "requestBody" in item[method]:
                    _close(item[method]["requestBody"], components["schemas"])
    return described


def _close(body: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Says of an operator's body that it takes no unknown field, and whether it may be left out."""
    media = body["content"]["application/json"]
    media["schema"] = media["schema"].get("oneOf", [media["schema"]])[0]  # or null
    schema = schemas[media["schema"]["$ref"].rpartition("/")[2]]
    schema["additionalProperties"] = False
    body["required"] = bool(schema["required"])


def _complete(method: str, path: str, operation: dict[str, Any]) -> None:
    """Adds the bodies and headers that a handler reads by itself, and the schema of errors."""
    if (method, path) in BODIES:
        operation["requestBody"] = {"required": True, "content": BODIES[method, path]}
    operation.setdefault("parameters", []).extend(PARAMETERS.get((method, path), ()))
    responses = {status: response for status, response in operation["responses"].items() if status < "400"}
    operation["responses"] = responses | {"default": PROBLEM} | RESPONSES.get((method, path), {})
    if path.startswith("/v1/admin") or path == "/v1/feedback":
        operation["security"] = [{"operators": []}]


def _kept(app: Litestar) -> dict[str, Any]:
    if "api" not in app.state:
        public_url = app.state.system.settings.public_url
        app.state.api = document(app) | {"servers": [{"url": public_url}]}
    cached: dict[str, Any] = app.state.api
    return cached


@get("/openapi.json", include_in_schema=False)
async def openapi_json(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The document, for programs of any origin."""
    headers = {"Access-Control-Allow-Origin": "*"}
    return Response(msgspec.json.encode(_kept(request.app)), media_type="application/json", headers=headers)


@get("/docs", include_in_schema=False)
async def docs(request: Request[Any, Any, Any]) -> Response[str]:
    """The document as a page."""
    described = _kept(request.app)
    return page("docs.html", api=described, methods=_METHODS, examples=_examples(described))


def _examples(described: dict[str, Any]) -> dict[str, str]:
    """Each schema as readable JSON, by its name."""
    return {
        name: msgspec.json.format(msgspec.json.encode(schema), indent=2).decode()
        for name, schema in described["components"]["schemas"].items()
    }
