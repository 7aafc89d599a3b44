"""A .csv file as one sheet of cells."""

from __future__ import annotations

import csv
import io
from typing import Any

from roster_service.domain.imports.limits import MAX_BYTES, MAX_CELL, MAX_COLUMNS, Budget
from roster_service.domain.imports.parts import damaged, not_a_workbook
from roster_service.domain.imports.sheets import Sheet
from roster_service.domain.imports.strings import CutText

# Web pages and text documents, which some programs save under the name of a workbook.
_OTHER_FORMATS = frozenset({b"<html", b"<!doc", b"<?xml", b"<tabl", b"{\\rtf"})
# A cell is cut here and not refused: whose note is long is no reason to lose the list.
csv.field_size_limit(MAX_BYTES)


def read_csv(data: bytes, filename: str, budget: Budget) -> Sheet:
    """Return the sheet of a .csv file in UTF-8, UTF-16 or the Western encoding of spreadsheet programs.

    Raises:
        TooLarge, Invalid: as for a workbook. UnsupportedMedia: it is no text.
    """
    text = _decode(data)
    first = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",;\t", key=first.count)
    rows: list[tuple[Any, ...]] = []
    numbers: list[int] = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            cells = tuple(_cut(cell) for cell in row[:MAX_COLUMNS])
            if any(cells):
                budget.take_row(sum(map(bool, cells)))
                for cell in filter(None, cells):
                    budget.take_text(len(cell))
            elif budget.blank_rows:
                budget.blank_rows -= 1
            else:
                continue
            rows.append(cells)
            numbers.append(number)
    except csv.Error as error:
        raise damaged() from error
    return Sheet(filename.rsplit(".", 1)[0][:80] or "CSV", rows, numbers=numbers)


def _cut(cell: str) -> str:
    return cell if len(cell) <= MAX_CELL else CutText(cell[:MAX_CELL])


def _decode(data: bytes) -> str:
    if not data.strip() or data.lstrip()[:5].lower() in _OTHER_FORMATS or data.startswith(b"%PDF"):
        raise not_a_workbook()
    marked_utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked_utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise not_a_workbook()
