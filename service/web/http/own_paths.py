"""Paths of this service as browsers see them: below the path of ALERTS_PUBLIC_URL, if it has one.

The routes themselves know nothing of that path. Whether a proxy strips it or not, `outermost` takes it off
what comes in; whatever leads a browser back (links, forms, redirects, cookies) puts it on with `own_path`.
"""

from contextvars import ContextVar

_base: ContextVar[str] = ContextVar("base_path", default="")


def serve_below(base: str) -> None:
    """Says for the current request that browsers see this service below `base`: "" or "/alerts"."""
    _base.set(base)


def base_path() -> str:
    """The path that browsers see before every path of ours."""
    return _base.get()


def own_path(path: str) -> str:
    """`path`, which begins with a slash, as browsers see it."""
    return _base.get() + path
