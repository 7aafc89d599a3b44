"""The counters behind the sign-in limits: `limits` counts them in Redis, the log in PostgreSQL does while Redis is away."""

import functools
from dataclasses import dataclass

import redis
from flask import current_app
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter

from auth_service.config import AuthSettings
from auth_service.domain.throttle import ALLOWED, MAX_DELAY_SECONDS, Failures, Limits, Verdict, judge, rate_limit_subject
from auth_service.queries import attempts
from libs import clock
from libs.events.redis_clients import current_redis

_ACCOUNT_CAP = 1000
"""Failures remembered per account; far above every limit, so that dropping older ones frees nobody."""


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
        try:
            return self._from_redis(account, rate_limit_subject(address))
        except redis.RedisError:
            return self._from_log(account, address)

    def fail(self, account: str, address: str) -> Verdict:
        """Count a failure and return what the failures *before* it said.

        An attempt that was under way while others failed is refused here although it was let through at the door: a burst of
        simultaneous guesses learns no more than the same guesses one by one.
        """
        place = rate_limit_subject(address)
        try:
            before = self._from_redis(account, place)
            within = self._count(account, place)
            return before if before.refused or within else self._from_redis(account, place)
        except redis.RedisError:
            return self._from_log(account, address)

    def clear(self, account: str, address: str | None = None) -> None:
        """Forget the failures of an account, all of them or those of one address."""
        try:
            if address is not None:
                self._forgive(account, rate_limit_subject(address))
                return
            for place in attempts.places_of(account_key=account, window=self.limits.window, now=clock.now()):
                _limiter().clear(self._pair, "pair", account, place)
            for counter in ("account", "forgiven"):
                _limiter().clear(self._account, counter, account)
        except redis.RedisError:
            current_app.logger.warning("sign-in counters could not be cleared")

    @property
    def _pair(self) -> RateLimitItem:
        return self._item(self.limits.per_pair)

    @property
    def _account(self) -> RateLimitItem:
        return self._item(_ACCOUNT_CAP)

    def _item(self, amount: int) -> RateLimitItem:
        return RateLimitItemPerSecond(amount, self.limits.window, namespace=self.kind)

    def _from_log(self, account: str, address: str) -> Verdict:
        current_app.logger.warning("sign-in counters are judged from the log, Redis does not answer")
        if not self.logged:
            return ALLOWED
        now = clock.now().timestamp()
        failures = attempts.failures_of(account_key=account, address=address, limits=self.limits, now=now)
        return judge(failures, self.limits, now=now)

    def _from_redis(self, account: str, place: str) -> Verdict:
        last, recent = _storage().get_moving_window(self._pair.key_for("pair", account, place), 1, MAX_DELAY_SECONDS)
        per_address = self.limits.per_address
        failures = Failures(
            pair_blocking=self._blocking(self._pair, "pair", account, place),
            pair_last=last if recent else None,
            account=self._counted(self._account, "account", account) - self._counted(self._account, "forgiven", account),
            address_blocking=self._blocking(self._item(per_address), "address", place) if per_address else None,
        )
        return judge(failures, self.limits, now=clock.now().timestamp())

    def _count(self, account: str, place: str) -> bool:
        """Count a failure; return whether its pair and its address had one left."""
        within = _limiter().hit(self._pair, "pair", account, place)
        if self.limits.per_address:
            within &= _limiter().hit(self._item(self.limits.per_address), "address", place)
        if self.limits.delay_after:
            _limiter().hit(self._account, "account", account)
        return within

    def _forgive(self, account: str, place: str) -> None:
        # The failures of one address cannot be taken out of the window of an account, so as many are counted as forgiven.
        if failed := self._counted(self._pair, "pair", account, place):
            _limiter().clear(self._pair, "pair", account, place)
            _limiter().hit(self._account, "forgiven", account, cost=failed)

    def _blocking(self, item: RateLimitItem, *names: str) -> float | None:
        """Return the Unix time of the failure whose ageing frees one more; None while there is one left."""
        stats = _limiter().get_window_stats(item, *names)
        return stats.reset_time - item.get_expiry() if stats.remaining <= 0 else None

    def _counted(self, item: RateLimitItem, *names: str) -> int:
        return item.amount - _limiter().get_window_stats(item, *names).remaining


@functools.lru_cache(maxsize=4)
def _storage_on(pool: redis.ConnectionPool) -> RedisStorage:
    return RedisStorage("redis://", connection_pool=pool, key_prefix="rgms:failures")


def _storage() -> RedisStorage:
    return _storage_on(current_redis().connection_pool)


def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(_storage())


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
    return Limits(per_pair=failures, per_address=None, delay_after=None, window=window)
