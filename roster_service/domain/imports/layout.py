"""What a preview says of the file as a whole: its sheets, the columns nobody reads, and dates that read two ways."""

from __future__ import annotations

from typing import Any

from roster_service.domain.imports.corrections import Corrections
from roster_service.domain.imports.dates import is_open
from roster_service.domain.imports.reading import Reading


def layout_of(reading: Reading, corrections: Corrections) -> dict[str, Any]:
    """Return the sheets with what is read of each, and the question about its dates.

    `dates` counts the birth dates that read as two days and whose order the file does not prove, with one of them as `example`
    and the officer's `order`, or null while that is not said.
    """
    unsure = {sheet.name for sheet in reading.sheets if corrections.reads(sheet) and len(sheet.date_orders) != 1}
    dates = (row.given.get("birthdate", "") for row in reading.rows if row.sheet in unsure)
    doubtful = [text for text in dates if is_open(text)]
    return {
        "sheets": [
            {
                "name": sheet.name,
                "hidden": sheet.hidden,
                "read": corrections.reads(sheet),
                "header_row": sheet.header_row,
                "rows": sheet.rows,
                "columns": sheet.columns,
                "unknown_columns": sheet.unknown_columns,
            }
            for sheet in reading.sheets
        ],
        "dates": {"count": len(doubtful), "example": doubtful[0] if doubtful else None, "order": corrections.date_order},
    }


def warnings_of(reading: Reading, corrections: Corrections) -> dict[str, Any]:
    """Return what of the workbook is not read: columns, sheets without a header row, and hidden sheets."""
    return {
        "unknown_columns": [
            {"sheet": sheet.name, "column": text}
            for sheet in reading.sheets
            if corrections.reads(sheet)
            for text in sheet.unknown_columns
        ],
        "skipped_sheets": [sheet.name for sheet in reading.sheets if sheet.header_row is None],
        "hidden_sheets": [sheet.name for sheet in reading.sheets if sheet.hidden and not corrections.reads(sheet)],
    }
