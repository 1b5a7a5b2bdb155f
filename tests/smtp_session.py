"""One connection to the tests' SMTP server: the protocol, and where a rule of the script steps in."""

import asyncio
import base64
import re
import ssl
from typing import TYPE_CHECKING

from tests.smtp_script import Received

if TYPE_CHECKING:
    from tests.smtp_server import SmtpServer


class Session(asyncio.Protocol):
    def __init__(self, server: "SmtpServer") -> None:
        self.server = server
        self.buffer = b""
        self.in_data = False
        self.deaf = False
        self.login: str | None = None
        self.dialogue: str | None = None
        self.said: list[str] = []
        self.encrypted = False
        self.number = 0
        self.queue: asyncio.Queue[bytes] | None = None
        self.reset()

    def reset(self) -> None:
        self.mail_from: str | None = None
        self.parameters = ""
        self.recipient: str | None = None

    # asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if self.encrypted:
            return
        server = self.server
        server.connections += 1
        server.open.add(self)
        server.most_open = max(server.most_open, len(server.open))
        self.number = server.connections
        self.encrypted = server.implicit_tls
        self.answer("CONNECT", b"", "220 test.example ESMTP")

    def connection_lost(self, exc: Exception | None) -> None:
        self.deaf = True
        self.server.open.discard(self)

    def data_received(self, data: bytes) -> None:
        if self.server.keep:
            self.server.chunks.append(data)
        self.buffer += data
        self.work()

    def close(self) -> None:
        self.deaf = True
        self.transport.abort()

    def work(self) -> None:
        """Takes command after command, and message after message, out of the received bytes."""
        while not self.deaf:
            if self.in_data:
                if self.buffer.startswith(b".\r\n"):
                    content, self.buffer = b"", self.buffer[3:]
                else:
                    end = self.buffer.find(b"\r\n.\r\n")
                    if end < 0:
                        return
                    content, self.buffer = self.buffer[: end + 2], self.buffer[end + 5 :]
                self.in_data = False
                self.message(content)
            else:
                line, found, rest = self.buffer.partition(b"\r\n")
                if not found:
                    return
                self.buffer = rest
                self.command(line)

    # SMTP

    def answer(self, stage: str, text: bytes, usual: str) -> bool:
        """Replies by the first rule that applies, or as usual; whether the reply was a yes."""
        rule = next((rule for rule in self.server.rules if rule.applies(stage, text)), None)
        if rule is None:
            self.transport.write(usual.encode() + b"\r\n")
            return usual[0] in "23"
        if rule.stall:
            self.deaf = True
            return False
        if rule.drop:
            self.close()
            return False
        reply = rule.reply if rule.reply is not None else usual
        octets = reply if isinstance(reply, bytes) else reply.encode() + b"\r\n"
        if rule.stop_reading:
            self.transport.pause_reading()
        if rule.delay:
            self.deaf = True
            asyncio.get_running_loop().call_later(rule.delay, self.late, octets, rule.drop_after)
        else:
            self.transport.write(octets)
            if rule.drop_after:
                self.deaf = True
                self.transport.close()
        return octets[:1] in (b"2", b"3")

    def late(self, octets: bytes, drop_after: bool) -> None:
        if self.transport.is_closing():
            return
        self.transport.write(octets)
        if drop_after:
            self.transport.close()
        else:
            self.deaf = False
            self.work()

    def command(self, line: bytes) -> None:
        if self.server.keep:
            self.server.commands.append(line.decode())
        if self.dialogue is not None:
            mechanism, self.dialogue = self.dialogue, None
            self.said.append(line.decode())
            self.authenticate(mechanism)
            return
        verb, _, argument = line.decode().partition(" ")
        handler = getattr(self, "on_" + verb.lower(), None)
        if handler is None:
            self.transport.write(b"502 5.5.1 what?\r\n")
        else:
            handler(line, argument)

    def on_ehlo(self, line: bytes, argument: str) -> None:
        server = self.server
        lines = ["test.example", "8BITMIME", "ENHANCEDSTATUSCODES"]
        lines += ["PIPELINING"] * server.pipelining + ["SMTPUTF8"] * server.smtputf8 + ["DSN"] * server.dsn
        lines += [f"SIZE {server.size}"] if server.size is not None else []
        lines += ["STARTTLS"] if server.tls and not self.encrypted else []
        lines += [f"AUTH {server.mechanisms}"] if server.users else []
        *more, last = lines
        self.answer("EHLO", line, "".join(f"250-{word}\r\n" for word in more) + f"250 {last}")

    def on_helo(self, line: bytes, argument: str) -> None:
        self.answer("HELO", line, "250 test.example")

    def on_starttls(self, line: bytes, argument: str) -> None:
        if self.answer("STARTTLS", line, "220 go ahead"):
            self.deaf = True
            self.task = asyncio.create_task(self.upgrade())

    async def upgrade(self) -> None:
        assert self.server.tls is not None
        self.encrypted = True
        loop = asyncio.get_running_loop()
        try:
            transport = await loop.start_tls(self.transport, self, self.server.tls, server_side=True)
        except (OSError, ssl.SSLError):
            return  # the client did not like the certificate
        assert transport is not None
        self.transport, self.deaf = transport, False
        self.work()

    def on_auth(self, line: bytes, argument: str) -> None:
        mechanism, _, initial = argument.partition(" ")
        if mechanism not in self.server.mechanisms.split():
            self.answer("AUTH", line, "504 5.5.4 unknown mechanism")
        elif initial and not self.server.initial_response:
            self.answer("AUTH", line, "501 5.5.4 no initial response, please")
        elif initial:
            self.said = [initial]
            self.authenticate(mechanism)
        else:
            self.said = []
            self.dialogue = mechanism
            self.answer("AUTH", line, "334 VXNlcm5hbWU6")

    def authenticate(self, mechanism: str) -> None:
        """Goes on with what was said so far: asks for more, or decides."""
        said = [base64.b64decode(word).decode() for word in self.said]
        if mechanism == "LOGIN" and len(said) < 2:
            self.dialogue = mechanism
            self.answer("AUTH", b"", "334 UGFzc3dvcmQ6")
            return
        user, password = said[0], said[-1]
        if mechanism == "PLAIN":
            _, user, password = said[0].split("\0")
        elif mechanism == "XOAUTH2":
            found = re.fullmatch("user=(.*)\x01auth=Bearer (.*)\x01\x01", said[0])
            user, password = (found[1], found[2]) if found else ("", "")
        known = (self.server.users or {}).get(user) == password
        if not known and mechanism == "XOAUTH2" and len(said) < 2:
            self.dialogue = mechanism
            self.answer("AUTH", b"", "334 eyJzdGF0dXMiOiI0MDAifQ==")
        elif self.answer("AUTH", b"", "235 2.7.0 welcome" if known else "535 5.7.8 bad credentials"):
            self.login = user

    def on_mail(self, line: bytes, argument: str) -> None:
        if self.mail_from is not None:
            self.transport.write(b"503 5.5.1 nested MAIL\r\n")
        elif self.server.users and self.login is None:
            self.transport.write(b"530 5.7.0 authentication required\r\n")
        elif self.answer("MAIL", line, "250 2.1.0 ok"):
            found = re.match(r"(?i)FROM:<([^>]*)>(.*)", argument)
            assert found is not None
            self.mail_from, self.parameters = found[1], found[2].strip()

    def on_rcpt(self, line: bytes, argument: str) -> None:
        if self.mail_from is None:
            self.transport.write(b"503 5.5.1 MAIL first\r\n")
        elif self.answer("RCPT", line, "250 2.1.5 ok"):
            found = re.match(r"(?i)TO:<([^>]*)>", argument)
            assert found is not None
            self.recipient = found[1]

    def on_data(self, line: bytes, argument: str) -> None:
        if self.recipient is None:
            self.in_data = self.answer("DATA_WITHOUT_RCPT", line, "503 5.5.1 RCPT first")
        else:
            self.in_data = self.answer("DATA", line, "354 go on")

    def message(self, content: bytes) -> None:
        mail_from, recipient, parameters = self.mail_from, self.recipient, self.parameters
        self.reset()
        if recipient is None or mail_from is None:
            self.answer("BODY_WITHOUT_RCPT", content, "554 5.5.1 no valid recipients")
            return
        content = content.replace(b"\r\n..", b"\r\n.")
        content = content[1:] if content.startswith(b"..") else content
        rules_say_no = any(rule.stage == "BODY" for rule in self.server.rules)
        mail = Received(mail_from, recipient, parameters, content, self.encrypted, self.login, self.number)
        if not rules_say_no:
            self.server.take(mail)
            self.transport.write(b"250 2.0.0 queued as 4ZkTest\r\n")
        elif self.answer("BODY", content, "250 2.0.0 queued as 4ZkTest"):
            self.server.take(mail)

    def on_rset(self, line: bytes, argument: str) -> None:
        self.reset()
        self.answer("RSET", line, "250 2.0.0 ok")

    def on_quit(self, line: bytes, argument: str) -> None:
        self.answer("QUIT", line, "221 2.0.0 bye")
        self.deaf = True
        self.transport.close()
