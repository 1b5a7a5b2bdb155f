"""Every route of the application with addresses that lead somewhere, for tests that send things to all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from litestar import Litestar

from service.crypto.link_tokens import Purpose, make_token
from service.system import System


@dataclass(frozen=True)
class Route:
    """A method and a path; `placeholders` stand where the path takes a value."""

    method: str
    path: str
    placeholders: tuple[str, ...]

    def filled(self, values: dict[str, str]) -> str:
        """The path with its placeholders filled."""
        path = self.path
        for name in self.placeholders:
            path = path.replace("{" + name + "}", values[name])
        return path


def routes_of(app: Litestar) -> Iterator[Route]:
    """Every method of every route, in their order."""
    for route in sorted(app.routes, key=lambda handler: handler.path):
        names = tuple(route.path_parameters)
        path = "".join(
            "/" + (part if isinstance(part, str) else "{" + part.name + "}") for part in route.path_components
        )
        for method in sorted(getattr(route, "methods", ())):
            yield Route(method, path or "/", names)


PURPOSES = {
    "/confirm": Purpose.CONFIRM,
    "/decline": Purpose.DECLINE,
    "/preferences": Purpose.PREFERENCES,
    "/terms": Purpose.TERMS,
    "/digest": Purpose.DIGEST,
    "/address": Purpose.ADDRESS,
}


def token(system: System, path: str, subject: int, address: str) -> str:
    """A token that opens the page at `path` for a person; where there is no such purpose, a wrong one."""
    purpose = next((found for start, found in PURPOSES.items() if path.startswith(start)), Purpose.AGAIN)
    until = datetime.now(UTC) + timedelta(days=1)
    index = system.addresses.of(address)
    return make_token(system.keyring, purpose, subject, until, email_index=index)
