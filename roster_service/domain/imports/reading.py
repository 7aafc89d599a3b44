"""What a workbook says, before anybody judges it: which sheets and columns are read, and the texts of each row by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from roster_service.domain.imports import cells
from roster_service.domain.imports.dates import orders_of
from roster_service.domain.imports.headers import SEARCHED_ROWS, Columns, column_letters, find_columns
from roster_service.domain.imports.limits import MAX_TEXT, too_much_text
from roster_service.domain.imports.sheets import Sheet
from roster_service.domain.imports.strings import CutText
from roster_service.domain.names import STUDENT_NUMBER

MAX_HEADER = 80
_TEXT_MARKS = (
    ("outer_blanks", cells.had_outer_blanks),
    ("inner_blanks", cells.had_inner_blanks),
    ("decomposed_letters", cells.had_decomposed_letters),
    ("cell_error", cells.had_error),
)


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row as the file gives it.

    Attributes:
        sheet: the name of its sheet.
        number: the row number that the spreadsheet program shows.
        given: the text of each filled cell that is read, by field.
        marks: codes of what was mended in its cells.
        cut: fields whose text is longer than a cell may be.
        ignored: why it is no cadet's row, as a code of `reasons`; empty when it is one.
    """

    sheet: str
    number: int
    given: dict[str, str] = field(default_factory=dict)
    marks: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    ignored: str = ""

    @property
    def place(self) -> str:
        """Where the row stands, as a person would look it up."""
        return f"{self.sheet}!{self.number}"


@dataclass(frozen=True)
class FileSheet:
    """One sheet of the file.

    Attributes:
        name: as its tab shows it.
        hidden: whether the spreadsheet program does not show it.
        header_row: the number of its header row; None where none was found, and nothing is read.
        columns: the fields that are read.
        unknown_columns: what stands over the columns that are not read.
        rows: how many rows follow the header.
        date_orders: the orders of day and month that its birth dates prove.
    """

    name: str
    hidden: bool
    header_row: int | None = None
    columns: list[str] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    rows: int = 0
    date_orders: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Reading:
    """A whole workbook, read."""

    sheets: list[FileSheet]
    rows: list[FileRow]

    def as_json(self) -> dict[str, Any]:
        """Return the reading as it is kept with the import; `Reading.of(it)` is the reading again."""
        return {"sheets": [asdict(sheet) for sheet in self.sheets], "rows": [_filled(row) for row in self.rows]}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Reading:
        """Return the reading that was kept."""
        return cls([FileSheet(**sheet) for sheet in kept["sheets"]], [FileRow(**row) for row in kept["rows"]])


def _filled(row: FileRow) -> dict[str, Any]:
    return {name: value for name in FileRow.__slots__ if (value := getattr(row, name)) or name == "sheet"}


def read_sheets(sheets: Iterable[Sheet]) -> Reading:
    """Read every row below the header of every sheet, hidden ones too. A sheet without a header row is named and not read.

    Raises:
        TooLarge: the rows hold more text than is kept.
    """
    found, rows, kept = [], [], 0
    for sheet in sheets:
        columns = find_columns([[cells.text_of(value) for value in row] for row in sheet.rows[:SEARCHED_ROWS]])
        if columns is None:
            if any(map(_is_filled, sheet.rows)):
                found.append(FileSheet(sheet.name, sheet.hidden))
            continue
        own = []
        for row in _rows_below(sheet, columns):
            # One text of the file may stand in every cell.
            kept += sum(map(len, row.given.values()))
            if kept > MAX_TEXT:
                raise too_much_text()
            own.append(row)
        rows += own
        found.append(
            FileSheet(
                sheet.name,
                sheet.hidden,
                header_row=sheet.number(columns.row),
                columns=list(columns.of),
                unknown_columns=_unknown_columns(sheet, columns),
                rows=len(own),
                date_orders=sorted(_date_orders(sheet, columns, own)),
            )
        )
    return Reading(found, rows)


def _is_filled(row: Sequence[Any]) -> bool:
    return any(value is not None and value != "" for value in row)


def _rows_below(sheet: Sheet, columns: Columns) -> Iterator[FileRow]:
    last = len(sheet.rows)
    while last > columns.row + 1 and not _is_filled(sheet.rows[last - 1]):
        last -= 1
    for index in range(columns.row + 1, last):
        yield _read_row(sheet, sheet.number(index), sheet.rows[index], columns)


def _read_row(sheet: Sheet, number: int, raw: Sequence[Any], columns: Columns) -> FileRow:
    texts = [cells.text_of(value) for value in raw]
    filled = [text for text in texts if text]
    if not filled:
        return FileRow(sheet.name, number, ignored="blank_row")
    if len(filled) == 1 and not STUDENT_NUMBER.search(filled[0]):
        return FileRow(sheet.name, number, ignored="footer")
    if columns.repeats(texts):
        return FileRow(sheet.name, number, ignored="repeated_header")
    given = {name: texts[column] for name, column in columns.of.items() if column < len(texts) and texts[column]}
    marks = [code for code, found in _TEXT_MARKS if found(raw)]
    if any((number, columns.of[name]) in sheet.filled_down for name in given):
        marks.append("merged_cell")
    if "student_id" in given and cells.is_number(raw[columns.of["student_id"]]):
        marks.append("numeric_id")
    cut = [name for name in given if isinstance(raw[columns.of[name]], CutText)]
    return FileRow(sheet.name, number, given, marks, cut)


def _unknown_columns(sheet: Sheet, columns: Columns) -> list[str]:
    """Return what stands over the columns that are not read; one without a header that holds something, by its letters."""
    named = {column for column, text in enumerate(columns.folded) if text} | set(columns.of.values())
    used = {column for row in sheet.rows[columns.row + 1 :] for column, value in enumerate(row) if value not in (None, "")}
    return [text[:MAX_HEADER] for text in columns.unknown] + [column_letters(column) for column in sorted(used - named)]


def _date_orders(sheet: Sheet, columns: Columns, rows: Iterable[FileRow]) -> set[str]:
    if "birthdate" not in columns.of:
        return set()
    typed = orders_of(row.given.get("birthdate", "") for row in rows)
    return typed | sheet.date_orders.get(columns.of["birthdate"], set())
