"""Rate limits and revoked sessions, answered by one Lua script on Redis.

Each subject (a user, an address) may make `limit` requests at once and earns them back evenly over a minute: the generic cell
rate algorithm, one key a subject, no edge of a window to wait for. Requests that arrive while a call is on its way to Redis
share the next call, so that under load one round trip serves many and a worker needs one connection.

Redis down: a smaller limiter of the same rule in this process; nobody is locked out, and sessions revoked in the last fifteen
minutes get what their short tokens still allow.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import redis

from gateway.redis_script import ScriptConnection
from libs.web.auth import revoked_key

WINDOW = 60.0
BATCH = 64
# After a failure Redis is left alone for this long, so that not every request waits for its time-out.
REST_SECONDS = 1.0
LOCAL_SUBJECTS = 20_000

# KEYS: per check a revocation key and two subject keys. ARGV: the window in µs, then per check two intervals in µs; an
# interval of 0 means "not counted". Answer per check: 0 allowed, -1 revoked, else the wait in ms. A refused request counts
# against nobody. %.0f because Lua writes large numbers as 1.8e+15.
SCRIPT = """
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local window = tonumber(ARGV[1])
local verdicts = {}
for check = 0, #KEYS / 3 - 1 do
  local verdict = 0
  local revoked = KEYS[check * 3 + 1]
  if revoked ~= '-' and redis.call('EXISTS', revoked) == 1 then
    verdict = -1
  else
    local due = {}
    for subject = 1, 2 do
      local interval = tonumber(ARGV[check * 2 + subject + 1])
      if interval > 0 then
        local earned = tonumber(redis.call('GET', KEYS[check * 3 + subject + 1]) or now)
        if earned < now then earned = now end
        due[subject] = earned + interval
        local wait = due[subject] - now - window
        if wait > 0 then verdict = math.max(verdict, math.ceil(wait / 1000)) end
      end
    end
    if verdict == 0 then
      for subject, moment in pairs(due) do
        local life = math.ceil((moment - now) / 1000) + 1
        redis.call('SET', KEYS[check * 3 + subject + 1], string.format('%.0f', moment), 'PX', life)
      end
    end
  end
  verdicts[check + 1] = verdict
end
return verdicts
"""

REVOKED = -1
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Check:
    """One request's question.

    Attributes:
        session: the session that must not be revoked; empty for none.
        subjects: up to two pairs of a subject's name and how many requests a minute it may make.
        verdict: 0 allowed, REVOKED, or the milliseconds to wait; None while unanswered.
    """

    session: str
    subjects: Sequence[tuple[str, int]]
    verdict: int | None = field(default=None)


class Limits:
    """Answers checks from Redis, or from memory while Redis is away."""

    def __init__(self, client: redis.Redis, clock: Callable[[], float] = time.monotonic) -> None:
        self._script = ScriptConnection(client, SCRIPT)
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: list[Check] = []
        self._rest_until = 0.0
        self.local = LocalLimiter(clock)

    def verdict(self, session: str, subjects: Sequence[tuple[str, int]]) -> int:
        """Return 0 when the request may pass, REVOKED, or the milliseconds after which to try again."""
        check = Check(session, subjects)
        self._waiting.append(check)
        # Whoever holds the lock answers for all that wait; the others find their verdict when they get it.
        with self._lock:
            while check.verdict is None:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                self._answer(batch)
        return check.verdict

    def _answer(self, batch: list[Check]) -> None:
        if self._clock() >= self._rest_until:
            try:
                verdicts = self._ask(batch)
            except redis.RedisError as error:
                self._rest_until = self._clock() + REST_SECONDS
                log.warning("Redis is away: limits are local, revocation unchecked", extra={"cause": type(error).__name__})
            else:
                for check, verdict in zip(batch, verdicts, strict=True):
                    check.verdict = verdict
                return
        for check in batch:
            check.verdict = self.local.verdict(check.subjects)

    def _ask(self, batch: list[Check]) -> list[int]:
        keys: list[str] = []
        args = [int(WINDOW * 1_000_000)]
        for check in batch:
            keys.append(revoked_key(check.session) if check.session else "-")
            for name, limit in check.subjects:
                keys.append(f"rgms:limit:{name}")
                args.append(max(1, int(WINDOW * 1_000_000 / limit)))
            for _ in range(2 - len(check.subjects)):
                keys.append("-")
                args.append(0)
        return self._script(keys, args)


class LocalLimiter:
    """The same rule in memory, bounded: the subjects seen longest ago are forgotten first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, remembered: int = LOCAL_SUBJECTS) -> None:
        self._clock = clock
        self._remembered = remembered
        self._earned: OrderedDict[str, float] = OrderedDict()

    def verdict(self, subjects: Sequence[tuple[str, int]]) -> int:
        """Return 0 when the request may pass, else the milliseconds to wait."""
        now = self._clock()
        due = {name: max(self._earned.get(name, now), now) + WINDOW / limit for name, limit in subjects}
        # A tolerance of a microsecond: sixty intervals of a sixtieth do not quite make a minute in floating point.
        wait = max((moment - now - WINDOW for moment in due.values()), default=0.0)
        if wait > 1e-6:
            return math.ceil(wait * 1000)
        for name, moment in due.items():
            self._earned[name] = moment
            self._earned.move_to_end(name)
        while len(self._earned) > self._remembered:
            self._earned.popitem(last=False)
        return 0
