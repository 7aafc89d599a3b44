"""Grade sheets: opened again by an independent reader, they say exactly what the gradebook said."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from task_service.documents import grade_sheet_pdf, grade_sheet_xlsx
from task_service.documents.grade_sheet import HEADINGS, OPEN, UNKNOWN, GradeSheet, sheet_row

KNOWN = {
    "student_id": "0024-00017",
    "name": "Peñaflor, Niño A.",
    "company": "Alpha",
    "platoon": "1st Platoon",
    "attendance": "27.50",
    "aptitude": "30.00",
    "subject": "34.07",
    "final": "91.57",
    "transmuted": "1.50",
    "passed": True,
    "outlook": "passed",
    "state": "complete",
    "missing": [],
}
EMPTY = dict.fromkeys(("attendance", "aptitude", "subject", "final", "transmuted", "passed", "outlook"))


def sheet(*rows: dict, company: str | None = "Alpha") -> GradeSheet:
    return GradeSheet(
        term="First semester 2026-2027",
        school_year="2026-2027",
        semester="First",
        company=company,
        policy_version="1",
        generated_at=datetime(2026, 11, 20, 17, 5, tzinfo=UTC),
        rows=tuple(sheet_row(row) for row in rows),
    )


def opened(data: bytes):
    return openpyxl.load_workbook(BytesIO(data)).active


def body(page) -> list[tuple]:
    return list(page.iter_rows(min_row=grade_sheet_xlsx.HEADER_ROW + 1, max_col=len(HEADINGS)))


def test_the_workbook_holds_numbers_as_numbers_and_ids_as_text():
    page = opened(grade_sheet_xlsx.build(sheet(KNOWN)))
    assert [cell.value for cell in page[grade_sheet_xlsx.HEADER_ROW]] == list(HEADINGS)
    row = body(page)[0]
    assert [cell.value for cell in row[:5]] == [1, "0024-00017", "Peñaflor, Niño A.", "Alpha", "1st Platoon"]
    assert [cell.value for cell in row[5:10]] == [27.5, 30, 34.07, 91.57, 1.5]
    assert row[8].number_format == "0.00"
    assert page.freeze_panes == "D7" and page.print_title_rows == "$6:$6"


@pytest.mark.requirement("20.5")
@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x","y")', "+63917", "-1", "@SUM(A1)", "\t=1", "a\x00b\x07"])
def test_text_that_looks_like_a_formula_stays_text(text):
    page = opened(grade_sheet_xlsx.build(sheet(KNOWN | {"name": text, "company": text, "student_id": text})))
    for cell in body(page)[0][1:4]:
        assert cell.data_type == "s"
        assert cell.quotePrefix == (str(cell.value)[:1] in "=+-@")


@pytest.mark.requirement("20.3", "20.5")
def test_markup_in_a_name_is_printed_as_the_characters_it_is():
    """ReportLab reads paragraphs as markup: an image in a term's name would be fetched, from a file or another machine."""
    hostile = '<img src="/etc/passwd"/><b>Bravo</b> &amp;'
    made = sheet(KNOWN | {"name": hostile[:30], "company": "<i>A</i>"}, company=hostile)
    assert hostile in " ".join(pages_of(grade_sheet_pdf.build(made)))
    assert body(opened(grade_sheet_xlsx.build(made)))[0][2].value == hostile[:30]


def test_an_unknown_number_is_a_dash_and_an_open_grade_says_what_it_lacks_never_a_zero():
    lacking = KNOWN | EMPTY | {"state": "provisional", "missing": ["attendance", "midterm"], "outlook": "open"}
    nothing = KNOWN | EMPTY | {"state": "no_data", "missing": ["attendance", "prelim"]}
    first, second = body(opened(grade_sheet_xlsx.build(sheet(lacking, nothing))))[:2]
    assert [cell.value for cell in first[5:10]] == [UNKNOWN] * 4 + [OPEN]
    assert [cell.value for cell in second[5:10]] == [UNKNOWN] * 5
    assert first[10].value == "Lacks attendance, midterm"
    assert second[10].value == "Nothing recorded yet"
    assert "open Lacks attendance, midterm" in pages_of(grade_sheet_pdf.build(sheet(lacking)))[0].replace("\n", " ")


