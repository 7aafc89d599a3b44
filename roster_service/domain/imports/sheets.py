"""What a workbook is once its format is out of the way: sheets of cells, rows of fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from roster_service.domain import choices

CLEAN, NORMALISED, INVALID, DUPLICATE, IGNORED = "clean", "normalised", "invalid", "duplicate", "ignored"
OTHER_PERSON = "same_id_other_person"
LEFT_OUT = "left_out"
KINDS = (CLEAN, NORMALISED, INVALID, DUPLICATE, IGNORED, LEFT_OUT)


@dataclass(frozen=True)
class Sheet:
    """A sheet as it came.

    Attributes:
        name: as its tab shows it.
        rows: the raw cell values from its first row on; a row may be shorter than the one before.
        hidden: whether the spreadsheet program does not show it.
        numbers: the number of each row, where blank rows that nobody counts lie between them; else they run from 1.
        filled_down: (row number, column) of the cells that got their value from a merged cell.
        date_orders: for a column the orders in which the formats of its dates write day and month.
    """

    name: str
    rows: list[tuple[Any, ...]]
    hidden: bool = False
    numbers: Sequence[int] = ()
    filled_down: frozenset[tuple[int, int]] = frozenset()
    date_orders: Mapping[int, set[str]] = field(default_factory=dict)

    def number(self, index: int) -> int:
        """Return the number that the spreadsheet program shows beside the row at `index`."""
        return self.numbers[index] if self.numbers else index + 1


@dataclass(frozen=True)
class Units:
    """The unit names a row may use, as the unit tree writes them."""

    companies: tuple[str, ...] = choices.COMPANIES
    platoons: tuple[str, ...] = choices.PLATOONS


@dataclass
class Row:
    """One row of the workbook with its class, the reasons for it and its values.

    `number` is the row number the spreadsheet program shows. Values hold filled fields only; `username` is always the
    one the file gives, `derived_username` the one a new cadet would get without it.
    """

    sheet: str
    number: int
    kind: str
    reasons: list[dict[str, str]] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    derived_username: str = ""
    given: dict[str, str] = field(default_factory=dict)
    mended: list[str] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Where the row stands, as a person would look it up."""
        return f"{self.sheet}!{self.number}"

    def facts(self) -> dict[str, Any]:
        """Return what the API shows of the row besides its fate: the unit, and the cells as far as somebody may mend them."""
        shown: dict[str, Any] = {"company": self.values.get("company"), "platoon": self.values.get("platoon")}
        if self.kind in {INVALID, DUPLICATE} or self.mended:
            shown["given"] = self.given
        if self.mended:
            shown["mended"] = self.mended
        return shown

    @property
    def importable(self) -> bool:
        """Whether the row describes a cadet that may be stored."""
        return self.kind in {CLEAN, NORMALISED}

    @property
    def names_another(self) -> bool:
        """Whether the row has the identifier of an earlier row and another name: a question, and no repetition."""
        return self.kind == DUPLICATE and self.reasons[0]["code"] == OTHER_PERSON
