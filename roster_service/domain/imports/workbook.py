"""Bytes of a workbook to sheets of cells: .xlsx and .csv, guarded against what only looks like one.

openpyxl reads values, never formulas; macros are not run and links not followed.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl

from libs.web.errors import AppError, Invalid, TooLarge, UnsupportedMedia
from roster_service.domain.imports.sheets import Sheet

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 10_000
MAX_COLUMNS = 100
MAX_SHEETS = 50
# One row of 20 filled cells is about 1 kB of XML, so 10,000 rows stay far below this.
MAX_UNCOMPRESSED = 40 * 1024 * 1024
MAX_ENTRIES = 500
# Real workbooks are compressed 5 to 20 times; small parts of repeated markup may be more.
MAX_RATIO, RATIO_MATTERS_ABOVE = 100, 1024 * 1024
# Blank rows cost nothing to read but time; a sheet "used" down to row 1,048,576 is cut here.
MAX_BLANK_ROWS = 10_000

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Web pages and text documents, which some programs save under the name of a workbook.
_OTHER_FORMATS = frozenset({b"<html", b"<!doc", b"<?xml", b"<tabl", b"{\\rtf"})
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_ENCODING = re.compile(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([\w.-]+)""")
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")


def read_workbook(data: bytes, filename: str) -> list[Sheet]:
    """Return the sheets of an .xlsx or .csv file, in its order, with raw cell values.

    Args:
        data: the whole file.
        filename: as uploaded; names the only sheet of a .csv.

    Raises:
        TooLarge: more than 5 MB, 10,000 rows, or far more once unpacked.
        UnsupportedMedia: not a workbook, an old .xls, or one locked with a password.
        Invalid: a workbook that is damaged.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.", code="file_too_large")
    if data.startswith(_ZIP):
        _refuse_dangerous_archive(data)
        return _read_xlsx(data)
    if data.startswith(_OLE):
        raise _old_or_locked(data)
    return [Sheet(filename.rsplit(".", 1)[0][:80] or "CSV", _read_csv(data))]


def _old_or_locked(data: bytes) -> AppError:
    if _ENCRYPTED_PART in data:
        return UnsupportedMedia("The workbook is locked with a password. Remove it and try again.", code="workbook_encrypted")
    return UnsupportedMedia("This is the old .xls format. Save the file as .xlsx and try again.", code="workbook_old_format")


def _not_a_workbook() -> AppError:
    return UnsupportedMedia("This is not a workbook. Please choose an .xlsx or .csv file.", code="not_a_workbook")


def _damaged() -> AppError:
    return Invalid(
        "The workbook is damaged and could not be read. Open it, save it again and try once more.", code="workbook_damaged"
    )


def _refuse_dangerous_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
                raise _not_a_workbook()
            unpacked = sum(entry.file_size for entry in entries)
            if len(entries) > MAX_ENTRIES or unpacked > MAX_UNCOMPRESSED:
                raise TooLarge("The workbook is far larger than it looks once unpacked.", code="workbook_bomb")
            if unpacked > RATIO_MATTERS_ABOVE and unpacked > MAX_RATIO * len(data):
                raise TooLarge("The workbook is far larger than it looks once unpacked.", code="workbook_bomb")
            if any(_may_declare_entities(archive.read(entry)) for entry in entries):
                raise _damaged()
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError) as error:
        raise _damaged() from error


def _may_declare_entities(part: bytes) -> bool:
    # Entity declarations have no place in a workbook and are how XML grows without end. The name of a part says nothing
    # of its content, and an encoding that Excel never writes could hide them.
    if any(doctype in part for doctype in _DOCTYPES):
        return True
    declared = _ENCODING.match(part)
    return declared is not None and declared[1].lower() not in {b"utf-8", b"utf-16", b"us-ascii"}


def _read_xlsx(data: bytes) -> list[Sheet]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises whatever its parser met: KeyError, ParseError, TypeError ...
        raise _damaged() from error
    try:
        if len(book.worksheets) > MAX_SHEETS:
            raise TooLarge(f"The workbook has more than {MAX_SHEETS} sheets.", code="too_many_sheets")
        sheets, total = [], 0
        for worksheet in book.worksheets:
            rows = list(_rows_of(worksheet, MAX_ROWS - total))
            total += sum(1 for row in rows if any(value is not None for value in row))
            sheets.append(Sheet(worksheet.title[:80], rows))
        return sheets
    except AppError:
        raise
    except Exception as error:
        raise _damaged() from error
    finally:
        book.close()


def _rows_of(worksheet: Any, most: int) -> Iterator[tuple[Any, ...]]:
    # The stored dimension may be wrong and would cut rows off.
    worksheet.reset_dimensions()
    filled, blanks = 0, 0
    for index, row in enumerate(worksheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)):
        if all(value is None for value in row):
            blanks += 1
            if blanks > MAX_BLANK_ROWS:
                return
        else:
            filled += 1
            blanks = 0
        if filled > most + 1 or (not blanks and index > MAX_ROWS + MAX_BLANK_ROWS):
            raise _too_many_rows()
        yield row


def _too_many_rows() -> AppError:
    return TooLarge(f"The file has more than {MAX_ROWS:,} rows. Please split it.", code="too_many_rows")


def _read_csv(data: bytes) -> list[tuple[Any, ...]]:
    text = _decode(data)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows: list[tuple[Any, ...]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(rows) > MAX_ROWS:
                raise _too_many_rows()
            rows.append(tuple(row[:MAX_COLUMNS]))
    except csv.Error as error:
        raise _damaged() from error
    return rows


def _decode(data: bytes) -> str:
    if not data.strip() or data.lstrip()[:5].lower() in _OTHER_FORMATS or data.startswith(b"%PDF"):
        raise _not_a_workbook()
    marked_utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked_utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _not_a_workbook()
