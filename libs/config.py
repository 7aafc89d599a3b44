"""Typed settings from the environment; a process refuses to start on a missing, weak or placeholder secret."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from libs import production
from libs.contracts.services import BY_NAME, LISTENING
from libs.signing_keys import weakness

ENVIRONMENTS = ("development", "test", "staging", "production")
# Environments that face real people.
REAL = frozenset({"staging", "production"})
# Services that hold a database schema or read one need DATABASE_URL; everything needs Redis.
_WITHOUT_DATABASE = ("gateway", "sockets")


VERSION = "0.1.0"


class ConfigError(Exception):
    """The environment does not allow a safe start; the message names each variable."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"RGMS cannot start: {'; '.join(self.problems)}.")


class Env:
    """Reads variables and collects every complaint, so that one start names all that is missing."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.problems: list[str] = []

    @classmethod
    def of_process(cls) -> Env:
        """Return the environment of this process; the one place that reads it."""
        return cls(os.environ)

    def text(self, name: str, default: str = "") -> str:
        """Return the trimmed value, or `default` when unset or blank."""
        return self.values.get(name, "").strip() or default

    def required(self, name: str) -> str:
        """Return the value; a missing one is a complaint."""
        value = self.text(name)
        if not value:
            self.problems.append(f"{name} is not set")
        return value

    def number(self, name: str, default: int, *, low: int = 0, high: int = 2**31 - 1) -> int:
        """Return a whole number between `low` and `high`."""
        raw = self.text(name, str(default))
        try:
            value = int(raw)
        except ValueError:
            self.problems.append(f"{name} must be a whole number, not {raw!r}")
            return default
        if not low <= value <= high:
            self.problems.append(f"{name} must be between {low} and {high}, not {value}")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a yes/no value: 1 true yes on, or 0 false no off."""
        raw = self.text(name, "1" if default else "0").lower()
        if raw in {"1", "true", "yes", "on"}:
            return True
        if raw not in {"0", "false", "no", "off"}:
            self.problems.append(f"{name} must be 1 or 0, not {raw!r}")
        return False

    def listing(self, name: str) -> tuple[str, ...]:
        """Return the comma-separated values, blanks dropped."""
        return tuple(part.strip() for part in self.text(name).split(",") if part.strip())

    def check(self) -> None:
        """Raise ConfigError naming every complaint collected so far."""
        if self.problems:
            raise ConfigError(self.problems)


@dataclass(frozen=True)
class Settings:
    """What every process knows. Secrets are kept out of repr so that no log shows them."""

    service: str
    environment: str
    debug: bool
    port: int
    version: str
    log_level: str
    data_dir: Path
    secret_key: str = field(repr=False)
    secret_key_previous: str = field(repr=False, default="")
    database_url: str = field(repr=False, default="")
    redis_url: str = field(repr=False, default="")
    sentry_dsn: str = field(repr=False, default="")
    bcrypt_cost: int = 12
    db_pool_size: int = 8
    db_pool_overflow: int = 4
    db_pool_timeout: int = 10
    db_pool_idle: int = 300
    allowed_hosts: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    trusted_hops: int = 0
    public_url: str = ""
    urls: Mapping[str, str] = field(default_factory=dict)

    @property
    def production(self) -> bool:
        """Whether this environment faces real users."""
        return self.environment in REAL

    @property
    def https_only(self) -> bool:
        """Whether plain HTTP is sent on to HTTPS: wherever real people come, save on the machine of who tries it out."""
        return self.production and not self.public_url.startswith("http://")


def database_url(raw: str) -> str:
    """Return `raw` naming psycopg2, whichever PostgreSQL form the host hands out.

    SQLAlchemy 2.1 reads the bare `postgresql://` as psycopg 3 and refuses `postgres://`.
    """
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg2://", raw)


def load(service: str, env: Mapping[str, str] | None = None, *, serving: bool = True) -> Settings:
    """Read the settings of `service`.

    Args:
        service: its name in `libs.contracts.services`.
        env: the variables; those of this process when left out.
        serving: False for a command that only works on the database: what requests need may be missing then.

    Raises:
        ConfigError: naming every variable that is missing, weak or malformed.
    """
    source = Env.of_process() if env is None else Env(env)
    environment = source.text("RGMS_ENV", "production")
    if environment not in ENVIRONMENTS:
        source.problems.append(f"RGMS_ENV must be one of {', '.join(ENVIRONMENTS)}, not {environment!r}")
    secret = source.required("SECRET_KEY")
    if secret and (reason := weakness(secret)):
        source.problems.append(f"SECRET_KEY {reason}")
    previous = source.text("SECRET_KEY_PREVIOUS")
    if previous and (reason := weakness(previous)):
        source.problems.append(f"SECRET_KEY_PREVIOUS {reason}")
    database = "" if service in _WITHOUT_DATABASE else database_url(source.required("DATABASE_URL"))
    redis = source.required("REDIS_URL")
    if environment in REAL:
        if database and (reason := production.unsafe_database(database)):
            source.problems.append(reason)
        if serving:
            source.problems += production.problems(service, source.values)
    base = source.number("RGMS_PORT", 8000, low=1, high=65000)
    known = BY_NAME.get(service)
    offset = known.port_offset if known and known.port_offset is not None else 0
    urls = {
        other.name: source.text(other.url_variable, f"http://127.0.0.1:{base + (other.port_offset or 0)}").rstrip("/")
        for other in LISTENING
    }
    settings = Settings(
        service=service,
        environment=environment,
        debug=source.flag("DEBUG") and environment == "development",
        port=source.number("PORT", base + offset, low=0, high=65535),
        version=source.text("RGMS_VERSION", source.text("RENDER_GIT_COMMIT", VERSION))[:40],
        log_level=source.text("LOG_LEVEL", "INFO").upper(),
        data_dir=Path(source.text("RGMS_DATA_DIR", ".rgms")).resolve(),
        secret_key=secret,
        secret_key_previous=previous,
        database_url=database,
        redis_url=redis,
        sentry_dsn=source.text("SENTRY_DSN"),
        bcrypt_cost=source.number("BCRYPT_COST", 12, low=4 if environment == "test" else 10, high=16),
        db_pool_size=source.number("DB_POOL_SIZE", 8, low=1, high=100),
        db_pool_overflow=source.number("DB_POOL_OVERFLOW", 4, low=0, high=100),
        db_pool_timeout=source.number("DB_POOL_TIMEOUT", 10, low=1, high=120),
        db_pool_idle=source.number("DB_POOL_IDLE_SECONDS", 300, low=1, high=86400),
        allowed_hosts=source.listing("ALLOWED_HOSTS"),
        cors_origins=source.listing("CORS_ALLOWED_ORIGINS"),
        trusted_hops=source.number("TRUSTED_HOPS", 0, high=5),
        public_url=source.text("PUBLIC_URL", f"http://127.0.0.1:{base}").rstrip("/"),
        urls=urls,
    )
    source.check()
    return settings
