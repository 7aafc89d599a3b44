"""The counters behind the sign-in limits: in Redis for speed, from the log in PostgreSQL while Redis is away."""

import uuid
from dataclasses import dataclass

import redis
from flask import current_app

from auth_service.config import AuthSettings
from auth_service.domain.throttle import Failures, Limits, Verdict, judge, rate_limit_subject
from auth_service.queries import attempts
from libs import clock
from libs.events.redis_clients import current_redis

_ACCOUNT_CAP = 1000
"""Failures remembered per account; far above every limit, so that dropping older ones frees nobody."""

# One script, because twenty attempts at once must be counted one after the other. It answers the state before the attempt.
_SCRIPT = """
local now, window, address, member, per_address = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], ARGV[4], tonumber(ARGV[5])
for _, key in ipairs(KEYS) do redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.6f', now - window)) end
local entries = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
local pair, prefix = {}, address .. '|'
for i = 1, #entries, 2 do
  if string.sub(entries[i], 1, #prefix) == prefix then pair[#pair + 1] = entries[i + 1] end
end
local blocking = redis.call('ZREVRANGE', KEYS[2], per_address - 1, per_address - 1, 'WITHSCORES')
if member ~= '' then
  for i, key in ipairs(KEYS) do
    redis.call('ZADD', key, ARGV[1], prefix .. member)
    redis.call('ZREMRANGEBYRANK', key, 0, -(tonumber(ARGV[5 + i]) + 1))
    redis.call('EXPIRE', key, math.ceil(window))
  end
end
return {pair, #entries / 2, blocking[2] or ''}
"""


@dataclass(frozen=True)
class Throttle:
    """The limits of one kind of guess.

    Args:
        kind: ``login``, ``activation`` or ``forgot``; each has counters of its own.
        limits: how many failures it allows.
        logged: whether ``login_attempt`` holds its failures too, so that it can be judged without Redis.
    """

    kind: str
    limits: Limits
    logged: bool = False

    def look(self, account: str, address: str) -> Verdict:
        """Return whether an attempt may be made now; counts nothing."""
        return self._judge(account, address, member="")

    def fail(self, account: str, address: str) -> Verdict:
        """Count a failure and return what the failures *before* it said.

        An attempt that was under way while others failed is refused here although it was let through at the door: a burst of
        simultaneous guesses learns no more than the same guesses one by one.
        """
        return self._judge(account, address, member=uuid.uuid4().hex)

    def clear(self, account: str, address: str | None = None) -> None:
        """Forget the failures of an account, all of them or those of one address."""
        try:
            if address is None:
                current_redis().delete(self._key("account", account))
                return
            key, prefix = self._key("account", account), f"{rate_limit_subject(address)}|"
            members = [member for member in current_redis().zrange(key, 0, -1) if member.decode().startswith(prefix)]
            if members:
                current_redis().zrem(key, *members)
        except redis.RedisError:
            current_app.logger.warning("sign-in counters could not be cleared")

    def _judge(self, account: str, address: str, *, member: str) -> Verdict:
        now = clock.now().timestamp()
        try:
            failures = self._from_redis(account, address, member, now)
        except redis.RedisError:
            current_app.logger.warning("sign-in counters are judged from the log, Redis does not answer")
            if not self.logged:
                return Verdict()
            failures = attempts.failures_of(account_key=account, address=address, limits=self.limits, now=now)
        return judge(failures, self.limits, now=now)

    def _from_redis(self, account: str, address: str, member: str, now: float) -> Failures:
        limits, place = self.limits, rate_limit_subject(address)
        pair, total, blocking = current_redis().eval(
            _SCRIPT,
            2,
            self._key("account", account),
            self._key("address", place),
            f"{now:.6f}",
            limits.window,
            place,
            member,
            limits.per_address,
            _ACCOUNT_CAP,
            limits.per_address,
        )
        return Failures(tuple(float(at) for at in pair), int(total), float(blocking) if blocking else None)

    def _key(self, by: str, name: str) -> str:
        return f"rgms:{self.kind}:{by}:{name}"


def auth_settings() -> AuthSettings:
    """Return the auth settings of the running application."""
    return current_app.extensions["auth_settings"]


def sign_in_throttle() -> Throttle:
    """Return the limits on wrong passwords."""
    return Throttle("login", auth_settings().limits, logged=True)


def activation_throttle() -> Throttle:
    """Return the limit on wrong activation codes of one address; the account is that address."""
    return Throttle("activation", _only_by_pair(auth_settings().activation_failures, auth_settings().limits.window))


def forgot_throttle() -> Throttle:
    """Return the limit on reset mails: three an hour to one account, from wherever they are asked for."""
    return Throttle("forgot", _only_by_pair(3, 3600))


def _only_by_pair(failures: int, window: int) -> Limits:
    never = 1_000_000
    return Limits(per_pair=failures, per_address=never, delay_after=never, window=window)
