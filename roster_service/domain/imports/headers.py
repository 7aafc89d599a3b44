"""Which column holds which field: the header names units really use (legacy reference 7.1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

# The first name of a field is the surest one: where "Rank" and "Grade" both stand in a sheet, "Rank" is the rank.
ALIASES: dict[str, tuple[str, ...]] = {
    "username": ("Username", "User Name"),
    "email": ("Email", "E-mail", "Email Address"),
    "first_name": ("First Name", "FName", "Given Name"),
    "last_name": ("Last Name", "LName", "Surname"),
    "middle_name": ("Middle Name", "MName", "Middle Initial"),
    "full_name": ("Full Name", "Name", "Cadet Name"),
    "suffix_name": ("Suffix", "Suffix Name"),
    "rank": ("Rank", "Grade"),
    "student_id": ("Student ID", "Student Number", "USN", "ID"),
    "contact_number": ("Contact Number", "Mobile", "Phone", "Mobile Number", "Phone Number"),
    "address": ("Address",),
    "course": ("Course",),
    "year_level": ("Year Level", "Year"),
    "school_year": ("School Year", "SY"),
    "battalion": ("Battalion",),
    "company": ("Company",),
    "platoon": ("Platoon",),
    "cadet_course": ("Cadet Course",),
    "semester": ("Semester",),
    "corp_position": ("Corp Position",),
    "gender": ("Gender", "Sex"),
    "religion": ("Religion",),
    "birthdate": ("Birthdate", "Birth Date", "Birthday", "Date of Birth"),
}
# How far down a title block, a letter or another list may push the header row. No row of a cadet reads like one.
SEARCHED_ROWS = 1_000
_IDENTIFYING = frozenset({"username", "email", "first_name", "last_name", "full_name", "student_id"})


def fold_header(text: str) -> str:
    """Return `text` without case, diacritics, blanks and punctuation."""
    plain = unicodedata.normalize("NFKD", text).lower()
    return re.sub(r"[^a-z0-9]+", "", plain)


_FIELD_OF = {fold_header(alias): (name, rank) for name, aliases in ALIASES.items() for rank, alias in enumerate(aliases)}


@dataclass(frozen=True)
class Columns:
    """The header row of one sheet, understood.

    Attributes:
        row: index of the header row, from 0.
        of: field name -> column index.
        unknown: header texts that stand for no field, or repeat one.
        folded: the folded header texts, to recognise the header when a print repeats it.
    """

    row: int
    of: dict[str, int]
    unknown: list[str] = field(default_factory=list)
    folded: tuple[str, ...] = ()

    def repeats(self, texts: Sequence[str]) -> bool:
        """Return whether a row is the header once more, as a printed page break leaves it."""
        return tuple(fold_header(text) for text in texts) == self.folded


def find_columns(rows: Sequence[Sequence[str]]) -> Columns | None:
    """Return the columns of the first row that names two fields, one of them of a person; None when there is none.

    Where the row below names more of them it is the header: 'Name' over 'Last Name' and 'First Name'.

    Args:
        rows: cell texts of a sheet from its first row on.
    """
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        columns = _read(index, row)
        if _is_header(columns):
            below = _read(index + 1, rows[index + 1]) if index + 1 < len(rows) else columns
            return below if _is_header(below) and len(below.of) > len(columns.of) else columns
    return None


def column_letters(index: int) -> str:
    """Return what a spreadsheet program calls the column at `index`, from 0."""
    letters, rest = "", index + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def _is_header(columns: Columns) -> bool:
    return len(columns.of) >= 2 and bool(_IDENTIFYING & columns.of.keys())


def _read(index: int, row: Sequence[str]) -> Columns:
    best: dict[str, tuple[int, int]] = {}
    for column, text in enumerate(row):
        found = _FIELD_OF.get(fold_header(text))
        if found and (found[0] not in best or found[1] < best[found[0]][0]):
            best[found[0]] = (found[1], column)
    chosen = {name: column for name, (_, column) in best.items()}
    taken = set(chosen.values())
    unknown = [text for column, text in enumerate(row) if text and column not in taken]
    return Columns(index, chosen, unknown, tuple(fold_header(text) for text in row))
