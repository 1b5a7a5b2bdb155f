"""The world the tests run in: both databases, a real Redis, settings, and the application."""

import asyncio
import gc
import hashlib
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from litestar import Litestar
from litestar.datastructures import State
from sqlalchemy.ext.asyncio import AsyncEngine

from service.app import create_app
from service.configuration import settings as settings_module
from service.configuration.settings import Settings
from service.crypto import index_key
from service.domain import buckets
from service.store.sql.database import create_database
from service.system import System, open_system, website_of
from tests import citus, database_turns, fuzzing, process_wide, store_places
from tests.bucket_statements import Recorder
from tests.compiled_statements import share_compiled_statements
from tests.databases import migrate, postgresql_database, template_on
from tests.process_wide import redis_counts_as_there  # noqa: F401 - a fixture for all
from tests.pseudo_language import accented, fresh_messages  # noqa: F401 - fixtures for all
from tests.servers import start_postgresql, start_redis
from tests.store_places import pytest_addoption  # noqa: F401 - a hook

if TYPE_CHECKING:
    import redis

warnings.filterwarnings("ignore", category=RuntimeWarning, module="platformdirs")

fuzzing.register_profiles()

_statements = Recorder()
_statements.listen()
share_compiled_statements()
process_wide.set_up()

#: The parameter of a test that runs on PostgreSQL.
POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)

#: Bytes that must be free in memory before the tests keep their files there.
_ROOM = 4 << 30


def pytest_configure(config: pytest.Config) -> None:
    """Keeps the files of tests in memory if there is room: every fsync is made, and waits for no disk."""
    config.addinivalue_line("markers", "postgresql: needs a PostgreSQL server; `make quick` leaves it out")
    config.addinivalue_line(
        "markers", "slow: takes a quarter of a second, or runs a command; `make quick` leaves it out"
    )
    config.addinivalue_line("markers", f"{database_turns.EXCEPTION}: each case runs on both databases")
    memory = Path("/dev/shm")
    if "TMPDIR" not in os.environ and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(memory)
    if config.getoption(store_places.OPTION):
        config.pluginmanager.register(store_places.Recorder())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks tests that need a PostgreSQL server by a fixture or by their only database.

    Deselects cases on a database whose turn it is not, and tests that Citus does not support.
    """
    for item in items:
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        if "postgresql" in (*getattr(item, "fixturenames", ()), parameters.get("database_url")):
            item.add_marker("postgresql")
    database_turns.deselect_other_turns(config, items)
    citus.deselect_unsupported(config, items)


def pytest_collection_finish() -> None:
    """Raises time limits. Collects garbage from now on, but for what importing and collecting tests made: it
    stays to the end."""
    process_wide.be_patient()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_sessionfinish() -> None:
    """Collects garbage once: pytest does so five times, and would walk again all that was ever imported."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def each_statement_names_its_bucket() -> Iterator[None]:
    """Fails a test in which the store looked for people in all buckets (tests/bucket_statements.py)."""
    _statements.take()
    yield
    assert _statements.take() == []


