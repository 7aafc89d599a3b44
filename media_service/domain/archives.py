"""What is inside a zip container: an Excel workbook, a Word document, or something we refuse. Nothing is unpacked."""

from __future__ import annotations

import zipfile
from typing import BinaryIO

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAX_ENTRIES = 5_000
MAX_UNPACKED = 300 * 1024 * 1024
# Office XML packs about 10:1 and, for empty columns, rarely 100:1; a bomb packs 1,000:1.
MAX_RATIO = 250
_RATIO_FLOOR = 1024 * 1024


def office_type(stream: BinaryIO) -> tuple[str | None, str]:
    """Return (content type, "") of the Office document in `stream`, or (None, why it is refused)."""
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, OSError, EOFError):
        return None, "The file is damaged: it begins like an Office document but cannot be opened."
    return _judge(entries)


def _judge(entries: list[zipfile.ZipInfo]) -> tuple[str | None, str]:
    names = {entry.filename for entry in entries}
    if len(entries) > MAX_ENTRIES or _is_bomb(entries):
        return None, "The file unpacks to far more than it holds and is refused."
    if any(entry.flag_bits & 0x1 for entry in entries):
        return None, "The file is protected by a password; save it without one."
    if any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names):
        return None, "The file holds unsafe paths and is refused."
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs")) for name in names):
        return None, "The file holds macros or programs; save it without them."
    if "[Content_Types].xml" in names:
        if "xl/workbook.xml" in names:
            return XLSX, ""
        if "word/document.xml" in names:
            return DOCX, ""
    return None, "Archives are not accepted; upload the document itself."


def _is_bomb(entries: list[zipfile.ZipInfo]) -> bool:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    return unpacked > MAX_UNPACKED or (unpacked > _RATIO_FLOOR and unpacked > packed * MAX_RATIO)
