"""The settings of auth beside those of every service."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

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
    """

    limits: Limits
    activation_failures: int
    hashing_workers: int
    hashing_queue: int


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
        hashing_queue=source.number("HASHING_QUEUE", 48, low=0, high=1000),
    )
    source.check()
    return settings
