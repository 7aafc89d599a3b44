"""Rows of a roster workbook: each judged from its cells alone, before anybody looks at the stored roster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from libs.contracts.student_numbers import student_key
from roster_service.domain.imports import cells
from roster_service.domain.imports.headers import Columns, find_columns
from roster_service.domain.imports.reasons import reason
from roster_service.domain.imports.row_reader import RowReader
from roster_service.domain.imports.sheets import DUPLICATE, IGNORED, NORMALISED, OTHER_PERSON, Row, Sheet, Units
from roster_service.domain.names import STUDENT_NUMBER
from roster_service.domain.same_person import names_agree


@dataclass
class Reading:
    """A whole workbook, read: its rows in order, and warnings about its columns and sheets."""

    rows: list[Row] = field(default_factory=list)
    unknown_columns: list[dict[str, str]] = field(default_factory=list)
    skipped_sheets: list[str] = field(default_factory=list)
    understood_sheets: int = 0


def read_sheets(sheets: Iterable[Sheet], units: Units | None = None) -> Reading:
    """Judge every row below the header of every sheet.

    A sheet without a header row is skipped and named. A duplicate is a student id (or, without one, a user name or
    e-mail address) that stood in an earlier row, by sheet order and then row order.
    """
    reading, earlier = Reading(), _Earlier()
    units = units or Units()
    for sheet in sheets:
        raw = _without_empty_tail(sheet.rows)
        texts = [[cells.text_of(value) for value in row] for row in raw]
        columns = find_columns(texts)
        if columns is None:
            if raw:
                reading.skipped_sheets.append(sheet.name)
            continue
        reading.understood_sheets += 1
        reading.unknown_columns += [{"sheet": sheet.name, "column": text} for text in columns.unknown]
        for index in range(columns.row + 1, len(raw)):
            row = _judge(sheet.name, index + 1, raw[index], texts[index], columns, units)
            earlier.compare(row)
            reading.rows.append(row)
    return reading


def _without_empty_tail(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    last = len(rows)
    while last and all(value is None or value == "" for value in rows[last - 1]):
        last -= 1
    return rows[:last]


def _judge(sheet: str, number: int, raw: Sequence[Any], texts: Sequence[str], columns: Columns, units: Units) -> Row:
    filled = [text for text in texts if text]
    if not filled:
        return Row(sheet, number, IGNORED, [reason("blank_row")])
    if len(filled) == 1 and not STUDENT_NUMBER.search(filled[0]):
        return Row(sheet, number, IGNORED, [reason("footer")])
    if columns.repeats(texts):
        return Row(sheet, number, IGNORED, [reason("repeated_header")])
    return RowReader(raw, texts, columns, units).row(sheet, number)


class _Earlier:
    """The rows met so far, to know a cadet that comes again and an e-mail address that two share."""

    def __init__(self) -> None:
        self.by_key: dict[str, Row] = {}
        self.by_email: dict[str, Row] = {}

    def compare(self, row: Row) -> None:
        """Turn `row` into a duplicate when it stood before, and warn of a shared e-mail address."""
        if not row.importable:
            return
        key = _identity(row.values)
        before = self.by_key.setdefault(key, row)
        if before is not row:
            row.kind, row.reasons = DUPLICATE, [reason(_again(before, row), place=before.place)]
            return
        email = row.values.get("email")
        if email and self.by_email.setdefault(email, row) is not row:
            row.kind = NORMALISED
            row.reasons.append(reason("email_shared", place=self.by_email[email].place))


def _identity(values: Mapping[str, str]) -> str:
    for name in ("student_id", "username", "email"):
        if text := values.get(name):
            return f"{name}:{student_key(text) if name == 'student_id' else text.casefold()}"
    raise ValueError("an importable row has an identifier")


def _again(before: Row, row: Row) -> str:
    if not names_agree(before.values, row.values):
        return OTHER_PERSON
    return "same_row_again" if before.values == row.values else "same_id_other_data"
