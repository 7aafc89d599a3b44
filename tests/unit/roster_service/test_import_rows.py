"""What the import makes of the rows of a workbook."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.web.jsonio import dumps, loads
from roster_service.domain.imports.corrections import Corrections
from roster_service.domain.imports.layout import warnings_of
from roster_service.domain.imports.reading import Reading, read_sheets
from roster_service.domain.imports.reasons import MESSAGES
from roster_service.domain.imports.rows import judge
from roster_service.domain.imports.sheets import Sheet
from roster_service.domain.imports.workbook import read_workbook
from tests.support.workbooks import EVERY_RULE, HEADERS, csv_file, roster, row, workbook

NAMES = {"suffix": "suffix_name", "mobile": "contact_number"}


def read(data, filename="roster.xlsx"):
    return read_sheets(read_workbook(data, filename))


def judged(data, filename="roster.xlsx"):
    return judge(read(data, filename))


def codes(found):
    return [reason["code"] for reason in found.reasons]


# Proves no criterion by itself: a clean clone has no sample.
def test_every_row_of_the_sample_workbook_is_judged_as_a_careful_clerk_would(sample_roster):
    rows = judged(sample_roster.data, "roster_ms1.xlsx")

    assert len(rows) == len(sample_roster.expected["rows"])
    for found, wanted in zip(rows, sample_roster.expected["rows"], strict=True):
        assert (found.sheet, found.number, found.kind, codes(found)) == (
            wanted["sheet"],
            wanted["row"],
            wanted["class"],
            wanted["reasons"],
        )
        for name in ("student_id", "last_name", "first_name", "middle_name", "suffix", "email", "mobile", "company"):
            if name in wanted:
                assert found.values.get(NAMES.get(name, name)) == wanted[name], (found.place, name)
        if "username" in wanted:
            assert (found.values.get("username") or found.derived_username or None) == wanted["username"]
        if "first_seen" in wanted:
            assert found.reasons[0]["place"] == wanted["first_seen"]
        if "email_first_seen" in wanted:
            assert found.reasons[-1]["place"] == wanted["email_first_seen"]


def test_the_sample_workbook_holds_320_cadets_and_one_unknown_column(sample_roster):
    reading = read(sample_roster.data)

    assert sum(found.importable for found in judge(reading)) == sample_roster.expected["importable"] == 320
    assert [name for sheet in reading.sheets for name in sheet.unknown_columns] == sample_roster.expected["unknown_headers"]


@pytest.mark.parametrize(
    ("number", "kind", "reasons"),
    [(number, kind, reasons) for number, (_, kind, reasons) in enumerate(EVERY_RULE)],
    ids=[f"{number}-{'-'.join(reasons) or kind}" for number, (_, kind, reasons) in enumerate(EVERY_RULE)],
)
def test_each_rule_of_the_import_holds(number, kind, reasons):
    found = judged(roster(*(cells for cells, _, _ in EVERY_RULE)))[number]

    assert (found.kind, codes(found)) == (kind, reasons)


def test_every_reason_has_its_sentence_filled_in():
    for found in judged(roster(*(cells for cells, _, _ in EVERY_RULE))):
        for reason in found.reasons:
            assert reason["code"] in MESSAGES
            assert "{" not in reason["message"]


@pytest.mark.parametrize(
    ("text", "last", "first", "middle", "suffix"),
    [
        ("Dela Cruz, Juan Miguel Santos", "Dela Cruz", "Juan Miguel", "Santos", None),
        ("Dela Cruz, Juan", "Dela Cruz", "Juan", None, None),
        ("Dela Cruz, Juan Santos Jr.", "Dela Cruz", "Juan", "Santos", "Jr."),
        ("Dela Cruz Jr., Juan", "Dela Cruz", "Juan", None, "Jr."),
        ("Juan Miguel Cruz", "Cruz", "Juan Miguel", None, None),
    ],
)
def test_a_full_name_is_taken_apart(text, last, first, middle, suffix):
    found = judged(roster(["2026-00001", text], headers=["USN", "FULL NAME"]))[0]

    values = [found.values.get(name) for name in ("last_name", "first_name", "middle_name", "suffix_name")]
    assert values == [last, first, middle, suffix]


def test_one_word_alone_is_no_full_name():
    found = judged(roster(["2026-00001", "Montero"], headers=["USN", "Cadet Name"]))[0]

    assert (found.kind, codes(found)) == ("invalid", ["single_word_name"])


@pytest.mark.parametrize(
    "headers",
    [
        ["USN", "Surname", "Given Name"],
        [" student number ", "LNAME", "fname"],
        ["ID", "last_name", "First-Name:"],
        ["Student  ID", "Last Name", "FIRST NAME"],
    ],
)
def test_header_names_ignore_case_blanks_and_punctuation(headers):
    found = judged(roster(["2026-00001", "Reyes", "Ana"], headers=headers))[0]

    assert found.values | {"email": ""} == {"student_id": "2026-00001", "last_name": "Reyes", "first_name": "Ana", "email": ""}


def test_rank_wins_over_grade_where_both_columns_stand():
    data = roster(["2026-00001", "Reyes", "Ana", "1.25", "CDT"], headers=["USN", "Surname", "Given Name", "Grade", "Rank"])
    reading = read(data)

    assert judge(reading)[0].values["rank"] == "CDT"
    assert reading.sheets[0].unknown_columns == ["Grade"]


def test_headers_may_stand_below_a_title():
    data = workbook(("MS1", [["RESERVE OFFICERS' TRAINING CORPS"], [], HEADERS, row(1)]))

    assert [(found.number, found.kind) for found in judged(data)] == [(4, "clean")]


def test_a_sheet_without_headers_is_skipped_and_named():
    reading = read(workbook(("Notes", [["call the dean"]]), ("MS1", [HEADERS, row(1)])))

    assert warnings_of(reading, Corrections())["skipped_sheets"] == ["Notes"]
    assert len(judge(reading)) == 1


def test_a_cadet_of_an_earlier_sheet_is_a_duplicate_on_a_later_one():
    rows = judged(workbook(("A", [HEADERS, row(1)]), ("B", [HEADERS, row(1)])))

    assert rows[1].kind == "duplicate"
    assert rows[1].reasons[0]["place"] == "A!2"


def test_two_cadets_without_a_student_id_are_not_taken_for_one():
    headers = ["Last Name", "First Name", "Username"]
    rows = judged(roster(["Reyes", "Ana", "areyes"], ["Santos", "Ben", "bsantos"], ["Reyes", "Ana", "AReyes"], headers=headers))

    assert [found.kind for found in rows] == ["normalised", "normalised", "duplicate"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_reads_like_a_workbook(delimiter):
    rows = judged(csv_file(row(1), row(2, company="alpha"), delimiter=delimiter), "MS1 list.csv")

    assert [(found.sheet, found.number, found.kind) for found in rows] == [
        ("MS1 list", 2, "clean"),
        ("MS1 list", 3, "normalised"),
    ]


def test_a_csv_of_a_western_spreadsheet_keeps_its_letters():
    data = csv_file(row(1, last_name="Ordoñez")).decode().encode("cp1252")

    assert judged(data, "a.csv")[0].values["last_name"] == "Ordoñez"


def test_invisible_characters_do_not_make_two_student_ids_of_one():
    rows = judged(csv_file(row(1), row(1, student_id="2026-00001\u200b")), "a.csv")

    assert [found.kind for found in rows] == ["clean", "duplicate"]


@pytest.mark.requirement("20.5")
def test_a_formula_in_a_cell_stays_text():
    found = judged(csv_file(row(1, last_name='=HYPERLINK("http://x","y")')), "a.csv")[0]

    assert found.values["last_name"] == '=HYPERLINK("http://x","y")'


cell = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=40),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.sampled_from(["2026-00001", "Reyes, Ana", "a@b.co", ". . . .", "#REF!", "Student ID", "Name", "=1+1", "\x00", "\ud800"]),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(cell, max_size=9), max_size=12))
def test_no_garbage_in_cells_makes_the_reader_fail(rows):
    reading = read_sheets([Sheet("Any", [tuple(HEADERS), *(tuple(cells) for cells in rows)])])

    assert Reading.of(loads(dumps(reading.as_json()))) == reading
    for found in judge(reading):
        assert found.kind in {"clean", "normalised", "invalid", "duplicate", "ignored"}
        assert found.kind == "clean" or found.reasons
        if found.importable:
            assert {"last_name", "first_name"} <= found.values.keys()
            assert found.values.keys() & {"student_id", "username", "email"}
        for text in found.values.values():
            assert text == " ".join(text.split())
            assert "\x00" not in text
            text.encode()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(cell, max_size=9), max_size=8))
def test_no_garbage_in_header_rows_makes_the_reader_fail(rows):
    read_sheets([Sheet("Any", [tuple(cells) for cells in rows])])
