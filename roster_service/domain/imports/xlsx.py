"""An .xlsx workbook as sheets of cells. Values are read, never formulas; macros are not run and links not followed."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from libs.web.errors import TooLarge
from roster_service.domain.imports.formats import read_date_styles
from roster_service.domain.imports.limits import MAX_SHEETS, Budget
from roster_service.domain.imports.parts import Parts, damaged, open_parts
from roster_service.domain.imports.sheets import Sheet
from roster_service.domain.imports.strings import read_shared_strings
from roster_service.domain.imports.xlsx_sheet import CellReader, read_sheet

_MAX_TITLE = 80
_MAX_RELATIONS = 1_000


@dataclass
class _Book:
    """What the part of the workbook itself says."""

    sheets: list[tuple[str, bool, str]] = field(default_factory=list)
    from_1904: bool = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            if len(self.sheets) == MAX_SHEETS:
                raise TooLarge(f"The workbook has more than {MAX_SHEETS} sheets.", code="too_many_sheets")
            relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((self._title(attributes["name"][:_MAX_TITLE]), hidden, relation))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904", "0") in {"1", "true"}

    def _title(self, given: str) -> str:
        # A row is known by its sheet and number; two sheets of one name are no program's work, but come all the same.
        taken = {title for title, _, _ in self.sheets}
        return next(title for title in (given, *(f"{given} ({number})" for number in range(2, 60))) if title not in taken)


class _Relations:
    """Where the parts stand that one part speaks of: id -> (kind, name of the part)."""

    def __init__(self, parts: Parts, of: str) -> None:
        self._folder, file = posixpath.split(of)
        self.by_id: dict[str, tuple[str, str]] = {}
        name = posixpath.join(self._folder, "_rels", f"{file}.rels")
        if name in parts.names:
            parts.parse(name, start=self._start)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name != "Relationship" or attributes.get("TargetMode") == "External" or len(self.by_id) == _MAX_RELATIONS:
            return
        target = posixpath.normpath(posixpath.join("/", self._folder, attributes["Target"])).lstrip("/")
        self.by_id[attributes["Id"]] = (attributes["Type"].rpartition("/")[2], target)

    def of_kind(self, kind: str) -> str | None:
        """Return the first part of a kind."""
        return next((target for found, target in self.by_id.values() if found == kind), None)


def read_xlsx(data: bytes, budget: Budget) -> list[Sheet]:
    """Return the sheets of a workbook, hidden ones too, in its order.

    Raises:
        TooLarge: more of anything than a roster has. Invalid: it is damaged. UnsupportedMedia: it is another archive.
    """
    with open_parts(data, budget) as parts:
        return list(_sheets_of(parts, budget))


def _sheets_of(parts: Parts, budget: Budget) -> Iterator[Sheet]:
    parts.parse("[Content_Types].xml", start=_nothing)
    root = _Relations(parts, "").of_kind("officeDocument") or "xl/workbook.xml"
    book, relations = _Book(), _Relations(parts, root)
    parts.parse(root, start=book.start)
    strings, styles = relations.of_kind("sharedStrings"), relations.of_kind("styles")
    cells = CellReader(
        strings=read_shared_strings(parts, strings, budget) if strings else [],
        date_styles=read_date_styles(parts, styles) if styles else [],
        from_1904=book.from_1904,
    )
    for title, hidden, relation in book.sheets:
        kind, name = relations.by_id.get(relation, ("", ""))
        if kind == "worksheet":
            yield read_sheet(parts, name, title=title, hidden=hidden, cells=cells, budget=budget)
        elif not kind:
            raise damaged()


def _nothing(name: str, attributes: Mapping[str, str]) -> None:
    """Take an element that says nothing we need; a part that cannot be read is found out all the same."""
