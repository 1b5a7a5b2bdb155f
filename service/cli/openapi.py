"""The OpenAPI document as text, made without any settings."""

import msgspec

from service.app import create_app
from service.configuration.settings import read
from service.web.api.openapi import document


def openapi_document() -> str:
    """The document of a service that has no settings, indented."""
    app = create_app(read({}, only=()))
    return msgspec.json.format(msgspec.json.encode(document(app)), indent=2).decode() + "\n"
