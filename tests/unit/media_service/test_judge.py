"""What a file is, is decided by its bytes."""

from __future__ import annotations

import zlib
from io import BytesIO

import pytest
from pikepdf import Array, Dictionary, Name

from libs.web.errors import AppError, TooLarge, UnsupportedMedia
from media_service.content_type import judge
from media_service.domain import images
from media_service.domain.archives import DOCX, XLSX
from media_service.domain.catalogue import KINDS, check_claims
from tests.support.media_files import PDF_HEAD, archive, docx, image, packed, pdf, pdf_whose_opening, pdf_with, png_claiming, xlsx

pytestmark = pytest.mark.requirement("10.1", "20.2")

SCRIPT = b"5 0 <</S /JavaScript /JS (app.alert(1))>>"
# As a predictor with rows of one byte stores it.
PREDICTED = b"".join(b"\0" + bytes([byte]) for byte in SCRIPT)


def judged(data: bytes, extension: str = "") -> str:
    return judge(BytesIO(data), extension).content_type


@pytest.mark.parametrize(
    ("data", "extension", "content_type"),
    [
        (image("PNG"), "png", "image/png"),
        (image("JPEG"), "jpg", "image/jpeg"),
        (image("WEBP"), "webp", "image/webp"),
        (image("WEBP", lossless=True), "webp", "image/webp"),
        (pdf(), "pdf", "application/pdf"),
        (pdf_whose_opening(), "pdf", "application/pdf"),
        (xlsx(), "xlsx", XLSX),
        (docx(), "docx", DOCX),
        ("name,grade\nPeñaflor,91.50\n".encode(), "csv", "text/csv"),
        ("\ufeffname;grade\n".encode(), "csv", "text/csv"),
        (b"plain words", "txt", "text/plain"),
    ],
)
def test_an_accepted_file_is_recognised(data, extension, content_type):
    assert judged(data, extension) == content_type


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("html", b"<!DOCTYPE html><html><script>alert(1)</script>"),
        ("html late", b"hello\n" * 30_000 + b"<script>alert(1)</script>"),
        ("svg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("shell script", b"#!/bin/sh\nrm -rf /\n"),
        ("php", b"<?php system($_GET['c']); ?>"),
        ("elf", b"\x7fELF\x02\x01\x01" + b"\x00" * 200),
        ("windows program", b"MZ\x90\x00" + b"\x00" * 200),
        ("gif", b"GIF89a" + b"\x01\x00\x01\x00" + b"\x00" * 50),
        ("binary", bytes(range(256)) * 10),
        ("nul in text", b"abc\x00def"),
        ("plain archive", archive(a_dot_txt=b"x")),
        ("macro workbook", docx(word__vbaProject_dot_bin=b"x")),
        ("path that climbs", docx(x__dotdot=b"x").replace(b"x/dotdot", b"../passw")),
        ("zip bomb", docx(word__media__big=b"\x00" * 60_000_000)),
        ("broken zip", xlsx()[:400]),
        ("html across two chunks", b"h" * (64 * 1024 - 5) + b"<script>alert(1)</script>"),
        ("pdf with a script", pdf().replace(b"/Producer", b"/JavaScript")),
        ("pdf with a script across two chunks", pdf_with(b"%" + b"x" * (64 * 1024 - 6 - len(PDF_HEAD)) + b"/JavaScript")),
        ("pdf with a script in hexadecimal spelling", pdf().replace(b"/Producer", b"/J#61v#61#53cript")),
        ("pdf with a script in a packed object", pdf_with(packed(SCRIPT))),
        ("pdf with a script in a packed object without a type", pdf_with(packed(SCRIPT, b"/N 1 /X 6"))),
        ("pdf with a script in a packed object far behind", pdf_with(packed(b" " * 65_520 + SCRIPT))),
        ("pdf with objects packed twice", pdf_with(packed(zlib.compress(SCRIPT), filters=b"[/FlateDecode /FlateDecode]"))),
        (
            "pdf with objects packed and predicted",
            pdf_with(packed(PREDICTED, filters=b"/FlateDecode /DecodeParms <</Predictor 12>>")),
        ),
        ("pdf with objects packed by another method", pdf_with(packed(SCRIPT, filters=b"/LZWDecode"))),
        ("pdf with objects that are not what they claim", pdf_with(packed(SCRIPT).replace(b"x\x9c", b"zz"))),
        ("pdf that grows when unpacked", pdf_with(packed(b"5 0 " + b" " * (65 * 1024 * 1024)))),
        ("pdf with a script in an encrypted object", pdf_whose_opening({"/S": Name.JavaScript, "/JS": "x"}, encrypted=True)),
        ("pdf that plays a script", pdf_whose_opening({"/S": Name("/Rendition"), "/JS": "app.alert(1)"})),
        ("pdf that loads data from elsewhere", pdf_whose_opening({"/S": Name("/ImportData"), "/F": "https://x.example"})),
        ("pdf with a form that holds scripts", pdf_whose_opening(root={"/AcroForm": Dictionary(XFA=Array())})),
        ("pdf that no program can read", pdf_with(b"1 0 obj <</Type /Catalog>> endobj")),
        ("pdf nested without end", pdf_with(b"1 0 obj " + b"[" * 500_000 + b" endobj")),
        (
            "pdf of a quarter of a million objects",
            pdf_with(b"".join(b"%d 0 obj 1 endobj\n" % number for number in range(1, 250_000))),
        ),
        ("pdf cut off", pdf()[:300]),
        ("image cut off", image("JPEG")[:20]),
    ],
)
def test_a_dangerous_or_broken_file_is_refused(what, data):
    with pytest.raises(UnsupportedMedia) as refusal:
        judged(data, "txt")
    assert refusal.value.code == "content_refused", what


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (12_001, 1), (9_000, 9_000)])
def test_an_image_bomb_is_refused_without_decoding_it(width, height):
    with pytest.raises(TooLarge) as refusal:
        judged(png_claiming(width, height), "png")
    assert refusal.value.details["width"] == width


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("size", [(1, 1), (640, 480), (33, 777)])
def test_the_size_in_pixels_is_read_from_the_header(form, size):
    assert images.dimensions(f"image/{form.lower()}", BytesIO(image(form, *size))) == size


