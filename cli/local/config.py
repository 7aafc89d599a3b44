"""What the person at the keyboard set: the process environment over an optional .env file beside the project."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cli.local.ports import LOOPBACK
from libs.config import REAL, ConfigError, Env
from libs.config import load as load_process
from libs.contracts.services import SERVICES

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")


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
    if folder := values.get("RGMS_DATA_DIR"):
        # The same folder, wherever the command is typed.
        values["RGMS_DATA_DIR"] = str(dotenv.parent / Path(folder).expanduser())
    return values | dict(Env.of_process().values)


def within_reach() -> bool:
    """Whether the environment already says everything a process needs, as it does in production and inside the house."""
    values = Env.of_process().values
    return all(values.get(name) for name in NEEDED)


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
        # The demo accounts have passwords that everybody knows.
        demo=env.flag("RGMS_DEMO", env.text("RGMS_ENV") not in REAL),
        database_url=env.text("DATABASE_URL"),
        redis_url=env.text("REDIS_URL"),
        environment=chosen,
    )
    env.check()
    return settings


def refuse_incomplete(values: Mapping[str, str]) -> None:
    """Make sure that every process would start with these variables, before the first one is.

    Raises:
        ConfigError: naming at once whatever any of them would refuse, and who would.
    """
    made_here = {
        "RGMS_ENV": "development",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATABASE_URL": f"postgresql://{LOOPBACK}/rgms",
        "REDIS_URL": f"redis://{LOOPBACK}",
    }
    given = {name: value for name, value in values.items() if value.strip() and name != "PORT"}
    refusals: dict[str, list[str]] = {}
    for service in SERVICES:
        try:
            load_process(service.name, made_here | given)
        except ConfigError as error:
            for problem in error.problems:
                refusals.setdefault(problem, []).append(service.name)
    if refusals:
        raise ConfigError(f"{problem} [{_listed(names)}]" for problem, names in refusals.items())


def _listed(names: list[str]) -> str:
    return "every process" if len(names) == len(SERVICES) else ", ".join(names)
