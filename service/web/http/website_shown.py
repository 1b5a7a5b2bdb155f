"""The website whose name and colour the pages of the current request show; `outermost` sets it."""

from contextvars import ContextVar

from service.domain.design import Website

_website: ContextVar[Website] = ContextVar("website")


def serve_for(website: Website) -> None:
    """Sets the website of the current request."""
    _website.set(website)


def website() -> Website:
    """The website of the current request. Raises LookupError outside of one."""
    return _website.get()
