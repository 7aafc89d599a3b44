"""The one reader of the event stream in this process: reads, encodes each event once per channel, hands it to the hub."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Any

import gevent
import redis
from gevent.event import Event

from libs import clock
from libs.contracts import events
from libs.events import streams
from libs.events.streams import Entry, EventStream, Gap, Position
from realtime_service.sockets import protocol
from realtime_service.sockets.hub import Hub

BLOCK_MS = 5_000
BATCH = 200
MAX_BACKOFF_SECONDS = 5.0
# Where the broker is before it has found the stream.
NOWHERE = Position("", streams.START)

log = logging.getLogger(__name__)


class Broker:
    """Tails the stream from the moment it starts.

    `position` is the last event handed to the hub: whoever joins the hub now receives everything after it.
    """

    def __init__(self, redis_url: str, hub: Hub) -> None:
        self.hub = hub
        self.stream = EventStream(streams.connect(redis_url, timeout=BLOCK_MS / 1000 + 5))
        self.position = NOWHERE
        self._found = Event()
        self._greenlet: gevent.Greenlet | None = None

    def start(self) -> None:
        """Read in a greenlet of its own."""
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """Stop reading."""
        if self._greenlet:
            self._greenlet.kill()

    def ready(self, seconds: float) -> bool:
        """Return whether the stream was found, waiting for it up to `seconds`: clients come as soon as the port is open."""
        return self._found.wait(timeout=seconds) or False

    def _run(self) -> None:
        failures = 0
        while True:
            try:
                self._resume()
                while True:
                    failures = 0
                    if entries := self.stream.wait(self.position, block_ms=BLOCK_MS, count=BATCH):
                        self._take(entries)
            except redis.RedisError as error:
                failures += 1
                if failures == 1:
                    log.warning("the event stream is out of reach", extra={"reason": type(error).__name__})
            except Exception:
                failures += 1
                log.exception("the broker failed")
            gevent.sleep(min(MAX_BACKOFF_SECONDS, 0.1 * 2 ** min(failures, 6)))

    def _resume(self) -> None:
        """Find the place to read on from; when events may have been lost, everybody is told to reload."""
        epoch = self.stream.open()
        if self.position is NOWHERE:
            self.position = self.stream.tail()
            self._found.set()
        elif epoch != self.position.epoch:
            # What Redis kept of the old stream and was not sent yet is sent all the same, after the order to reload.
            kept = Position(epoch, self.position.id)
            self._reset(min(kept, self.stream.tail(), key=lambda position: position.order))
        else:
            try:
                self.stream.after(self.position, count=1)
            except Gap:
                self._reset(self.stream.tail())

    def _take(self, entries: list[Entry]) -> None:
        if any(entry.position.epoch != self.position.epoch for entry in entries):
            epoch = self.stream.epoch()
            if epoch != self.position.epoch:
                self._reset(Position(epoch, self.position.id))
        frames: list[tuple[str, bytes]] = []
        for entry in entries:
            position = Position(self.position.epoch, entry.position.id)
            frames += self._frames(entry, position, self.position)
            self.position = position
        self.hub.publish(frames)

    def _frames(self, entry: Entry, position: Position, previous: Position) -> list[tuple[str, bytes]]:
        event, deliveries = _read(entry)
        if event.get("type") == events.auth.SESSION_REVOKED:
            for delivery in deliveries:
                self.hub.close_channel(delivery.channel, "session_revoked")
            return []
        wanted = [delivery for delivery in deliveries if self.hub.has(delivery.channel)]
        return [
            (delivery.channel, protocol.text_frame(text))
            for delivery in wanted
            for text in protocol.event_messages(event, delivery.data, position=str(position), previous=str(previous))
        ]

    def _reset(self, position: Position) -> None:
        self.position = position
        data = {"reason": "stream_restarted", "position": str(position)}
        text = protocol.message(protocol.RESET, data, timestamp=protocol.instant(clock.now()), position=str(position))
        self.hub.broadcast(protocol.text_frame(text))


def missed_frames(entry: Entry, previous: str, channels: Collection[str]) -> list[bytes]:
    """Return the frames of one past event for a client of `channels` that has seen everything up to `previous`."""
    event, deliveries = _read(entry)
    return [
        protocol.text_frame(text)
        for delivery in deliveries
        if delivery.channel in channels and event["type"] != events.auth.SESSION_REVOKED
        for text in protocol.event_messages(event, delivery.data, position=str(entry.position), previous=previous)
    ]


def _read(entry: Entry) -> tuple[dict[str, Any], list[events.delivery.Delivery]]:
    try:
        return entry.event, events.channels_for(entry.event)
    except (ValueError, KeyError, TypeError, AttributeError):
        # One unreadable event must not stop the rest.
        log.exception("an event could not be read", extra={"position": str(entry.position)})
        return {}, []
