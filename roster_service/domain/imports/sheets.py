"""What a workbook is once its format is out of the way: sheets of cells, rows of fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from roster_service.domain import choices

CLEAN, NORMALISED, INVALID, DUPLICATE, IGNORED = "clean", "normalised", "invalid", "duplicate", "ignored"
OTHER_PERSON = "same_id_other_person"


@dataclass(frozen=True)
class Sheet:
    """A sheet as it came: its name and the raw cell values from its first row on."""

    name: str
    rows: list[tuple[Any, ...]]


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

    @property
    def place(self) -> str:
        """Where the row stands, as a person would look it up."""
        return f"{self.sheet}!{self.number}"

    def as_json(self) -> dict[str, Any]:
        """Return the row as it is kept with the import; `Row(**it)` is the row again."""
        return {name: getattr(self, name) for name in ("sheet", "number", "kind", "reasons", "values", "derived_username")}

    @property
    def importable(self) -> bool:
        """Whether the row describes a cadet that may be stored."""
        return self.kind in {CLEAN, NORMALISED}

    @property
    def names_another(self) -> bool:
        """Whether the row has the identifier of an earlier row and another name: a question, and no repetition."""
        return self.kind == DUPLICATE and self.reasons[0]["code"] == OTHER_PERSON
