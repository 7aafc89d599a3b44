"""Workbooks that are small to send and large to read: each a way to make a careless reader take all the memory there is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from random import Random

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
HEADER = ("Student ID", "Last Name", "First Name", "Address")


def archive(parts: dict[str, bytes | Iterable[bytes]]) -> bytes:
    """Return a zip of `parts`; a part may come in pieces, so that no test holds what it refuses."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, content in parts.items():
            with packed.open(name, "w") as part:
                for piece in [content] if isinstance(content, bytes) else content:
                    part.write(piece)
    return target.getvalue()


def xlsx(
    *sheets: bytes | Iterable[bytes],
    strings: bytes | Iterable[bytes] | None = None,
    styles: bytes | Iterable[bytes] | None = None,
    states: tuple[str, ...] = (),
) -> bytes:
    """Return a workbook of raw sheet parts, with the parts for texts and styles as they are given.

    Args:
        states: `visible`, `hidden` or `veryHidden` for each sheet.
    """
    kinds = ["worksheet"] * len(sheets) + ["sharedStrings"] * (strings is not None) + ["styles"] * (styles is not None)
    parts = [*sheets, *(part for part in (strings, styles) if part is not None)]
    names = [f"xl/part{number}.xml" for number in range(len(parts))]
    tabs = "".join(
        f'<sheet name="S{number}" sheetId="{number + 1}" state="{state}" r:id="r{number}"/>'
        for number, state in enumerate(states or ("visible",) * len(sheets))
    )
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{RELATIONS}/{kind}" Target="part{number}.xml"/>' for number, kind in enumerate(kinds)
    )
    return archive(
        {
            "[Content_Types].xml": TYPES.encode(),
            "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{RELATIONS}"><sheets>{tabs}</sheets></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": f"<Relationships>{relations}</Relationships>".encode(),
            # It hardly packs, so that no workbook here is refused by its ratio alone.
            "xl/media/image1.png": Random(1).randbytes(400_000),
            **dict(zip(names, parts, strict=True)),
        }
    )


def sheet(rows: Iterable[str], tail: str = "") -> Iterable[bytes]:
    """Return the part of a sheet of rows of XML under the usual header."""
    yield f"<worksheet {MAIN}><sheetData>".encode()
    yield ("<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in HEADER) + "</row>").encode()
    for row in rows:
        yield row.encode()
    yield f"</sheetData>{tail}</worksheet>".encode()


def person(number: int, *more: str) -> str:
    """Return the XML of a row of a cadet with more cells."""
    cells = (f"2026-{number:05d}", f"Reyes{number}", "Ana")
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in cells) + "".join(more) + "</row>"


def one_long_shared_string() -> bytes:
    """Return a thousand rows whose address is the same text of 200,000 characters."""
    rows = (person(number, '<c t="s"><v>0</v></c>') for number in range(1_000))
    return xlsx(sheet(rows), strings=f"<sst {MAIN}><si><t>{'x' * 200_000}</t></si></sst>".encode())


def one_shared_string_everywhere() -> bytes:
    """Return ten thousand rows with the same text of three hundred characters in every column that is read."""
    titles = ("Student ID", "Last Name", "First Name", "Address", "Course", "Religion", "Rank", "School Year", "Corp Position")
    headers = "".join(f'<c t="inlineStr"><is><t>{title}</t></is></c>' for title in titles)
    row = "<row>" + '<c t="s"><v>0</v></c>' * len(titles) + "</row>"
    return xlsx(
        sheet([f"<row>{headers}</row>", *[row] * 9_990]), strings=f"<sst {MAIN}><si><t>{'x' * 300}</t></si></sst>".encode()
    )


def one_long_inline_string() -> bytes:
    """Return a row whose address has eight million characters, of which a program holds each in four bytes."""
    text = (piece.encode() for piece in ("x" * 1_000_000,) * 7)
    begin, end = "<row><c t='inlineStr'><is><t>\U0001f600", "</t></is></c></row>"

    def pieces() -> Iterable[bytes]:
        yield f"<worksheet {MAIN}><sheetData>{begin}".encode()
        yield from text
        yield (f"{'0123456789' * 20_000}{end}</sheetData></worksheet>").encode()

    return xlsx(pieces())


def many_rich_pieces() -> bytes:
    """Return one shared text of half a million pieces."""
    pieces = (b"<r><t>abcdefgh</t></r>" * 1_000 for _ in range(400))
    return xlsx(sheet([person(1)]), strings=_wrapped(f"<sst {MAIN}><si>", pieces, "</si></sst>"))


def many_short_strings() -> bytes:
    """Return three million shared texts, each empty."""
    pieces = (b"<si/>" * 10_000 for _ in range(300))
    return xlsx(sheet([person(1)]), strings=_wrapped(f"<sst {MAIN}>", pieces, "</sst>"))


