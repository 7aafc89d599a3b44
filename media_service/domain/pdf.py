"""Whether a PDF would do something by itself when it is opened: run a script, start a program, unpack a file."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

_ACTIVE = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia")
_CHUNK = 64 * 1024
# A name of sixteen bytes, each spelled as #xx, may begin in one chunk and end in the next.
_OVERLAP = 64
# As much of what precedes a stream is searched for its dictionary.
_DICTIONARY = 16 * 1024
MAX_STREAMS = 50_000
MAX_INFLATED = 64 * 1024 * 1024

_ESCAPED = re.compile(rb"#([0-9a-fA-F]{2})")
_STREAM = re.compile(rb"(?<!end)stream[ \t]*[\r\n]")
_PACKED = re.compile(rb"/(?:ObjStm|First)\b")
_FILTER = re.compile(rb"/\w*Decode\b")
_BLANK = re.compile(rb"(?:[\x00\s]|%[^\r\n]*(?:[\r\n]|$))*")

SCRIPTS = "The PDF holds scripts or other files; print it to a plain PDF first."
UNREADABLE = "The PDF packs its parts in a way that cannot be checked; print it to a plain PDF first."
CUT_OFF = "The PDF is cut off: its end is missing."


def refusal_of(stream: BinaryIO) -> str:
    """Return why the PDF in `stream` (seekable) is refused, or an empty string. Memory stays small whatever the file."""
    if b"%%EOF" not in _tail(stream):
        return CUT_OFF
    stream.seek(0)
    places: list[int] = []
    offset = 0
    for piece, new in _overlapping(iter(lambda: stream.read(_CHUNK), b"")):
        if active(piece):
            return SCRIPTS
        start = offset - (len(piece) - new)
        places.extend(start + found.end() for found in _STREAM.finditer(piece) if start + found.end() > offset)
        offset += new
        if len(places) > MAX_STREAMS:
            return UNREADABLE
    return _refusal_of_packed(stream, places)


def active(text: bytes) -> bool:
    """Say whether a name that makes a PDF act stands in `text`, in any spelling: `/J#61vaScript` is `/JavaScript`."""
    plain = _plain(text)
    return any(name in plain for name in _ACTIVE)


def _plain(text: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text) if b"#" in text else text


def _refusal_of_packed(stream: BinaryIO, places: list[int]) -> str:
    """Look into every stream that holds objects or may: what is in it decides, whatever its dictionary says."""
    left = MAX_INFLATED
    for place in places:
        dictionary = _dictionary(stream, place)
        packed = _PACKED.search(dictionary) is not None
        if dictionary == b"" or (packed and not _readable(dictionary)):
            return UNREADABLE
        try:
            if not packed and not _begins_with_numbers(_inflated(stream, place, 256)):
                continue
            for piece, new in _overlapping(_inflated(stream, place, left + 1)):
                left -= new
                if active(piece):
                    return SCRIPTS
        except zlib.error:
            if packed and b"/Filter" in dictionary:
                return UNREADABLE
        if left < 0:
            return UNREADABLE
    return ""


def _dictionary(stream: BinaryIO, place: int) -> bytes:
    """Return what stands before the stream at `place` and belongs to it; empty when that is too long to be searched."""
    count = min(place, _DICTIONARY)
    stream.seek(place - count)
    before = stream.read(count)
    start = max(before.rfind(b"endstream"), before.rfind(b"endobj"))
    return b"" if start < 0 and count < place else _plain(before[max(start, 0) :])


def _readable(dictionary: bytes) -> bool:
    """Say whether a stream of objects is stored as it is or deflated once, which is how programs that write PDFs do it."""
    return b"/Filter" not in dictionary or (_FILTER.findall(dictionary) == [b"/FlateDecode"] and b"/Predictor" not in dictionary)


def _begins_with_numbers(pieces: Iterable[bytes]) -> bool:
    """Say whether this may be an object stream: one begins with the numbers of its objects."""
    head = b"".join(pieces)
    rest = _BLANK.sub(b"", head, count=1)
    return bool(head) and (not rest or rest[:1].isdigit())


def _inflated(stream: BinaryIO, place: int, most: int) -> Iterator[bytes]:
    """Yield at most `most` bytes of the deflated stream that begins at `place`.

    Raises:
        zlib.error: these bytes are not deflated.
    """
    stream.seek(place)
    unpacker, first = zlib.decompressobj(), stream.read(_CHUNK).lstrip(b"\r\n")
    while most > 0 and not unpacker.eof:
        data = first or unpacker.unconsumed_tail or stream.read(_CHUNK)
        first = b""
        if not data:
            return
        piece = unpacker.decompress(data, min(most, _CHUNK))
        most -= len(piece)
        yield piece


def _overlapping(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """Yield each piece behind the end of the one before, with the number of bytes that are new."""
    carried = b""
    for piece in pieces:
        whole = carried + piece
        yield whole, len(piece)
        carried = whole[-_OVERLAP:]


def _tail(stream: BinaryIO, count: int = 2048) -> bytes:
    end = stream.seek(0, 2)
    stream.seek(max(0, end - count))
    return stream.read()
