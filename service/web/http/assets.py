"""The pages' styles and scripts, served from this origin; their URLs change with their content."""

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

from litestar import Request, Response
from litestar.params import PathParameter

from service.domain.design import Website
from service.web.http.own_paths import public_path
from service.web.http.page_route import page_route
from service.web.http.problems import Problem
from service.web.http.website_shown import website

_FOLDER = Path(__file__).parents[1] / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_YEAR = "public, max-age=31536000, immutable"

#: The design system, after the website's colours.
_TOKENS = "tokens.css"

#: Files that are prepended to another one in the same answer, so that a page needs fewer.
_BEFORE = {
    "pages.css": (_TOKENS,),
    "challenge.js": ("proof.js",),
    "subscribe.js": ("search.js",),
    "embed.js": ("proof.js", "search.js"),
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served; `version` is a hash of its content."""

    content: bytes
    gzipped: bytes
    media: str
    version: str

    @classmethod
    def of(cls, content: bytes, media: str) -> "Asset":
        """The file of that content."""
        return cls(content, gzip.compress(content, mtime=0), media, sha256(content).hexdigest()[:12])

    def answer(self, request: Request[Any, Any, Any], headers: dict[str, str]) -> Response[bytes]:
        """The file, compressed if the browser accepts gzip, or 304 (RFC 9110 §13.1.2)."""
        packed = accepts_gzip(request.headers.get("accept-encoding", ""))
        tag = f'"{self.version}{"-gzip" if packed else ""}"'
        headers = {**headers, "ETag": tag, "Vary": "Accept-Encoding"}
        known = [
            part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")
        ]
        if tag in known or "*" in known:
            return Response(b"", status_code=304, headers=headers)
        if packed:
            headers["Content-Encoding"] = "gzip"
        return Response(self.gzipped if packed else self.content, media_type=self.media, headers=headers)


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header (RFC 9110 §12.5.3) names gzip with a weight above 0."""
    for part in header.lower().split(","):
        coding, _, parameter = part.partition(";")
        if coding.strip() == "gzip":
            return parameter.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


@cache
def source(name: str) -> bytes:
    """A file with those prepended to it; a script's names are its own (an immediately invoked function).

    Raises OSError for a file that is not there.
    """
    content = b"".join((_FOLDER / part).read_bytes() for part in (*_BEFORE.get(name, ()), name))
    return b"(() => {\n" + content + b"})();\n" if name.endswith(".js") else content


@cache
def _files(shown: Website) -> dict[str, Asset]:
    """Every file by its name, with the website's colours: read once, so that no name is looked up."""
    names = [path.name for path in _FOLDER.iterdir() if path.suffix in _TYPES]
    contents = {name: source(name) for name in names}
    for name in (_TOKENS, *(name for name, parts in _BEFORE.items() if _TOKENS in parts)):
        contents[name] = shown.as_css.encode() + contents[name]
    return {name: Asset.of(content, _TYPES[name[name.rindex(".") :]]) for name, content in contents.items()}


def asset(name: str) -> str:
    """The URL of a file, with the version of its content. Raises KeyError for an unknown file."""
    return f"{public_path()}/static/{name}?v={_files(website())[name].version}"


@page_route("/static/{name:str}")
async def static_file(
    request: Request[Any, Any, Any], name: Annotated[str, PathParameter()]
) -> Response[bytes]:
    """A style sheet or script of the hosted pages.

    While a new version is rolled out, its pages may ask a process of another one: that file is not kept.
    """
    found = _files(website()).get(name)
    if found is None:
        raise Problem(404, "There is nothing at this address.")
    is_named = request.query_params.get("v") == found.version
    return found.answer(request, {"Cache-Control": _YEAR if is_named else "no-cache"})
