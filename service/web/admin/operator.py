"""The operator of a request, for the audit log: `operator: ActingOperator`."""

from typing import Annotated, Any

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from service.store.audit import Operator
from service.system import System
from service.web.http.client import network

ActingOperator = Annotated[
    Operator, *NamedDependency[Operator].__metadata__, *SkipValidation[Operator].__metadata__
]


def by_api(request: Request[Any, Any, Any]) -> Operator:
    """The holder of the API's token."""
    return Operator("api", _origin(request))


def by_dashboard(request: Request[Any, Any, Any]) -> Operator:
    """The operator who signed in to the dashboard."""
    return Operator("dashboard", _origin(request))


def _origin(request: Request[Any, Any, Any]) -> str:
    system: System = request.app.state.system
    return network(request, system.settings)
