"""Dates as people type them, whose day and month change places from one desk to the next."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

DAY_FIRST, MONTH_FIRST = "day_first", "month_first"
ORDERS = (DAY_FIRST, MONTH_FIRST)
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})")
_DAY_MONTH = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})")


def read_date(text: str, order: str | None = None) -> date | None:
    """Return the date that `text` says: '2006-05-31', 'May 31, 2006', '31 May 2006' or '31/05/2006'; else None.

    Args:
        order: DAY_FIRST or MONTH_FIRST, where numbers alone leave it open; without it such a date is not read.
    """
    if match := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _NUMBERS.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        order = (DAY_FIRST if first > 12 else MONTH_FIRST if second > 12 or first == second else None) or order
        if order is None:
            return None
        day, month = (first, second) if order == DAY_FIRST else (second, first)
    elif match := _MONTH_DAY.fullmatch(text):
        month, day, year = _month(match[1]), int(match[2]), int(match[3])
    elif match := _DAY_MONTH.fullmatch(text):
        month, day, year = _month(match[2]), int(match[1]), int(match[3])
    else:
        return None
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if EARLIEST_YEAR <= found.year <= LATEST_YEAR else None


def is_open(text: str) -> bool:
    """Return whether `text` is a date of numbers that reads as two different days."""
    match = _NUMBERS.fullmatch(text)
    return match is not None and int(match[1]) != int(match[3]) and all(1 <= int(part) <= 12 for part in (match[1], match[3]))


def orders_of(texts: Iterable[str]) -> set[str]:
    """Return the orders that `texts` prove: a number above 12 is a day."""
    found = set()
    for text in texts:
        if match := _NUMBERS.fullmatch(text):
            if 12 < int(match[1]) <= 31 and int(match[3]) <= 12:
                found.add(DAY_FIRST)
            elif 12 < int(match[3]) <= 31 and int(match[1]) <= 12:
                found.add(MONTH_FIRST)
    return found


def _month(word: str) -> int:
    short = word[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0
