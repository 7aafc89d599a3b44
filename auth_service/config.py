"""The settings of auth beside those of every service."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from auth_service.domain.second_factor import ENFORCED, OFF
from auth_service.domain.throttle import Limits
from libs.config import Env


@dataclass(frozen=True)
class AuthSettings:
    """What only auth needs to know.

    Attributes:
        limits: how many sign-in failures are allowed.
        activation_failures: wrong activation codes per address and window, before the next ones are tried in line.
        hashing_workers: threads that hash; more than the cores gains nothing.
        hashing_queue: hashes that may wait before sign-in answers 503.
        second_factor: who must have a second factor: `off`, `staff` (and administrators) or `all`.
        second_factor_grace: how long somebody may go on without one, from their first sign-in under the rule.
    """

    limits: Limits
    activation_failures: int
    hashing_workers: int
    hashing_queue: int
    second_factor: str
    second_factor_grace: timedelta


def load(env: Mapping[str, str] | None = None) -> AuthSettings:
    """Read the settings of auth.

    Raises:
        ConfigError: naming every variable that is malformed.
    """
    source = Env(os.environ if env is None else env)
    settings = AuthSettings(
        limits=Limits(
            per_pair=source.number("LOGIN_LIMIT_ACCOUNT", 5, low=1, high=100),
            per_address=source.number("LOGIN_LIMIT_ADDRESS", 300, low=1, high=100_000),
            per_account=source.number("LOGIN_LIMIT_GUESSED", 30, low=1, high=1000),
            delay_after=source.number("LOGIN_DELAY_AFTER", 10, low=1, high=1000),
            window=source.number("LOGIN_LIMIT_WINDOW", 900, low=1, high=86_400),
        ),
        activation_failures=source.number("ACTIVATION_LIMIT_ADDRESS", 100, low=1, high=100_000),
        hashing_workers=source.number("HASHING_WORKERS", 2, low=1, high=32),
        second_factor=source.text("SECOND_FACTOR", OFF),
        second_factor_grace=timedelta(days=source.number("SECOND_FACTOR_GRACE_DAYS", 14, low=0, high=365)),
        hashing_queue=source.number("HASHING_QUEUE", 48, low=0, high=1000),
    )
    if settings.second_factor not in ENFORCED:
        source.problems.append(f"SECOND_FACTOR must be one of {', '.join(ENFORCED)}, not {settings.second_factor!r}")
    source.check()
    return settings
