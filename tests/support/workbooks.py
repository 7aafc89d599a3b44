"""Made-up roster workbooks: any cells as bytes, and one sheet with a row for each rule of the import."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook

HEADERS = ["Student ID", "Last Name", "First Name", "Middle Name", "Email", "Mobile", "Company", "Platoon", "Birthdate"]


def workbook(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    """Return an .xlsx of (title, rows) sheets."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def roster(*rows: Sequence[Any], headers: Sequence[str] = HEADERS) -> bytes:
    """Return an .xlsx of one sheet named Roster with `headers` and `rows`."""
    return workbook(("Roster", [headers, *rows]))


def csv_file(*rows: Sequence[Any], headers: Sequence[str] = HEADERS, delimiter: str = ",") -> bytes:
    """Return a .csv in UTF-8 with `headers` and `rows`."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([headers, *rows])
    return text.getvalue().encode()


def row(number: int, **more: Any) -> list[Any]:
    """Return a clean row of a made-up cadet, told apart by `number`; `more` replaces cells by field name."""
    cells = {
        "student_id": f"2026-{number:05d}",
        "last_name": f"Reyes{number}",
        "first_name": "Ana",
        "middle_name": "Lim",
        "email": f"ana{number}@student.example",
        "contact_number": f"0917{number:07d}",
        "company": "Alpha",
        "platoon": "1st Platoon",
        "birthdate": None,
        **more,
    }
    return list(cells.values())


# (row, its class, the codes of its reasons): every rule of the import once.
EVERY_RULE: list[tuple[list[Any], str, list[str]]] = [
    (row(1), "clean", []),
    (row(2, student_id="2026-00002  "), "normalised", ["outer_blanks"]),
    (row(3, email="\u00a0ana3@student.example"), "normalised", ["outer_blanks"]),
    (row(4, first_name="Ana  Marie"), "normalised", ["inner_blanks"]),
    (row(5, email="ANA5@Student.example"), "normalised", ["email_case"]),
    (row(6, email=None), "normalised", ["no_email"]),
    (row(7, email="none"), "normalised", ["email_unreadable"]),
    (row(8, email="ana1@student.example"), "normalised", ["email_shared"]),
    (row(9, last_name="reyes", first_name="ana"), "normalised", ["name_lower_case"]),
    (row(10, last_name=unicodedata.normalize("NFD", "Ordoñez")), "normalised", ["decomposed_letters"]),
    (row(11, student_id=202600011), "normalised", ["numeric_id"]),
    (row(12, contact_number=9170000012), "normalised", ["mobile_lost_zero"]),
    (row(13, company=". . . . . . . ."), "normalised", ["placeholder"]),
    (row(14, company="Echo"), "normalised", ["unknown_company"]),
    (row(15, company="HQSCOY".lower()), "normalised", ["company_spelling"]),
    (row(16, platoon="Ninth"), "normalised", ["unknown_platoon"]),
    (row(17, platoon="1ST PLATOON"), "normalised", ["platoon_spelling"]),
    (row(18, birthdate=datetime(2006, 5, 31)), "clean", []),  # noqa: DTZ001 - a workbook's dates have no zone
    (row(19, birthdate="soon"), "normalised", ["birthdate_unreadable"]),
    (row(20, middle_name="#REF!"), "normalised", ["cell_error"]),
    (row(1), "duplicate", ["same_row_again"]),
    (row(1, company="Bravo"), "duplicate", ["same_id_other_data"]),
    (row(1, last_name="Santos"), "duplicate", ["same_id_other_person"]),
    (row(24, last_name=None), "invalid", ["missing_last_name"]),
    (row(25, first_name="  "), "invalid", ["missing_first_name"]),
    (row(26, last_name=None, first_name=None), "invalid", ["missing_name"]),
    (row(27, student_id=None, email=None), "invalid", ["no_identifier"]),
    (row(28, first_name="A" * 81), "invalid", ["too_long"]),
    ([None] * 9, "ignored", ["blank_row"]),
    (HEADERS, "ignored", ["repeated_header"]),
    (["*** NOTHING FOLLOWS ***"], "ignored", ["footer"]),
]
