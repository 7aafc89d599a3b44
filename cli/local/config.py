"""What the person at the keyboard set: the process environment over an optional .env file beside the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from libs.config import Env

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class LocalSettings:
    """The settings of the local runner; see .env.example."""

    port: int
    data_dir: Path
    demo: bool
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    environment: Mapping[str, str] = field(repr=False)


def environment(dotenv: Path = ROOT / ".env") -> dict[str, str]:
    """Return the variables of this process laid over those of the .env file, if there is one."""
    values: dict[str, str] = {}
    if dotenv.exists():
        for line in dotenv.read_text(encoding="utf-8").splitlines():
            name, equals, value = line.strip().partition("=")
            if equals and not name.startswith("#"):
                values[name.removeprefix("export ").strip()] = value.strip().strip("\"'")
    return values | dict(Env.of_process().values)


def load(values: Mapping[str, str] | None = None) -> LocalSettings:
    """Read the settings of the runner.

    Raises:
        ConfigError: a variable is malformed.
    """
    chosen = environment() if values is None else values
    env = Env(chosen)
    settings = LocalSettings(
        port=env.number("RGMS_PORT", 8000, low=1, high=65000),
        data_dir=Path(env.text("RGMS_DATA_DIR", str(ROOT / ".rgms"))).expanduser().absolute(),
        demo=env.flag("RGMS_DEMO", True),
        database_url=env.text("DATABASE_URL"),
        redis_url=env.text("REDIS_URL"),
        environment=chosen,
    )
    env.check()
    return settings
