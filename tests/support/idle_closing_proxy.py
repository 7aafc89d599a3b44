"""A TCP proxy of the kind that stands before every public server: it closes a connection on which nothing passes for a while."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def idle_closing_proxy(port: int, *, idle_seconds: float) -> Iterator[int]:
    """Yield the port of a proxy in front of `port` on loopback."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def accept() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            upstream = socket.create_connection(("127.0.0.1", port))
            threads.append(threading.Thread(target=_pump, args=(client, upstream, idle_seconds)))
            threads[-1].start()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)
        for pump in threads:
            pump.join(idle_seconds + 10)


def _pump(client: socket.socket, upstream: socket.socket, idle_seconds: float) -> None:
    with client, upstream:
        other = {client: upstream, upstream: client}
        while readable := select.select(list(other), [], [], idle_seconds)[0]:
            for source in readable:
                try:
                    data = source.recv(65536)
                    other[source].sendall(data)
                except OSError:
                    return
                if not data:
                    return
