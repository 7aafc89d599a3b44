"""Which number formats of a workbook show a date, and in which order they write day and month."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta

from roster_service.domain.imports.dates import DAY_FIRST, MONTH_FIRST
from roster_service.domain.imports.parts import Parts

# A format that shows a date, and says nothing of an order: the built-in ones follow the language of the program.
PLAIN_DATE = "date"
_BUILT_IN = dict.fromkeys((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)), PLAIN_DATE)
_MAX_STYLES, _MAX_FORMATS, _MAX_FORMAT = 65_500, 1_000, 255
# What is shown as it stands, colours and languages, and the marks of the clock.
_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|am/pm|a/p', re.IGNORECASE)
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_LAST_SERIAL = 2_958_466


def date_kind(code: str) -> str:
    """Return PLAIN_DATE, DAY_FIRST or MONTH_FIRST for the code of a format that shows a date or time; else ''."""
    if _ELAPSED.search(code):
        return ""
    plain = _SHOWN.sub("", code.split(";", 1)[0]).lower()
    if not re.search(r"[dyhs]|mmm", plain):
        return ""
    words = re.findall(r"d+|m+|y+", plain)
    if words[:2] in (["d", "m"], ["dd", "m"], ["d", "mm"], ["dd", "mm"]):
        return DAY_FIRST
    if words[:2] in (["m", "d"], ["mm", "d"], ["m", "dd"], ["mm", "dd"]):
        return MONTH_FIRST
    return PLAIN_DATE


class _Styles:
    """The handlers of the part that holds the formats."""

    def __init__(self) -> None:
        self.codes: dict[int, str] = {}
        self.formats: list[int] = []
        self._of_cells = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "cellXfs":
            self._of_cells = True
        elif name == "numFmt" and len(self.codes) < _MAX_FORMATS:
            self.codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")[:_MAX_FORMAT]
        elif name == "xf" and self._of_cells and len(self.formats) < _MAX_STYLES:
            self.formats.append(int(attributes.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._of_cells = False


def read_date_styles(parts: Parts, name: str) -> list[str]:
    """Return for each style of a cell what `date_kind` says of its format."""
    handlers = _Styles()
    parts.parse(name, start=handlers.start, end=handlers.end)
    kinds = _BUILT_IN | {number: date_kind(code) for number, code in handlers.codes.items()}
    return [kinds.get(number, "") for number in handlers.formats]


def date_of_serial(serial: float, *, from_1904: bool) -> datetime | time | None:
    """Return the moment that a workbook stores as days since its epoch; None when there is none.

    Args:
        serial: days, with the time of day as a fraction; below one it is a time of day alone.
        from_1904: whether the workbook counts from 1904, as those of old Macintosh programs do.
    """
    if not 0 <= serial < _LAST_SERIAL:
        return None
    moment = timedelta(seconds=round(serial * 86_400))
    if moment < timedelta(days=1):
        return (datetime(1900, 1, 1) + moment).time()  # noqa: DTZ001 - a workbook's times have no zone
    if from_1904:
        return datetime(1904, 1, 1) + moment  # noqa: DTZ001
    # Programs count a 29 February 1900 that never was.
    return datetime(1899, 12, 30 if serial >= 60 else 31) + moment  # noqa: DTZ001
