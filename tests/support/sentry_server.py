"""A small server that speaks Sentry's envelope protocol and keeps the events it is sent."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import brotli


@dataclass
class Inbox:
    """Where to send events, and what arrived."""

    dsn: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    # Everything as it came over the wire, headers of the envelopes included.
    raw: list[str] = field(default_factory=list)


@contextmanager
def sentry_server() -> Iterator[Inbox]:
    """Serve on a free port of loopback until the block ends."""
    inbox = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(self.headers.get("Content-Encoding", ""))
            body = unpack(body) if unpack else body
            inbox.raw.append(body.decode())
            lines = body.split(b"\n")
            # An envelope is a header line, then per item a header line and a payload line.
            for header, payload in zip(lines[1::2], lines[2::2], strict=False):
                if header and json.loads(header)["type"] == "event":
                    inbox.events.append(json.loads(payload))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    inbox.dsn = f"http://public@127.0.0.1:{server.server_address[1]}/1"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield inbox
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
