"""Real files of each kind, made by independent encoders, and hostile ones made by hand."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any

import pikepdf
from openpyxl import Workbook
from PIL import Image
from reportlab.pdfgen.canvas import Canvas


def image(form: str, width: int = 40, height: int = 30, **options) -> bytes:
    """Return a decodable image; `form` is PNG, JPEG or WEBP."""
    target = BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(target, form, **options)
    return target.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """Return a tiny PNG whose header claims `width` x `height` pixels."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header)) + b"\x00" * 40


def pdf(text: str = "Excuse letter") -> bytes:
    """Return a one-page PDF."""
    target = BytesIO()
    canvas = Canvas(target)
    canvas.drawString(72, 720, text)
    canvas.save()
    return target.getvalue()


PDF_HEAD = b"%PDF-1.7\n"


def pdf_with(part: bytes) -> bytes:
    """Return the outline of a PDF around `part`."""
    return PDF_HEAD + part + b"\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def packed(objects: bytes, declared: bytes = b"/Type /ObjStm /N 1 /First 4", filters: bytes = b"/FlateDecode") -> bytes:
    """Return an object stream of a PDF that holds `objects`, deflated whatever `filters` says."""
    body = zlib.compress(objects)
    return b"7 0 obj <<%s /Filter %s /Length %d>> stream\n%s\nendstream endobj" % (declared, filters, len(body), body)


def xlsx(value: str = "Dela Cruz") -> bytes:
    """Return a workbook with one cell."""
    target, book = BytesIO(), Workbook()
    book.active["A1"] = value
    book.save(target)
    return target.getvalue()


def archive(**entries: bytes) -> bytes:
    """Return a zip of `entries`; `__` in a name stands for a slash and `_dot_` for a dot."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries.items():
            packed.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return target.getvalue()


def docx(**more: bytes) -> bytes:
    """Return the smallest thing that is a Word document by its parts, with `more` parts."""
    parts = archive(word__document_dot_xml=b"<w:document/>", **more)
    target = BytesIO(parts)
    with zipfile.ZipFile(target, "a") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
    return target.getvalue()


def pdf_whose_opening(
    action: dict[str, Any] | None = None, *, root: dict[str, Any] | None = None, encrypted: bool = False
) -> bytes:
    """Return a PDF as programs of today write it, its objects packed, with an action when it is opened or more in its root."""
    document = pikepdf.Pdf.new()
    document.add_blank_page()
    for name, value in (root or {}).items():
        document.Root[name] = value
    if action:
        document.Root.OpenAction = pikepdf.Dictionary(action)
    target = BytesIO()
    lock = pikepdf.Encryption(owner="owner", user="") if encrypted else False
    document.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, encryption=lock)
    return target.getvalue()