@pytest.fixture(autouse=True)
def same_buckets_each_time(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys of addresses depend on the test alone: in each run the same people share a bucket."""
    numbers = count()

    def key(size: int) -> bytes:
        return hashlib.sha512(f"{request.node.name} {next(numbers)}".encode()).digest()[:size]

    monkeypatch.setattr(index_key, "os", SimpleNamespace(urandom=key))


@pytest.fixture
def one_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    """New people share a bucket, so that they are planned and their mails are claimed together."""
    monkeypatch.setattr(buckets, "IN_USE", 1)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server of this test process, which never waits for a disk.

    With `ALERTS_TEST_POSTGRESQL_URL`, that server is used instead; its user must be able to create databases.
    """
    if given := os.environ.get("ALERTS_TEST_POSTGRESQL_URL"):
        yield given
        return
    with start_postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The URL of a Redis server of this test process."""
    with start_redis() as url:
        yield url


@pytest.fixture(scope="session")
def redis_client(redis_server: str) -> "Iterator[redis.Redis]":
    """A connection to the Redis server of this test process."""
    import redis

    with redis.Redis.from_url(redis_server) as client:
        yield client


@pytest.fixture
def redis_url(redis_server: str, redis_client: "redis.Redis") -> str:
    """An empty Redis."""
    redis_client.flushall()
    return redis_server


@pytest.fixture(params=["sqlite", POSTGRESQL])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty, migrated database; each test that asks for it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    with postgresql_database(request.getfixturevalue("postgresql_template")) as url:
        yield url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """An empty, migrated SQLite database: for a test whose answer does not depend on the kind of database."""
    shutil.copy(sqlite_template, tmp_path / "test.sqlite3")
    return f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str) -> Iterator[str]:
    """The URL of a server that holds a migrated database to copy (`postgresql_database`)."""
    with template_on(postgresql):
        yield postgresql


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[AsyncEngine]:
    """The database, open."""
    engine = create_database(database_url)
    yield engine
    await engine.dispose()


#: Settings that every test system starts from. Secrets are for tests alone.
ENVIRONMENT = {
    "ALERTS_SMTP_URL": "smtp://127.0.0.1:1?tls=none",
    "ALERTS_PUBLIC_URL": "http://testserver.local",
    "ALERTS_WEBSITE_ORIGINS": "https://www.example.org",
    "ALERTS_SECRET_KEYS": "test-secret-key-of-more-than-32-characters",
    "ALERTS_WEBHOOK_SECRETS": "whsec_dGVzdC13ZWJob29rLXNlY3JldC0yNC1ieXRlcw==",
    "ALERTS_ADMIN_TOKEN": "test-admin-token-1234",
    "ALERTS_MAIL_FROM": "Example Updates <updates@mail.example.org>",
    "ALERTS_POSTAL_ADDRESS": "1 Example Street, 00100 Example City",
    "ALERTS_TERMS_URL": "https://www.example.org/terms",
    "ALERTS_PRIVACY_URL": "https://www.example.org/privacy",
    "ALERTS_LOG_FORMAT": "json",
    "ALERTS_SETTLE_SECONDS": "0",
    "ALERTS_SIGNUP_LIMIT": "100000",
}


@pytest.fixture
def environ(database_url: str, redis_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment of a test system; a test may change it before it asks for `settings`."""
    return ENVIRONMENT | {
        "ALERTS_DATABASE_URL": database_url,
        "ALERTS_REDIS_URL": redis_url,
        "ALERTS_DATA": str(tmp_path),
    }


@pytest.fixture
def settings(environ: dict[str, str]) -> Settings:
    """The settings of a test system."""
    return settings_module.read(environ)


@pytest.fixture
async def system(settings: Settings) -> AsyncIterator[System]:
    """An open system on a fresh database and an empty Redis."""
    async with open_system(settings) as opened:
        yield opened


@asynccontextmanager
async def serving(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of `app`, in this process and loop; redirects are not followed."""
    started, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            started.set()
            await stop.wait()

    # A task of its own: a fixture's end may run in another task than its beginning.
    life = asyncio.create_task(live())
    waiting = asyncio.create_task(started.wait())
    await asyncio.wait({life, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if life.done():
        life.result()
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver.local") as http:
        yield http
    stop.set()
    await life


#: Applications that no test uses right now, by what is fixed when one is made.
_idle_apps: dict[tuple[object, ...], list[Litestar]] = {}


@contextmanager
def app_of(settings: Settings, *more_routes: Any) -> Iterator[Litestar]:
    """The application for `settings`, with a new state.

    Registering the routes takes a quarter of a test's time, so tests use an application one after the other.
    """
    fixed = (settings.website_origins, settings.base_path, website_of(settings), *more_routes)
    idle = _idle_apps.setdefault(fixed, [])
    app = idle.pop() if idle else create_app(settings, more_routes=more_routes)
    app.state = State({"settings": settings})
    yield app
    idle.append(app)


@asynccontextmanager
async def client_of(settings: Settings, *more_routes: Any) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the application for `settings`."""
    with app_of(settings, *more_routes) as app:
        async with serving(app) as http:
            yield http


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the application on the test's database and Redis."""
    async with client_of(settings) as http:
        yield http


def on_ci() -> bool:
    """Whether a missing browser is a failure and not a reason to skip."""
    return os.environ.get("CI") == "true"
