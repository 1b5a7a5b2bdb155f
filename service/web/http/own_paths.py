"""Paths of this service as browsers see them: below the path of ALERTS_PUBLIC_URL, and of a chosen language.

The routes themselves know nothing of either. Whether a proxy strips the public path or not, `outermost` takes
both off what comes in; whatever leads a browser back (links, forms, redirects, cookies) puts them on with
`own_path`, so that a language chosen once stays chosen.
"""

from contextvars import ContextVar

_base: ContextVar[tuple[str, str]] = ContextVar("base_path", default=("", ""))


def serve_below(base: str, language: str = "") -> None:
    """Sets where browsers see this service in the current request: below `base` ("" or "/alerts"), and below
    a language ("" or "/de")."""
    _base.set((base, language))


def public_path() -> str:
    """The path that browsers see before every path of ours, in every language."""
    return _base.get()[0]


def base_path() -> str:
    """The path that browsers see before every path of ours in the language chosen."""
    return "".join(_base.get())


def own_path(path: str) -> str:
    """`path`, which begins with a slash, below the public path."""
    return base_path() + path
