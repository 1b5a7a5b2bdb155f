"""Types of the operators' API that several handlers share."""

from datetime import timedelta
from typing import Annotated, Any, NamedTuple, TypeVar

import msgspec
from litestar import Request
from litestar.params import PathParameter, QueryParameter

from service.email_address import InvalidAddress, normalize_email
from service.web.http.problems import Problem

Shape = TypeVar("Shape", bound=msgspec.Struct)

#: Mails of one state are looked for among those of this time: a rare state would cost a look at all.
LATELY = timedelta(days=14)

#: A row's id in a path: 64 bits, as in the database.
Number = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]

#: Paging: `limit` rows with ids below `before` (the `next` of the page before).
Limit = Annotated[int, QueryParameter(ge=1, le=200, description="Rows of a page.")]
Before = Annotated[
    int | None, QueryParameter(ge=1, le=2**63 - 1, description="The `next` of the page before this one.")
]


class Address(msgspec.Struct, forbid_unknown_fields=True):
    """A person's address, in the body, since URLs are logged."""

    email: str

    @property
    def canonical(self) -> str:
        """The normalized address. Raises a Problem (422) if it is invalid."""
        return canonical_address(self.email)


class Done(msgspec.Struct):
    """The number of rows that an action changed; 0 if it had been done before."""

    changed: int


def canonical_address(email: str) -> str:
    """The normalized address. Raises a Problem (422) if it is invalid."""
    try:
        return normalize_email(email)
    except InvalidAddress as problem:
        error = {"field": "email", "message": str(problem)}
        raise Problem(422, "The address can't be taken.", errors=[error]) from None


_ADDRESS = frozenset({"address", "email"})


def refuse_address_in_url(request: Request[Any, Any, Any], search: str) -> None:
    """Raises a Problem (422) that names the path `search` if an address is in the query: URLs are logged."""
    if named := _ADDRESS & request.query_params.keys():
        message = f"An address never stands in a URL: POST it as JSON to {search}."
        errors = [{"field": name, "message": message} for name in sorted(named)]
        raise Problem(422, f"One address is looked up by POST {search}.", errors=errors)


def shown(row: NamedTuple, shape: type[Shape]) -> Shape:
    """A row converted to one of the API's types."""
    return msgspec.convert(row._asdict(), shape)


def row_number(text: str) -> int | None:
    """The number of a row in a page's query; None for a text that is none, or is larger than any."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return number if 0 < number < 2**63 else None


def not_found(what: str) -> Problem:
    """The answer for an unknown row (404)."""
    return Problem(404, f"There is no such {what}.")
