"""A small IMAP server for the tests: one mailbox, and the commands that its reader needs."""

import base64
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class ImapServer:
    """The messages of the mailbox, by UID, and the flags of each."""

    port: int = 0
    messages: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)
    password: str = "secret"
    token: str = "token"
    name: str = "INBOX"
    #: Whether another program changes flags, of which the server tells this one.
    has_another_reader: bool = False
    #: How many more STOREs the server answers before it ends the connection.
    stores_left: int = 1_000_000

    def add(self, raw: bytes) -> int:
        """Puts a message into the mailbox; returns its UID."""
        uid = max(self.messages, default=100) + 1
        self.messages[uid], self.flags[uid] = raw, set()
        return uid


class _Session(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        self.send("* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2] ready")
        while line := self.rfile.readline():
            tag, _, command = line.decode().rstrip("\r\n").partition(" ")
            if not self.answer(tag, command):
                return

    def send(self, text: str) -> None:
        self.wfile.write(text.encode("latin-1") + b"\r\n")

    def answer(self, tag: str, command: str) -> bool:
        box = self.server.box
        name, _, rest = command.partition(" ")
        if name == "LOGIN":
            good = rest.endswith(f'"{box.password}"')
            self.send(f"{tag} {'OK' if good else 'NO'} login")
        elif name == "AUTHENTICATE":
            self.send("+ ")
            sent = base64.b64decode(self.rfile.readline())
            good = sent.endswith(f"Bearer {box.token}\1\1".encode())
            if rest == "PLAIN":
                good = sent.split(b"\0")[2] == box.password.encode()
            self.send(f"{tag} {'OK' if good else 'NO'} x")
        elif name == "CAPABILITY":
            self.send("* CAPABILITY IMAP4rev1 AUTH=XOAUTH2")
            self.send(f"{tag} OK done")
        elif name == "SELECT":
            self.send(f"* {len(box.messages)} EXISTS")
            good = rest.strip('"') == box.name
            self.send(f"{tag} {'OK [READ-WRITE]' if good else 'NO'} select")
        elif command.startswith("UID SEARCH UNSEEN"):
            unseen = [str(uid) for uid in box.messages if "\\Seen" not in box.flags[uid]]
            self.send("* SEARCH " + " ".join(unseen))
            self.send(f"{tag} OK done")
        elif found := re.fullmatch(r"UID FETCH (\d+) \((.*)\)", command):
            self.fetch(int(found[1]), found[2])
            self.send(f"{tag} OK done")
        elif found := re.fullmatch(r"UID STORE (\d+) \+FLAGS.SILENT \((.*)\)", command):
            if not box.stores_left:
                return False
            box.stores_left -= 1
            box.flags[int(found[1])] |= set(found[2].split())
            self.send(f"{tag} OK done")
        elif name == "EXPUNGE":
            for uid in [uid for uid in box.messages if "\\Deleted" in box.flags[uid]]:
                del box.messages[uid]
            self.send(f"{tag} OK done")
        elif name == "LOGOUT":
            self.send("* BYE")
            self.send(f"{tag} OK done")
            return False
        else:
            self.send(f"{tag} OK done")
        return True

    def fetch(self, uid: int, what: str) -> None:
        raw = self.server.box.messages[uid]
        if self.server.box.has_another_reader:
            self.send("* 2 FETCH (FLAGS (\\Seen))")
        if what == "RFC822.SIZE":
            self.send(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(raw)})")
        else:
            self.wfile.write(f"* 1 FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    box: ImapServer


@contextmanager
def imap_server() -> Iterator[ImapServer]:
    """A running server on a free port."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.box = ImapServer(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server.box
        server.shutdown()
        thread.join(5)
