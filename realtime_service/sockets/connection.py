"""The writing side of one socket: never waits for the peer, never queues without a bound, never mixes two frames."""

from __future__ import annotations

import os
import socket
from collections import deque

import gevent
from gevent.event import Event
from gevent.socket import wait_write

from libs.contracts.principal import Principal
from realtime_service.sockets.protocol import CLOSE_ABNORMAL, CLOSE_TRY_LATER, close_frame

# What the writer joins into one system call.
WRITE_BYTES = 64 * 1024
# A peer that takes nothing for this long while bytes wait for it is not coming back.
STALL_SECONDS = 30.0
# Whose a connection is until its handshake has told; the hub holds none of these.
NOBODY = Principal(0, "", "")


class Connection:
    """One open socket.

    `send` writes at once when the kernel takes it all. Otherwise the rest waits in a bounded queue for a writer greenlet that
    lives only as long as something waits. When the queue is full the reader is too slow, and is cut off with code 1013.

    Args:
        sock: a non-blocking (gevent) socket.
        queue_bytes: what may wait.
        now: monotonic seconds, for the heartbeat's first ping and first silence.
    """

    __slots__ = (
        "__weakref__", "_dead", "_drained", "_fd", "_limit", "_queue", "_queued", "_sock", "_writer", "channels", "close_code",
        "closing_at", "expires_at", "feed", "heard_at", "held", "pinged_at", "principal",
    )  # fmt: skip

    def __init__(self, sock: socket.socket, *, queue_bytes: int, now: float) -> None:
        self._sock = sock
        self._fd = sock.fileno()
        self._limit = queue_bytes
        self._queue: deque[bytes | memoryview] = deque()
        self._queued = 0
        self._writer: gevent.Greenlet | None = None
        self._drained = Event()
        self._dead = False
        self.held: list[bytes] | None = None
        self.close_code = 0
        self.closing_at: float | None = None
        self.heard_at = self.pinged_at = now
        self.principal = NOBODY
        self.expires_at = 0.0
        self.feed = ""
        self.channels: frozenset[str] = frozenset()

    def send(self, frames: bytes) -> None:
        """Send one or more whole frames; returns at once."""
        if self.close_code:
            return
        if self.held is None:
            self._push(frames)
        elif self._queued + len(frames) > self._limit:
            self._cut_off()
        else:
            self.held.append(frames)
            self._queued += len(frames)

    def hold(self) -> None:
        """Keep live frames back while missed ones are sent first."""
        if self.held is None:
            self.held = []

    def release(self) -> None:
        """Send what was held back, in order, and go on as usual."""
        held, self.held = self.held or [], None
        self._queued -= sum(map(len, held))
        if held and not self.close_code:
            self._push(b"".join(held))

    def send_patiently(self, frames: bytes) -> bool:
        """Send past `hold`, waiting while half the queue is full; False when the peer is gone or takes nothing for 30 s."""
        while not self.close_code and self._queue and self._queued > self._limit // 2:
            self._drained.clear()
            if not self._drained.wait(timeout=STALL_SECONDS):
                self._cut_off()
        if not self.close_code:
            self._push(frames)
        return not self.close_code

    def close(self, code: int, reason: str = "", *, last: bytes = b"") -> None:
        """Send `last` and a close frame, then end the writing side; the reader ends when the peer does or is too late."""
        if self.close_code:
            return
        if self.held is not None:
            self._queued -= sum(map(len, self.held))
            self.held = None
        self._push(last + close_frame(code, reason))
        self._end_with(code)

    def drop(self) -> None:
        """End the connection without a word; its reader wakes and cleans up."""
        self._dead = True
        self.close_code = self.close_code or CLOSE_ABNORMAL
        self._queue.clear()
        self._drained.set()
        self._shutdown(socket.SHUT_RDWR)

    def detach(self) -> None:
        """Let go of the descriptor before its owner closes it: a later write would hit whoever gets its number next."""
        self._dead = True
        self.close_code = self.close_code or CLOSE_ABNORMAL
        self._fd = -1
        self._queue.clear()
        self._drained.set()
        if self._writer is not None:
            self._writer.kill(block=False)

    def _end_with(self, code: int) -> None:
        self.close_code = self.close_code or code
        self._drained.set()
        if not self._queue:
            self._shutdown(socket.SHUT_WR)

    def _push(self, frames: bytes) -> None:
        rest: bytes | memoryview = frames
        if not self._queue:
            written = self._write(frames)
            if self._dead or written == len(frames):
                return
            # A view, not a copy: the same bytes may wait for a thousand connections. However long a burst is, its rest
            # is let in; the limit is for who is still behind when more comes.
            rest = memoryview(frames)[written:]
        elif self._queued + len(frames) > self._limit:
            self._cut_off()
            return
        self._queue.append(rest)
        self._queued += len(rest)
        if self._writer is None:
            self._writer = gevent.spawn(self._drain)

    def _write(self, data: bytes | memoryview) -> int:
        try:
            # Straight to the descriptor: it is non-blocking, and gevent's own send would wait for a slow peer.
            return os.write(self._fd, data)
        except BlockingIOError:
            return 0
        except OSError:
            self.drop()
            return 0

    def _cut_off(self) -> None:
        # What waits first may be the rest of a half-written frame; the close frame may only follow its end.
        self.held = None
        while len(self._queue) > 1:
            self._queue.pop()
        farewell = close_frame(CLOSE_TRY_LATER, "too slow")
        if self._queue:
            self._queue.append(farewell)
        else:
            self._write(farewell)
        self._end_with(CLOSE_TRY_LATER)

    def _drain(self) -> None:
        try:
            while self._queue:
                wait_write(self._fd, timeout=STALL_SECONDS)
                chunk = self._take()
                written = self._write(chunk)
                if self._dead:
                    return
                if written < len(chunk):
                    self._queue.appendleft(memoryview(chunk)[written:])
                self._queued -= written
                if self._queued <= self._limit // 2:
                    self._drained.set()
            if self.close_code:
                self._shutdown(socket.SHUT_WR)
        except OSError:
            self.drop()
        finally:
            self._writer = None

    def _take(self) -> bytes | memoryview:
        first = self._queue.popleft()
        if not self._queue or len(first) >= WRITE_BYTES:
            return first
        chunk, size = [first], len(first)
        while self._queue and size + len(self._queue[0]) <= WRITE_BYTES:
            chunk.append(self._queue.popleft())
            size += len(chunk[-1])
        return b"".join(chunk)

    def _shutdown(self, how: int) -> None:
        if self._fd < 0:
            return
        try:
            self._sock.shutdown(how)
        except OSError:
            # The peer was quicker; the reader notices by itself.
            return
