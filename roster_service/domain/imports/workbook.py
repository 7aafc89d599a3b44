"""Bytes of a roster file to sheets of cells: .xlsx and .csv, guarded against what only looks like one."""

from __future__ import annotations

from libs.web.errors import AppError, TooLarge, UnsupportedMedia
from roster_service.domain.imports.csv_text import read_csv
from roster_service.domain.imports.limits import MAX_BYTES, Budget
from roster_service.domain.imports.sheets import Sheet
from roster_service.domain.imports.xlsx import read_xlsx

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")


def read_workbook(data: bytes, filename: str) -> list[Sheet]:
    """Return the sheets of an .xlsx or .csv file, in its order, with raw cell values.

    Args:
        data: the whole file.
        filename: as uploaded; names the only sheet of a .csv.

    Raises:
        TooLarge: more bytes, rows, cells or text than `limits` allows, or far more once unpacked.
        UnsupportedMedia: not a workbook, an old .xls, or one locked with a password.
        Invalid: a workbook that is damaged.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.", code="file_too_large")
    budget = Budget()
    if data.startswith(_ZIP):
        return read_xlsx(data, budget)
    if data.startswith(_OLE):
        raise _old_or_locked(data)
    return [read_csv(data, filename, budget)]


def _old_or_locked(data: bytes) -> AppError:
    if _ENCRYPTED_PART in data:
        return UnsupportedMedia("The workbook is locked with a password. Remove it and try again.", code="workbook_encrypted")
    return UnsupportedMedia("This is the old .xls format. Save the file as .xlsx and try again.", code="workbook_old_format")