@pytest.mark.parametrize(
    ("told", "grade", "remark"),
    [
        ({"passed": True}, Decimal("1.50"), "Passed"),
        ({"transmuted": "5.00", "passed": False}, Decimal("5.00"), "Failed"),
        (EMPTY | {"state": "provisional", "missing": ["final"], "outlook": "passed"}, OPEN, "Lacks final; passes in any case"),
        (
            EMPTY | {"state": "provisional", "missing": ["quiz_2"], "outlook": "out_of_reach"},
            OPEN,
            "Lacks quiz 2; a pass is out of reach",
        ),
        (EMPTY | {"state": "special", "transmuted": "DO", "missing": ["final"]}, "DO", "Dropped"),
        (EMPTY | {"state": "special", "transmuted": "INC"}, "INC", "Incomplete"),
        (EMPTY | {"state": "special", "transmuted": "T"}, "T", "Deferred"),
    ],
)
def test_a_line_says_how_a_grade_stands_and_a_special_one_has_no_number(told, grade, remark):
    row = sheet_row(KNOWN | told)
    assert (row.grade, row.remarks) == (grade, remark)
    if row.state == "special":
        line = body(opened(grade_sheet_xlsx.build(sheet(KNOWN | told))))[0]
        assert [cell.value for cell in line[5:12]] == [UNKNOWN] * 4 + [grade, remark, "Set by the office"]
        assert sheet(KNOWN | told).warning == ""


def test_the_sheet_says_that_grades_may_still_change():
    assert sheet(KNOWN, KNOWN | {"state": "provisional"}).warning == "Provisional: 1 of 2 grades are not complete."
    assert sheet(KNOWN).warning == ""


def test_the_time_is_manila_time_and_the_file_name_plain():
    made = sheet(KNOWN, company="Alpha / Bravo")
    assert "21 November 2026, 01:05 (Manila time)" in made.origin and "policy version 1" in made.origin
    assert made.file_name("pdf") == "grade-sheet_First-semester-2026-2027_Alpha-Bravo_2026-11-21.pdf"


def pages_of(data: bytes) -> list[str]:
    """Return the text of each page, as another program reads it."""
    return [page.extract_text() for page in PdfReader(BytesIO(data)).pages]


def test_the_pdf_repeats_its_heading_numbers_its_pages_and_ends_with_signatures():
    pages = pages_of(grade_sheet_pdf.build(sheet(*[KNOWN] * 120)))
    text = "\n".join(pages)
    assert len(pages) >= 3
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
    assert all("Student ID" in page for page in pages[:-1])
    assert text.count("Peñaflor, Niño A.") == 120
    assert text.count("Signature over printed name") == 3
    assert "policy version 1" in text and "Manila time" in text


def test_the_pdf_embeds_the_fonts_it_uses():
    data = grade_sheet_pdf.build(sheet(KNOWN))
    assert len(re.findall(rb"/FontFile2", data)) >= 2
    assert data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF")


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300), st.text(max_size=120))
def test_any_name_can_be_printed(name, platoon):
    odd = sheet(KNOWN | {"name": name, "platoon": platoon}, company=name[:40])
    assert grade_sheet_pdf.build(odd).startswith(b"%PDF-")
    assert len(body(opened(grade_sheet_xlsx.build(odd)))) >= 1


def test_a_term_without_cadets_makes_an_honest_sheet():
    assert "No cadets are in this term yet." in pages_of(grade_sheet_pdf.build(sheet()))[0]
    assert opened(grade_sheet_xlsx.build(sheet())).title == "Grade sheet"
