"""The pages' own styles and scripts, from this origin; their addresses change with their content."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from litestar import Response
from litestar.params import PathParameter

from service.web.http.own_paths import own_path
from service.web.http.page_route import page_route
from service.web.http.problems import Problem

_FOLDER = Path(__file__).parents[1] / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_YEAR = "public, max-age=31536000, immutable"


@cache
def _files() -> dict[str, tuple[bytes, str, str]]:
    """Content, media type and version of every file, by its name: read once, so that no name is looked up."""
    found = {}
    for path in _FOLDER.iterdir():
        if path.suffix in _TYPES and path.is_file():
            content = path.read_bytes()
            found[path.name] = (content, _TYPES[path.suffix], sha256(content).hexdigest()[:12])
    return found


def asset(name: str) -> str:
    """The address of a file, with the version of its content. Raises KeyError for an unknown one."""
    return own_path(f"/static/{name}?v={_files()[name][2]}")


@page_route("/static/{name:str}")
async def static_file(name: Annotated[str, PathParameter()]) -> Response[bytes]:
    """A style sheet or script of the hosted pages."""
    found = _files().get(name)
    if found is None:
        raise Problem(404, "There is nothing at this address.")
    content, media, _ = found
    return Response(content, media_type=media, headers={"Cache-Control": _YEAR})


@page_route("/embed.js")
async def embed() -> Response[bytes]:
    """The script that draws the sign-up form on other sites. Kept for an hour: sites name no version."""
    content, media, version = _files()["embed.js"]
    return Response(
        content,
        media_type=media,
        headers={
            "Cache-Control": "public, max-age=3600",
            "ETag": f'"{version}"',
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )
