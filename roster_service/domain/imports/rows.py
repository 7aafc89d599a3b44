"""Rows of a roster workbook: each judged from its cells alone, before anybody looks at the stored roster."""

from __future__ import annotations

from collections.abc import Mapping

from libs.contracts.student_numbers import student_key
from roster_service.domain.imports.corrections import Corrections, RowCorrection
from roster_service.domain.imports.reading import FileRow, Reading
from roster_service.domain.imports.reasons import reason
from roster_service.domain.imports.row_reader import RowReader
from roster_service.domain.imports.sheets import DUPLICATE, IGNORED, LEFT_OUT, NORMALISED, OTHER_PERSON, Row, Units
from roster_service.domain.same_person import names_agree


def judge(reading: Reading, units: Units | None = None, corrections: Corrections | None = None) -> list[Row]:
    """Judge every row of the sheets that are read, in order.

    A duplicate is a student id (or, without one, a user name or e-mail address) that stood in an earlier row, by sheet order and
    then row order; a row that was left out counts for nothing.
    """
    units, corrections = units or Units(), corrections or Corrections()
    orders = {sheet.name: corrections.order_of(sheet) for sheet in reading.sheets if corrections.reads(sheet)}
    rows, earlier = [], _Earlier()
    for file_row in reading.rows:
        if file_row.sheet not in orders:
            continue
        row = _judge(file_row, units, orders[file_row.sheet], corrections.rows.get(file_row.place, RowCorrection()))
        earlier.compare(row)
        rows.append(row)
    return rows


def _judge(row: FileRow, units: Units, date_order: str | None, correction: RowCorrection) -> Row:
    if row.ignored:
        return Row(row.sheet, row.number, IGNORED, [reason(row.ignored)])
    judged = RowReader(row, units, date_order, correction.values).row()
    if correction.left_out:
        judged.kind, judged.reasons = LEFT_OUT, [reason("left_out")]
    return judged


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
