"""The one Redis stream of events, `rgms:events`: publish, read on, replay, and know when something was lost.

A position is "<epoch>:<stream id>". The epoch is replaced whenever Redis may have lost entries (it restarted, was
emptied or failed over): a reader that holds a position of an older epoch must reload instead of reading on.
"""

from __future__ import annotations

import functools
import itertools
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from libs.web.jsonio import loads

STREAM, EPOCH, RUN = "rgms:events", "rgms:events:epoch", "rgms:events:run"
MAX_LENGTH = 100_000
START = "0-0"
# Of one command: hiredis puts 40 kB together in 3 µs and 250 kB in 400, for that memory comes from the system each time.
PART_BYTES = 64 * 1024
_POSITION = re.compile(r"([0-9a-f]{8,32}):(\d{1,20})-(\d{1,20})")
_STREAM_ID_LIMIT = 2**64

# Appends a batch unless an earlier, unconfirmed try already did: a relay that died between Redis and its commit
# would otherwise publish the same rows twice. Every entry carries its epoch, so a reader sees a change at once.
_PUBLISH = """
redis.call('SET', KEYS[2], ARGV[1], 'NX')
local epoch = redis.call('GET', KEYS[2])
for i = 3, #ARGV, 3 do
  if redis.call('SADD', KEYS[3], ARGV[i]) == 1 then
    redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'epoch', epoch, 'type', ARGV[i + 1], 'event', ARGV[i + 2])
  end
end
return epoch
"""
# One step, so that two processes that notice a restart together agree on one new epoch.
_OPEN = """
if redis.call('GET', KEYS[2]) ~= ARGV[2] or redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('SET', KEYS[1], ARGV[1])
  redis.call('SET', KEYS[2], ARGV[2])
end
return redis.call('GET', KEYS[1])
"""


class Gap(Exception):
    """Entries after the position asked for are gone, or the stream is another one: reload instead."""


@dataclass(frozen=True)
class Position:
    """A place in the stream: everything up to and including `id` has been seen."""

    epoch: str
    id: str

    def __str__(self) -> str:
        return f"{self.epoch}:{self.id}"

    @property
    def order(self) -> tuple[int, int]:
        """The stream id as numbers, comparable within one epoch."""
        first, _, second = self.id.partition("-")
        return int(first), int(second)

    @classmethod
    def parse(cls, text: Any) -> Position | None:
        """Return the position written in `text`, or None when it is not one."""
        match = _POSITION.fullmatch(text) if isinstance(text, str) and text.isascii() else None
        if match is None or int(match[2]) >= _STREAM_ID_LIMIT or int(match[3]) >= _STREAM_ID_LIMIT:
            return None
        return cls(match[1], f"{int(match[2])}-{int(match[3])}")


@dataclass(frozen=True)
class Entry:
    """One event at its place in the stream.

    Attributes:
        type: its type, known without reading the JSON; empty when it was published before entries told it.
        raw: its JSON as published.
    """

    position: Position
    type: str
    raw: bytes

    @functools.cached_property
    def event(self) -> dict[str, Any]:
        """The event {id, type, data, occurred_at, schema}, decoded on first use."""
        return loads(self.raw)


def connect(url: str, *, timeout: float = 2.0) -> redis.Redis:
    """Return a client that fails within `timeout` seconds and never retries by itself: its callers back off.

    A blocking reader needs `timeout` above the time it blocks (redis-py's own default of 5 s would cut it short).
    """
    return redis.Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=2.0,
        health_check_interval=0,
        max_connections=20,
        retry=Retry(NoBackoff(), 0),
    )


def _pending_key(schema: str) -> str:
    return f"rgms:events:unconfirmed:{schema}"


class EventStream:
    """The stream behind one Redis client.

    Args:
        client: from `connect`; answers in bytes.
        max_length: entries kept, roughly; older ones are trimmed.
    """

    def __init__(self, client: redis.Redis, *, max_length: int = MAX_LENGTH) -> None:
        # It answers in bytes; its types name the forms of every protocol and decoding, which we would take apart at each call.
        self.redis: Any = client
        self.max_length = max_length
        self._publish = client.register_script(_PUBLISH)
        self._open = client.register_script(_OPEN)

    def open(self) -> str:
        """Return the epoch, replaced when this is not the Redis process that it was made for.

        Called on each new connection: a restarted or failed-over server may have lost its newest entries without a sign.
        """
        run = str(self.redis.info("server").get("run_id", "unknown"))
        return str(self._open(keys=[EPOCH, RUN], args=[secrets.token_hex(8), run]).decode())

    def epoch(self) -> str:
        """Return the running epoch, made now if there is none."""
        found = self.redis.get(EPOCH)
        return found.decode() if found else self.open()

    def publish(self, schema: str, events: Iterable[tuple[str, str, bytes]]) -> None:
        """Append `(event id, type, JSON)` in order; those of an earlier unconfirmed try are left out."""
        for part in _parts(events):
            args: list[Any] = [secrets.token_hex(8), self.max_length, *itertools.chain.from_iterable(part)]
            self._publish(keys=[STREAM, EPOCH, _pending_key(schema)], args=args)

    def confirm(self, schema: str, event_ids: Iterable[str]) -> None:
        """Forget that these were published: the writer's database knows it now."""
        self.redis.srem(_pending_key(schema), *event_ids)

    def tail(self) -> Position:
        """Return the position of the newest entry: whoever starts here sees everything that is published from now on."""
        epoch = self.epoch()
        newest = self.redis.xrevrange(STREAM, count=1)
        return Position(epoch, newest[0][0].decode() if newest else START)

    def after(self, position: Position, *, count: int = 500, until: Position | None = None) -> list[Entry]:
        """Return up to `count` entries after `position`, oldest first, at most to `until`.

        Raises:
            Gap: the epoch changed, or entries after `position` were trimmed.
        """
        if position.epoch != self.epoch():
            raise Gap("the stream is another one")
        found = self.redis.xrange(STREAM, position.id, until.id if until else "+", count=count + 1)
        if position.id == START:
            # Nothing marks the beginning; a stream as long as its limit may have lost it.
            if self.redis.xlen(STREAM) >= self.max_length:
                raise Gap("the beginning was trimmed")
            return _entries(found[:count])
        if not found or found[0][0] != position.id.encode():
            raise Gap("entries after the position were trimmed")
        return _entries(found[1:])

    def wait(self, position: Position, *, block_ms: int, count: int = 500) -> list[Entry]:
        """Return entries after `position`, waiting up to `block_ms` for the first; empty when none came.

        It does not look for gaps: an entry of another epoch says that entries before it may be missing.
        """
        answer = self.redis.xread({STREAM: position.id}, count=count, block=block_ms)
        if not answer:
            return []
        # redis-py answers a mapping under RESP3 and pairs under RESP2.
        return _entries(next(iter(answer.values()))[0] if isinstance(answer, Mapping) else answer[0][1])


def _parts(events: Iterable[tuple[str, str, bytes]]) -> Iterator[list[tuple[str, str, bytes]]]:
    """Yield the events in parts of about PART_BYTES, at least one in each."""
    part: list[tuple[str, str, bytes]] = []
    size = 0
    for event in events:
        if part and size + len(event[2]) > PART_BYTES:
            yield part
            part, size = [], 0
        part.append(event)
        size += len(event[2])
    if part:
        yield part


def _entries(found: Iterable[tuple[bytes, Mapping[bytes, bytes]]]) -> list[Entry]:
    return [
        Entry(Position(fields[b"epoch"].decode(), id_.decode()), fields.get(b"type", b"").decode(), fields[b"event"])
        for id_, fields in found
    ]
