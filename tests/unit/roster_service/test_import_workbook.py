"""What the import does with files that are no honest workbook."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.web.errors import AppError, Invalid, TooLarge, UnsupportedMedia
from roster_service.domain.imports import limits
from roster_service.domain.imports.workbook import read_workbook
from tests.support.workbooks import HEADERS, roster, row, workbook


def repacked(data, replace):
    """Return the archive with parts replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            if name not in replace:
                copy.writestr(name, source.read(name))
        for name, content in replace.items():
            copy.writestr(name, content)
    return target.getvalue()


@pytest.mark.requirement("20.2")
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_a_workbook"),
        (b"   \n", "not_a_workbook"),
        (b"%PDF-1.7 ...", "not_a_workbook"),
        (b"<html><table></table></html>", "not_a_workbook"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_workbook"),
        (b"\x00\x01\x02", "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "workbook_old_format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "workbook_encrypted"),
    ],
    ids=["empty", "blank", "pdf", "html", "png", "binary", "xls", "locked"],
)
def test_what_is_no_workbook_is_refused_with_a_reason(data, code):
    with pytest.raises(UnsupportedMedia) as refused:
        read_workbook(data, "roster.xlsx")

    assert refused.value.code == code


def test_an_archive_that_is_no_workbook_is_refused():
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    with pytest.raises(UnsupportedMedia):
        read_workbook(raw.getvalue(), "roster.xlsx")


@pytest.mark.requirement("20.2")
def test_a_file_above_five_megabytes_is_refused():
    with pytest.raises(TooLarge) as refused:
        read_workbook(b"a" * (limits.MAX_BYTES + 1), "roster.csv")

    assert refused.value.code == "file_too_large"


@pytest.mark.requirement("20.2")
def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = repacked(roster(row(1)), {"xl/media/image1.png": b"\0" * (limits.MAX_UNCOMPRESSED + 1)})
    assert len(bomb) < limits.MAX_BYTES

    with pytest.raises(TooLarge) as refused:
        read_workbook(bomb, "roster.xlsx")

    assert refused.value.code == "workbook_bomb"


def test_a_part_that_is_compressed_beyond_reason_is_refused():
    bomb = repacked(roster(row(1)), {"xl/media/image1.png": b"\0" * (8 * 1024 * 1024)})

    with pytest.raises(TooLarge) as refused:
        read_workbook(bomb, "roster.xlsx")

    assert refused.value.code == "workbook_bomb"


@pytest.mark.requirement("20.2")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "cp037"])
@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/strings.bin", "xl/SHARED.XML"])
def test_an_xml_entity_bomb_is_refused(encoding, part):
    declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-be")}"?>'
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    # A parser reads the declaration of an encoding of single bytes as ASCII, and only then what follows.
    bomb = declared.encode() + laughs.encode(encoding) if encoding == "cp037" else (declared + laughs).encode(encoding)

    with pytest.raises(Invalid) as refused:
        read_workbook(repacked(roster(row(1)), {part: bomb}), "roster.xlsx")

    assert refused.value.code == "workbook_damaged"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_a_damaged_workbook_is_refused(part):
    with pytest.raises(AppError) as refused:
        read_workbook(repacked(roster(row(1)), {part: b"<broken"}), "roster.xlsx")

    assert refused.value.status in {415, 422}


def test_a_cut_off_workbook_is_refused():
    with pytest.raises(Invalid):
        read_workbook(roster(row(1))[:-200], "roster.xlsx")


def test_more_than_ten_thousand_rows_are_refused():
    text = "Student ID,Last Name,First Name\n" + "2026-00001,Reyes,Ana\n" * (limits.MAX_ROWS + 1)

    with pytest.raises(TooLarge) as refused:
        read_workbook(text.encode(), "roster.csv")

    assert refused.value.code == "too_many_rows"


def test_a_sheet_said_to_be_a_million_rows_long_is_read_to_its_real_end():
    book = openpyxl.Workbook()
    book.active.append(HEADERS)
    book.active.append(row(1))
    book.active.cell(1_048_576, 1).value = None
    book.active.cell(1_048_576, 1).number_format = "0.00"
    raw = io.BytesIO()
    book.save(raw)

    sheet = read_workbook(raw.getvalue(), "roster.xlsx")[0]

    assert sum(any(value is not None for value in cells) for cells in sheet.rows) == 2


def test_a_wrong_dimension_hides_no_row():
    data = roster(row(1), row(2))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    lying = repacked(data, {"xl/worksheets/sheet1.xml": xml.replace(b'ref="A1:I3"', b'ref="A1:A1"')})

    assert [len(sheet.rows) for sheet in read_workbook(lying, "roster.xlsx")] == [3]


def test_a_formula_gives_its_stored_value_and_is_never_computed():
    data = workbook(("Roster", [HEADERS, row(1, last_name='=CONCAT("Rey","es")')]))

    # A program that wrote no result left nothing to read; the formula itself is no name.
    assert read_workbook(data, "roster.xlsx")[0].rows[1][1] is None


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=2000), st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"Student ID,Name\n"]))
def test_no_bytes_make_the_reader_fail_in_an_unforeseen_way(data, start):
    try:
        read_workbook(start + data, "roster.xlsx")
    except AppError as refused:
        assert refused.status in {413, 415, 422}
