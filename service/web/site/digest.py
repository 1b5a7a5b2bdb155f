"""/digest/{token}: the full digest, if its mail was shortened."""

from litestar import Response

from service.crypto.link_tokens import ExpiredToken, InvalidToken, Purpose, read_token
from service.digests.full_digest import full_digest
from service.web.http.deps import OpenSystem
from service.web.http.page_route import page_route
from service.web.http.reader import chosen_language
from service.web.pages import page
from service.web.site.confirm import Token, bad_link


@page_route("/digest/{token:str}")
async def show(token: Token, system: OpenSystem) -> Response[str]:
    """The full digest, until retention deletes its details."""
    try:
        link = read_token(system.keyring, Purpose.DIGEST, token, system.now())
        async with system.reading() as connection:
            digest = await full_digest(connection, system.keyring, link, chosen_language())
    except ExpiredToken:
        return page("preferences/link_over.html", status=410)
    except InvalidToken:
        return bad_link()
    return page("digest.html", locale=digest.locale, blocks=digest.blocks, stop_paths=digest.stop_paths)
