"""The rows that an import refuses, as a file to mend and upload again: the cells under headers that are read, and the reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from roster_service.domain.imports.headers import ALIASES
from roster_service.domain.imports.reading import Reading

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
# Words that are no header of a field, so that a mended file is read without them.
_ABOUT = ("Reason", "Stood in sheet", "Stood in row")
# What a spreadsheet program would take for a formula (requirement 20.5).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def refused_rows_file(found: Mapping[str, Any], form: str) -> tuple[str, str, bytes]:
    """Return name, content type and bytes of the file.

    Args:
        found: an import with its refused `rows`, `parsed` and `corrections`.
        form: `xlsx` or `csv`.
    """
    table = list(_table(found))
    name = f"refused-rows-{found['id']}.{form}"
    return (name, CSV, _csv(table)) if form == "csv" else (name, XLSX, _xlsx(table))


def _table(found: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    mended, reading = found["corrections"].get("rows", {}), Reading.of(found["parsed"])
    cells = {(row.sheet, row.number): {**row.given, **mended.get(row.place, {}).get("values", {})} for row in reading.rows}
    refused = found["rows"]
    given = [cells[row["sheet"], row["row"]] for row in refused]
    # A column that nobody filled stands there too: its cells may be what is to be mended.
    known = {name for sheet in reading.sheets for name in sheet.columns}.union(*given)
    fields = [name for name in ALIASES if name in known]
    yield [*(ALIASES[name][0] for name in fields), *_ABOUT]
    for row, texts in zip(refused, given, strict=True):
        why = " ".join(reason["message"] for reason in row["reasons"])
        yield [*(texts.get(name, "") for name in fields), why, row["sheet"], str(row["row"])]


def _csv(table: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in table)
    # Programs take a file without this mark for one of the Western encoding, and lose the ñ.
    return text.getvalue().encode("utf-8-sig")


def _xlsx(table: Sequence[Sequence[str]]) -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet("Refused rows")
    page.freeze_panes = "A2"
    for row in table:
        page.append([_text_cell(page, cell) for cell in row])
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def _text_cell(page: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, text)
    # Whatever it begins with, it is text, and stays so when somebody edits it.
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(_FORMULA)
    return cell
