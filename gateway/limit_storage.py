"""A storage of `limits` that asks Redis once for a request: for its limits, and whether its session was ended.

Each subject (a user, an address) may make `limit` requests at once and earns them back evenly over a minute: the generic cell
rate algorithm, one key a subject, no edge of a window to wait for, no list of past requests to keep. It answers the strategy
"moving-window" of `limits`. Requests that arrive while a call is on its way share the next call, so that under load one round
trip serves many and a worker needs one connection.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import redis
from limits.storage import RedisStorage

from libs.web.auth import revoked_key

WINDOW = 60
BATCH = 64
# After a failure Redis is left alone for this long, so that not every request waits for its time-out.
REST_SECONDS = 1.0
# Keys of another strategy hold another type: a change of strategy must not meet them.
PREFIX = "rgms:limit:gcra:"

# KEYS: per request a revocation key and two subject keys, '-' for none. ARGV: the window in µs, then per request two intervals
# in µs. Answer per request: whether its session was ended, and for each subject the µs until the next request may pass (0: this
# one may) and the µs after which nothing is used up any more. A refused request counts against nobody. %.0f because Lua writes
# large numbers as 1.8e+15.
SCRIPT = """
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local window = tonumber(ARGV[1])
local answers = {}
for request = 0, #KEYS / 3 - 1 do
  local ended = KEYS[request * 3 + 1]
  local answer = {ended ~= '-' and redis.call('EXISTS', ended) or 0, 0, 0, 0, 0}
  local due, refused = {}, false
  for subject = 1, 2 do
    local key = KEYS[request * 3 + subject + 1]
    if key ~= '-' then
      local earned = tonumber(redis.call('GET', key) or now)
      if earned < now then earned = now end
      due[subject] = earned + tonumber(ARGV[request * 2 + subject + 1])
      local wait = math.max(0, due[subject] - now - window)
      answer[subject * 2] = wait
      answer[subject * 2 + 1] = earned - now
      refused = refused or wait > 0
    end
  end
  if not refused then
    for subject, moment in pairs(due) do
      local life = math.ceil((moment - now) / 1000) + 1
      redis.call('SET', KEYS[request * 3 + subject + 1], string.format('%.0f', moment), 'PX', life)
      answer[subject * 2 + 1] = moment - now
    end
  end
  answers[request + 1] = answer
end
return answers
"""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Window:
    """How much of a limit is used up.

    Attributes:
        allowed: whether this request may pass.
        used: requests that count at this moment.
        reset: Unix seconds at which the next one may pass, or, when this one may, at which nothing is used up any more.
    """

    allowed: bool
    used: int
    reset: float


@dataclass(slots=True)
class _Question:
    session: str
    limits: Sequence[tuple[str, int]]
    answer: tuple[bool, dict[str, Window]] | Exception | None = None


class OneCallStorage(RedisStorage):
    """Reached as `rgms+redis://`.

    Args:
        client: the Redis client of the process.
        windows: returns what `ask` answered for the running request, by subject; it raises what `ask` raised.
    """

    STORAGE_SCHEME = ["rgms+redis"]  # noqa: RUF012 - a list is what the library registers by

    def __init__(
        self,
        uri: str,
        *,
        client: redis.Redis,
        windows: Callable[[], Mapping[str, Window]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(uri, connection_pool=client.connection_pool, key_prefix=PREFIX)
        self._script = self.storage.register_script(SCRIPT)
        self._windows = windows
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: list[_Question] = []
        self._rest_until = 0.0

    def ask(self, session: str, limits: Sequence[tuple[str, int]]) -> tuple[bool, dict[str, Window]]:
        """Return whether `session` was ended, and the window of each subject after this request.

        Args:
            session: its id; empty for none.
            limits: up to two pairs of a subject and how many requests a minute it may make.

        Raises:
            RedisError: Redis does not answer, or did not a moment ago.
        """
        question = _Question(session, limits)
        self._waiting.append(question)
        # Whoever holds the lock asks for all that wait; the others find their answer when they get it.
        with self._lock:
            while question.answer is None:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                self._ask(batch)
        if isinstance(question.answer, Exception):
            raise question.answer
        return question.answer

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Return whether the running request may pass this limit; it was counted with its others."""
        return self._windows()[subject_of(key)].allowed

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when the window of this limit began, by its end, and how many requests are in it."""
        window = self._windows()[subject_of(key)]
        return window.reset - expiry, min(window.used, limit)

    def _ask(self, batch: list[_Question]) -> None:
        if self._clock() < self._rest_until:
            answers: list[Any] = [redis.exceptions.ConnectionError("Redis did not answer a moment ago")] * len(batch)
        else:
            try:
                answers = self._call(batch)
            except redis.RedisError as error:
                self._rest_until = self._clock() + REST_SECONDS
                log.warning("Redis is away: limits are local, ended sessions unknown", extra={"cause": type(error).__name__})
                answers = [error] * len(batch)
        for question, answer in zip(batch, answers, strict=True):
            question.answer = answer

    def _call(self, batch: list[_Question]) -> list[tuple[bool, dict[str, Window]]]:
        keys: list[str] = []
        args = [WINDOW * 1_000_000]
        for question in batch:
            keys.append(revoked_key(question.session) if question.session else "-")
            for subject, limit in question.limits:
                keys.append(PREFIX + subject)
                args.append(interval(limit))
            for _ in range(2 - len(question.limits)):
                keys.append("-")
                args.append(0)
        now = time.time()
        return [
            (
                bool(found[0]),
                {
                    subject: _window(found[2 * place + 1], found[2 * place + 2], limit, now)
                    for place, (subject, limit) in enumerate(question.limits)
                },
            )
            for question, found in zip(batch, self._script(keys, args), strict=True)
        ]


def interval(limit: int) -> int:
    """Return the µs in which a subject earns one request."""
    return max(1, WINDOW * 1_000_000 // limit)


def subject_of(key: str) -> str:
    """Return the subject in a key that flask-limiter made: LIMITER/subject/scope/amount/multiples/minute."""
    return key.split("/", 2)[1]


def _window(wait: int, left: int, limit: int, now: float) -> Window:
    return Window(wait == 0, -(-left // interval(limit)), now + (wait or left) / 1_000_000)
