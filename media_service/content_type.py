"""Say what a file is from its bytes. The only module that knows the `filetype` package."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

import filetype

from libs.web.errors import TooLarge, UnsupportedMedia
from media_service.adapters import pdf_inspection
from media_service.domain import archives, images, pdf, text
from media_service.domain.catalogue import ACCEPTED, KINDS, Kind

_HEAD = 8192
_CHUNK = 64 * 1024


def judge(stream: BinaryIO, extension: str) -> Kind:
    """Return the kind of the file in `stream` (seekable, not empty).

    Args:
        extension: from its name; decides only between plain text and CSV, which look alike.

    Raises:
        UnsupportedMedia: not a kind we accept, damaged, or holding something active.
        TooLarge: an image with more pixels than may be decoded safely.
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    guess = filetype.guess(head)
    mime = guess.mime if guess else ""
    if mime in {"image/png", "image/jpeg", "image/webp"}:
        return _image(stream, mime)
    if mime == "application/pdf":
        return _pdf(stream)
    if head[:4] == b"PK\x03\x04":
        return _office(stream)
    if mime:
        raise refused(f"Files of this kind are not accepted. Accepted are {ACCEPTED}.", mime)
    return _text(stream, extension)


def refused(message: str, detected: str = "") -> UnsupportedMedia:
    """Return the refusal of a file because of what is in it."""
    return UnsupportedMedia(message, code="content_refused", details={"detected": detected} if detected else None)


def _image(stream: BinaryIO, mime: str) -> Kind:
    size = images.dimensions(mime, stream)
    if size is None:
        raise refused("The image is damaged and cannot be read.", mime)
    if images.too_large(*size):
        raise TooLarge(
            "The image has too many pixels; make it smaller and try again.",
            code="image_too_large",
            details={"width": size[0], "height": size[1], "max_side": images.MAX_SIDE, "max_pixels": images.MAX_PIXELS},
        )
    return KINDS[mime]


def _pdf(stream: BinaryIO) -> Kind:
    why = pdf.refusal_of(stream) or pdf_inspection.refusal_of(stream)
    if why:
        raise refused(why, "application/pdf")
    return KINDS["application/pdf"]


def _office(stream: BinaryIO) -> Kind:
    stream.seek(0)
    content_type, why = archives.office_type(stream)
    if content_type is None:
        raise refused(why, "application/zip")
    return KINDS[content_type]


def _text(stream: BinaryIO, extension: str) -> Kind:
    stream.seek(0)
    try:
        why = text.refusal_of(_decoded(stream))
    except UnicodeDecodeError as error:
        raise refused(f"This kind of file is not accepted. Accepted are {ACCEPTED}.") from error
    if why:
        raise refused(why, "text/plain")
    return KINDS["text/csv" if extension == "csv" else "text/plain"]


def _decoded(stream: BinaryIO) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    while chunk := stream.read(_CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)
