"""What is read of a workbook: sheets, columns, merged cells, dates by the file's own evidence, and what officers mend."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.web.errors import Invalid
from roster_service.domain.imports.corrections import Corrections, corrected, faults
from roster_service.domain.imports.dates import DAY_FIRST, MONTH_FIRST, is_open, orders_of, read_date
from roster_service.domain.imports.formats import PLAIN_DATE, date_kind, date_of_serial
from roster_service.domain.imports.layout import layout_of, warnings_of
from roster_service.domain.imports.limits import MAX_CELL
from roster_service.domain.imports.reading import read_sheets
from roster_service.domain.imports.rows import judge
from roster_service.domain.imports.workbook import read_workbook
from tests.support.hostile_workbooks import HOSTILE, MAIN, sheet, xlsx
from tests.support.workbooks import HEADERS, csv_file, roster, row, workbook

BIRTHDATE = HEADERS.index("Birthdate") + 1


def read(data, filename="roster.xlsx"):
    return read_sheets(read_workbook(data, filename))


def codes(found):
    return [reason["code"] for reason in found.reasons]


def saved(book):
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def book_of(*rows):
    book = openpyxl.Workbook()
    book.active.title = "Roster"
    for cells in rows:
        book.active.append(cells)
    return book


# --- sheets and columns


def test_a_hidden_sheet_is_named_and_not_read_until_an_officer_switches_it_on():
    book = openpyxl.load_workbook(io.BytesIO(workbook(("MS1", [HEADERS, row(1)]), ("Old", [HEADERS, row(2)]))))
    book["Old"].sheet_state = "veryHidden"
    reading = read(saved(book))

    on = Corrections(sheets={"Old": True})
    assert [(found.sheet, found.number) for found in judge(reading)] == [("MS1", 2)]
    assert warnings_of(reading, Corrections())["hidden_sheets"] == ["Old"]
    assert [(found.sheet, found.number) for found in judge(reading, corrections=on)] == [("MS1", 2), ("Old", 2)]
    assert warnings_of(reading, on)["hidden_sheets"] == []
    assert [(one["name"], one["hidden"], one["read"]) for one in layout_of(reading, on)["sheets"]] == [
        ("MS1", False, True),
        ("Old", True, True),
    ]


def test_a_visible_sheet_can_be_left_out():
    reading = read(workbook(("MS1", [HEADERS, row(1)]), ("MS2", [HEADERS, row(2)])))

    assert [found.sheet for found in judge(reading, corrections=Corrections(sheets={"MS1": False}))] == ["MS2"]


def test_every_row_below_the_header_is_counted_once():
    rows = [HEADERS, row(1), [], row(2), HEADERS, ["*** NOTHING FOLLOWS ***"]]
    reading = read(workbook(("MS1", [["A title"], [], *rows])))

    [found] = reading.sheets
    assert (found.header_row, found.rows) == (3, 5)
    assert [judged.kind for judged in judge(reading)] == ["clean", "ignored", "clean", "ignored", "ignored"]


@pytest.mark.parametrize("above", [11, 60, 400])
def test_a_header_far_down_is_found(above):
    letter = [["To whom it may concern"], ["Name", "of the unit"], []] * above

    [found] = judge(read(workbook(("MS1", [*letter[:above], HEADERS, row(1)]))))

    assert (found.number, found.kind) == (above + 2, "clean")


def test_the_lower_of_two_header_rows_is_the_header_when_it_says_more():
    book = book_of(["USN", "Name"], [None, "Last Name", "First Name", "Middle Name"], ["2026-00001", "Reyes", "Ana", "Lim"])
    book.active.merge_cells("A1:A2")
    book.active.merge_cells("B1:D1")

    [found] = judge(read(saved(book)))

    assert found.values == {"student_id": "2026-00001", "last_name": "Reyes", "first_name": "Ana", "middle_name": "Lim"}


def test_a_column_without_a_header_is_named_by_its_letter():
    headers = [*HEADERS[:3], None, "Shoe size", None]

    assert read(roster(["2026-1", "Reyes", "Ana", "x", 42, None], headers=headers)).sheets[0].unknown_columns == [
        "Shoe size",
        "D",
    ]


# --- cells


def test_a_merged_cell_reaches_every_row_it_spans():
    book = book_of(HEADERS, row(1), row(2, company=None), row(3, company=None), row(4, company="Bravo"))
    column = HEADERS.index("Company") + 1
    book.active.merge_cells(start_row=2, end_row=4, start_column=column, end_column=column)

    rows = judge(read(saved(book)))

    assert [found.values["company"] for found in rows] == ["Alpha", "Alpha", "Alpha", "Bravo"]
    assert [codes(found) for found in rows] == [[], ["merged_cell"], ["merged_cell"], []]


def test_a_text_that_is_too_long_is_cut_and_its_row_refused_never_stored_in_part():
    long = "x" + " " * MAX_CELL + "y"

    for data, name in ((roster(row(1, last_name=long)), "r.xlsx"), (csv_file(row(1, last_name=long)), "r.csv")):
        [found] = judge(read(data, name))
        assert (found.kind, codes(found)) == ("invalid", ["too_long"])
        assert sum(len(text) for text in found.given.values()) < 200


@pytest.mark.parametrize("text", ["Ana\nMarie", "Ana\r\n Marie", "Ana\tMarie", "Ana_x000D_\nMarie", "Ana\u2028Marie"])
def test_a_line_break_or_tab_inside_a_text_becomes_a_blank(text):
    [found] = judge(read(roster(row(1, first_name=text))))

    assert (found.values["first_name"], codes(found)) == ("Ana Marie", ["inner_blanks"])


def test_a_text_the_workbook_does_not_have_is_damage_and_nobodys_name():
    for index in ("-1", "7"):
        with pytest.raises(Invalid):
            read_workbook(xlsx(sheet([f'<row><c t="s"><v>{index}</v></c></row>']), strings=f"<sst {MAIN}/>".encode()), "r.xlsx")


def test_one_long_text_in_a_thousand_rows_is_read_as_a_thousand_refused_rows():
    rows = judge(read(HOSTILE["one_long_shared_string"]()))

    assert len(rows) == 1_000
    assert {tuple(codes(found)) for found in rows} == {("too_long",)}
    assert sum(len(text) for found in rows for text in found.given.values()) < 1_000_000


# --- dates


def born(*dates, corrections=None, filename="r.csv"):
    data = csv_file(*(row(number, birthdate=text) for number, text in enumerate(dates, 1)))
    return [found.values.get("birthdate") for found in judge(read(data, filename), corrections=corrections)]


def test_a_day_above_twelve_elsewhere_in_the_column_decides_how_dates_are_read():
    assert born("04/05/2006", "13/05/2006") == ["2006-05-04", "2006-05-13"]
    assert born("04/05/2006", "05/13/2006") == ["2006-04-05", "2006-05-13"]


def test_a_date_that_nothing_decides_is_left_open_until_an_officer_answers():
    assert born("04/05/2006", "05/05/2006") == [None, "2006-05-05"]
    assert born("04/05/2006", corrections=Corrections(date_order=DAY_FIRST)) == ["2006-05-04"]
    assert born("04/05/2006", corrections=Corrections(date_order=MONTH_FIRST)) == ["2006-04-05"]
    # A file that contradicts itself decides nothing; what has one reading only keeps it.
    assert born("04/05/2006", "13/05/2006", "05/13/2006") == [None, "2006-05-13", "2006-05-13"]


def test_the_question_about_dates_is_asked_with_an_example():
    reading = read(csv_file(row(1, birthdate="04/05/2006"), row(2, birthdate="1/2/2006")), "r.csv")

    assert layout_of(reading, Corrections())["dates"] == {"count": 2, "example": "04/05/2006", "order": None}
    assert layout_of(reading, Corrections(date_order=DAY_FIRST))["dates"]["order"] == DAY_FIRST
    proven = read(csv_file(row(1, birthdate="04/05/2006"), row(2, birthdate="31/5/2006")), "r.csv")
    assert layout_of(proven, Corrections())["dates"]["count"] == 0


@pytest.mark.parametrize(("form", "iso"), [("dd/mm/yyyy", "2006-05-04"), ("mm/dd/yyyy", "2006-04-05"), ("yyyy-mm-dd", None)])
def test_the_format_of_a_real_date_in_the_column_decides_too(form, iso):
    book = book_of(HEADERS, row(1, birthdate="04/05/2006"), row(2, birthdate=datetime(2006, 1, 2)))  # noqa: DTZ001
    book.active.cell(3, BIRTHDATE).number_format = form

    first, second = judge(read(saved(book)))

    assert (first.values.get("birthdate"), second.values["birthdate"]) == (iso, "2006-01-02")


@given(
    st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(["/", "-", "."]), st.sampled_from([DAY_FIRST, MONTH_FIRST])
)
def test_a_date_is_read_as_it_was_written_or_is_open(day, mark, order):
    parts = (day.day, day.month) if order == DAY_FIRST else (day.month, day.day)
    text = mark.join([f"{parts[0]:02d}", str(parts[1]), str(day.year)])

    assert read_date(text, order) == day
    assert is_open(text) == (read_date(text) is None) == (day.day <= 12 and day.day != day.month)
    assert orders_of([text]) == ({order} if day.day > 12 else set())


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2006-05-31", "2006-05-31"),
        ("2006-05-31T00:00:00", "2006-05-31"),
        ("May 31, 2006", "2006-05-31"),
        ("31 May 2006", "2006-05-31"),
        ("31-May-2006", "2006-05-31"),
        ("2006-02-30", None),
        ("31/02/2006", None),
        ("31/31/2006", None),
        ("00/05/2006", None),
        ("5/31/06", None),
        ("5/31-2006", None),
        ("0001-01-01", None),
        ("yesterday", None),
    ],
)
def test_a_date_in_words_or_with_the_year_first_needs_no_order(text, iso):
    found = read_date(text)

    assert (found.isoformat() if found else None) == iso
    assert not is_open(text)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("dd/mm/yyyy", DAY_FIRST),
        ("[$-409]d-mm-yy;@", DAY_FIRST),
        ('mm"/"dd"/"yyyy', MONTH_FIRST),
        ("dd-mmm-yyyy", PLAIN_DATE),
        ("yyyy-mm-dd", PLAIN_DATE),
        ("h:mm AM/PM", PLAIN_DATE),
        ("[h]:mm", ""),
        ('0000"-"00000', ""),
        ('"day "0', ""),
        ("General", ""),
        ("#,##0.00", ""),
    ],
)
def test_a_number_format_says_whether_it_shows_a_date(code, kind):
    assert date_kind(code) == kind


@settings(max_examples=200)
@given(st.datetimes(datetime(1900, 3, 1), datetime(2100, 12, 31)), st.booleans())  # noqa: DTZ001
def test_a_serial_number_is_the_moment_that_a_spreadsheet_program_means(moment, from_1904):
    moment = moment.replace(microsecond=0)
    epoch = openpyxl.utils.datetime.MAC_EPOCH if from_1904 else openpyxl.utils.datetime.WINDOWS_EPOCH
    serial = openpyxl.utils.datetime.to_excel(moment, epoch)
    if serial < 1:
        return

    assert date_of_serial(serial, from_1904=from_1904) == moment


# --- what officers mend

STAMP = {"by": 1, "at": datetime(2026, 11, 25, tzinfo=UTC).isoformat()}


def mended(data, *changes):
    reading, kept = read(data, "r.csv"), {}
    for change in changes:
        assert faults(change, reading) == {}
        kept = corrected(kept, change, STAMP)
    return kept, judge(reading, corrections=Corrections.of(kept))


def test_a_mended_cell_is_judged_like_one_of_the_file_and_can_be_taken_back():
    data = csv_file(row(1, last_name=None), row(2))
    mend = {"rows": [{"sheet": "r", "row": 2, "values": {"last_name": "Cruz  jr", "company": "alpha"}}]}

    _, rows = mended(data, mend)
    assert (rows[0].kind, rows[0].values["last_name"], rows[0].mended) == ("normalised", "Cruz", ["company", "last_name"])
    kept, rows = mended(data, mend, {"rows": [{"sheet": "r", "row": 2, "values": None}]})
    assert (rows[0].kind, rows[0].mended, kept["rows"]) == ("invalid", [], {})


def test_a_cell_that_was_too_long_can_be_mended():
    _, rows = mended(csv_file(row(1, last_name="x" * 600)), {"rows": [{"sheet": "r", "row": 2, "values": {"last_name": "Cruz"}}]})

    assert (rows[0].kind, rows[0].values["last_name"]) == ("clean", "Cruz")


def test_a_row_that_is_left_out_lets_its_duplicate_count():
    data = csv_file(row(1), row(1, company="Bravo"))
    leave = {"rows": [{"sheet": "r", "row": 2, "left_out": True}]}

    assert [found.kind for found in mended(data)[1]] == ["clean", "duplicate"]
    assert [found.kind for found in mended(data, leave)[1]] == ["left_out", "clean"]
    back = {"rows": [{"sheet": "r", "row": 2, "left_out": False}]}
    assert [found.kind for found in mended(data, leave, back)[1]] == ["clean", "duplicate"]


def test_leaving_a_row_out_keeps_what_was_mended_in_it():
    kept, _ = mended(
        csv_file(row(1)),
        {"rows": [{"sheet": "r", "row": 2, "values": {"last_name": "Cruz"}}]},
        {"rows": [{"sheet": "r", "row": 2, "left_out": True}]},
        {"date_order": DAY_FIRST},
    )

    assert kept == {
        "sheets": {},
        "date_order": DAY_FIRST,
        "rows": {"r!2": {"values": {"last_name": "Cruz"}, "left_out": True, **STAMP}},
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sheets": {"MS9": True}}, "sheets"),
        ({"date_order": "year_first"}, "date_order"),
        ({"rows": [{"sheet": "r", "row": 1, "left_out": True}]}, "rows"),
        ({"rows": [{"sheet": "r", "row": 3, "left_out": True}]}, "rows"),
        ({"rows": [{"sheet": "x", "row": 2, "left_out": True}]}, "rows"),
        ({"rows": [{"sheet": "r", "row": 2, "values": {"status": "Drop"}}]}, "rows"),
        ({"rows": [{"sheet": "r", "row": 2, "values": {"last_name": "x" * 81}}]}, "rows"),
    ],
)
def test_a_correction_of_what_is_not_there_is_refused(change, field):
    assert list(faults(change, read(csv_file(row(1), [], row(2)), "r.csv"))) == [field]
