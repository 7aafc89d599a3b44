"""The texts of a workbook: each cut at what a cell may hold, while it is read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from roster_service.domain.imports.limits import MAX_CELL, Budget
from roster_service.domain.imports.parts import Parts

# How a workbook spells a character that XML may not hold: a carriage return is _x000D_.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class CutText(str):
    """The beginning of a text that is longer than a cell may be; nobody may take it for the whole."""

    __slots__ = ()


class TextCollector:
    """One text that comes in pieces, of which no more is kept than a cell may hold."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0

    def add(self, piece: str) -> None:
        """Take the next piece."""
        if self._length <= MAX_CELL:
            self._pieces.append(piece[: MAX_CELL + 1 - self._length])
        self._length += len(piece)

    def text(self) -> str:
        """Return the text, or the beginning of it as a `CutText`, with escaped characters spelled out."""
        text = "".join(self._pieces)
        if "_x" in text:
            text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        return CutText(text[:MAX_CELL]) if self._length > MAX_CELL else text


class _SharedStrings:
    """The handlers of the part that holds each text of the workbook once."""

    def __init__(self, budget: Budget) -> None:
        self.found: list[str] = []
        self._budget = budget
        self._current = TextCollector()
        self._inside = False
        self._phonetic = 0

    def start(self, name: str, _: Mapping[str, str]) -> None:
        if name == "si":
            self._current = TextCollector()
        elif name == "rPh":
            self._phonetic += 1
        self._inside = name == "t" and not self._phonetic

    def end(self, name: str) -> None:
        self._inside = False
        if name == "rPh":
            self._phonetic -= 1
        elif name == "si":
            text = self._current.text()
            self._budget.take_text(len(text))
            self.found.append(text)

    def text(self, piece: str) -> None:
        if self._inside:
            self._current.add(piece)


def read_shared_strings(parts: Parts, name: str, budget: Budget) -> list[str]:
    """Return the shared texts of a workbook in their order.

    Raises:
        TooLarge: more text than a roster has.
    """
    handlers = _SharedStrings(budget)
    parts.parse(name, start=handlers.start, end=handlers.end, text=handlers.text)
    return handlers.found
