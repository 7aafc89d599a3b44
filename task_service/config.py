"""The settings of the task processes beside those of every service."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from libs.config import Env


@dataclass(frozen=True)
class MailSettings:
    """Where e-mail goes: an SMTP server, or without a `host` the folder `outbox` as .eml files."""

    outbox: Path
    host: str = ""
    port: int = 587
    user: str = ""
    password: str = field(repr=False, default="")
    sender: str = ""
    tls: str = "starttls"


@dataclass(frozen=True)
class TaskSettings:
    """What only the task processes need to know; times in seconds.

    Attributes:
        concurrency: jobs done at once by one worker (criterion 3.2).
        time_limit: when a job's process is killed (criterion 3.7); it is asked to end `grace` earlier.
        max_retries: further tries after the first (criterion 3.4).
        retry_base: the first retry's delay; each later one waits four times as long.
        lease: how long a running job is believed without a sign of life.
    """

    concurrency: int
    time_limit: int
    grace: int
    max_retries: int
    retry_base: int
    lease: int
    mail: MailSettings


WAYS = ("smtp", "folder")
TLS_MODES = ("starttls", "tls", "none")


def load(env: Mapping[str, str] | None = None) -> TaskSettings:
    """Read the settings of the task processes.

    Raises:
        ConfigError: naming every variable that is malformed.
    """
    source = Env(os.environ if env is None else env)
    settings = TaskSettings(
        concurrency=source.number("WORKER_CONCURRENCY", 2, low=1, high=64),
        time_limit=source.number("JOB_TIME_LIMIT", 1800, low=2, high=6 * 3600),
        grace=source.number("JOB_TIME_GRACE", 60, low=1, high=600),
        max_retries=source.number("JOB_MAX_RETRIES", 3, low=0, high=20),
        retry_base=source.number("JOB_RETRY_SECONDS", 2, low=0, high=3600),
        lease=source.number("JOB_LEASE_SECONDS", 20, low=2, high=600),
        mail=_mail(source),
    )
    if settings.grace >= settings.time_limit:
        source.problems.append("JOB_TIME_GRACE must be smaller than JOB_TIME_LIMIT")
    source.check()
    return settings


def _mail(source: Env) -> MailSettings:
    host = source.text("SMTP_HOST")
    way = source.text("MAIL", "smtp" if host else "folder").lower()
    if way not in WAYS:
        source.problems.append(f"MAIL must be one of {', '.join(WAYS)}, not {way!r}")
    elif way == "smtp" and not host:
        source.problems.append("SMTP_HOST is not set, and MAIL is smtp")
    port = source.number("SMTP_PORT", 587, low=1, high=65535)
    tls = source.text("SMTP_TLS", "tls" if port == 465 else "starttls").lower()
    if tls not in TLS_MODES:
        source.problems.append(f"SMTP_TLS must be one of {', '.join(TLS_MODES)}, not {tls!r}")
    user, sender = source.text("SMTP_USER"), source.text("SMTP_FROM")
    if user and tls == "none":
        source.problems.append("SMTP_USER needs SMTP_TLS: a password is never sent in the clear")
    if host and not (sender or "@" in user):
        source.problems.append("SMTP_FROM must be set with SMTP_HOST")
    return MailSettings(
        outbox=Path(source.text("RGMS_DATA_DIR", ".rgms")).resolve() / "outbox",
        host=host if way == "smtp" else "",
        port=port,
        user=user,
        password=source.text("SMTP_PASSWORD"),
        sender=sender or (user if "@" in user else "RGMS <no-reply@rgms.invalid>"),
        tls=tls,
    )
