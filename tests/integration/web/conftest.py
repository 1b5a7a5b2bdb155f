"""Fixtures of several tests of the web: the inbox, a follower, an application with other settings."""

from collections.abc import AsyncIterator, Iterator

import pytest
from litestar import Litestar

from service.configuration import settings as settings_module
from service.configuration.settings import Settings
from service.system import System
from service.web.http import protocol
from tests.conftest import app_of
from tests.integration.privacy import cast
from tests.integration.web.inbox import Inbox, open_inbox
from tests.integration.web.sockets import Served, served


@pytest.fixture
async def inbox(system: System) -> AsyncIterator[Inbox]:
    async with open_inbox(system) as opened:
        yield opened


@pytest.fixture
async def alice(system: System) -> int:
    """The number of a person who follows a study and a condition."""
    return await cast.follower(system)


@pytest.fixture
def app(environ: dict[str, str], request: pytest.FixtureRequest) -> Iterator[Litestar]:
    """The application; a parameter of the test adds settings."""
    with app_of(settings_module.read(environ | getattr(request, "param", {}))) as app:
        yield app


@pytest.fixture
def server(settings: Settings) -> Iterator[Served]:
    """The service behind a real socket."""
    with served(settings) as running:
        yield running


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same deadlines, sooner."""
    for name, seconds in {"HEAD_SECONDS": 1, "BODY_SECONDS": 1, "IDLE_SECONDS": 1, "_TICK": 0.1}.items():
        monkeypatch.setattr(protocol, name, float(seconds))
