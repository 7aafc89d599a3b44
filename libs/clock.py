"""The only clock: aware instants in UTC, and the unit's calendar day in Manila."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

# The Philippines have had no daylight saving since 1990, so a fixed offset needs no zone database.
MANILA = timezone(timedelta(hours=8), "Asia/Manila")


def now() -> datetime:
    """Return the current instant, aware, in UTC."""
    return datetime.now(UTC)


def today_manila() -> date:
    """Return the current calendar day at the unit."""
    return datetime.now(MANILA).date()
