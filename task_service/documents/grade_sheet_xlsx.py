"""The grade sheet as an Excel workbook: numbers as numbers, text always as text."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from task_service.documents.grade_sheet import HEADINGS, SIGNATORIES, STATES, UNIT, UNKNOWN, GradeSheet, SheetRow

WIDTHS = (6, 16, 34, 14, 12, 12, 12, 12, 10, 10, 40, 14)
HEADER_ROW = 6
_GREEN, _LINE = "1F4D36", Side(style="thin", color="C9D1CB")
_LAST = "L"


def build(sheet: GradeSheet) -> bytes:
    """Return `sheet` as an .xlsx file."""
    book = Workbook(write_only=True)
    page = book.create_sheet("Grade sheet")
    # A write-only sheet takes its frame before its rows.
    _frame(page, len(sheet.rows))
    for text, font in (
        (UNIT, Font(bold=True, size=13, color=_GREEN)),
        (sheet.title, Font(bold=True, size=12)),
        (sheet.scope, Font()),
        (f"{sheet.origin}. {sheet.warning}".strip(), Font(italic=True, color="5A645E")),
    ):
        page.append([_text(page, text, font=font)])
    page.append([])
    page.append([_heading(page, text) for text in HEADINGS])
    for position, row in enumerate(sheet.rows, 1):
        page.append(_cells(page, position, row))
    _signatures(page)
    book.properties.title, book.properties.creator = sheet.title, "RGMS"
    book.properties.created = book.properties.modified = sheet.generated_at.replace(tzinfo=None)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _frame(page: Worksheet, rows: int) -> None:
    page.freeze_panes = f"D{HEADER_ROW + 1}"
    for index, width in enumerate(WIDTHS):
        page.column_dimensions[chr(ord("A") + index)].width = width
    page.auto_filter.ref = f"A{HEADER_ROW}:{_LAST}{HEADER_ROW + max(1, rows)}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    page.oddFooter.center.text = "Page &P of &N"


def _cells(page: Worksheet, position: int, row: SheetRow) -> list[WriteOnlyCell]:
    words = (row.student_id, row.name, row.company, row.platoon)
    points = (row.attendance, row.aptitude, row.subject, row.final, row.grade)
    return [
        _number(page, Decimal(position), "0"),
        *(_text(page, word, border=_below()) for word in words),
        *(_number(page, point) for point in points),
        _text(page, row.remarks, border=_below()),
        _text(page, STATES.get(row.state, row.state), border=_below()),
    ]


def _text(page: Worksheet, text: str, *, font: Font | None = None, border: Border | None = None) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, text)
    # Whatever it begins with (= + - @), it is text: typed as such, and marked so that editing it in Excel keeps it so.
    cell.data_type = "s"
    if text[:1] in {"=", "+", "-", "@"}:
        cell.quotePrefix = True
    if font:
        cell.font = font
    if border:
        cell.border = border
    return cell


def _number(page: Worksheet, value: Decimal | str | None, form: str = "0.00") -> WriteOnlyCell:
    word = UNKNOWN if value is None else value
    cell = _text(page, word) if isinstance(word, str) else WriteOnlyCell(page, word)
    cell.alignment, cell.border = Alignment(horizontal="right"), _below()
    if isinstance(word, Decimal):
        cell.number_format = form
    return cell


def _heading(page: Worksheet, text: str) -> WriteOnlyCell:
    cell = _text(page, text, font=Font(bold=True, color="FFFFFF"))
    cell.fill = PatternFill("solid", fgColor=_GREEN)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def _below() -> Border:
    return Border(bottom=_LINE)


def _signatures(page: Worksheet) -> None:
    line = Border(bottom=Side(style="thin", color="000000"))
    for label, position in SIGNATORIES:
        page.append([])
        page.append(
            ["", f"{label}:", *(_text(page, "", border=line) for _ in range(2)), "", "Date:", _text(page, "", border=line)]
        )
        page.append(["", "", f"Signature over printed name, {position}"])
