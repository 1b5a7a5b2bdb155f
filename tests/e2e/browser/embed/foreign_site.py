"""A website of another origin: pages of HTML, each with a policy of its own, on a port of this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass
class ForeignSite:
    """Its address, and its pages by path: the HTML and the Content-Security-Policy."""

    url: str = ""
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)

    def put(self, path: str, body: str, *, head: str = "", policy: str = "", html: str = 'lang="en"') -> str:
        """A page with `head` and `body`; its address."""
        document = (
            f"<!doctype html><html {html}><head><meta charset=utf-8>"
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<title>A study</title><link rel="icon" href="data:,">{head}</head>'
            f"<body><main><h1>A study</h1>{body}</main></body></html>"
        )
        self.pages[path] = (document, policy)
        return self.url + path


@contextmanager
def foreign_site(port: int = 0) -> Iterator[ForeignSite]:
    """The site, serving until the end."""
    site = ForeignSite()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = site.pages.get(urlsplit(self.path).path)
            document, policy = found or ("", "")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(document.encode())

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    site.url = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
