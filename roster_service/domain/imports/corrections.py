"""What an officer answers and mends in a preview: sheets switched on or off, the order of dates, cells of rows, rows left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from roster_service.domain import choices
from roster_service.domain.imports.cells import text_of
from roster_service.domain.imports.dates import ORDERS
from roster_service.domain.imports.headers import ALIASES
from roster_service.domain.imports.limits import MAX_CELL
from roster_service.domain.imports.reading import FileSheet, Reading

# Whoever has more to mend is faster in the file itself.
MOST_ROWS = 1_000
FIELDS = tuple(ALIASES)
# A full name is a field of files only; it holds all the parts of one.
FIELD_LENGTHS = {name: min(choices.CADET_LENGTHS.get(name, MAX_CELL), MAX_CELL) for name in FIELDS}


@dataclass(frozen=True)
class RowCorrection:
    """What an officer said of one row: cells written anew, or that it is left out."""

    values: Mapping[str, str] = field(default_factory=dict)
    left_out: bool = False


@dataclass(frozen=True)
class Corrections:
    """Everything an officer answered and mended in one preview.

    Attributes:
        sheets: whether a sheet is read, by name; without an answer visible ones are, and hidden ones are not.
        date_order: DAY_FIRST or MONTH_FIRST where the file proves neither.
        rows: by the place of the row.
    """

    sheets: Mapping[str, bool] = field(default_factory=dict)
    date_order: str | None = None
    rows: Mapping[str, RowCorrection] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Corrections:
        """Return the corrections that were kept with an import."""
        rows = kept.get("rows", {})
        said = {place: RowCorrection(row.get("values", {}), row.get("left_out", False)) for place, row in rows.items()}
        return cls(kept.get("sheets", {}), kept.get("date_order"), said)

    def reads(self, sheet: FileSheet) -> bool:
        """Return whether the rows of `sheet` are part of the import."""
        return sheet.header_row is not None and self.sheets.get(sheet.name, not sheet.hidden)

    def order_of(self, sheet: FileSheet) -> str | None:
        """Return the order of day and month in a sheet: what the file proves, else what was answered; None is open."""
        return sheet.date_orders[0] if len(sheet.date_orders) == 1 else self.date_order


def corrected(kept: Mapping[str, Any], change: Mapping[str, Any], stamp: Mapping[str, Any]) -> dict[str, Any]:
    """Return the corrections of an import after one more change, as they are kept.

    Args:
        kept: as they are kept now.
        change: `sheets`, `date_order` and `rows` ({sheet, row, values, left_out}), each as far as it changes; `values` or
            `left_out` of None takes that back.
        stamp: by whom and when, kept with each row.
    """
    rows = {place: dict(row) for place, row in kept.get("rows", {}).items()}
    for one in change.get("rows", ()):
        place = f"{one['sheet']}!{one['row']}"
        row = {**rows.pop(place, {}), **{name: one[name] for name in ("values", "left_out") if name in one}}
        row["values"] = {name: text_of(text) for name, text in (row.get("values") or {}).items()}
        row = {name: value for name, value in row.items() if name in {"values", "left_out"} and value}
        if row:
            rows[place] = {**row, **stamp}
    made = {"sheets": {**kept.get("sheets", {}), **change.get("sheets", {})}, "rows": rows}
    order = change["date_order"] if "date_order" in change else kept.get("date_order")
    return {**made, "date_order": order} if order else made


def faults(change: Mapping[str, Any], reading: Reading) -> dict[str, list[str]]:
    """Return what is wrong with a change, by field: no such sheet or row, a field or an order that nobody knows."""
    found: dict[str, list[str]] = {}
    known = {sheet.name for sheet in reading.sheets if sheet.header_row is not None}
    if unknown := [name for name in change.get("sheets", {}) if name not in known]:
        found["sheets"] = [f"No sheet with a header row is called {name[:80]}." for name in unknown]
    if change.get("date_order") not in {None, *ORDERS}:
        found["date_order"] = [f"Must be one of: {', '.join(ORDERS)}."]
    rows = {(row.sheet, row.number): row for row in reading.rows}
    for one in change.get("rows", ()):
        row = rows.get((one["sheet"], one["row"]))
        place = f"{one['sheet'][:80]}!{one['row']}"
        if row is None or row.ignored:
            found.setdefault("rows", []).append(f"{place}: there is no cadet in this row.")
        for name, text in (one.get("values") or {}).items():
            if name not in FIELDS:
                found.setdefault("rows", []).append(f"{place}: {name[:40]} is no field of a cadet.")
            elif len(text) > FIELD_LENGTHS[name]:
                found.setdefault("rows", []).append(f"{place}: {name} is longer than {FIELD_LENGTHS[name]} characters.")
    return found
