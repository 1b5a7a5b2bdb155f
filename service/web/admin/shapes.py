"""What the operators' API takes and gives: the shapes that more than one handler shares."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

import msgspec
from litestar.params import PathParameter, QueryParameter
from sqlalchemy import Row

from service.email_address import InvalidAddress, normalize_email
from service.web.http.problems import Problem

Shape = TypeVar("Shape", bound=msgspec.Struct)

#: The number of a row in a path: 64 bits, as the database keeps it.
Number = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]

#: Pages: `limit` rows, those with a number below `before` (the `next` of the page before).
Limit = Annotated[int, QueryParameter(ge=1, le=200, description="Rows of a page.")]
Before = Annotated[
    int | None, QueryParameter(ge=1, le=2**63 - 1, description="The `next` of the page before this one.")
]


class Address(msgspec.Struct, forbid_unknown_fields=True):
    """One person's address. It stands in a body: a URL ends up in logs."""

    email: str

    @property
    def canonical(self) -> str:
        """The address as it is kept. Raises a Problem (422) when it is none."""
        return canonical_address(self.email)


class Done(msgspec.Struct):
    """How many rows an action changed; 0 when it had been done before."""

    changed: int


def canonical_address(email: str) -> str:
    """The address as it is kept. Raises a Problem (422) when it is none."""
    try:
        return normalize_email(email)
    except InvalidAddress as problem:
        error = {"field": "email", "message": str(problem)}
        raise Problem(422, "The address can't be taken.", errors=[error]) from None


def shown(row: Row[Any], shape: type[Shape], **more: Any) -> Shape:
    """A row as one of the API's shapes."""
    values: Mapping[str, Any] = {**row._mapping, **more}
    return msgspec.convert(values, shape)


def not_found(what: str) -> Problem:
    """The answer for what is not there."""
    return Problem(404, f"There is no such {what}.")
