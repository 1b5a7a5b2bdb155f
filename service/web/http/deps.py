"""The dependency that injects the open system into handlers: `system: OpenSystem`."""

from typing import Annotated

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from service.system import System

OpenSystem = Annotated[System, *NamedDependency[System].__metadata__, *SkipValidation[System].__metadata__]
