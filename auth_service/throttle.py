"""The counters behind the sign-in limits: `limits` counts them in Redis, the log in PostgreSQL does while Redis is away."""

import functools
from dataclasses import dataclass, replace

import redis
from flask import current_app
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter

from auth_service.config import AuthSettings
from auth_service.domain.throttle import (
    ALLOWED,
    MAX_DELAY_SECONDS,
    Failures,
    Limits,
    Verdict,
    Visitor,
    judge,
    lines_of,
    rate_limit_subject,
    wait,
)
from auth_service.queries import attempts
from libs import clock
from libs.events.redis_clients import current_redis

_ACCOUNT_CAP = 1000
"""Failures remembered per account; far above every limit, so that dropping older ones frees nobody."""
_PREFIX = "rgms:failures"


@dataclass(frozen=True)
class Throttle:
    """The limits of one kind of guess.

    Args:
        kind: ``login``, ``activation``, ``forgot`` or ``reset_mail``; each has counters of its own.
        limits: how many failures it allows. Where every try counts, as of mails, each is told to ``fail``.
        logged: whether ``login_attempt`` holds its failures too, so that it can be judged without Redis.
    """

    kind: str
    limits: Limits
    logged: bool = False

    def enter(self, account: str, visitor: Visitor) -> Verdict:
        """Return whether an attempt may be made now; where there is a line, an attempt that may takes its turn in it."""
        try:
            failures = self._from_redis(account, visitor)
            verdict = judge(failures, self.limits, visitor, now=clock.now().timestamp())
            if verdict.refused:
                return verdict
            turns = (self._turn(name, account, visitor) for name in lines_of(failures, self.limits, visitor))
            return next((turn for turn in turns if turn.refused), verdict)
        except redis.RedisError:
            return self._from_log(account, visitor)

    def look(self, account: str, visitor: Visitor) -> Verdict:
        """Return whether an attempt that entered may still go on; counts nothing."""
        try:
            return judge(self._from_redis(account, visitor), self.limits, visitor, now=clock.now().timestamp())
        except redis.RedisError:
            return self._from_log(account, visitor, entered=True)

    def fail(self, account: str, visitor: Visitor) -> Verdict:
        """Count a failure and return what the failures *before* it said.

        An attempt that was under way while others failed is refused here although it was let through at the door: a burst of
        simultaneous guesses learns no more than the same guesses one by one.
        """
        try:
            before = self.look(account, visitor)
            within = self._count(account, visitor)
            after = self.look(account, visitor)
            if not (before.refused or within):
                return after
            return replace(before, guessed=after.guessed)
        except redis.RedisError:
            return self._from_log(account, visitor, entered=True)

    def clear(self, account: str, visitor: Visitor | None = None) -> None:
        """Forget the failures of an account, all of them or those of one place."""
        try:
            if visitor is not None:
                self._forgive(account, visitor)
                return
            places = current_redis().smembers(self._places(account))
            for place in places:
                _limiter().clear(self._pair, "pair", account, place.decode() if isinstance(place, bytes) else place)
            for counter in ("account", "forgiven"):
                _limiter().clear(self._account, counter, account)
            _limiter().clear(self._pace("account"), "account", account)
        except redis.RedisError:
            current_app.logger.warning("sign-in counters could not be cleared")

    def clear_address(self, address: str) -> None:
        """Forget what strangers at an address failed; their pairs with single accounts stay.

        Raises:
            redis.RedisError: it does not answer; nothing was forgotten.
        """
        _limiter().clear(self._item(self.limits.per_address or 1), "address", rate_limit_subject(address))
        _limiter().clear(self._pace("address"), "address", rate_limit_subject(address))

    @property
    def _pair(self) -> RateLimitItem:
        return self._item(self.limits.per_pair or _ACCOUNT_CAP)

    @property
    def _account(self) -> RateLimitItem:
        return self._item(_ACCOUNT_CAP)

    def _item(self, amount: int) -> RateLimitItem:
        return RateLimitItemPerSecond(amount, self.limits.window, namespace=self.kind)

    def _pace(self, line: str) -> RateLimitItem:
        turns, seconds = self.limits.account_line if line == "account" else self.limits.address_line
        return RateLimitItemPerSecond(turns, seconds, namespace=f"{self.kind}-line")

    def _places(self, account: str) -> str:
        return f"{_PREFIX}:places:{self.kind}:{account}"

    def _turn(self, name: str, account: str, visitor: Visitor) -> Verdict:
        subject = account if name == "account" else rate_limit_subject(visitor.address)
        if _limiter().hit(self._pace(name), name, subject):
            return ALLOWED
        stats = _limiter().get_window_stats(self._pace(name), name, subject)
        return wait(name, stats.reset_time - clock.now().timestamp(), in_line=True)

    def _from_log(self, account: str, visitor: Visitor, *, entered: bool = False) -> Verdict:
        current_app.logger.warning("sign-in counters are judged from the log, Redis does not answer")
        if not self.logged:
            return ALLOWED
        now = clock.now().timestamp()
        failures, newest = attempts.failures_of(account_key=account, address=visitor.address, limits=self.limits, now=now)
        verdict = judge(failures, self.limits, visitor, now=now)
        if verdict.refused or entered:
            return verdict
        # Nobody holds the turns of a line now: the newest failure stands for the last turn.
        for name in lines_of(failures, self.limits, visitor):
            due = newest[name] + self._pace(name).get_expiry() / self._pace(name).amount
            if due > now:
                return wait(name, due - now, in_line=True)
        return verdict

    def _from_redis(self, account: str, visitor: Visitor) -> Failures:
        place, address = visitor.place, rate_limit_subject(visitor.address)
        last, recent = _storage().get_moving_window(self._pair.key_for("pair", account, place), 1, MAX_DELAY_SECONDS)
        failed = self._counted(self._account, "account", account) if self._counts_accounts else 0
        forgiven = self._counted(self._account, "forgiven", account) if failed else 0
        return Failures(
            pair_blocking=self._blocking(self._pair, "pair", account, place) if self.limits.per_pair else None,
            pair_last=last if recent else None,
            account=failed - forgiven,
            address=self._counted(self._item(self.limits.per_address), "address", address) if self.limits.per_address else 0,
        )

    @property
    def _counts_accounts(self) -> bool:
        return self.limits.delay_after is not None or self.limits.per_account is not None

    def _count(self, account: str, visitor: Visitor) -> bool:
        """Count a failure; return whether its pair had one left."""
        within = True
        if self.limits.per_pair:
            within = _limiter().hit(self._pair, "pair", account, visitor.place)
            with current_redis().pipeline(transaction=False) as pipe:
                pipe.sadd(self._places(account), visitor.place)
                pipe.expire(self._places(account), self.limits.window)
                pipe.execute()
        if self.limits.per_address and not visitor.device:
            _limiter().hit(self._item(self.limits.per_address), "address", rate_limit_subject(visitor.address))
        if self._counts_accounts and not visitor.device:
            _limiter().hit(self._account, "account", account)
        return within

    def _forgive(self, account: str, visitor: Visitor) -> None:
        # The failures of one address cannot be taken out of the window of an account, so as many are counted as forgiven.
        if failed := self._counted(self._pair, "pair", account, visitor.place):
            _limiter().clear(self._pair, "pair", account, visitor.place)
            if not visitor.device:
                _limiter().hit(self._account, "forgiven", account, cost=failed)

    def _blocking(self, item: RateLimitItem, *names: str) -> float | None:
        """Return the Unix time of the failure whose ageing frees one more; None while there is one left."""
        stats = _limiter().get_window_stats(item, *names)
        return stats.reset_time - item.get_expiry() if stats.remaining <= 0 else None

    def _counted(self, item: RateLimitItem, *names: str) -> int:
        return item.amount - _limiter().get_window_stats(item, *names).remaining


@functools.lru_cache(maxsize=4)
def _storage_on(pool: redis.ConnectionPool) -> RedisStorage:
    return RedisStorage("redis://", connection_pool=pool, key_prefix=_PREFIX)


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
    """Return the limit on wrong activation codes of one address, beyond which they are tried in line."""
    settings = auth_settings()
    limits = Limits(None, settings.activation_failures, None, None, settings.limits.window)
    return Throttle("activation", replace(limits, address_line=settings.limits.address_line))


def forgot_throttle() -> Throttle:
    """Return the limit on questions for reset mails of one address, whomever they are for: 60 an hour, then in line."""
    return Throttle("forgot", Limits(None, 60, None, None, 3600, address_line=auth_settings().limits.address_line))


def reset_mail_throttle() -> Throttle:
    """Return the limit on reset mails to one account: three an hour that one device or address asks for.

    Strangers together have eight, then one every ten minutes: whoever reads the mails always has a link that still works, and
    a mailbox is not flooded.
    """
    return Throttle("reset_mail", Limits(3, None, 8, None, 3600, account_line=(1, 600)))
