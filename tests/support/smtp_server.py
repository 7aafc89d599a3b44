"""A small SMTP server (RFC 5321, STARTTLS, AUTH PLAIN) that keeps what it is given and can misbehave on demand."""

from __future__ import annotations

import base64
import email
import email.policy
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass
class SmtpServer:
    """What the server received, and how it behaves.

    Attributes:
        answers: by command, an answer that replaces the friendly one, for example {"RCPT": "550 no such user"}.
        hang: while set and not released, the answer to DATA is withheld.
        tls: a server context; offered as STARTTLS.
        login: (user, password) that AUTH must match.
    """

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    hang: threading.Event | None = None
    tls: ssl.SSLContext | None = None
    login: tuple[str, str] | None = None
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    waiting: threading.Event = field(default_factory=threading.Event)


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.secure, self.signed_in = False, False
        self.say("220 test ESMTP")
        while line := self.rfile.readline():
            verb = line[:4].decode("ascii", "replace").strip().upper()
            if answer := self.facts.answers.get(verb):
                self.say(answer)
            elif not getattr(self, f"do_{verb.lower()}", self.unknown)(line.decode().strip()):
                return

    @property
    def facts(self) -> SmtpServer:
        return self.server.facts

    def say(self, text: str) -> bool:
        self.wfile.write(text.encode() + b"\r\n")
        return True

    def unknown(self, _line: str) -> bool:
        return self.say("502 not implemented")

    def do_ehlo(self, _line: str) -> bool:
        offers = ["250-test"]
        if self.facts.tls and not self.secure:
            offers.append("250-STARTTLS")
        if self.facts.login and self.secure:
            offers.append("250-AUTH PLAIN")
        return self.say("\r\n".join([*offers, "250 HELP"]))

    def do_star(self, _line: str) -> bool:
        if not self.facts.tls:
            return self.say("502 no TLS here")
        self.say("220 go ahead")
        try:
            self.connection = self.facts.tls.wrap_socket(self.connection, server_side=True)
        except (ssl.SSLError, OSError):
            return False
        self.rfile, self.wfile, self.secure = self.connection.makefile("rb"), self.connection.makefile("wb", 0), True
        return True

    def do_auth(self, line: str) -> bool:
        _blank, user, password = base64.b64decode(line.split()[-1]).decode().split("\0")
        self.signed_in = (user, password) == self.facts.login
        return self.say("235 welcome" if self.signed_in else "535 wrong")

    def do_mail(self, _line: str) -> bool:
        return self.say("530 sign in first" if self.facts.login and not self.signed_in else "250 ok")

    def do_rcpt(self, line: str) -> bool:
        self.facts.recipients.append(line.partition("<")[2].partition(">")[0])
        return self.say("250 ok")

    def do_data(self, _line: str) -> bool:
        self.say("354 go ahead")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.facts.waiting.set()
        if self.facts.hang:
            self.facts.hang.wait(60)
        self.facts.messages.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
        self.facts.encrypted.append(self.secure)
        return self.say("250 kept")

    def do_rset(self, _line: str) -> bool:
        return self.say("250 ok")

    def do_quit(self, _line: str) -> bool:
        self.say("221 bye")
        return False


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that hangs up is part of the tests."""


@contextmanager
def smtp_server(**behaviour) -> Iterator[SmtpServer]:
    """Serve SMTP on a free port of loopback."""
    facts = SmtpServer(**behaviour)
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.facts = facts
        facts.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield facts
        finally:
            if facts.hang:
                facts.hang.set()
            server.shutdown()
            thread.join()