def test_the_size_of_a_photograph_with_large_metadata_is_found():
    photo = image("JPEG", 64, 48, exif=b"Exif\x00\x00" + b"x" * 60_000)
    assert images.dimensions("image/jpeg", BytesIO(photo)) == (64, 48)


@pytest.mark.parametrize(
    ("content_type", "extension", "declared", "fine"),
    [
        ("image/png", "png", "image/png", True),
        ("image/png", "png", "application/octet-stream", True),
        ("image/jpeg", "png", "image/png", False),
        ("image/jpeg", "jpeg", "text/html", False),
        ("text/csv", "csv", "application/vnd.ms-excel", True),
        ("text/plain", "html", "text/html", False),
        ("application/pdf", "exe", "", False),
        ("application/pdf", "", "application/pdf", False),
    ],
)
def test_a_name_or_type_that_contradicts_the_bytes_is_refused(content_type, extension, declared, fine):
    if fine:
        check_claims(KINDS[content_type], extension, declared)
        return
    with pytest.raises(UnsupportedMedia) as refusal:
        check_claims(KINDS[content_type], extension, declared)
    assert refusal.value.code == "type_mismatch"


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_a_file_cut_anywhere_never_breaks_the_judge(cut):
    for data in (image("PNG"), image("JPEG"), image("WEBP"), pdf(), xlsx()):
        try:
            judged(data[: cut + 1], "txt")
        except AppError as refusal:
            assert refusal.status in {413, 415}