def many_strings_of_wide_letters() -> bytes:
    """Return fifty thousand texts of the most that a cell may hold, of letters that take four bytes each."""
    pieces = (f"<si><t>{number:06d}\U0001f600{'x' * 490}</t></si>".encode() for number in range(50_000))
    return xlsx(sheet([person(1)]), strings=_wrapped(f"<sst {MAIN}>", pieces, "</sst>"))


def many_styles() -> bytes:
    """Return half a million formats of cells."""
    pieces = (b'<font><sz val="1"/></font><xf numFmtId="14"/>' * 1_000 for _ in range(500))
    return xlsx(sheet([person(1)]), styles=_wrapped(f"<styleSheet {MAIN}><cellXfs>", pieces, "</cellXfs></styleSheet>"))


def many_elements() -> bytes:
    """Return a sheet of millions of cells without a value."""
    return xlsx(sheet(f"<row>{'<c/>' * 1_000}</row>" for _ in range(6_000)))


def many_names() -> bytes:
    """Return a sheet of a million elements, each of another name: a parser keeps every name it meets."""
    return xlsx(sheet("".join(f"<n{row}x{number}/>" for number in range(1_000)) for row in range(1_000)))


def many_attributes() -> bytes:
    """Return a sheet of a million attributes, each of another name."""
    return xlsx(sheet("<row " + " ".join(f"a{row}x{number}=''" for number in range(1_000)) + "/>" for row in range(1_000)))


def deep_nesting() -> bytes:
    """Return a sheet whose elements stand inside one another, three million deep."""
    return xlsx(sheet("<a>" * 10_000 for _ in range(300)))


def one_huge_attribute() -> bytes:
    """Return a sheet with an attribute of twenty million characters."""

    def pieces() -> Iterable[bytes]:
        yield f'<worksheet {MAIN} a="'.encode()
        for _ in range(20):
            yield b"x" * 1_000_000
        yield b'"/>'

    return xlsx(pieces())


def many_filled_cells() -> bytes:
    """Return the most rows with a number in each of a hundred columns."""
    cells = "<c><v>123456.5</v></c>" * 97
    return xlsx(sheet(person(number, cells) for number in range(9_900)))


def many_sheets() -> bytes:
    """Return fifty sheets of a hundred and ninety cadets in forty columns."""
    cells = '<c t="str"><v>word</v></c>' * 37
    return xlsx(*(sheet(person(200 * page + number, cells) for number in range(190)) for page in range(50)))


def overlapping_merges() -> bytes:
    """Return ten thousand rows under twenty thousand merged cells that each span all of them."""
    tail = "<mergeCells>" + '<mergeCell ref="D2:D10001"/>' * 20_000 + "</mergeCells>"
    return xlsx(sheet((person(number) for number in range(9_990)), tail))


def huge_dimensions() -> bytes:
    """Return a sheet that claims a million rows and has its only cadet in the last."""
    row = person(1).replace("<row>", '<row r="1048576">')
    return xlsx(sheet([row], '<dimension ref="A1:XFD1048576"/>'))


def large_honest_roster() -> bytes:
    """Return the most rows that are read, each with everything a roster knows of a cadet."""
    names = (
        "Student ID,Last Name,First Name,Middle Name,Suffix,Email,Mobile,Address,Course,Year Level,School Year,Company,Platoon,"
    )
    names += "Cadet Course,Semester,Corp Position,Gender,Religion,Birthdate,Username,Rank,Battalion"
    rows = (
        f"2026-{number:05d},Dela Cruz{number},Juan Miguel,Santos,Jr.,juan.delacruz{number}@student.example,0917{number:07d},"
        f"Purok {number} Naawan,Bachelor of Science in Computer Science,1st Year,"
        f"2026-2027,Alpha,1st Platoon,MS1,1st Semester,PLTN LDR,Male,Roman Catholic,2006-05-31,juan{number},CDT,1BN S1"
        for number in range(1, 10_001)
    )
    return "\n".join([names, *rows]).encode()[: 5 * 1024 * 1024]


def _wrapped(begin: str, pieces: Iterable[bytes], end: str) -> Iterable[bytes]:
    yield begin.encode()
    yield from pieces
    yield end.encode()


HOSTILE: dict[str, Callable[[], bytes]] = {
    made.__name__: made
    for made in (
        one_long_shared_string, one_shared_string_everywhere,
        one_long_inline_string, many_rich_pieces, many_short_strings, many_strings_of_wide_letters,
        many_styles, many_elements, many_names, many_attributes, deep_nesting, one_huge_attribute, many_filled_cells, many_sheets,
        overlapping_merges, huge_dimensions, large_honest_roster,
    )
}  # fmt: skip
