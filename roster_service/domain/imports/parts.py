"""The parts of a zipped workbook, read in a stream: none is held as a whole, whatever its size or shape."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from xml.parsers import expat

from libs.web.errors import Invalid, UnsupportedMedia
from roster_service.domain.imports.limits import (
    MAX_ENTRIES,
    MAX_RATIO,
    MAX_UNCOMPRESSED,
    RATIO_MATTERS_ABOVE,
    Budget,
    bomb,
)

_CHUNK = 64 * 1024
# The parser holds one tag, or its attributes, as a whole, and every name for as long as it lives.
_MAX_TOKEN, _MAX_NAMES, _MAX_DEPTH = 256 * 1024, 1_000, 64
_DIRECTORY_ENTRY = b"PK\x01\x02"
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_ENCODING = re.compile(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([\w.-]+)""")
_PLAIN_ENCODINGS = frozenset({b"utf-8", b"utf-16", b"us-ascii"})
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, OSError, EOFError, NotImplementedError, RuntimeError, ValueError,
    LookupError, OverflowError,
)  # fmt: skip

OnStart = Callable[[str, Mapping[str, str]], None]
OnEnd = Callable[[str], None]
OnText = Callable[[str], None]


def damaged() -> Invalid:
    """Return the refusal of a file that cannot be read."""
    return Invalid(
        "The workbook is damaged and could not be read. Open it, save it again and try once more.", code="workbook_damaged"
    )


def not_a_workbook() -> UnsupportedMedia:
    """Return the refusal of a file of another kind."""
    return UnsupportedMedia("This is not a workbook. Please choose an .xlsx or .csv file.", code="not_a_workbook")


@contextmanager
def open_parts(data: bytes, budget: Budget) -> Iterator[Parts]:
    """Yield the parts of the workbook in `data`.

    Raises:
        TooLarge: it unpacks to more than a workbook may. UnsupportedMedia: another archive. Invalid: it is damaged.
    """
    if data.count(_DIRECTORY_ENTRY) > MAX_ENTRIES:
        # Before the list of its parts is read: a list of a hundred thousand costs more than the workbook may.
        raise bomb()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bomb(archive, len(data))
            yield Parts(archive, budget)
    except _UNREADABLE as error:
        raise damaged() from error


def _refuse_bomb(archive: zipfile.ZipFile, size: int) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise not_a_workbook()
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNCOMPRESSED or (unpacked > RATIO_MATTERS_ABOVE and unpacked > MAX_RATIO * size):
        raise bomb()
    if any(_may_declare_entities(archive, entry) for entry in entries):
        raise damaged()


def _may_declare_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    # Entity declarations have no place in a workbook and are how XML grows without end. The name of a part says nothing
    # of its content, and an encoding that Excel never writes could hide them.
    with archive.open(entry) as part:
        before = part.read(_CHUNK)
        declared = _ENCODING.match(before)
        if declared is not None and declared[1].lower() not in _PLAIN_ENCODINGS:
            return True
        while before:
            if any(doctype in before for doctype in _DOCTYPES):
                return True
            piece = part.read(_CHUNK)
            before = before[-32:] + piece if piece else b""
    return False


class Parts:
    """The parts of an open workbook."""

    def __init__(self, archive: zipfile.ZipFile, budget: Budget) -> None:
        self._archive, self._budget = archive, budget
        self.names = frozenset(archive.namelist())

    def parse(self, name: str, *, start: OnStart, end: OnEnd | None = None, text: OnText | None = None) -> None:
        """Call `start`, `end` and `text` for what stands in the part `name`, with element and attribute names without prefix.

        Raises:
            TooLarge: more elements than a workbook may have. Invalid: no such part, or not the XML of a workbook.
        """
        if name not in self.names:
            raise damaged()
        parser = expat.ParserCreate()
        parser.buffer_text = True
        handlers = _Handlers(self._budget, start, end)
        parser.StartElementHandler, parser.EndElementHandler = handlers.start, handlers.end
        parser.StartDoctypeDeclHandler = handlers.doctype
        if text is not None:
            parser.CharacterDataHandler = text
        fed = 0
        with self._archive.open(name) as part:
            while chunk := part.read(_CHUNK):
                parser.Parse(chunk, False)
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > _MAX_TOKEN:
                    raise damaged()
            parser.Parse(b"", True)


class _Handlers:
    """What the parser calls: bounds names and depth, and hands on names without their prefix."""

    def __init__(self, budget: Budget, start: OnStart, end: OnEnd | None) -> None:
        self._budget, self._start, self._end = budget, start, end
        self._local: dict[str, str] = {}
        self._attributes: set[str] = set()
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._budget.take_element()
        self._attributes.update(attributes)
        local = self._local.get(name) or self._local.setdefault(name, name.rpartition(":")[2])
        if self._depth > _MAX_DEPTH or len(self._local) > _MAX_NAMES or len(self._attributes) > _MAX_NAMES:
            raise damaged()
        self._start(local, attributes)

    def end(self, name: str) -> None:
        self._depth -= 1
        if self._end is not None:
            self._end(self._local[name])

    def doctype(self, *_: object) -> None:
        raise damaged()
