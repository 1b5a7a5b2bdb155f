"""The web application: lifespan, dependency injection, routes, errors. The only wiring of the web side."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from sqlalchemy.exc import SQLAlchemyError

from service.configuration.settings import Settings, SettingsError
from service.domain.wording.messages import Message, translated
from service.languages import supported
from service.runtime import tracing
from service.store.sql import clock
from service.system import System, open_system, tune_gc, website_of
from service.web import admin
from service.web.api import events, feedback, health, metrics, openapi, provider_feedback, topics
from service.web.api.access_log import observed
from service.web.error_pages import page_or_problem
from service.web.http import assets, problems
from service.web.http.allowed_methods import allow_all_methods
from service.web.http.answer_time import answered_in_time
from service.web.http.counted_requests import give_back_if_ours
from service.web.http.cross_origin import readable_across_origins
from service.web.http.framework_caches import forget_requests
from service.web.http.json_request import JsonRequest
from service.web.http.reader import reader_language
from service.web.outermost_middleware import outermost
from service.web.site import (
    address_change,
    challenge,
    confirm,
    decline,
    digest,
    embed,
    preferences,
    signup,
    subscribe,
    terms,
    unsubscribe,
)

#: Maximum bytes of a request body, except event batches, which have their own limit.
_LARGEST_BODY = 256 * 1024

#: Seconds between two looks at the database's clock.
_CLOCKS_SECONDS = 15.0


def create_app(settings: Settings, *, more_routes: Sequence[Any] = ()) -> Litestar:
    """The application for `settings`; `more_routes`: additional routes of the development system."""
    app = Litestar(
        route_handlers=[*ROUTES, *more_routes],
        state=State({"settings": settings}),
        lifespan=[_lifespan],
        dependencies={"system": Provide(lambda: app.state.system, sync_to_thread=False)},
        exception_handlers={
            problems.Problem: page_or_problem(problems.on_problem),
            HTTPException: page_or_problem(problems.on_http_exception),
            SQLAlchemyError: page_or_problem(problems.on_store_away),
            OSError: page_or_problem(problems.on_store_away),
            Exception: page_or_problem(problems.on_unexpected),
        },
        after_exception=[give_back_if_ours],
        middleware=[answered_in_time],
        type_encoders={Message: lambda message: translated(message, reader_language())},
        request_class=JsonRequest,
        request_max_body_size=_LARGEST_BODY,
        openapi_config=openapi.CONFIG,
        logging_config=None,
    )
    base = settings.base_path
    _check_base_path(app, base)
    forget_requests(app)
    allow_all_methods(app)
    readable = readable_across_origins(app.asgi_handler, settings.website_origins)
    app.asgi_handler = observed(outermost(readable, base, website_of(settings)))
    return app


@asynccontextmanager
async def _lifespan(app: Litestar) -> AsyncIterator[None]:
    async with open_system(app.state.settings) as system:
        app.state.system = system
        tune_gc()
        comparing = asyncio.create_task(_compare_clocks(system))
        yield
        comparing.cancel()
    await asyncio.to_thread(tracing.flush)  # the server ends its process by the signal that stopped it


async def _compare_clocks(system: System) -> None:
    """Reads the database's time now and then, so that no request has to."""
    while True:
        await asyncio.sleep(_CLOCKS_SECONDS)
        with contextlib.suppress(Exception):  # it is away, which is logged and shown elsewhere
            await clock.compare(system.database)


def _check_base_path(app: Litestar, base: str) -> None:
    """Raises SettingsError for a path that is ambiguous beside our own ones, stripped by a proxy or not."""
    first = base.partition("/")[2].partition("/")[0]
    if first in supported() or (first and any(route.path.split("/")[1] == first for route in app.routes)):
        raise SettingsError(
            f"ALERTS_PUBLIC_URL must not have a path that begins with /{first}: the service has an address "
            "of that name itself."
        )


ROUTES: list[Any] = [
    health.live,
    health.ready,
    metrics.metrics,
    admin.API,
    admin.DASHBOARD,
    assets.static_file,
    embed.script,
    embed.form,
    embed.guide,
    signup.sign_up,
    challenge.challenge,
    subscribe.subscribe_form,
    subscribe.search,
    subscribe.sent,
    confirm.show,
    confirm.confirm,
    confirm.again,
    digest.show,
    events.handshake,  # before the POST, for which the framework would add an OPTIONS handler
    events.receive_events,
    feedback.receive_feedback,
    provider_feedback.receive_webhook,
    openapi.openapi_json,
    openapi.docs,
    unsubscribe.show,
    unsubscribe.unsubscribe,
    unsubscribe.undo,
    decline.show,
    decline.decline,
    terms.current,
    terms.show,
    terms.accept,
    topics.search,
    preferences.ROUTER,
    address_change.ROUTER,
]
