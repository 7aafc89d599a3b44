"""Serve a real application over a real socket, for calls between services."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from werkzeug.serving import WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
    def log(self, *_args: object, **_kwargs: object) -> None:
        """Say nothing."""


@contextmanager
def served(application: Callable, port: int = 0) -> Iterator[str]:
    """Serve a WSGI `application` on loopback, one thread a request; yield its base URL."""
    server = make_server("127.0.0.1", port, application, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
