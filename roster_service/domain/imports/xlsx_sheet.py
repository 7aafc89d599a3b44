"""One sheet of an .xlsx workbook: its filled rows with their numbers, merged cells filled downwards."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from roster_service.domain.imports.dates import ORDERS
from roster_service.domain.imports.formats import date_of_serial
from roster_service.domain.imports.limits import MAX_COLUMNS, Budget
from roster_service.domain.imports.parts import Parts, damaged
from roster_service.domain.imports.sheets import Sheet
from roster_service.domain.imports.strings import TextCollector

_LAST_ROW = 1_048_576
_MAX_MERGED = 20_000
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_WHOLE = re.compile(r"-?[0-9]{1,15}")


def column_of(letters: str) -> int:
    """Return the index, from 0, of the column that a program calls `letters`: A is 0, AA is 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


@dataclass(frozen=True)
class CellReader:
    """Makes a value of what a cell of this workbook holds.

    Attributes:
        strings: the shared texts.
        date_styles: for each style what `formats.date_kind` says of it.
        from_1904: whether dates count from 1904.
    """

    strings: list[str]
    date_styles: list[str]
    from_1904: bool

    def value(self, kind: str, style: int, text: str) -> Any:
        """Return the value of a cell of type `kind`; None when it is empty."""
        if not text:
            return None
        if kind == "s":
            # A text that the workbook does not have is a damaged workbook, never somebody else's name.
            index = int(text)
            if index < 0:
                raise damaged()
            return self.strings[index] or None
        if kind == "b":
            return text.strip() in {"1", "true"}
        if kind != "n":
            return text
        return self._number(style, text.strip())

    def _number(self, style: int, text: str) -> Any:
        number = int(text) if _WHOLE.fullmatch(text) else float(text)
        if self.order_of(style) is not None:
            moment = date_of_serial(number, from_1904=self.from_1904)
            return number if moment is None else moment
        return number

    def order_of(self, style: int) -> str | None:
        """Return how a style writes dates, as `formats.date_kind` does; None when it writes none."""
        return (self.date_styles[style] or None) if 0 <= style < len(self.date_styles) else None


class _SheetHandlers:
    """The handlers of the part of one sheet."""

    def __init__(self, cells: CellReader, budget: Budget) -> None:
        self.rows: list[list[Any]] = []
        self.numbers: list[int] = []
        self.merged: list[tuple[int, int, int]] = []
        self.date_orders: dict[int, set[str]] = {}
        self._cells, self._budget = cells, budget
        self._row: list[Any] = []
        self._number, self._filled = 0, 0
        self._column, self._kind, self._style = -1, "n", 0
        self._text = TextCollector()
        self._inside = False
        self._phonetic = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            letters = attributes.get("r", "").rstrip("0123456789")
            self._column = column_of(letters) if letters else self._column + 1
            self._kind = attributes.get("t", "n")
            self._style = int(attributes.get("s", "0"))
            self._text = TextCollector()
        elif name == "row":
            number = int(attributes.get("r", self._number + 1))
            self._number = number if self._number < number <= _LAST_ROW else self._number + 1
            self._row, self._filled, self._column = [], 0, -1
        elif name == "mergeCell" and len(self.merged) < _MAX_MERGED:
            self._merge(attributes.get("ref", ""))
        elif name == "rPh":
            self._phonetic += 1
        self._inside = name == "v" or (name == "t" and not self._phonetic)

    def text(self, piece: str) -> None:
        if self._inside:
            self._text.add(piece)

    def end(self, name: str) -> None:
        self._inside = False
        if name == "c":
            self._keep()
        elif name == "row" and self._filled:
            self._budget.take_row(self._filled)
            self.rows.append(self._row)
            self.numbers.append(self._number)
        elif name == "rPh":
            self._phonetic -= 1

    def _keep(self) -> None:
        if not 0 <= self._column < MAX_COLUMNS:
            return
        value = self._cells.value(self._kind, self._style, self._text.text())
        if value is None:
            return
        if isinstance(value, str) and self._kind != "s":
            self._budget.take_text(len(value))
        elif self._kind == "n" and (order := self._cells.order_of(self._style)) in ORDERS:
            self.date_orders.setdefault(self._column, set()).add(order)
        self._row.extend([None] * (self._column + 1 - len(self._row)))
        self._row[self._column] = value
        self._filled += 1

    def _merge(self, reference: str) -> None:
        if found := _RANGE.fullmatch(reference):
            column, first, last = column_of(found[1]), int(found[2]), int(found[4])
            if first < last and column < MAX_COLUMNS:
                self.merged.append((column, first, last))


def read_sheet(parts: Parts, name: str, *, title: str, hidden: bool, cells: CellReader, budget: Budget) -> Sheet:
    """Return the sheet in the part `name`.

    Raises:
        TooLarge, Invalid: as the whole workbook.
    """
    handlers = _SheetHandlers(cells, budget)
    parts.parse(name, start=handlers.start, end=handlers.end, text=handlers.text)
    filled = frozenset(_fill_down(handlers, budget))
    rows, numbers = _with_blank_rows(handlers, budget)
    return Sheet(title, rows, hidden=hidden, numbers=numbers, filled_down=filled, date_orders=handlers.date_orders)


def _fill_down(handlers: _SheetHandlers, budget: Budget) -> Iterator[tuple[int, int]]:
    """Give every filled row of a merged cell its value, and yield the (row number, column) of each.

    Only downwards: a merged cell that spans columns is a title, or a name that needs the room.
    """
    rows, numbers = handlers.rows, handlers.numbers
    for column, first, last in handlers.merged:
        index = bisect.bisect_left(numbers, first)
        if index == len(numbers) or numbers[index] != first or column >= len(rows[index]) or rows[index][column] is None:
            continue
        value = rows[index][column]
        for below in range(index + 1, bisect.bisect_right(numbers, last)):
            # Merged cells that lie on top of one another would make this a long way.
            budget.take_element()
            row = rows[below]
            row.extend([None] * (column + 1 - len(row)))
            if row[column] is None:
                row[column] = value
                budget.take_cells(1)
                yield numbers[below], column


def _with_blank_rows(handlers: _SheetHandlers, budget: Budget) -> tuple[list[tuple[Any, ...]], list[int]]:
    """Return the rows with the blank ones between them, as many as may be counted."""
    rows: list[tuple[Any, ...]] = []
    numbers: list[int] = []
    expected = 1
    for number, row in zip(handlers.numbers, handlers.rows, strict=True):
        blanks = min(number - expected, budget.blank_rows)
        budget.blank_rows -= blanks
        rows += [()] * blanks
        numbers += range(number - blanks, number)
        rows.append(tuple(row))
        numbers.append(number)
        expected = number + 1
    return rows, numbers
