"""The pages' own styles and scripts, from this origin; their addresses change with their content."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from litestar import Response
from litestar.params import PathParameter

from service.web.problems import Problem
from service.web.showing import shows

_FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_YEAR = "public, max-age=31536000, immutable"


@cache
def _file(name: str) -> tuple[bytes, str, str] | None:
    """Content, media type and version of a file; names with a path in them are no files."""
    path = _FOLDER / name
    if path.parent != _FOLDER or path.suffix not in _TYPES or not path.is_file():
        return None
    content = path.read_bytes()
    return content, _TYPES[path.suffix], sha256(content).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a file, with the version of its content."""
    found = _file(name)
    if found is None:
        raise LookupError(f"no such file: {name}")
    return f"/static/{name}?v={found[2]}"


@shows("/static/{name:str}")
async def static_file(name: Annotated[str, PathParameter()]) -> Response[bytes]:
    """A style sheet or script of the hosted pages."""
    found = _file(name)
    if found is None:
        raise Problem(404, "There is nothing at this address.")
    content, media, _ = found
    return Response(
        content,
        media_type=media,
        headers={"Cache-Control": _YEAR, "X-Content-Type-Options": "nosniff"},
    )


@shows("/embed.js")
async def embed() -> Response[bytes]:
    """The script that draws the sign-up form on other sites. Kept for an hour: sites name no version."""
    found = _file("embed.js")
    assert found is not None
    content, media, version = found
    return Response(
        content,
        media_type=media,
        headers={
            "Cache-Control": "public, max-age=3600",
            "ETag": f'"{version}"',
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )
