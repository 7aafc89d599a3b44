"""The grade sheet as a PDF: A4 landscape, heading repeated, page x of y, a place to sign. Its fonts are embedded."""

from __future__ import annotations

import functools
from decimal import Decimal
from io import BytesIO

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, KeepTogether, LongTable, PageTemplate, Paragraph, Spacer, Table, TableStyle

from task_service.documents.grade_sheet import HEADINGS, SIGNATORIES, STATES, UNIT, UNKNOWN, GradeSheet, SheetRow

# The Vera family ships inside reportlab and has ñ; the standard PDF fonts are not embedded and look different everywhere.
PLAIN, BOLD = "Vera", "VeraBd"
SIZE, MARGIN = 7.5, 12 * mm
PAGE = landscape(A4)
WIDTHS = (24, 64, 158, 50, 56, 52, 46, 52, 38, 36, 142, 56)
_TEXT_COLUMNS = (1, 2, 3, 4, 10, 11)
_PADDING = 6
_GREEN, _RULE, _BAND, _GREY = (
    colors.HexColor("#1F4D36"),
    colors.HexColor("#C9D1CB"),
    colors.HexColor("#F4F6F4"),
    colors.HexColor("#5A645E"),
)


def build(sheet: GradeSheet) -> bytes:
    """Return `sheet` as a .pdf file."""
    _fonts()
    target = BytesIO()
    document = BaseDocTemplate(
        target,
        pagesize=PAGE,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 6 * mm,
        title=sheet.title,
        author=UNIT,
        subject=sheet.scope,
        creator="RGMS",
    )
    frame = Frame(document.leftMargin, document.bottomMargin, document.width, document.height, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("sheet", [frame]))
    story = [*_head(sheet), _table(sheet), Spacer(0, 8 * mm), KeepTogether(_signatures())]
    document.build(
        story, canvasmaker=functools.partial(_NumberedCanvas, footer=f"{sheet.title} · {sheet.scope}", origin=sheet.origin)
    )
    return target.getvalue()


class _NumberedCanvas(Canvas):
    """Keeps every page until the last is known, then writes `page x of y` on each."""

    def __init__(self, *args, footer: str, origin: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._pages: list[dict] = []
        self._footer, self._origin = footer, origin

    def showPage(self) -> None:
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        total = len(self._pages)
        for state in self._pages:
            self.__dict__.update(state)
            self._foot(total)
            super().showPage()
        super().save()

    def _foot(self, total: int) -> None:
        self.setFillColor(_GREY)
        self.setFont(PLAIN, 6.5)
        self.drawString(MARGIN, MARGIN + 9, _fitted(self._footer, PAGE[0] / 2, PLAIN, 6.5))
        self.drawString(MARGIN, MARGIN, self._origin)
        self.drawRightString(PAGE[0] - MARGIN, MARGIN, f"Page {self._pageNumber} of {total}")


def _head(sheet: GradeSheet) -> list[Paragraph]:
    base = ParagraphStyle("base", fontName=PLAIN, fontSize=8.5, leading=12)
    strong = ParagraphStyle("unit", base, fontName=BOLD, fontSize=12, leading=15, textColor=_GREEN)
    title = ParagraphStyle("title", base, fontName=BOLD, fontSize=10.5, leading=15)
    quiet = ParagraphStyle("quiet", base, fontSize=7.5, leading=11, textColor=_GREY, spaceAfter=6)
    notice = ParagraphStyle("notice", base, fontName=BOLD, spaceAfter=6)
    parts = [(UNIT, strong), (sheet.title, title), (sheet.scope, base), (sheet.origin, quiet), (sheet.warning, notice)]
    return [Paragraph(_escaped(text), style) for text, style in parts if text]


def _table(sheet: GradeSheet) -> LongTable:
    lines = [list(HEADINGS), *(_line(position, row) for position, row in enumerate(sheet.rows, 1))]
    if not sheet.rows:
        lines.append(["", "", "No cadets are in this term yet.", *[""] * 9])
    table = LongTable(lines, colWidths=WIDTHS, repeatRows=1, splitByRow=1)
    style = [
        ("FONT", (0, 0), (-1, -1), PLAIN, SIZE, SIZE + 2.2),
        ("FONT", (0, 0), (-1, 0), BOLD, SIZE, SIZE + 2.2),
        ("TEXTCOLOR", (0, 0), (-1, 0), colors.white),
        ("BACKGROUND", (0, 0), (-1, 0), _GREEN),
        ("ROWBACKGROUNDS", (0, 1), (-1, -1), (colors.white, _BAND)),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, _RULE),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("ALIGN", (0, 0), (0, -1), "RIGHT"),
        ("ALIGN", (5, 0), (9, -1), "RIGHT"),
        ("LEFTPADDING", (0, 0), (-1, -1), _PADDING / 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), _PADDING / 2),
        ("TOPPADDING", (0, 0), (-1, -1), 2.4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.4),
    ]
    table.setStyle(TableStyle(style))
    return table


def _line(position: int, row: SheetRow) -> list[str]:
    points = [_number(value) for value in (row.attendance, row.aptitude, row.subject, row.final, row.grade)]
    state = STATES.get(row.state, row.state)
    cells = [str(position), row.student_id, row.name, row.company, row.platoon, *points, row.remarks, state]
    for column in _TEXT_COLUMNS:
        cells[column] = _wrapped(cells[column], WIDTHS[column] - _PADDING)
    return cells


def _number(value: Decimal | str | None) -> str:
    if isinstance(value, str):
        return value
    return UNKNOWN if value is None else f"{value:.2f}"


def _wrapped(text: str, width: float) -> str:
    """Return `text` broken between words into at most two lines of `width` points, cut with an ellipsis beyond that."""
    if stringWidth(text, PLAIN, SIZE) <= width:
        return text
    words, first = text.split(" "), ""
    while words and stringWidth(f"{first} {words[0]}".strip(), PLAIN, SIZE) <= width:
        first = f"{first} {words.pop(0)}".strip()
    if not first:
        return _fitted(text, width, PLAIN, SIZE)
    return first + "\n" + _fitted(" ".join(words), width, PLAIN, SIZE)


def _fitted(text: str, width: float, font: str, size: float) -> str:
    if stringWidth(text, font, size) <= width:
        return text
    while text and stringWidth(text + "…", font, size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def _signatures() -> Table:
    width = (PAGE[0] - 2 * MARGIN) / len(SIGNATORIES)
    labels = [f"{label}:" for label, _position in SIGNATORIES]
    blanks = ["_" * 38 for _ in SIGNATORIES]
    places = [f"Signature over printed name\n{position}" for _label, position in SIGNATORIES]
    dates = ["Date: " + "_" * 20 for _ in SIGNATORIES]
    table = Table([labels, blanks, places, dates], colWidths=[width] * len(SIGNATORIES), rowHeights=[12, 30, 24, 22])
    style = [
        ("FONT", (0, 0), (-1, -1), PLAIN, 7.5, 9.5),
        ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
        ("FONT", (0, 0), (-1, 0), BOLD, 7.5),
    ]
    table.setStyle(TableStyle(style))
    return table


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@functools.cache
def _fonts() -> None:
    pdfmetrics.registerFont(TTFont(PLAIN, "Vera.ttf"))
    pdfmetrics.registerFont(TTFont(BOLD, "VeraBd.ttf"))
